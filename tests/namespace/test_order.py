"""What runs when, and what is waited for."""

import signal

from harness import wait
from harness.container import STOPPED


def test_classes_run_in_order(start):
    box = start("::respawn:/t respawn\n::once:/t once\n"
                "::wait:/t wait\n::sysinit:/t sysinit\n")
    box.wait_said("respawn")
    wait.until(lambda: "once" in box.said(), "once", box.show)
    assert box.said()[:2] == ["sysinit", "wait"]


def test_sysinit_and_wait_entries_run_in_the_order_of_the_list(start):
    box = start("::wait:/t wait 1\n::sysinit:/t sysinit 1\n"
                "::sysinit:/t sysinit 2\n::wait:/t wait 2\n"
                "::sysinit:/t sysinit 3\n::wait:/t wait 3\n::once:/t end\n")
    box.wait_said("end")
    assert box.said() == ["sysinit 1", "sysinit 2", "sysinit 3",
                          "wait 1", "wait 2", "wait 3", "end"]


def test_once_and_respawn_entries_start_in_the_order_of_the_list(start):
    box = start("::respawn:/bin/sleep 1001\n::once:/bin/sleep 1002\n"
                "::respawn:/bin/sleep 1003\n::once:/bin/sleep 1004\n")
    wait.until(lambda: len(box.find("sleep 100")) == 4, "four", box.show)
    by_birth = sorted(box.find("sleep 100"), key=lambda p: p.inner)
    assert [p.command[-1] for p in by_birth] == ["2", "4", "1", "3"]


def test_each_sysinit_entry_is_waited_for(start):
    box = start("::sysinit:/slow 1\n::sysinit:/slow 2\n::wait:/t wait\n",
                files={"/slow": "#!/bin/sh\n/t begin $1\nsleep 0.3\n"
                                "/t end $1\n"})
    box.wait_said("wait")
    assert box.said() == ["begin 1", "end 1", "begin 2", "end 2", "wait"]


def test_each_wait_entry_is_waited_for(start):
    box = start("::wait:/slow 1\n::wait:/slow 2\n::once:/t once\n",
                files={"/slow": "#!/bin/sh\n/t begin $1\nsleep 0.3\n"
                                "/t end $1\n"})
    box.wait_said("once")
    assert box.said() == ["begin 1", "end 1", "begin 2", "end 2", "once"]


def test_once_entries_are_not_waited_for(start):
    box = start("::once:/bin/sleep 1000\n::once:/t second\n"
                "::respawn:/bin/sleep 2000\n")
    box.wait_said("second")
    box.wait_process("sleep 2000")
    box.wait_process("sleep 1000")


def test_a_once_entry_runs_once(start):
    box = start("::once:/t once\n::respawn:/t respawn\n")
    box.wait_said("respawn", count=3)
    assert box.said().count("once") == 1


def test_a_sysinit_that_fails_does_not_stop_the_rest(start):
    box = start("::sysinit:/bin/false\n::sysinit:/no/such\n"
                "::sysinit:/bin/sh -c 'kill -9 $$'\n::wait:/t wait\n")
    box.wait_said("wait")


def test_the_next_step_comes_at_once(start):
    """Ten waits one after the other: no nap between two of them."""
    box = start("".join(f"::wait:/t {n}\n" for n in range(10)))
    box.wait_said("9")
    assert box.times("9")[0] - box.times("0")[0] < 5


def test_all_eight_actions(start):
    box = start("::sysinit:/t sysinit\n::wait:/t wait\n::once:/t once\n"
                "::respawn:/bin/sleep 1000\n::askfirst:/t askfirst\n"
                "::ctrlaltdel:/t ctrlaltdel\n::shutdown:/t shutdown\n"
                "::restart:/t restart\n")
    box.wait_said("once")
    box.wait_process("sleep 1000")
    box.wait_for("press Enter")
    box.console.send("\n")
    box.wait_said("askfirst")
    box.signal(signal.SIGINT)
    box.wait_said("ctrlaltdel")
    box.signal(signal.SIGUSR2)
    assert box.wait_end() == STOPPED
    box_2 = start("::shutdown:/t shutdown\n::restart:/t restart\n"
                  "::once:/t up\n")
    box_2.wait_said("up")
    box_2.signal(signal.SIGQUIT)
    assert box_2.wait_end() == "exit 0"
    assert box.said()[-1] == "shutdown"
    assert box_2.said() == ["up", "shutdown", "restart"]
