"""From the fourth field to argv."""

import re

import pytest

from harness import wait

ARGUMENTS = {"/argv": "#!/bin/sh\nfor word; do echo \"$word\"; done "
                      ">/argv.new\nmv /argv.new /argv.out\n"}


def argv(box):
    """The words that /argv was called with."""
    wait.until(lambda: box.path("/argv.out").exists(), "/argv", box.show)
    return box.read("/argv.out").splitlines()


@pytest.mark.parametrize("command, expected", [
    ("/t a; /t b", ["a", "b"]),
    ("/t a && /t b", ["a", "b"]),
    ("false || /t b", ["b"]),
    ("cd /tmp && /t $(pwd)", ["/tmp"]),
    ("X=1 /bin/sh -c '/t x is $X'", ["x is 1"]),
    ("if true; then /t yes; else /t no; fi", ["yes"]),
    ("for n in 1 2 3; do /t $n; done", ["1", "2", "3"]),
    ("[ -e /nosuch ] || /t absent", ["absent"]),
    ("(/t in a subshell)", ["in a subshell"]),
    ("/t piped | cat", ["piped"]),
    ("/t 'two  spaces' >/dev/null", ["two  spaces"]),
    ("/t \"${HOME}\"", ["/"]),
    ("case x in x) /t x;; esac", ["x"]),
])
def test_a_shell_command_runs_as_written(start, command, expected):
    box = start(f"::wait:{command}\n::once:/t end\n")
    box.wait_said("end")
    assert box.said() == expected + ["end"]


@pytest.mark.parametrize("command, expected", [
    ("/argv", []),
    ("/argv a b", ["a", "b"]),
    ("/argv  a\t b  ", ["a", "b"]),
    ("/argv a,b a:b a@b a%b +c -d a/b_c.d", ["a,b", "a:b", "a@b", "a%b", "+c",
                                             "-d", "a/b_c.d"]),
    ("/argv 'a b' c", ["a b", "c"]),
    ("/argv \"a  b\" $((1 + 1))", ["a  b", "2"]),
    ("/argv \\$HOME", ["$HOME"]),
    ("/argv ~", ["/"]),
])
def test_a_command_is_split_exactly(start, command, expected):
    box = start(f"::once:{command}\n", files=ARGUMENTS)
    assert argv(box) == expected


@pytest.mark.parametrize("command, end", [
    ("/no/such", "exited with 127"), ("/tmp", "exited with 126"),
    ("(exit 3)", "exited with 3"), ("kill -9 $$", "was killed by signal 9")])
def test_an_entry_that_is_waited_for_and_fails_is_named(start, command, end):
    box = start(f"::sysinit:{command}\n::once:/t end\n")
    box.wait_for(re.escape(f"init: '{command}' {end}"))
    box.wait_said("end")


def test_a_script_without_an_interpreter_line_runs(start):
    box = start("::once:/script a b\n", files={"/script": "/t \"$*\"\n"})
    box.wait_said("a b")


def test_a_plain_command_is_run_without_a_shell(start):
    """There is no program exec, which a shell would not need."""
    box = start("::wait:exec /t through a shell\n::once:/t end\n")
    box.wait_said("end")
    assert box.said() == ["end"]


def test_a_command_without_slash_is_searched_in_PATH(start):
    box = start("::respawn:sleep 1000\n")
    assert box.wait_process("sleep").command == "sleep 1000"


def test_a_command_with_meta_characters_runs_in_sh(start):
    box = start("::respawn:/bin/sleep 1000 ; true\n")
    wait.until(lambda: len(box.processes()) == 2, "a shell and its child",
               box.show)
    assert box.children()[0].command.startswith("/bin/sh -c ")


def test_a_leading_dash_makes_a_login_shell(start):
    box = start("::respawn:-/bin/sh\n")
    wait.until(lambda: [p.command for p in box.processes()] == ["-/bin/sh"],
               "-/bin/sh", box.show)


def test_a_leading_dash_leaves_the_arguments(start):
    box = start("::respawn:-/bin/sleep 1000\n")
    # busybox takes its applet's name from argv[0], past a dash.
    assert box.wait_process("sleep 1000").command == "-/bin/sleep 1000"


def test_a_leading_dash_with_meta_characters_makes_sh_a_login_shell(start):
    box = start("::respawn:-/bin/sleep 1000; true\n")
    box.wait_process("sleep 1000;")
    assert box.find("sleep 1000;")[0].command.startswith("-/bin/sh -c")


CANNOT_RUN = {"/script": "#!/no/such\n", "/plain": "text\n",
              "/prepare": "#!/bin/sh\nchmod 644 /plain\n"}


@pytest.mark.parametrize("path", ["/no/such", "/plain", "/tmp", "/script"],
                         ids=["absent", "not executable", "a directory",
                              "absent interpreter"])
def test_a_command_that_cannot_run_is_reported(start, path):
    box = start(f"::sysinit:/prepare\n::wait:{path}\n::once:/t end\n",
                files=CANNOT_RUN)
    box.wait_said("end")
    wait.until(lambda: box.console.lines(path), "a report", box.show)


def test_a_failing_exec_is_reported_once(start):
    box = start("::respawn:/no/such\n::respawn:/t tick\n")
    box.wait_said("tick", count=4)
    reports = box.console.lines("can't|cannot|No such file|not found")
    assert len([line for line in reports if "/no/such" in line]) == 1, reports


def fail_at_once(start, paths, **speed):
    """All report in one moment, to a terminal that is read at this speed."""
    box = start("".join(f"::once:{path}\n" for path in paths) +
                "::respawn:/t end\n", gate=True)
    vars(box.console).update(speed)
    box.open_gate()
    # Not line by line: where the terminal has room for a line, but not for its
    # end, another one's line comes between.
    reports = {f"init: can't run {path}: No such file or directory"
               for path in paths}

    def has_all(text):
        return (all(report in text for report in reports) and
                text.count("\n") == len(reports))

    wait.until(lambda: has_all(box.console.text()), f"{len(reports)} reports",
               box.console.show)


def test_many_that_fail_at_once_are_all_reported(start):
    """Who writes to a terminal while another one does gets EAGAIN."""
    fail_at_once(start, [f"/no/{n}" for n in range(500)])


def test_a_slow_terminal_gets_every_report_whole(start):
    """A pty has room for some 20 KiB; what does not fit is written later."""
    fail_at_once(start, [f"/no/{n}/" + "long/" * 60 for n in range(65)],
                 read_size=512, read_pause=0.005)


def test_a_command_that_appears_later_is_started(start):
    box = start("::respawn:/late\n::respawn:/t tick\n")
    box.wait_said("tick", count=3)
    box.write("/late", "#!/bin/sh\n/t late\n")
    box.wait_said("late")
