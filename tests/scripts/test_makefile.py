"""The Makefile: what its targets make, and what they say."""

import contextlib
import os
import pathlib
import re
import select
import shutil
import signal
import subprocess

import pytest

from conftest import REPOSITORY
from harness import wait

SOURCES = ("Makefile", "init", "initctl", "rootfs", "scripts", "tests/search",
           "tests/unit")


@pytest.fixture
def tree(tmp_path):
    """tree(NAME): a copy of what make needs for an initrd, in NAME."""
    def copy(name="tree"):
        for source in SOURCES:
            if (REPOSITORY / source).is_dir():
                shutil.copytree(REPOSITORY / source, tmp_path / name / source)
            else:
                (tmp_path / name).mkdir(exist_ok=True)
                shutil.copy2(REPOSITORY / source, tmp_path / name)
        return tmp_path / name

    return copy


def terminal_environment():
    """The environment without what a calling make has set."""
    return {name: value for name, value in os.environ.items()
            if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL",
                            "PYTHONUNBUFFERED")}


def make(directory, *words, **environment):
    """make, as from a terminal."""
    return subprocess.run(["make", *words], cwd=directory, text=True,
                          capture_output=True, stdin=subprocess.DEVNULL,
                          timeout=300,
                          env={**terminal_environment(), **environment})


def output_of(*command):
    return subprocess.run(command, check=True, text=True, timeout=60,
                          capture_output=True).stdout


def test_addresses_have_source_lines(product):
    """As README says; without a path of the machine that compiled it."""
    program = product("INIT").with_name("init.debug")
    [address] = [line.split()[0] for line in output_of("nm", program)
                 .splitlines() if line.endswith(" T main")]
    name, place = output_of("addr2line", "-fe", program,
                            f"0x{address}").splitlines()
    assert name == "main" and place.startswith("./init/main.c:")
    assert str(REPOSITORY).encode() not in program.read_bytes()


@pytest.mark.parametrize("name", ["my kindling", "q\"u,o$t:e=%#;&(x) `y\\z"])
def test_a_directory_with_special_characters_makes_the_same(product, tree,
                                                            name):
    top = tree(name)
    done = make(top, "-j2", "build/init")
    assert done.returncode == 0, done.stderr
    assert ((top / "build/init").read_bytes() ==
            product("INIT").read_bytes())
    assert (os.fsencode(top) not in
            (top / "build/init.debug").read_bytes())


def test_a_quote_in_the_name_of_the_directory_is_refused(tree):
    top = tree("it's")
    done = make(top)
    assert done.returncode == 2 and done.stdout == ""
    assert "name has a quote" in done.stderr
    assert done.stderr.count("\n") == 1 and not (top / "build").exists()


def test_nothing_runs_while_make_reads_the_makefile(tree, tmp_path):
    """$(shell) would run before "make deps" has installed the tools."""
    shell = tmp_path / "shell"
    shell.write_text("#!/bin/sh\necho \"$*\" >>\"${0%/*}/ran\"\n")
    shell.chmod(0o755)
    done = make(tree(), "-n", f"SHELL={shell}", "help", "clean", "all")
    assert done.returncode == 0, done.stderr
    assert "rm -rf build" in done.stdout
    assert not (tmp_path / "ran").exists(), (tmp_path / "ran").read_text()


@pytest.fixture
def path_without(tmp_path):
    """path_without(TOOL...): a PATH with all programs of PATH but these."""
    directory = tmp_path / "bin"
    directory.mkdir()

    def make_path(*tools):
        for place in reversed(os.get_exec_path()):
            for program in pathlib.Path(place).glob("*"):
                link = directory / program.name
                link.unlink(missing_ok=True)
                link.symlink_to(program)
        for tool in tools:
            (directory / tool).unlink()
        return str(directory)

    return make_path


@pytest.mark.parametrize("tool, target, words", [
    ("musl-gcc", "build/init", []),
    ("gcc", "build/unit/tested/init/core/plan.o", []),
    ("strip", "build/init", ["-o", "build/init.debug"]),
    ("libdeflate-gzip", "build/initrd.img", ["-o", "build/rootfs.list"]),
    ("python3", "build/initrd.img", ["-o", "build/rootfs.list"]),
    ("qemu-system-x86_64", "build/screen.png", ["-o", "build/initrd.img",
                                                "KERNEL=Makefile"]),
])
def test_a_missing_tool_is_named(tree, path_without, tool, target, words):
    top = tree()
    (top / "build").mkdir()
    for name in ("init.debug", "rootfs.list", "initrd.img"):
        if f"build/{name}" in words:
            (top / "build" / name).touch()
    shutil.copytree(REPOSITORY / "build/generated", top / "build/generated")
    done = make(top, *words, target, PATH=path_without(tool))
    assert done.returncode == 2 and not (top / target).exists()
    assert done.stderr.startswith(
        f"missing: {tool}; run 'make deps {target}' as root, ")
    assert done.stderr.count("\n") == 2, done.stderr  # the other is make's


def test_no_process_looks_for_tools_that_are_there(tree):
    done = make(tree(), "-n", "build/init", "build/initrd.img", "build/search")
    assert done.returncode == 0, done.stderr
    assert "musl-gcc" in done.stdout and "scripts/need" not in done.stdout


@pytest.mark.parametrize("target, setting", [
    ("build/init", "MUSL_CC"), ("build/search", "HOST_CC"),
    ("build/fuzz/obj/init/core/plan.o", "FUZZ_CC")])
def test_a_missing_compiler_of_a_setting_is_named(tree, target, setting):
    done = make(tree(), target, f"{setting}=no-such-cc -O3")
    assert done.returncode == 2
    assert done.stderr.startswith("missing: no-such-cc; ")


def test_tools_are_looked_for_after_deps(tree, tmp_path, path_without):
    top, path = tree(), path_without("musl-gcc")
    for name, text in (("install-packages", f"ln -s '{shutil.which('true')}' "
                        f"'{tmp_path}/bin/musl-gcc'"), ("fetch-package", ":"),
                       ("fetch-kernel", ":")):
        (top / "scripts" / name).write_text(f"#!/bin/sh\n{text}\n")
    done = make(top, "-j2", "deps", "build/obj/init/core/plan.o",
                "-o", "build/generated/state_version.h", PATH=path)
    assert done.returncode == 0, done.stderr
    assert not done.stderr


def test_all_missing_tools_are_named(tmp_path):
    done = subprocess.run(
        [REPOSITORY / "scripts/need", "sh", "no-such-tool", "mke2fs", "nor",
         "/no/such/tool"], text=True, capture_output=True, timeout=60)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith("missing: no-such-tool nor /no/such/tool;")


def test_each_target_is_in_help_once(tree):
    top = tree()
    text = make(top, "help").stdout
    groups, settings = text.split("\nSettings, as NAME=value:\n")
    listed = re.findall(r"^  (\S+)  +\S.*$", groups, re.M)
    headings = re.findall(r"^(\w+):$", groups, re.M)
    assert headings == ["try", "build", "test", "measure", "maintain"]
    assert len(listed) + len(headings) == len(groups.split("\n")) - 4 - 1
    database = make(top, "-npq", "help").stdout
    [phony] = re.findall(r"^\.PHONY: (.*)$", database, re.M)
    [helpers] = re.findall(r"^HELPERS := (.*)$", database, re.M)
    assert sorted(listed) == sorted(set(phony.split()) - set(helpers.split()))
    assert "\n  DISK_SIZE (4G)\n" in settings


@pytest.mark.parametrize("rule, lines", [
    ("a: b ## test: text: more\n", ["test:", "  a                 text: more"]),
    ("a: b \\\n\t\tc ## build: text\n\tmake this ## not that\n",
     ["build:", "  a                 text"]),
])
def test_a_rule_is_listed_with_its_text(tmp_path, rule, lines):
    (tmp_path / "Makefile").write_text(rule)
    said = output_of(REPOSITORY / "scripts/list-targets",
                     tmp_path / "Makefile").splitlines()
    at = said.index(lines[0])
    assert said[at:at + 3] == lines + [""]


def test_a_target_of_an_unknown_group_is_refused(tmp_path):
    (tmp_path / "Makefile").write_text("a: b ## tests: text\n")
    done = subprocess.run([REPOSITORY / "scripts/list-targets",
                           tmp_path / "Makefile"], text=True,
                          capture_output=True)
    assert done.returncode == 1 and "unknown group: tests" in done.stderr


# Families of tests, and what each prints.
FAMILIES = """\
check: ; @$(RUN) $(FAMILIES)
RUN = exec "$$RUN_CHECKS" '$(MAKE)'
check-counts: ; @echo '== 12 passed, 1 skipped in 3.21s (0:00:03) =='
check-plain: ; @echo "EVENTS is '$(EVENTS)'"
check-red: ; @echo '== 1 failed, 2 passed in 0.10s =='; echo why >&2; false
check-early: ; @false
check-slow: ; @echo begun; until [ -e done ]; do sleep 0.1; done; echo ended
check-hung: ; @sleep 100 & echo begun; wait; touch ended
check-after: ; @touch after
"""


@pytest.fixture
def families(tmp_path, monkeypatch):
    """families(NAME...): a directory where make check runs these."""
    monkeypatch.setenv("RUN_CHECKS", str(REPOSITORY / "scripts/run-checks"))

    def write(*names):
        (tmp_path / "Makefile").write_text(
            f"FAMILIES = {' '.join(names)}\n{FAMILIES}")
        return tmp_path

    return write


def test_each_family_runs_and_the_summary_has_all(families):
    done = make(families("counts", "red", "early", "plain", "after"), "check")
    assert done.returncode == 2
    shown, summary = done.stdout.split("\nrun-checks: ")
    assert re.sub(r" +\d+ s ", " N s ", summary).splitlines() == [
        "failed: red early",
        "  counts N s  === 12 passed, 1 skipped in 3.21s (0:00:03) ===",
        "  red N s  failed === 1 failed, 2 passed in 0.10s ===",
        "  early N s  failed",
        "  plain N s  passed",
        "  after N s  passed"]
    assert "EVENTS is ''\n" in shown and "why\n" in shown


def test_all_families_pass(families):
    done = make(families("counts", "plain"), "check")
    assert done.returncode == 0 and not done.stderr
    assert "\nrun-checks: all passed\n" in done.stdout


@pytest.mark.parametrize("words", [(), ("-j4",), ("-j",), ("-k", "-j2")])
def test_families_have_the_settings_but_not_the_jobs(families, words):
    done = make(families("plain"), *words, "check", "EVENTS=a -j4 -- b")
    assert done.returncode == 0 and not done.stderr
    assert done.stdout.startswith("EVENTS is 'a -j4 -- b'\n")


@contextlib.contextmanager
def begun(directory):
    """make check as from a terminal, with what it starts ended at the end. A
    job that sh starts in the background ignores SIGINT, and so would make."""
    with subprocess.Popen(
            ["make", "check"], cwd=directory, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True, env=terminal_environment(),
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            ) as check:
        try:
            yield check
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(check.pid, signal.SIGKILL)


def next_line(check):
    ready, _, _ = select.select([check.stdout], [], [], wait.PATIENCE)
    assert ready, "no output"
    return check.stdout.readline()


def test_output_is_shown_as_it_comes(families):
    top = families("slow")
    with begun(top) as check:
        assert next_line(check) == "begun\n"
        (top / "done").touch()
        assert next_line(check) == "ended\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_all_at_once(families, number):
    """Ctrl-C signals each process, kill(1) only the make that was started."""
    top = families("hung", "after")
    with begun(top) as check:
        assert next_line(check) == "begun\n"
        if number == signal.SIGINT:
            os.killpg(check.pid, number)
        else:
            check.send_signal(number)
        rest, _ = check.communicate(timeout=wait.PATIENCE)
    assert check.returncode != 0 and "run-checks:" not in rest
    assert not (top / "after").exists() and not (top / "ended").exists()


def test_check_begins_when_all_is_built_and_linted(tree):
    done = make(tree(), "-n", "-j2", "check", "lint", "deps",
                "CHECKS=static purity")
    assert done.returncode == 0, done.stderr
    places = [done.stdout.index(text) for text in (
        "scripts/install-packages", "mkdir -p build", "scripts/lint ",
        "scripts/run-checks 'make' static purity")]
    assert places == sorted(places)
    assert done.stdout.rindex("build/initctl") < places[-1]


def test_without_its_products_no_family_runs(tree):
    done = make(tree(), "check", "CHECKS=static faults", "KERNEL=none",
                "BUSYBOX=none", "-o", "build/init", "-o", "build/initctl")
    assert done.returncode == 2 and "no none: run 'make deps check'" in done.stderr
    assert "run-checks" not in done.stdout + done.stderr
    assert "static" not in done.stdout


@pytest.mark.parametrize("words", [("check",), ("check-boot",), ("run-disk",),
                                   ("check-compat",), ("panic-demo",),
                                   ("graphical-disk",),
                                   ("bench",), ("run", "MODULES=y")])
def test_what_debians_kernel_has_no_driver_for_is_refused(tree, words):
    done = make(tree(), "-n", "KERNEL=debian", *words)
    assert done.returncode == 2 and not done.stdout
    assert "KERNEL=debian lacks drivers that these need: " in done.stderr
    assert done.stderr.count("\n") == 1 and words[-1] in done.stderr


@pytest.mark.parametrize("target", ["run", "run-fast", "job",
                                    "graphical", "chart", "screenshot"])
def test_debians_kernel_is_fetched_and_not_built(tree, target):
    done = make(tree(), "-n", "KERNEL=debian", "CMD=true", target)
    assert done.returncode == 0, done.stderr
    assert "scripts/fetch-kernel linux-image-cloud-amd64 " in done.stdout
    assert "build-kernel" not in done.stdout


def test_debians_kernel_has_an_inittab_without_acpid(tree):
    top = tree()
    assert make(top, "KERNEL=debian", "build/rootfs.list").returncode == 0
    assert "\tbuild/debian/inittab\n" in (top / "build/rootfs.list").read_text()
    assert "acpid" not in (top / "build/debian/inittab").read_text()
    assert make(top, "build/rootfs.list").returncode == 0
    assert "\trootfs/etc/inittab\n" in (top / "build/rootfs.list").read_text()
