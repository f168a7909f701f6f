"""The figures of the bench: table, plots and page, from recorded results."""

import json
import subprocess
import sys
import types
from xml.etree import ElementTree

import pytest

from conftest import REPOSITORY

sys.path.insert(0, str(REPOSITORY / "tests/bench"))

import guest  # noqa: E402
import rows  # noqa: E402

REPORT = REPOSITORY / "tests/bench/report"
BEGIN, END = "<!-- figures: make bench-doc -->", "<!-- end of figures -->"
RESULTS = {
    "date": "2026-11-24", "kernel": "6.1.192", "qemu": "QEMU 7.2", "cores": 2,
    "cpu": "a CPU",
    "peers": {"kindling": "0.1.0", "busybox": "1.35.0", "runit": "2.1.2"},
    "rows": {
        "size": {"kindling": {"size.init": 32712, "size.all": 32712},
                 "busybox": {"size.init": 1982256, "size.all": 1982256},
                 "runit": {"size.init": 22936, "size.all": 2307688}},
        "boot": {"kindling": {"boot.getty": [6582489, 6582489],
                              "boot.outside": 1720680},
                 "busybox": {"boot.getty": [5544948, 5544949],
                             "boot.outside": 935078},
                 "runit": {}},
        "down": {"kindling": {"down.poweroff": [7422000, 7422000]},
                 "busybox": {"down.poweroff": [2003002000, 2003002000]},
                 "runit": {}},
        "zombies": {"kindling": {"mass.most": 3998}},
        "slots": {"kindling": {"slots": 499886066},
                  "busybox": {"slots": "never"}},
        "clean": {"kindling": {"clean.root": "no"},
                  "busybox": {"clean.root": "no"},
                  "runit": {"clean.root": "yes"}},
        "hung": {"kindling": {"hung": 8596000}, "busybox": {"hung": "never"},
                 "runit": {"hung": 32640000}},
        "fault": {"kindling": {"fault": "yes"}, "busybox": {"fault": "panic"},
                  "runit": {"fault": "no"}},
        "growth": {"kindling": {"growth.1.cpu": 1000000,
                                "growth.10.cpu": 2000000,
                                "growth.10.user": 300000}}},
    "failed": {"boot": {}, "down": {"runit": "not within 60 s"}}}


def report(directory, results, *options):
    (directory / "results.json").write_text(json.dumps(results))
    return subprocess.run([REPORT, directory, *options], capture_output=True,
                          text=True)


@pytest.fixture(scope="module")
def reported(tmp_path_factory):
    """(directory, what was printed, exit status) of the results above."""
    directory = tmp_path_factory.mktemp("bench")
    done = report(directory, RESULTS)
    assert done.stderr == ""
    return directory, done.stdout, done.returncode


def line_of(text, label):
    """The cells of a line, by their words; what follows is the target."""
    found = [line for line in text.split("\n") if line.startswith(label)]
    assert len(found) == 1, text
    return found[0][len(label):].split()


def test_a_row_that_failed_is_shown_and_fails(reported):
    _, text, status = reported
    assert status == 1
    assert "\nFAILED:\ndown: runit: not within 60 s\n" in text
    cells = line_of(text, "poweroff, ms")
    assert cells[:3] == ["7.422*", "2,003.0", "FAILED"]


def test_all_is_well_when_nothing_failed(tmp_path):
    done = report(tmp_path, {**RESULTS, "failed": {"down": {}}})
    assert done.returncode == 0, done.stderr
    assert "FAILED" not in done.stdout
    assert line_of(done.stdout, "poweroff, ms")[2] == "-"


def test_what_was_not_measured_is_no_figure(reported):
    _, text, _ = reported
    assert line_of(text, "no task slot was free: back after, ms")[:3] == [
        "499.9*", "never", "-"]
    assert line_of(text, "4,000 at once: most zombies")[:3] == [
        "3,998", "-", "-"]
    assert "in a row" not in text  # nobody was asked


def test_the_best_is_marked_whoever_it_is(reported):
    _, text, _ = reported
    assert line_of(text, "PID 1, B")[:3] == ["32,712", "1,982,256", "22,936*"]
    assert line_of(text, "with its libraries")[-3:] == [
        "32,712*", "1,982,256", "2,307,688"]
    assert line_of(text, "root disk clean after poweroff (wall)")[:3] == [
        "no", "no", "yes*"]


def test_runs_that_differ_are_marked(reported):
    _, text, _ = reported
    assert line_of(text, "exec of init to exec of the getty, ms")[:2] == [
        "6.582", "~5.545*"]


def test_a_text_does_not_win_unless_it_is_the_best(reported):
    _, text, _ = reported
    assert line_of(text, "poweroff while the start script hangs, ms") == [
        "8.596*", "never", "32.6"]
    fault = "PID 1 still restarts services after its own SIGSEGV"
    assert line_of(text, fault) == ["yes*", "panic", "no"]


def test_targets_are_met_or_not(reported):
    _, text, _ = reported
    assert "at most 49,152: met" in text
    assert "at most 0.500: NOT met" in text
    assert "at most 15.0: met" in text
    assert "at most 1,000.0: met" in text


def test_the_markdown_has_the_same(reported):
    directory, _, _ = reported
    text = (directory / "table.md").read_text()
    assert "| PID 1, B | 32,712 | 1,982,256 | **22,936** |" in text
    assert "| poweroff, ms | **7.422** | 2,003.0 | FAILED |" in text
    assert len({line.count("|") for line in text.split("\n") if line}) == 1


@pytest.mark.parametrize("name", ["size", "time", "zombies", "growth",
                                  "bench"])
def test_plots_are_pictures(reported, name):
    directory, _, _ = reported
    picture = ElementTree.parse(directory / f"{name}.svg").getroot()
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    texts = {"".join(node.itertext()).strip() for node in picture.iter()
             if node.tag.endswith("}text")}
    assert "kindling" in texts
    if name == "time":
        assert {"failed", "not measured", "7.422", "2,003.0"} <= texts


def test_plots_repeat(reported, tmp_path):
    directory, _, _ = reported
    report(tmp_path, RESULTS)
    assert ((tmp_path / "bench.svg").read_bytes()
            == (directory / "bench.svg").read_bytes())


@pytest.mark.parametrize("until", ["done", None])
def test_a_machine_that_does_not_end_is_stopped(tmp_path, until):
    (tmp_path / "report").write_text("BENCH up\n")
    console = types.SimpleNamespace(text=lambda: "[    1.000000] BENCH ask\n")
    machine = types.SimpleNamespace(console=console, is_up=lambda: True,
                                    kill=lambda: None)
    said = guest.Maker._watch(machine, tmp_path / "report", until, 0.1)
    assert said.ending == "not within 0.1 s"
    assert said.at("BENCH ask") == 1


def test_a_start_script_hangs_beside_the_driver():
    files = guest.Setup(driver="poweroff", hangs=True).files()
    lines = files["/h/start"].splitlines()
    assert lines[-3].startswith("setsid /h/driver ")
    assert lines[-2:] == ["sleep 100000", "exit 0"]
    assert "100000" not in guest.Setup(driver="poweroff").files()["/h/start"]


def test_readme_gets_the_figures_of_its_rows(tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text("""\
text
| | kindling | runit |
|---|---:|---:|
| [PID 1, B](doc/benchmarks.md#figures) | 1 | 2 |
| runlevels | no | two |
| [poweroff, ms](doc/benchmarks.md#figures) | |
""")
    assert report(tmp_path, RESULTS, "--rows", readme).returncode == 1
    assert readme.read_text() == """\
text
| | kindling | runit |
|---|---:|---:|
| [PID 1, B](doc/benchmarks.md#figures) | 32,712 | **22,936** |
| runlevels | no | two |
| [poweroff, ms](doc/benchmarks.md#figures) | 7.422 | FAILED |
"""


def test_a_row_of_readme_that_is_no_figure_is_refused(tmp_path):
    readme = tmp_path / "README.md"
    text = ("| | kindling |\n|---|---|\n"
            "| [speed](doc/benchmarks.md#figures) | 1 |\n")
    readme.write_text(text)
    done = report(tmp_path, RESULTS, "--rows", readme)
    assert "no figure is named 'speed'" in done.stderr
    assert readme.read_text() == text


PEER = types.SimpleNamespace(name="kindling", poweroff="/sbin/poweroff")
ASK = "[    2.201944] BENCH ask\n"
DOWN = "[    2.210543] reboot: Power down\n"
LATE = "BENCH late cpu_ns=71092233 ns=62200974998\n"
SEGFAULT = ("[    3.201616] init[1]: segfault at 1 ip 0000000000000001 "
            "sp 00007fffffffeae0 error 14 in busybox[400000+1000]\n")
BACK, AWAY = "BENCH respawn ns=317151\n", "BENCH respawn ns=-1\n"


def measure(row, console, report, ending=""):
    """What a row answers to what a machine has said."""
    said = guest.Said(console, report, ending)
    bench = types.SimpleNamespace(run=lambda *_, **__: said)
    return row(bench, PEER)[row.__name__]


def test_a_poweroff_comes_or_never_comes():
    assert measure(rows.hung, ASK + DOWN, "", "poweroff") == 8599000
    assert measure(rows.hung, ASK, LATE) == "never"
    with pytest.raises(guest.Failed):
        measure(rows.hung, ASK, "", "not within 180 s")
    with pytest.raises(guest.Failed):
        measure(rows.hung, "", LATE)


def test_a_fault_of_pid_1_is_survived_or_not():
    assert measure(rows.fault, SEGFAULT, BACK) == "yes"
    assert measure(rows.fault, SEGFAULT, AWAY) == "no"
    assert measure(rows.fault, SEGFAULT, "", "panic") == "panic"


@pytest.mark.parametrize("report, ending", [(BACK, ""), ("", "panic")])
def test_a_fault_that_was_none_is_no_figure(report, ending):
    with pytest.raises(guest.Failed):
        measure(rows.fault, "", report, ending)


def test_the_page_gets_the_figures(tmp_path):
    page, picture = tmp_path / "page.md", tmp_path / "pictures/bench.svg"
    picture.parent.mkdir()
    page.write_text(f"before\n{BEGIN}\nthe last ones\n{END}\nafter\n")
    report(tmp_path, RESULTS, "--page", page, picture)
    text = page.read_text()
    assert text.startswith(f"before\n{BEGIN}\n2026-11-24, kernel 6.1.192")
    assert text.endswith(f"{END}\nafter\n")
    assert "the last ones" not in text and "**22,936**" in text
    assert "peer by peer](pictures/bench.svg)" in text
    assert picture.read_bytes() == (tmp_path / "bench.svg").read_bytes()


def test_a_page_without_a_place_is_left(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("nothing\n")
    done = report(tmp_path, RESULTS, "--page", page, tmp_path / "p.svg")
    assert done.returncode == 1 and "has no line" in done.stderr
    assert page.read_text() == "nothing\n"


def test_doc_benchmarks_has_a_place_for_the_figures():
    text = (REPOSITORY / "doc/benchmarks.md").read_text(encoding="utf-8")
    assert text.index(f"\n{BEGIN}\n") < text.index(f"\n{END}\n")
    assert "](bench.svg)\n" in text and (REPOSITORY / "doc/bench.svg").exists()
