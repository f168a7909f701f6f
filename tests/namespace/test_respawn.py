"""How often a service starts again (init/core/respawn.h).

Starts of one entry are 1 s apart at the least; after 5 quick ends that
failed the distance doubles; a quick exit 0 keeps its pace.
"""

import os
import signal

import pytest

from harness import wait

# What a trace shows is the start and how long the script took to say so, which
# on a busy machine may be anything; tests/unit has the exact times.
LATE = 0.9  # s
AT_ONCE = 0.8  # s: less than the second between two quick starts


def gaps(times):
    return [later - sooner for sooner, later in zip(times, times[1:])]


def test_a_killed_service_comes_back(start):
    box = start("::respawn:/bin/sleep 1000\n")
    first = box.wait_process("sleep 1000")
    os.kill(first.pid, signal.SIGKILL)
    box.wait_gone(first.pid)
    assert box.wait_process("sleep 1000").pid != first.pid


def test_after_a_second_of_life_it_starts_at_once(start):
    box = start("::respawn:/live\n", files={
        "/live": "#!/bin/sh\n/t born\nsleep 1.1\n/t died\n"})
    born = box.wait_said("born", count=4)
    died = box.times("died")
    assert all(birth - death < AT_ONCE for death, birth in zip(died, born[1:]))


def test_two_that_die_together_both_start_at_once(start):
    box = start("::respawn:/bin/sleep 1001\n::respawn:/bin/sleep 1002\n"
                "::once:/bin/sleep 1.2; /t slept\n")
    first = box.wait_process("sleep 1001"), box.wait_process("sleep 1002")
    box.wait_said("slept")
    for process in first:
        os.kill(process.pid, signal.SIGKILL)
        box.wait_gone(process.pid, AT_ONCE)
    box.wait_process("sleep 1001", AT_ONCE)
    box.wait_process("sleep 1002", AT_ONCE)


@pytest.mark.slow
def test_a_quick_exit_0_keeps_the_pace_of_one_a_second(start):
    box = start("::respawn:/t born\n")
    check_one_a_second(box.wait_said("born", count=9))


def test_never_more_than_one_start_a_second(start):
    """Killed at once, each time."""
    box = start("::respawn:/live\n", files={
        "/live": "#!/bin/sh\n/t born\nexec sleep 1000\n"})
    for count in range(1, 4):
        box.wait_said("born", count=count)
        process = box.wait_process("sleep 1000")
        os.kill(process.pid, signal.SIGKILL)
        box.wait_gone(process.pid)
    check_one_a_second(box.wait_said("born", count=4))


def check_one_a_second(born):
    """And not one faster: what is late once is not made up for."""
    assert all(gap > 1 - LATE for gap in gaps(born)), born
    assert len(born) - 1 - LATE < born[-1] - born[0] < 1.5 * len(born), born


def check_backed_off(born):
    """Starts at about 0, 1, 2, 3, 4, 6, 10 s."""
    check_one_a_second(born[:5])
    assert 2 - LATE <= gaps(born)[4] < 3.5, born
    assert 4 - LATE <= gaps(born)[5] < 7, born


@pytest.mark.slow
def test_a_failing_entry_backs_off_after_five_quick_ends(start):
    box = start("::respawn:/fail\n",
                files={"/fail": "#!/bin/sh\n/t born\nexit 1\n"})
    check_backed_off(box.wait_said("born", count=7))


@pytest.mark.slow
def test_an_entry_that_dies_by_signal_backs_off(start):
    box = start("::respawn:/fail\n",
                files={"/fail": "#!/bin/sh\n/t born\nkill -SEGV $$\n"})
    check_backed_off(box.wait_said("born", count=7))


@pytest.mark.slow
def test_a_failing_entry_does_not_slow_its_neighbour(start):
    box = start("::respawn:/fail\n::respawn:/t neighbour\n",
                files={"/fail": "#!/bin/sh\n/t born\nexit 1\n"})
    box.wait_said("born", count=6)
    check_one_a_second(box.times("neighbour"))


@pytest.mark.needs_root
def test_a_failed_fork_is_tried_again(full_cgroup, start):
    box = start("::respawn:/bin/sleep 1000\n")
    first = box.wait_process("sleep 1000")
    (full_cgroup / "cgroup.procs").write_text(str(box.pid))
    os.kill(first.pid, signal.SIGKILL)
    box.wait_gone(first.pid)
    wait.stays(lambda: not box.find("sleep 1000"), 2.5, "no room to fork")
    (full_cgroup / "pids.max").write_text("max")
    box.wait_process("sleep 1000", 2.5)
