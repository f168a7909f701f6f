"""Bad days: what there is runs out, breaks, or is turned against init.

PID 1 lives, what can run runs, and the console says what is wrong: once.
Days that need a machine of their own: tests/boot/test_bad_days.py. Terminals
that can't be opened: test_ttys.py; sent fault signals: test_recovery.py.
"""

import os
import random
import re
import resource
import signal
import time

import pytest

from harness import wait
from harness.container import REBOOTED, STOPPED

SLEEPER = "::respawn:/bin/sleep 1000\n"


def kill(box, command="sleep 1000"):
    process = box.wait_process(command)
    os.kill(process.pid, signal.SIGKILL)
    box.wait_gone(process.pid)
    return process


def comes_back(box, command="sleep 1000", seconds=wait.PATIENCE):
    """A killed service: it lives on in another process."""
    first = kill(box, command)
    assert box.wait_process(command, seconds).pid != first.pid


def is_taken(box, number):
    """Has init taken this signal from the kernel?"""
    return not int(box.status()["ShdPnd"], 16) & 1 << number - 1


def descriptors(box):
    return len(os.listdir(f"/proc/{box.pid}/fd"))


# --- no process can be made

@pytest.mark.needs_root
def test_without_a_free_pid_one_line_and_all_comes_back(full_cgroup, start):
    """Three services die; none can be started before there is room."""
    names = ["sleep 1001", "sleep 1002", "sleep 1003"]
    box = start("".join(f"::respawn:/bin/{name}\n" for name in names))
    for name in names:
        box.wait_process(name)
    (full_cgroup / "pids.max").write_text("1")
    (full_cgroup / "cgroup.procs").write_text(str(box.pid))
    for name in names:
        kill(box, name)
    wait.stays(lambda: not box.find("sleep 100"), 4, "no room", box.show)
    said = box.console.lines("init: can't fork")
    assert said == ["init: can't fork, trying again: "
                    "Resource temporarily unavailable"], box.show()
    (full_cgroup / "pids.max").write_text("max")
    wait.until(lambda: len(box.find("sleep 100")) == 3, "all three",
               box.show)
    assert len(box.console.lines("init: ")) == 1, box.show()


@pytest.mark.needs_root
def test_without_a_free_pid_a_request_is_kept(full_cgroup, start):
    """A poweroff ends what runs, and the machine with the first free pid."""
    box = start(SLEEPER + "::respawn:/bin/sleep 2000\n")
    box.wait_process("sleep 1000")
    (full_cgroup / "cgroup.procs").write_text(str(box.pid))
    kill(box)
    box.wait_for("can't fork")
    box.signal(signal.SIGUSR2)
    box.wait_for("going down for poweroff")
    wait.until(lambda: not box.find("sleep"), "their end", box.show)
    (full_cgroup / "pids.max").write_text("max")
    assert box.wait_end() == STOPPED
    said = [line for line in box.console.lines("init: ")
            if "waiting for" not in line]  # the disks of the host
    assert len(said) == 2, box.show()


@pytest.mark.slow
def test_without_a_free_pid_the_machine_ends_all_the_same(full_cgroup, start):
    """What needs a child is given up, and the end comes without."""
    box = start(SLEEPER)
    box.wait_process("sleep 1000")
    (full_cgroup / "cgroup.procs").write_text(str(box.pid))
    box.signal(signal.SIGTERM)
    box.wait_for("init: no longer waiting for sync", 75)
    assert box.wait_end() == REBOOTED


# --- no descriptor can be had

def limit_descriptors(box, count):
    """Of init and of all that it starts."""
    _, most = resource.prlimit(box.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(box.pid, resource.RLIMIT_NOFILE, (count, most))


@pytest.mark.parametrize("count", [3, 4, 10])
def test_without_a_free_descriptor(start, count):
    """A service comes back; a reload needs two, and says that it has none; or
    only one, and none for a state that outlives a fault."""
    box = start(SLEEPER + "tty2::respawn:/bin/sleep 2000\n", ttys=["tty2"])
    box.wait_process("sleep 1000")
    box.wait_process("sleep 2000")
    limit_descriptors(box, count)
    comes_back(box)
    more = SLEEPER + "::respawn:/bin/sleep 3000\n"
    box.reload(more)
    box.wait_for("init: the table in use is kept: /etc/inittab: "
                 "(Too many open files|No file descriptors available)\n"
                 if count < 10 else "init: /etc/inittab reloaded\n")
    comes_back(box)
    limit_descriptors(box, 1024)
    box.reload(more)
    box.wait_process("sleep 3000")
    assert len(box.console.lines("init: ")) <= 2, box.show()


@pytest.mark.parametrize("count", [0, 3, 10])
def test_without_a_free_descriptor_the_machine_goes_down(start, count):
    box = start(SLEEPER + "::shutdown:/bin/true\n")
    box.wait_process("sleep 1000")
    limit_descriptors(box, count)
    box.signal(signal.SIGTERM)
    assert box.wait_end() == REBOOTED


# --- the console is stopped

STOP, GO = "\x13", "\x11"  # Ctrl-S, Ctrl-Q
TALKER = "#!/bin/sh\nwhile echo talk; do sleep 0.05; done\n"


def stop_console(box):
    """Ctrl-S: whoever writes to it waits, from now on and for ever."""
    box.wait_for("talk\ntalk")
    box.console.send(STOP)
    wait.until(lambda: is_quiet(box), "silence", box.show)


def is_quiet(box):
    before = box.console.text()
    try:
        wait.stays(lambda: box.console.text() == before, 0.3, "")
    except AssertionError:
        return False
    return True


def test_a_stopped_console_does_not_stop_init(start):
    """Ctrl-S, with a service that now waits there, and init that speaks."""
    box = start("::respawn:/talk\n" + SLEEPER, files={"/talk": TALKER})
    stop_console(box)
    text = box.console.text()
    for number in range(5):
        box.reload("bad\n" * 20 + "::respawn:/talk\n" + SLEEPER +
                   f"::respawn:/bin/sleep 20{number}\n")
        box.wait_process(f"sleep 20{number}")
    comes_back(box)
    assert box.console.text() == text
    box.console.send(GO)
    box.wait_for("talk\ntalk")
    box.reload(SLEEPER)
    box.wait_for("reloaded\n")


@pytest.mark.parametrize("number, how", [
    (signal.SIGUSR2, STOPPED), (signal.SIGTERM, REBOOTED)])
def test_a_stopped_console_does_not_stop_the_shutdown(start, number, how):
    """TERM ends a process that is blocked writing to it, like any other."""
    box = start("::respawn:/talk\n::shutdown:/t shutdown\n",
                files={"/talk": TALKER})
    stop_console(box)
    text = box.console.text()
    box.signal(number)
    assert box.wait_end() == how
    assert box.said() == ["shutdown"] and box.console.text() == text


def test_a_console_that_is_stopped_during_shutdown(start):
    box = start("::respawn:/talk\n::shutdown:/t shutdown; sleep 2\n",
                files={"/talk": TALKER})
    box.wait_for("talk")
    box.signal(signal.SIGUSR2)
    box.wait_said("shutdown")
    box.console.send(STOP)
    assert box.wait_end() == STOPPED


# --- the inittab

def noise(size):
    """Random bytes, of all values but the backslash, which joins lines."""
    return random.Random(8).randbytes(size).replace(b"\\", b"/")


def test_a_megabyte_of_noise_with_good_lines_in_it(start):
    piece = 1 << 15
    text = b"".join(noise(piece + number) + b"\n::wait:/t %d\n" % number
                    for number in range(32))
    assert len(text) > 1 << 20
    box = start(text + SLEEPER.encode())
    box.wait_process("sleep 1000")
    assert box.said() == [str(number) for number in range(32)]
    said = box.console.lines("init: ")
    assert len(said) == 11, box.show()
    assert "bad inittab entries in all: " in said[-1]
    assert len(box.console.text()) < 11 * 420


def test_a_line_of_a_megabyte(start):
    """Good words, more than a program can be given, and no entry at all."""
    word, size = " " + "w" * 99, 1 << 20
    box = start(f"::wait:/count{word * (size // 100)}\n"
                f"::wait:/t never{' w' * (size // 2)}\n"
                f"{'garbage' * (size // 7)}\n::once:/t end\n",
                files={"/count": "#!/bin/sh\n/t words $#\n"})
    box.wait_said("end")
    assert box.said() == [f"words {size // 100}", "end"]
    box.wait_for("init: '/t never w w ")
    said = box.console.lines("init: ")
    assert re.match("init: /etc/inittab:3:[0-9]+: bad inittab entry", said[0])
    assert said[1] == "init: can't run /t: Argument list too long"
    assert len(said) == 3 and all(len(line) < 420 for line in said)


def test_a_hundred_thousand_comments(start):
    comments = "".join(f"# comment {n}\n" for n in range(50000))
    box = start(f"{comments}::once:/t one\n{comments}{SLEEPER}")
    box.wait_said("one")
    first = box.wait_process("sleep 1000")
    box.reload(f"{comments}{SLEEPER}{comments}::respawn:/bin/sleep 2000")
    box.wait_process("sleep 2000")
    assert box.wait_process("sleep 1000").pid == first.pid
    box.wait_for("init: /etc/inittab reloaded\n")
    assert len(box.console.lines("init: ")) == 1, box.show()


def test_an_inittab_that_changes_while_it_is_read(start):
    """Written in place byte by byte, truncated, replaced, taken away: what
    stands in every version runs on, and the last one counts."""
    box = start(SLEEPER)
    first = box.wait_process("sleep 1000")
    before = descriptors(box)
    path = box.path("/etc/inittab")
    chance = random.Random(13)
    deadline = time.monotonic() + 5
    sent = 0
    while time.monotonic() < deadline:
        filling = "# filling\n" * chance.randrange(3000)
        with open(path, "r+") as file:  # in place
            file.write(f"{SLEEPER}{filling}::once:/t never\n")
            box.signal(signal.SIGHUP)
            file.truncate(chance.randrange(len(SLEEPER), 3000))
            box.signal(signal.SIGHUP)
        box.reload(SLEEPER + filling)
        if chance.random() < 0.2:
            path.unlink()
            box.signal(signal.SIGHUP)
        box.write("/etc/inittab", SLEEPER)
        sent += 4
    box.reload(SLEEPER + "::respawn:/bin/sleep 2000\n")
    box.wait_process("sleep 2000")
    assert box.wait_process("sleep 1000").pid == first.pid
    assert "never" not in box.said()
    wait.until(lambda: descriptors(box) == before, f"{before} descriptors",
               box.show)  # the last one may be under way
    assert len(box.console.lines("init: ")) <= 2 * sent, box.show()


# --- signals

@pytest.mark.slow
def test_ten_thousand_HUPs(start):
    """A service that dies among them comes back, and nothing is left over."""
    box = start(SLEEPER + "::respawn:/bin/sleep 2000\n")
    first = box.wait_process("sleep 1000")
    before = descriptors(box)
    for number in range(10000):
        if number % 2500 == 1000:
            comes_back(box, "sleep 2000")
        box.signal(signal.SIGHUP)
        if number % 20 == 19:  # else most of them become one
            wait.until(lambda: is_taken(box, signal.SIGHUP),
                       f"number {number}", box.show)
    assert box.wait_process("sleep 1000").pid == first.pid
    wait.until(lambda: descriptors(box) == before, f"{before} descriptors",
               box.show)  # the last one may be under way
    assert not box.zombies()
    said = box.console.lines("init: ")
    assert set(said) == {"init: /etc/inittab reloaded"}, box.show()
    assert len(said) <= 10000
    box.signal(signal.SIGUSR2)
    assert box.wait_end() == STOPPED


# An ending, or the pause. QUIT is none without a restart entry.
ASKS = {signal.SIGUSR1, signal.SIGUSR2, signal.SIGTERM, signal.SIGPWR,
        signal.SIGTSTP, 37, 38, 39}


def test_signals_of_every_number_from_inside(start):
    """KILL, STOP and those of the C library too; each twenty times."""
    numbers = [number for number in range(1, 65) if number not in ASKS]
    box = start(SLEEPER + "::respawn:/bin/sleep 2000\n")
    first = box.wait_process("sleep 1000")
    sent = box.run("sh", "-c", "for n in " + " ".join(map(str, numbers)) +
                   "; do for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 "
                   "18 19 20; do kill -$n 1 || echo not $n; done; done")
    assert not sent.stdout + sent.stderr
    comes_back(box, "sleep 2000")
    assert box.wait_process("sleep 1000").pid == first.pid
    assert box.status()["State"][0] in "SR"
    assert len(box.console.lines("init: ")) <= 20 * 8, box.show()
    box.signal(signal.SIGTERM)
    assert box.wait_end() == REBOOTED


# --- terminals that go

def test_a_terminal_that_vanishes_and_comes_back(start):
    """Its other end is closed, its node is removed, and a new node appears: the
    shell runs on it again, and the console has two lines about it at most."""
    box = start("::sysinit:ln -s tty2 /dev/line\nline::respawn:-/bin/sh\n" +
                SLEEPER, ttys=["tty2", "tty3"])
    box.ttys["tty2"].expect("# ")
    other = box.wait_process("sleep 1000")
    box.ttys.pop("tty2").close()
    box.wait_for("init: can't open /dev/line: I/O error\n")
    assert not box.find("-/bin/sh")
    box.run("rm", "/dev/line")
    time.sleep(3)
    box.run("ln", "-s", "tty3", "/dev/line")
    box.ttys["tty3"].expect("# ")
    box.ttys["tty3"].send("tty; /t typed\n")
    box.wait_said("typed")
    assert box.wait_process("sleep 1000").pid == other.pid
    assert len(box.console.lines("init: ")) <= 2, box.show()


@pytest.mark.slow
def test_a_terminal_that_hangs_up_again_and_again(start):
    """As a modem does: each time somebody else is asked for."""
    names = [f"tty{n}" for n in range(2, 8)]
    box = start("::sysinit:ln -s tty2 /dev/line\nline::respawn:-/bin/sh\n",
                ttys=names)
    for name, following in zip(names, names[1:]):
        box.ttys[name].expect("# ")
        box.run("ln", "-sfn", following, "/dev/line")
        box.ttys.pop(name).close()
    box.ttys[names[-1]].expect("# ")
    assert len(box.console.lines("init: ")) <= 3, box.show()
    assert not box.zombies()


def test_the_console_hangs_up(start):
    """Nobody hears init any more, and it goes on."""
    box = start("::respawn:/t tick\n" + SLEEPER, ttys=["tty2"],
                env={"CONSOLE": "/dev/tty2"})
    box.wait_process("sleep 1000")
    box.ttys.pop("tty2").close()
    box.reload("bad\n::respawn:/t tick\n::respawn:/bin/sleep 2000\n" +
               SLEEPER)
    box.wait_process("sleep 2000")
    comes_back(box)
    box.signal(signal.SIGUSR2)
    assert box.wait_end() == STOPPED


# --- orphans

@pytest.mark.slow
def test_a_hundred_thousand_orphans(start, program):
    """Made as fast as the machine can, while init serves all else."""
    box = start("::once:sleep 2; /t begin; /many; /t made $?\n" +
                SLEEPER + "::ctrlaltdel:/t cad\n",
                files={"/make": program("orphans"), "/many": """#!/bin/sh
/make 100000 || exit
until [ -e /go ]; do /make 500 || exit; done
"""})
    box.wait_said("begin")
    for served in range(1, 4):
        comes_back(box, seconds=10)
        box.signal(signal.SIGINT)
        box.wait_said("cad", 10, served)
    assert "made 0" not in box.said(), box.show()
    box.go()
    box.wait_said("made 0", 300)  # some machines fork 1,000 times a second
    wait.until(lambda: len(box.processes()) == 1, "no zombie", box.show)
    assert not box.console.lines("init: "), box.show()
