"""Every child, own or adopted, is reaped the moment it ends."""

import os
import signal

import pytest

from harness import wait

AT_ONCE = 0.8  # s: init needs 1 ms, a busy host more, busybox up to 1


def orphans(box, count):
    """Makes orphans that sleep; answers them."""
    wait.until(lambda: len(box.find("sleep 500")) == count, f"{count} orphans",
               box.show)
    wait.until(lambda: all(p.parent == box.pid for p in
                           box.find("sleep 500")), "adopted", box.show)
    return box.find("sleep 500")


MAKE_THREE = "for n in 1 2 3; do sleep 500 & done"


def check_each_reaped_at_once(box):
    for orphan in orphans(box, 3):
        os.kill(orphan.pid, signal.SIGKILL)
        box.wait_gone(orphan.pid, AT_ONCE)


def test_orphans_are_reaped_at_once(start):
    box = start("::respawn:/bin/sleep 1000\n::once:/make\n",
                files={"/make": f"#!/bin/sh\n{MAKE_THREE}\n"})
    check_each_reaped_at_once(box)


@pytest.mark.parametrize("action", ["sysinit", "wait"])
def test_orphans_are_reaped_while_an_entry_runs(start, action):
    box = start(f"::{action}:/make\n::{action}:/bin/sleep 1000\n",
                files={"/make": f"#!/bin/sh\n{MAKE_THREE}\n"})
    check_each_reaped_at_once(box)


def test_orphans_are_reaped_while_paused(start):
    box = start("::respawn:/bin/sleep 1000\n::once:/make\n",
                files={"/make": f"#!/bin/sh\n{MAKE_THREE}\n"})
    orphans(box, 3)
    box.signal(signal.SIGTSTP)
    check_each_reaped_at_once(box)


def test_orphans_are_reaped_while_a_shutdown_entry_runs(start):
    box = start("::once:/make\n::shutdown:/t shutdown\n"
                "::shutdown:/bin/sleep 1000\n",
                files={"/make": f"#!/bin/sh\n{MAKE_THREE}\n"})
    orphans(box, 3)
    box.signal(signal.SIGUSR2)
    box.wait_said("shutdown")
    check_each_reaped_at_once(box)


def test_a_thousand_orphans_leave_no_zombie(start):
    box = start("::respawn:/bin/sleep 1000\n::once:/make\n", files={
        "/make": "#!/bin/sh\nn=0\nwhile [ $n -lt 1000 ]; do\n"
                 "(: &)\nn=$((n + 1))\ndone\n/t made\n"})
    box.wait_said("made")
    wait.until(lambda: len(box.processes()) == 1, "no zombie",
               box.show, seconds=AT_ONCE)


def test_a_thousand_orphans_at_the_same_moment(start):
    """They wait at a FIFO; their parent is killed, then all are let go."""
    box = start("::once:/make\n::respawn:/bin/sleep 1000\n", files={
        "/make": "#!/bin/sh\nmkfifo /fifo\nn=0\nwhile [ $n -lt 1000 ]; do\n"
                 "read x </fifo &\nn=$((n + 1))\ndone\n/t made\n"
                 "kill -KILL $$\n"})
    box.wait_said("made")
    wait.until(lambda: [p.state for p in box.children()] == ["S"] * 1001,
               "adopted, at the FIFO", box.show)
    box.run("sh", "-c", ": >/fifo")
    wait.until(lambda: len(box.processes()) == 1, "no zombie", box.show)
    box.wait_process("sleep 1000")


def test_once_entries_are_reaped_at_once(start):
    box = start("::once:/bin/sleep 501\n::once:/bin/sleep 502\n"
                "::once:/bin/sleep 503\n")
    wait.until(lambda: len(box.find("sleep 50")) == 3, "three", box.show)
    for process in box.find("sleep 50"):
        os.kill(process.pid, signal.SIGKILL)
        box.wait_gone(process.pid, AT_ONCE)


@pytest.mark.parametrize("words", [[], ["--", "/bin/sleep", "1000"]],
                         ids=["inittab", "command"])
def test_zombies_of_the_program_before_are_reaped(start, product, program,
                                                  words):
    """Also where nothing else ever ends."""
    box = start("::respawn:/bin/sleep 1000\n",
                argv=("zombies", "3", "/kindling", *words), files={
                    "/init": program("zombies"),
                    "/kindling": product("INIT").read_bytes()})
    box.wait_process("sleep 1000")
    wait.until(lambda: len(box.processes()) == 1, "no zombie", box.show,
               seconds=AT_ONCE)
