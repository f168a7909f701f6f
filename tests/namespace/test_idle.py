"""An idle init does not run: no timer, no poll."""

import pytest

from harness import wait


def switches(box):
    """Context switches of init, of both kinds."""
    status = box.status()
    return (int(status["voluntary_ctxt_switches"]) +
            int(status["nonvoluntary_ctxt_switches"]))


def check_idle(box, seconds):
    wait.until(lambda: box.status()["State"][0] == "S", "a sleep")
    before = switches(box)
    wait.stays(lambda: switches(box) == before, seconds, "no switch",
               lambda: f"{before} -> {switches(box)}\n{box.show()}")


@pytest.mark.slow
def test_idle_is_without_context_switches(start):
    """One entry waits for Enter, one runs, one ran."""
    box = start("::askfirst:-/bin/sh\n::respawn:/bin/sleep 1000\n"
                "::once:/t once\n")
    box.wait_for("press Enter")
    box.wait_said("once")
    box.wait_process("sleep 1000")
    wait.until(lambda: len(box.processes()) == 2, "two", box.show)
    wait.until(lambda: settled(box), "a settled init", box.show)
    check_idle(box, 10)


@pytest.mark.slow
def test_between_two_tries_of_a_failing_entry_init_sleeps(start):
    box = start("::respawn:/fail\n::respawn:/bin/sleep 1000\n",
                files={"/fail": "#!/bin/sh\n/t born\nexit 1\n"})
    box.wait_said("born", count=7)
    wait.until(lambda: len(box.processes()) == 1, "one left", box.show)
    wait.until(lambda: settled(box), "a settled init", box.show)
    check_idle(box, 4)


def settled(box):
    """No switch within a quarter of a second."""
    before = switches(box)
    try:
        wait.stays(lambda: switches(box) == before, 0.25, "")
    except AssertionError:
        return False
    return True


def test_to_be_looked_at_costs_nothing(start, product):
    """Also when an entry was stopped: there is nothing to wait for."""
    box = start("::respawn:/bin/sleep 1000\n::respawn:/bin/sleep 2000\n",
                files={"/initctl": product("INITCTL").read_bytes()})
    box.wait_process("sleep 1000")
    assert box.run("/initctl", "stop", "1").returncode == 0
    wait.until(lambda: settled(box), "a settled init", box.show)
    before = switches(box)
    for words in (["status"], ["status", "-j"], ["log"], ["log", "-j"],
                  ["times"], ["stop", "9"]):
        assert box.run("/initctl", *words).stderr == "" or words[0] == "stop"
    assert switches(box) == before
