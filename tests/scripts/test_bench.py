"""The figures of the bench: table, plots and page, from recorded results."""

import itertools
import json
import math
import runpy
import subprocess
import sys
import types
from xml.etree import ElementTree

import pytest

from conftest import REPOSITORY
from harness import picture
from harness.picture import SVG, number

sys.path.insert(0, str(REPOSITORY / "tests/bench"))

import guest  # noqa: E402
import plots  # noqa: E402
import rows  # noqa: E402
import svg  # noqa: E402
import table  # noqa: E402

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


PLOTS = ["size", "time", "zombies", "growth", "bench"]
MACHINES = [{"machines": count, "first_s": 1.5, "median_s": 1.5,
             "last_s": count * 1.1, "pss_mib": 92.5}
            for count in (1, 2, 4, 8, 16, 32)]


def size_of(classes):
    return svg.TITLE_FONT if "title" in classes else svg.FONT


def texts(drawn):
    return [text.text for text in drawn.iter(SVG + "text")]


def check_texts(drawn):
    """They are inside the picture, and nothing is over them."""
    picture.check_texts(drawn, size_of)
    for dot, text in itertools.product(drawn.iter(SVG + "circle"),
                                       drawn.iter(SVG + "text")):
        x, y = number(dot, "cx"), number(dot, "cy")
        around = (x - svg.DOT, x + svg.DOT, y - svg.DOT, y + svg.DOT)
        assert not picture.meet(around, picture.box_of(text, size_of))


def bars_of(drawn):
    """[(left, right)], in the order of the bars that are there."""
    return [(number(bar, "x"), number(bar, "x") + number(bar, "width"))
            for bar in drawn.iter(SVG + "rect") if bar.get("class") == "bar"]


def draw(chart):
    return ElementTree.fromstring(svg.picture([chart], 1, (410, 200)))


def draw_bars(*values):
    return draw(svg.Bars("a title", [svg.Bar(f"<{value}&", value, f"{value}")
                                     for value in values], "#4477aa"))


def many(machines):
    program = runpy.run_path(str(REPOSITORY / "tests/bench/many"))
    return program["draw"](machines)


def wide():
    """Results that need much room: more peers, and larger values."""
    peers = ["kindling", "busybox", "busybox-musl", "sysvinit", "runit",
             "finit"]
    values = {"size": {"size.all": 123456789},
              "memory": {"memory.rss": 1234567},
              "boot": {"boot.getty": 60 * 10**9},
              "down": {"down.poweroff": 265000},
              "zombies": {"sequence.most": 9999, "mass.clean": 3600 * 10**9}}
    growth = {f"growth.{count}.{what}": count**2 * 1000
              for count in plots.COUNTS for what in ("cpu", "user")}
    measured = {row: dict.fromkeys(peers[:-1], of_each)
                for row, of_each in values.items()}
    measured["growth"] = dict.fromkeys(peers[:3], growth)
    return {"peers": dict.fromkeys(peers, "1"), "rows": measured, "failed": {}}


@pytest.fixture(scope="module", params=PLOTS)
def plot(request, reported):
    """(name, picture) of the results above."""
    path = reported[0] / f"{request.param}.svg"
    return request.param, ElementTree.parse(path).getroot()


def test_plots_name_all_peers(plot):
    name, drawn = plot
    assert drawn.tag == SVG + "svg"
    peers = RESULTS["rows"]["growth" if name == "growth" else "size"]
    assert {*peers} <= {*texts(drawn)}


def test_plots_have_the_values_and_say_what_is_missing(reported):
    drawn = ElementTree.parse(reported[0] / "time.svg").getroot()
    boot, down = ["6.582", "5.545", "not measured"], ["7.422", "2,003.0",
                                                      "failed"]
    found = [text for text in texts(drawn) if text in boot + down]
    assert found == boot + down
    assert len(bars_of(drawn)) == 4


def test_times_are_drawn_in_ms():
    measure = plots.measure_of("boot.getty")
    assert plots.bar_of(RESULTS, measure, "kindling") == (
        "kindling", 6.582489, "6.582")
    chart = plots.growth(RESULTS, "growth.{}.cpu", "")
    assert [one.points for one in chart.series] == [[(1, 1), (10, 2)]]


def test_nothing_measured_is_still_a_picture():
    nothing = {"peers": RESULTS["peers"], "rows": {}, "failed": {}}
    for name, text in plots.pictures(nothing).items():
        drawn = ElementTree.fromstring(text)
        assert "not measured" in texts(drawn), name
        check_texts(drawn)
    assert "not measured" in texts(ElementTree.fromstring(many([])))


@pytest.mark.parametrize("results", [RESULTS, wide()])
@pytest.mark.parametrize("name", PLOTS)
def test_texts_of_plots_can_be_read(name, results):
    drawn = ElementTree.fromstring(plots.pictures(results)[name])
    check_texts(drawn)


def test_plots_repeat(reported, tmp_path):
    directory, _, _ = reported
    report(tmp_path, RESULTS)
    for name in PLOTS:
        assert ((tmp_path / f"{name}.svg").read_bytes()
                == (directory / f"{name}.svg").read_bytes())


def test_bars_are_logarithmic():
    """From the lowest decade; without a value there is no bar."""
    drawn = draw_bars(1000, 1, None, 100, 0.1, 0)
    lefts, rights = zip(*bars_of(drawn))
    assert len(set(lefts)) == 1
    decade = (rights[0] - rights[1]) / 3
    steps = [(right - lefts[0]) / decade for right in rights]
    assert steps == pytest.approx([5, 2, 4, 1], abs=0.01)
    ticks = [text for text in texts(drawn)[1:] if text[0] != "<"]
    assert ticks[:6] == ["0.01", "0.1", "1", "10", "100", "1,000"]


def test_names_are_escaped():
    assert "<7&" in texts(draw_bars(7))


def test_ticks_that_would_touch_are_left_out():
    drawn = draw_bars(1e6)
    assert texts(drawn)[1:5] == ["1", "100", "10,000", "1,000,000"]
    check_texts(drawn)


@pytest.mark.parametrize("axis, ticks", [
    (svg.logarithmic, ["1", "10", "100"]),
    (svg.from_zero, ["0", "5", "10", "15", "20", "25", "30", "35"])])
def test_lines_go_through_their_points(axis, ticks):
    points = [(1, 1), (10, 5), (100, 36)]
    drawn = draw(svg.Lines("ms", [svg.Series("one", points, "#4477aa")],
                           "entries", axis))
    assert texts(drawn)[1:-2] == ["1", "10", "100", *ticks]
    assert texts(drawn)[-2:] == ["entries", "one"]
    (x1, y1), (x2, y2), (x3, y3) = (map(float, point.split(",")) for point in
                                    drawn.find(SVG + "polyline").get("points")
                                    .split())
    assert x2 - x1 == pytest.approx(x3 - x2, abs=0.02)
    share = {svg.from_zero: 4 / 35,
             svg.logarithmic: math.log(5) / math.log(36)}[axis]
    assert (y1 - y2) / (y1 - y3) == pytest.approx(share, abs=1e-3)


def test_the_picture_of_many_machines():
    drawn = ElementTree.fromstring(many(MACHINES))
    check_texts(drawn)
    assert {"last login:", "median", "first login:", "32", "machines at once",
            "seconds from the start of all (wall)",
            "MiB of the host for each (Pss)"} <= {*texts(drawn)}
    lines = [line.get("points").split() for line in
             drawn.iter(SVG + "polyline")]
    assert [len(line) for line in lines if len(line) > 2] == [6, 6, 6, 6]
    check_texts(ElementTree.fromstring(many(MACHINES[:1])))


def row_of(page, label):
    """The peers' cells of a row of a page's table; '' is its head."""
    line, = [line for line in page.split("\n")
             if line.startswith(f"| {label} |".replace("  ", " "))]
    return [cell.strip(" *~") for cell in line.split("|")[2:-2]]


def test_the_picture_of_the_page_has_its_figures():
    page = (REPOSITORY / "doc/benchmarks.md").read_text(encoding="utf-8")
    page = page[page.index(BEGIN):page.index(END)]
    drawn = texts(ElementTree.parse(REPOSITORY / "doc/bench.svg").getroot())
    words = {"FAILED": "failed", "-": "not measured"}
    for key, title in plots.PAGE:
        chart = drawn[drawn.index(title):]
        cells = row_of(page, table.label(plots.measure_of(key)))
        assert [chart[chart.index(peer) + 1] for peer in row_of(page, "")] == [
            words.get(cell, cell) for cell in cells]


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
