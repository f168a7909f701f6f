"""A container with one thing to do: "init -- CMD ARG...", and INIT_RUN."""

import os
import signal

import pytest

from harness import wait
from harness.container import plain_environment

FORWARDED = ["TERM", "INT", "HUP", "QUIT", "USR1", "USR2"]
LOOP = "while :; do sleep 0.1; done"


def alone(start, *words, **options):
    """init -- WORDS, and no inittab to be read: this one would show."""
    options.setdefault("env", {"PATH": "/bin:/sbin", "HOME": "/", "A": "b"})
    return start("::sysinit:/t inittab\n", argv=("init", "--", *words),
                 **options)


@pytest.mark.parametrize("command, status", [
    ("exit 0", 0), ("exit 7", 7), ("exit 255", 255),
    ("kill -9 $$", 128 + 9), ("kill -TERM $$", 128 + 15),
    ("kill -USR1 $$", 128 + 10),
])
def test_the_exit_status_is_the_commands(start, command, status):
    box = alone(start, "sh", "-c", command)
    assert box.wait_end() == f"exit {status}"
    assert box.said() == []
    assert box.console.text() == ""  # not a word of our own


def test_what_can_not_be_run(start):
    box = alone(start, "no-such")
    assert box.wait_end() == "exit 127"
    box.wait_for("can't run no-such: No such file")


def test_what_may_not_be_run(start):
    assert alone(start, "/etc/inittab.d", files={"/etc/inittab.d/x": ""}
                 ).wait_end() == "exit 126"


def test_words_stay_as_they_are(start):
    words = ["a b", "", "$HOME", "'\"`", "x\ny", "-", "--"]
    box = alone(start, "sh", "-c", 'printf "<%s>" "$0" "$@" >/words', *words)
    assert box.wait_end() == "exit 0"
    assert box.read("/words") == "".join(f"<{word}>" for word in words)


def test_it_gets_what_we_got(start):
    box = alone(start, "sh", "-c", "cat /proc/self/environ >/environ; umask >/umask;"
                "pwd >/pwd; env >/dev/null", umask=0o027, cwd="/etc",
                env={"PATH": "/etc/bin:/bin", "TERM": "linux", "SHELL": "/x"})
    assert box.wait_end() == "exit 0"
    got = [item for item in box.read("/environ").split("\0")
           if item and item.split("=")[0] in ("PATH", "TERM", "SHELL", "USER")]
    assert sorted(got) == ["PATH=/etc/bin:/bin", "SHELL=/x", "TERM=linux"]
    assert box.read("/umask") == "0027\n" and box.read("/pwd") == "/etc\n"


def test_the_path_is_the_environments(start):
    script = "#!/bin/sh\n/t mine\n"
    box = alone(start, "mine", files={"/opt/x/mine": script},
                env={"PATH": "/nowhere:/opt/x:/bin"})
    assert box.wait_end() == "exit 0" and box.said() == ["mine"]
    box = alone(start, "true", env={})  # without one: our own
    assert box.wait_end() == "exit 0"


@pytest.mark.parametrize("name", FORWARDED)
def test_signals_go_to_the_command(start, name):
    box = alone(start, "sh", "-c",
                f"trap '/t job; exit 3' {name}; /t ready; {LOOP}")
    box.wait_said("ready")
    box.signal(signal.Signals["SIG" + name])
    assert box.wait_end() == "exit 3" and box.said() == ["ready", "job"]


def test_signals_go_to_its_group_and_not_beyond(start):
    child = f"sh -c \"trap '/t %s' USR1; /t ready; {LOOP}\" & "
    box = alone(start, "sh", "-c", "setsid " + child % "other" + child %
                "group" + f"trap '/t job' USR1; /t ready; {LOOP}")
    box.wait_said("ready", count=3)
    box.signal(signal.SIGUSR1)
    box.wait_said("job")
    box.wait_said("group")
    box.signal(signal.SIGUSR1)
    box.wait_said("job", count=2)
    assert "other" not in box.said()


def test_a_container_manager_ends_it_in_order(start):
    box = alone(start, "sh", "-c", f"trap '/t term; exit 4' TERM; /t up; {LOOP}")
    box.wait_said("up")
    box.signal(38)  # SIGRTMIN+4: poweroff
    assert box.wait_end() == "exit 4" and box.said() == ["up", "term"]


def test_initctl_ends_it_in_order(start, product):
    box = alone(start, "sh", "-c", f"trap '/t term; exit 4' TERM; /t up; {LOOP}",
                files={"/initctl": product("INITCTL").read_bytes()})
    box.wait_said("up")
    status = box.run("/initctl", "status")
    assert "phase job" in status.stdout and box.said() == ["up"]
    box.run("/initctl", "reboot")
    assert box.wait_end() == "exit 4" and box.said() == ["up", "term"]


def test_processes_left_get_TERM_and_then_KILL(start):
    box = alone(start, "sh", "-c",
                "(trap '/t term' TERM; /t up; while :; do sleep 0.1; done) & "
                "while ! grep -q up /trace; do sleep 0.1; done; exit 5",
                env=dict(plain_environment(), INIT_GRACE="3"))
    assert box.wait_end() == "exit 5" and box.said() == ["up", "term"]


def test_orphans_are_reaped_while_it_runs(start):
    box = alone(start, "sh", "-c", "for i in 1 2 3 4 5 6 7 8 9; do "
                "sh -c 'sleep 0.2 &'; done; /t started; sleep 60")
    box.wait_said("started")
    wait.until(lambda: [p.command for p in box.processes()] == ["sleep 60"],
               "only the job to be left", box.show)


def test_nothing_is_mounted_and_no_descriptor_closed(start):
    box = alone(start, "sh", "-c", "ls /proc/$$/fd >/fds; ls /sys /run 2>&1 "
                "| cat >/ls", further=(7,))
    assert box.wait_end() == "exit 0"
    assert "7" in box.read("/fds").split()
    assert "No such file" in box.read("/ls")


def test_it_leads_its_group_and_not_the_session(start):
    """So that a terminal that init got can be the job's."""
    box = alone(start, "sh", "-c", "sleep 60; :")
    wait.until(lambda: "sleep 60" in [p.command for p in box.processes()],
               "the shell and its sleep", box.show)
    [shell] = [p.pid for p in box.processes() if p.command.startswith("sh")]
    assert os.getpgid(shell) == shell and os.getsid(shell) != shell


def test_its_descriptors_are_ours(start):
    box = alone(start, "sh", "-c", "read x </dev/null; echo to-the-log",
                stdio=("null", "file", "file"))
    assert box.wait_end() == "exit 0"
    assert box.read("/log") == "to-the-log\n"


@pytest.mark.needs_root
@pytest.mark.parametrize("when", ["before", "while"])
def test_a_fault_of_init_is_survived(start, injector, when):
    """The state holds the words of the job, and its pid."""
    box = alone(start, "sh", "-c",
                f"trap '/t term; exit $1' TERM; /t $0; {LOOP}",
                "up", "6", gate=when == "before")
    if when == "before":
        fault = injector(box.pid, "jump-to-0", 0, 7000)
        box.open_gate()
    else:
        box.wait_said("up")
        fault = injector(box.pid, "jump-to-0")
    assert fault.result()
    box.wait_said("up")
    box.signal(signal.SIGTERM)
    assert box.wait_end() == "exit 6" and box.said() == ["up", "term"]
    if when == "while":
        box.wait_for("survived signal 11")


# INIT_RUN: with the inittab, up to its wait entries.

TABLE = ("::sysinit:/t sysinit\n::wait:/t wait\n::once:/t once\n"
         "::respawn:/t respawn\n::shutdown:/t shutdown\n")


def run(start, command, inittab=TABLE, **options):
    env = dict(plain_environment(), INIT_RUN=command)
    return start(inittab, env=env, **options)


def test_a_job_comes_after_the_wait_entries_and_ends_it_all(start):
    box = run(start, "/t job; exit 7")
    assert box.wait_end() == "exit 7"
    assert box.said() == ["sysinit", "wait", "job", "shutdown"]


def test_a_job_is_a_command_as_in_the_inittab(start):
    box = run(start, "/t one two")
    assert box.wait_end() == "exit 0"
    assert box.said() == ["sysinit", "wait", "one two", "shutdown"]


def test_an_empty_job_is_none(start):
    box = run(start, "")
    box.wait_said("once")
    box.wait_said("respawn")
    assert box.said()[:2] == ["sysinit", "wait"]


@pytest.mark.needs_root
def test_an_empty_word_can_not_be_run_but_known(start, injector):
    """Not even a fault is needed to find that out; nor does one hurt."""
    box = alone(start, "", "x", gate=True)
    fault = injector(box.pid, "jump-to-0", 1)
    box.open_gate()
    assert fault.result()
    assert box.wait_end() == "exit 126"  # it is a directory
    assert "the state is lost" not in box.console.text()


def test_a_job_needs_no_inittab(start):
    box = run(start, "/t job", inittab=None)
    assert box.wait_end() == "exit 0" and box.said() == ["job"]


def test_a_job_survives_a_reload(start):
    """It runs on, with a new inittab, and its end is the end."""
    box = run(start, "/t job; while ! [ -e /end ]; do sleep 0.1; done; exit 9")
    box.wait_said("job")
    box.write("/etc/inittab", "::once:/t new\n::shutdown:/t other\n")
    box.signal(signal.SIGHUP)
    box.wait_for("reloaded")
    box.write("/end", "")
    assert box.wait_end() == "exit 9"
    assert box.said() == ["sysinit", "wait", "job", "other"]


def test_a_reload_before_the_job_keeps_it(start):
    box = run(start, "/t job; exit 2", inittab=TABLE.replace(
        "/t wait", "/t wait; while ! [ -e /go ]; do sleep 0.1; done"))
    box.wait_said("wait")
    box.write("/etc/inittab", "::wait:/t new\n")
    box.signal(signal.SIGHUP)
    box.wait_for("reloaded")
    box.write("/go", "")
    assert box.wait_end() == "exit 2"
    assert box.said() == ["sysinit", "wait", "job"]


def test_a_signal_means_what_it_always_did(start):
    box = run(start, f"trap '/t term; exit 8' TERM; /t job; {LOOP}")
    box.wait_said("job")
    box.signal(signal.SIGUSR2)
    assert box.wait_end() == "exit 8"
    assert box.said() == ["sysinit", "wait", "job", "shutdown", "term"]


def test_single_user_has_no_job(start):
    box = run(start, "/t job", argv=("init", "single"))
    box.wait_for("#")
    assert box.said() == []
