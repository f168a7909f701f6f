"""What a child is born with, however init itself was born."""

import os
import signal

import pytest

from harness import wait
from harness.container import STOPPED

PATH = "/sbin:/usr/sbin:/bin:/usr/bin"
SET = {"PATH": PATH, "SHELL": "/bin/sh", "USER": "root"}


def environment(start, env, argv=("init",), **options):
    """What an entry without a shell sees of these variables."""
    box = start("::wait:cp /proc/self/environ /environ\n"
                "::respawn:sleep 1000\n", env=env, argv=argv, **options)
    box.wait_process("sleep 1000")
    return dict(item.split("=", 1) for item in
                box.read("/environ").split("\0") if item)


def test_the_environment_is_exact(start):
    seen = environment(start, {"HOME": "/", "TERM": "linux"})
    assert seen == dict(SET, HOME="/", TERM="vt102")


def test_path_shell_and_user_are_overwritten(start):
    seen = environment(start, {"PATH": "/evil", "SHELL": "/evil",
                               "USER": "evil", "TERM": "xterm"})
    assert seen == dict(SET, TERM="xterm")


def test_home_is_left_alone(start):
    assert environment(start, {"HOME": "/some"})["HOME"] == "/some"
    assert "HOME" not in environment(start, {})


def test_other_variables_pass_through(start):
    seen = environment(start, {"TERM": "xterm", "COLOR": "a b=c", "EMPTY": ""})
    assert seen == dict(SET, TERM="xterm", COLOR="a b=c", EMPTY="")


def test_many_variables_pass_through(start):
    given = {f"NAME{n}": "x" * 100 for n in range(100)}
    seen = environment(start, dict(given, TERM="xterm"))
    assert seen == dict(SET, TERM="xterm", **given)


def test_runlevel_is_the_first_argument(start):
    seen = environment(start, {"TERM": "xterm"}, argv=("init", "5", "more"))
    assert seen == dict(SET, TERM="xterm", RUNLEVEL="5")


def test_without_argument_there_is_no_runlevel(start):
    assert "RUNLEVEL" not in environment(start, {"TERM": "xterm"})


@pytest.mark.parametrize("given, expected", [
    ({}, "vt102"), ({"TERM": "linux"}, "vt102"), ({"TERM": "xterm"}, "xterm")],
    ids=["unset", "linux", "other"])
def test_term_on_a_line_that_is_no_screen(start, given, expected):
    assert environment(start, given)["TERM"] == expected


def child(start, what, **options):
    """The words of /proc/self/WHAT of an entry without a shell."""
    box = start(f"::wait:cp /proc/self/{what} /seen\n::respawn:sleep 1000\n",
                **options)
    box.wait_process("sleep 1000")
    return box.read("/seen")


def status(start, **options):
    lines = child(start, "status", **options).splitlines()
    return dict(line.split(":\t", 1) for line in lines)


@pytest.mark.parametrize("umask", [0, 0o077])
def test_the_umask_is_022(start, umask):
    assert status(start, umask=umask)["Umask"] == "0022"


def test_the_working_directory_is_the_root(start):
    box = start("::once:ln -s x link\n::respawn:sleep 1000\n", cwd="/tmp")
    wait.until(lambda: box.path("/link").is_symlink(), "/link", box.show)


def test_each_child_has_a_session_of_its_own(start):
    box = start("::respawn:/bin/sleep 1000\n::respawn:/bin/sleep 2000\n")
    for command in ("sleep 1000", "sleep 2000"):
        process = box.wait_process(command)
        assert process.session == process.pid


def test_only_three_descriptors_are_open(start):
    box = start("::respawn:/bin/sleep 1000\n")
    process = box.wait_process("sleep 1000")
    wait.until(lambda: descriptors(process.pid) == ["0", "1", "2"],
               "three descriptors", lambda: str(descriptors(process.pid)))


def descriptors(pid):
    return sorted(os.listdir(f"/proc/{pid}/fd"))


BIRTHS = {
    "as the kernel does": {},
    "children ignored": {"ignore": [signal.SIGCHLD]},
    "all ignored": {"ignore": sorted(signal.valid_signals() -
                                     {signal.SIGKILL, signal.SIGSTOP})},
    "some blocked": {"block": [signal.SIGTERM, signal.SIGCHLD,
                               signal.SIGUSR2, signal.SIGALRM]},
    "all blocked": {"block": sorted(signal.valid_signals())},
    "no stdin": {"stdio": (None, "pty", "pty")},
    "no stdout": {"stdio": ("pty", None, "pty")},
    "nothing open": {"stdio": (None, None, None)},
    "null": {"stdio": ("null", "null", "null")},
    "pty in": {"stdio": ("pty", "null", "null")},
}
births = pytest.mark.parametrize("options", BIRTHS.values(), ids=BIRTHS)


@births
def test_a_child_has_its_signals_back(start, options):
    seen = status(start, **options)
    assert int(seen["SigBlk"], 16) == 0
    assert int(seen["SigIgn"], 16) == 0


@births
def test_init_lives_however_it_was_born(start, options):
    """It starts, reaps, restarts and ends."""
    box = start("::wait:/t wait\n::respawn:/live\n", files={
        "/live": "#!/bin/sh\n/t born\nsleep 0.2 &\nsleep 1\n"}, **options)
    box.wait_said("born", count=2)
    assert box.said()[0] == "wait"
    wait.until(lambda: not box.zombies(), "no zombie", box.show)
    box.signal(signal.SIGUSR2)
    assert box.wait_end() == STOPPED


@births
def test_a_child_has_three_descriptors(start, options):
    box = start("::once:/look\n", files={
        "/look": "#!/bin/sh\nfor n in 0 1 2; do\n"
                 "[ -e /proc/$$/fd/$n ] && /t open $n\ndone\n/t end\n"},
        **options)
    box.wait_said("end")
    assert box.said() == ["open 0", "open 1", "open 2", "end"]


@pytest.mark.parametrize("word", ["single", "-s", "1"])
def test_single_user_starts_a_shell_and_nothing_else(start, word):
    box = start("::sysinit:/t sysinit\n::respawn:/t respawn\n",
                argv=("init", word))
    box.wait_for("# ")
    box.console.send("/t typed by pid $$ of $RUNLEVEL\n")
    wait.until(box.said, "the typed line", box.show)
    assert len(box.said()) == 1 and box.said()[0].startswith("typed")
    wait.until(lambda: [p.command for p in box.processes()] == ["-/bin/sh"],
               "nothing but a shell", box.show)


def test_single_user_goes_down(start):
    box = start("::shutdown:/t shutdown\n", argv=("init", "single"))
    box.wait_for("# ")
    box.signal(signal.SIGTERM)
    assert box.wait_end() == "SIGHUP"
    assert box.said() == []


def test_the_single_user_shell_comes_back(start):
    box = start(None, argv=("init", "single"))
    box.wait_for("# ")
    box.console.send("exit\n")
    box.wait_for("# ")


@pytest.mark.parametrize("word", ["emergency", "0", "5", "quiet"])
def test_other_words_read_the_inittab(start, word):
    box = start("::once:/t $RUNLEVEL\n", argv=("init", word))
    box.wait_said(word)
