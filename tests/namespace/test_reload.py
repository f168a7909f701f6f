"""SIGHUP: the new table takes over what runs."""

import os
import signal

import pytest

from harness import wait

DEAF = "#!/bin/sh\ntrap '' TERM\n/t deaf\nwhile :; do sleep 1; done\n"


def test_an_added_respawn_entry_starts(start):
    box = start("::respawn:/bin/sleep 1000\n")
    box.wait_process("sleep 1000")
    box.reload("::respawn:/bin/sleep 1000\n::respawn:/bin/sleep 2000\n")
    box.wait_process("sleep 2000")


def test_an_added_askfirst_entry_asks(start):
    box = start("::respawn:/bin/sleep 1000\n")
    box.wait_process("sleep 1000")
    box.reload("::respawn:/bin/sleep 1000\n::askfirst:/t asked\n")
    box.wait_for("press Enter")


def test_an_unchanged_entry_keeps_its_process(start):
    box = start("::respawn:/bin/sleep 1000\n")
    before = box.wait_process("sleep 1000")
    box.reload("::respawn:/t added\n::respawn:/bin/sleep 1000\n")
    box.wait_said("added", count=2)
    assert box.wait_process("sleep 1000").pid == before.pid


def test_a_removed_respawn_entry_gets_TERM(start):
    box = start("::respawn:/bin/sleep 1000\n::respawn:/polite\n", files={
        "/polite": "#!/bin/sh\ntrap '/t bye; exit' TERM\n/t up\n"
                   "while :; do sleep 0.1; done\n"})
    box.wait_said("up")
    box.reload("::respawn:/bin/sleep 1000\n")
    box.wait_said("bye")
    wait.until(lambda: not box.find("/polite"), "its end", box.show)


def test_TERM_reaches_the_whole_process_group(start):
    box = start("::respawn:/bin/sleep 1000; true\n")
    box.wait_process("sleep 1000;")
    wait.until(lambda: len(box.find("sleep 1000")) == 2, "two", box.show)
    box.reload("::respawn:/bin/sleep 2000\n")
    wait.until(lambda: not box.find("sleep 1000"), "their end", box.show)


@pytest.mark.slow
def test_a_removed_entry_that_is_deaf_gets_KILL_after_the_grace(start):
    box = start("::respawn:/deaf\n", files={"/deaf": DEAF})
    box.wait_said("deaf")
    box.reload("::respawn:/bin/sleep 2000\n")
    box.wait_process("sleep 2000")
    wait.stays(lambda: box.find("/deaf"), 8, "grace", box.show)
    wait.until(lambda: not box.find("/deaf"), "its end", box.show, seconds=8)


def test_a_removed_entry_is_not_restarted(start):
    box = start("::respawn:/t old\n::respawn:/t tick\n")
    box.wait_said("old")
    box.reload("::respawn:/t tick\n::respawn:/t new\n")
    box.wait_said("new")
    count = box.said().count("old")
    box.wait_said("new", count=3)
    assert box.said().count("old") == count


@pytest.mark.slow
def test_a_successor_on_the_same_terminal_waits_for_the_end(start):
    """Or two gettys would read one terminal."""
    box = start("tty2::respawn:/old\n", ttys=["tty2"], files={
        "/old": "#!/bin/sh\ntrap 'sleep 1; /t old ends; exit' TERM\n/t up\n"
                "while :; do sleep 0.1; done\n"})
    box.wait_said("up")
    box.reload("tty2::respawn:/t new\n")
    box.wait_said("new")
    assert box.said()[:3] == ["up", "old ends", "new"]


@pytest.mark.parametrize("action", ["sysinit", "wait", "once"])
def test_new_entries_that_run_once_do_not_run(start, action):
    box = start("::respawn:/bin/sleep 1000\n")
    box.wait_process("sleep 1000")
    box.reload(f"::{action}:/t never\n::respawn:/t added\n")
    box.wait_said("added", count=2)
    assert "never" not in box.said()


def test_entries_that_ran_do_not_run_again(start):
    text = ("::sysinit:/t sysinit\n::wait:/t wait\n::once:/t once\n"
            "::respawn:/bin/sleep 1000\n")
    box = start(text)
    box.wait_process("sleep 1000")
    box.wait_said("once")
    box.reload(text + "::respawn:/t added\n")
    box.wait_said("added", count=2)
    ran = [word for word in box.said() if word != "added"]
    assert ran == ["sysinit", "wait", "once"]


def test_what_once_started_lives_on(start):
    box = start("::once:/bin/sleep 1000\n")
    before = box.wait_process("sleep 1000")
    box.reload("::respawn:/t added\n")
    box.wait_said("added", count=2)
    assert box.wait_process("sleep 1000").pid == before.pid


def test_once_that_becomes_respawn_has_no_second_copy(start):
    box = start("::once:/bin/sleep 1000\n")
    before = box.wait_process("sleep 1000")
    box.reload("::respawn:/bin/sleep 1000\n::respawn:/t added\n")
    box.wait_said("added", count=3)
    assert box.wait_process("sleep 1000").pid == before.pid


def test_respawn_that_becomes_once_lives_on_and_stays_ended(start):
    box = start("::respawn:/live\n", files={
        "/live": "#!/bin/sh\n/t born\nexec sleep 2\n"})
    box.wait_said("born")
    box.reload("::once:/live\n::respawn:/t added\n")
    box.wait_said("added", count=4)
    assert box.said().count("born") == 1


def test_changed_ctrlaltdel_entries_are_used(start):
    box = start("::ctrlaltdel:/t old\n::respawn:/bin/sleep 1000\n")
    box.wait_process("sleep 1000")
    box.reload("::ctrlaltdel:/t new\n::respawn:/bin/sleep 2000\n")
    box.wait_process("sleep 2000")
    box.signal(signal.SIGINT)
    box.wait_said("new")
    assert "old" not in box.said()


@pytest.mark.parametrize("text", ["", "garbage\n"], ids=["empty", "garbage"])
def test_a_reload_without_entries_keeps_what_runs(start, text):
    box = start("::respawn:/bin/sleep 1000\n::respawn:/t tick\n")
    before = box.wait_process("sleep 1000")
    box.reload(text)
    box.wait_said("tick", count=len(box.times("tick")) + 2)
    assert box.wait_process("sleep 1000").pid == before.pid
    assert not box.console.lines("press Enter"), box.show()


def test_a_missing_file_at_reload_keeps_what_runs(start):
    box = start("::respawn:/bin/sleep 1000\n::respawn:/t tick\n")
    before = box.wait_process("sleep 1000")
    box.path("/etc/inittab").unlink()
    box.signal(signal.SIGHUP)
    box.wait_said("tick", count=len(box.times("tick")) + 2)
    assert box.wait_process("sleep 1000").pid == before.pid
    assert not box.console.lines("press Enter"), box.show()


def test_many_reloads_in_a_row(start):
    box = start("::respawn:/bin/sleep 1000\n")
    before = box.wait_process("sleep 1000")
    descriptors = len(os.listdir(f"/proc/{box.pid}/fd"))
    for number in range(200):
        box.reload(f"::respawn:/bin/sleep 1000\n::respawn:/t {number}\n")
    box.wait_said("199")
    assert box.wait_process("sleep 1000").pid == before.pid
    # the last one may be under way
    wait.until(lambda: len(os.listdir(f"/proc/{box.pid}/fd")) == descriptors,
               f"{descriptors} descriptors", box.show)


def test_a_reload_is_served_while_a_sysinit_hangs(start):
    """The new sysinit does not run; the new wait and once do."""
    box = start("::sysinit:/bin/sleep 1000\n::wait:/t old\n")
    hanging = box.wait_process("sleep 1000")
    box.reload("::sysinit:/bin/sleep 1000\n::sysinit:/t never\n"
               "::wait:/t wait\n::once:/t once\n")
    wait.until(lambda: pending(box) == 0, "HUP taken", box.show)
    box.run("kill", str(hanging.inner))
    box.wait_said("once")
    assert box.said() == ["wait", "once"]


def pending(box):
    """The signals that init has not taken yet."""
    return int(box.status()["ShdPnd"], 16) & 1 << signal.SIGHUP - 1


def test_a_repaired_command_starts_at_once_after_a_reload(start):
    box = start("::respawn:/no/such\n::respawn:/t tick\n")
    box.wait_said("tick", count=2)
    box.reload("::respawn:/t repaired\n::respawn:/t tick\n")
    box.wait_said("repaired", 1)
