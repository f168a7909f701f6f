"""Every ending, from every phase, and what it costs."""

import signal
import time

import pytest

from harness import wait
from harness.container import (BEFORE_KILL, CAP_SYS_BOOT, REBOOTED, STOPPED,
                               UNTIL_GO)

GRACE = 10  # s, PLAN_GRACE of init/core/plan.h
UP = "::respawn:/bin/sleep 1000\n"
POLITE = ("#!/bin/sh\ntrap '/t saving; sleep 1; /t saved; exit' TERM\n"
          "/t up\nwhile :; do sleep 0.1; done\n")
SAVES = POLITE.replace("sleep 1;", UNTIL_GO + ";")
DEAF = ("#!/bin/sh\ntrap '' TERM\n/t up\nwhile :; do sleep 1; done\n")


@pytest.mark.parametrize("number, end", [
    (signal.SIGUSR1, STOPPED), (signal.SIGUSR2, STOPPED),
    (signal.SIGPWR, STOPPED), (signal.SIGTERM, REBOOTED),
    (37, STOPPED), (38, STOPPED), (39, REBOOTED)])
def test_each_signal_has_its_ending(start, number, end):
    box = start(UP)
    box.wait_process("sleep 1000")
    box.signal(number)
    assert box.wait_end() == end


@pytest.mark.parametrize("applet, end", [
    ("halt", STOPPED), ("poweroff", STOPPED), ("reboot", REBOOTED)])
def test_busybox_applets_work(start, applet, end):
    box = start(UP + f"::once:/sbin/{applet}\n")
    assert box.wait_end() == end


def goes_down_at_once(begin):
    """In one of three tries: init also syncs the disks of a busy host."""
    took = []
    while len(took) < 3 and min(took, default=2) >= 1.8:  # busybox: 2
        box = begin()
        asked = time.monotonic()
        box.signal(signal.SIGUSR2)
        assert box.wait_end() == STOPPED
        took.append(time.monotonic() - asked)
    assert min(took) < 1.8, took


def test_an_idle_machine_goes_down_at_once(start):
    def begin():
        box = start(UP + "::askfirst:-/bin/sh\n")
        box.wait_process("sleep 1000")
        box.wait_for("press Enter")
        return box

    goes_down_at_once(begin)


def test_a_machine_without_children_goes_down_at_once(start):
    def begin():
        box = start("::once:/t once\n")
        box.wait_said("once")
        wait.until(lambda: not box.processes(), "no process", box.show)
        return box

    goes_down_at_once(begin)


def test_a_shell_on_the_console_costs_no_grace(start):
    """An interactive shell ignores TERM, and leaves for a HUP."""
    box = start("::respawn:-/bin/sh\n")
    box.wait_for("# ")
    box.signal(signal.SIGUSR2)
    assert box.wait_end() == STOPPED


def test_shutdown_entries_run_in_order_and_are_waited_for(start):
    box = start(UP + "::shutdown:/slow 1\n::shutdown:/slow 2\n"
                "::shutdown:/no/such\n::shutdown:/slow 3\n", files={
        "/slow": "#!/bin/sh\n/t begin $1\nsleep 0.3\n/t end $1\n"})
    box.wait_process("sleep 1000")
    box.signal(signal.SIGUSR2)
    assert box.wait_end() == STOPPED
    assert box.said() == ["begin 1", "end 1", "begin 2", "end 2",
                          "begin 3", "end 3"]


def test_services_live_while_shutdown_entries_run(start):
    box = start(UP + "::shutdown:/look\n", files={
        "/look": "#!/bin/sh\npidof sleep >/dev/null && /t lives\n"})
    box.wait_process("sleep 1000")
    box.signal(signal.SIGUSR2)
    assert box.wait_end() == STOPPED
    assert box.said() == ["lives"]


def test_nothing_is_respawned_during_shutdown(start):
    box = start("::respawn:/live\n::shutdown:/end\n", files={
        "/live": "#!/bin/sh\n/t born\nexec sleep 1000\n",
        "/end": "#!/bin/sh\nkillall sleep\nsleep 1.5\n"})
    box.wait_process("sleep 1000")
    box.signal(signal.SIGUSR2)
    assert box.wait_end() == STOPPED
    assert box.said() == ["born"]


def test_a_service_that_saves_is_waited_for(start):
    box = start("::respawn:/polite\n", files={"/polite": POLITE})
    box.wait_said("up")
    box.signal(signal.SIGUSR2)
    assert box.wait_end() == STOPPED
    assert box.said() == ["up", "saving", "saved"]


def test_an_orphan_that_saves_is_waited_for(start):
    box = start("::once:/bin/sh -c '/polite & exit 0'\n" + UP,
                files={"/polite": POLITE})
    box.wait_said("up")
    box.signal(signal.SIGUSR2)
    assert box.wait_end() == STOPPED
    assert box.said() == ["up", "saving", "saved"]


def test_the_end_of_the_last_service_ends_the_grace(start):
    box = start("::respawn:/polite\n", files={"/polite": POLITE})
    box.wait_said("up")
    box.signal(signal.SIGUSR2)
    saved = box.wait_said("saved")[0]
    box.wait_end()
    assert saved - box.times("saving")[0] > 0.9


def test_a_stopped_job_gets_TERM_then_CONT(start):
    box = start("::respawn:/job\n", files={
        "/job": "#!/bin/sh\ntrap '/t bye; exit' TERM\n/t up\n"
                "kill -STOP $$\n/t awake\n"})
    box.wait_said("up")
    wait.until(lambda: box.find("/job")[0].state == "T", "a stopped job",
               box.show)
    box.signal(signal.SIGUSR2)
    assert box.wait_end() == STOPPED
    assert box.said() == ["up", "bye"]


@pytest.mark.slow
def test_a_deaf_service_costs_the_grace_and_no_more(start):
    box = start("::respawn:/deaf\n", files={"/deaf": DEAF})
    box.wait_said("up")
    begin = time.monotonic()
    box.signal(signal.SIGTERM)
    assert box.wait_end(wait.PATIENCE) == REBOOTED
    assert GRACE - 0.2 < time.monotonic() - begin < GRACE + 5


@pytest.mark.slow
def test_a_second_ctrlaltdel_after_two_seconds_cuts_the_grace(start):
    box = start("::respawn:/deaf\n::ctrlaltdel:/sbin/reboot\n",
                files={"/deaf": DEAF})
    box.wait_said("up")
    box.signal(signal.SIGINT)
    box.wait_for("going down")
    wait.stays(lambda: not box.ended(), 3, "grace", box.show)
    box.signal(signal.SIGINT)
    assert box.wait_end(BEFORE_KILL - 3) == REBOOTED


@pytest.mark.slow
def test_ctrlaltdel_after_two_seconds_cuts_the_grace_of_a_poweroff(start):
    box = start("::respawn:/deaf\n", files={"/deaf": DEAF})
    box.wait_said("up")
    box.signal(signal.SIGUSR2)
    box.wait_for("going down")
    wait.stays(lambda: not box.ended(), 2.2, "grace", box.show)
    box.signal(signal.SIGINT)
    assert box.wait_end(BEFORE_KILL - 2.2) == STOPPED


@pytest.mark.slow
def test_an_early_ctrlaltdel_does_not_cut_the_grace(start):
    """A key that repeats must not take the services' time away."""
    box = start("::respawn:/deaf\n", files={"/deaf": DEAF})
    box.wait_said("up")
    box.signal(signal.SIGUSR2)
    box.wait_for("going down")
    box.signal(signal.SIGINT)
    wait.stays(lambda: not box.ended(), 5, "grace", box.show)


@pytest.mark.slow
def test_ctrlaltdel_cuts_a_hanging_shutdown_entry(start):
    box = start(UP + "::shutdown:/hang\n",
                files={"/hang": "#!/bin/sh\n/t hang\nexec sleep 2000\n"})
    box.wait_process("sleep 1000")
    box.signal(signal.SIGUSR2)
    box.wait_said("hang")
    wait.stays(lambda: not box.ended(), 2.2, "a hang", box.show)
    box.signal(signal.SIGINT)
    assert box.wait_end() == STOPPED


def check_ends_from(box):
    box.wait_process("sleep 2000")
    box.signal(signal.SIGUSR2)
    assert box.wait_end() == STOPPED


@pytest.mark.parametrize("action", ["sysinit", "wait", "once"])
def test_poweroff_is_served_while_an_entry_hangs(start, action):
    box = start(f"::{action}:/bin/sleep 2000\n::shutdown:/t shutdown\n")
    check_ends_from(box)
    assert box.said() == ["shutdown"]


def test_later_entries_do_not_run_during_shutdown(start):
    box = start("::sysinit:/bin/sleep 2000\n::sysinit:/t sysinit\n"
                "::wait:/t wait\n::once:/t once\n::respawn:/t respawn\n"
                "::shutdown:/t shutdown\n")
    check_ends_from(box)
    assert box.said() == ["shutdown"]


def test_a_different_ending_replaces_the_ending(start):
    box = start(UP + "::shutdown:/slow\n",
                files={"/slow": f"#!/bin/sh\n/t begin\n{UNTIL_GO}\n/t end\n"})
    box.wait_process("sleep 1000")
    box.signal(signal.SIGTERM)
    box.wait_said("begin")
    box.signal(signal.SIGUSR2)
    box.go()
    assert box.wait_end() == STOPPED
    assert box.said() == ["begin", "end"]


def test_a_different_ending_replaces_the_ending_in_the_grace(start):
    box = start("::respawn:/polite\n", files={"/polite": SAVES})
    box.wait_said("up")
    box.signal(signal.SIGUSR1)
    box.wait_said("saving")
    box.signal(signal.SIGTERM)
    box.go()
    assert box.wait_end() == REBOOTED


def test_repeated_requests_are_one(start):
    box = start("::respawn:/polite\n::shutdown:/slow\n", files={
        "/polite": SAVES, "/slow": "#!/bin/sh\n/t shutdown\nsleep 0.5\n"})
    box.wait_said("up")
    box.signal(signal.SIGUSR2)
    box.wait_said("shutdown")
    box.signal(signal.SIGUSR2)
    box.wait_said("saving")
    box.signal(signal.SIGUSR2)
    box.go()
    assert box.wait_end() == STOPPED
    assert box.said() == ["up", "shutdown", "saving", "saved"]


def test_a_poweroff_sent_at_birth_is_not_lost(start):
    """As the firmware may: before init has done anything."""
    box = start(UP, block=[signal.SIGUSR2])
    box.signal(signal.SIGUSR2)
    assert box.wait_end() == STOPPED


def test_a_reload_during_shutdown_changes_nothing(start):
    box = start("::respawn:/polite\n", files={"/polite": SAVES})
    box.wait_said("up")
    box.signal(signal.SIGUSR2)
    box.wait_said("saving")
    box.reload("::respawn:/t never\n::shutdown:/t never\n")
    box.go()
    assert box.wait_end() == STOPPED
    assert box.said() == ["up", "saving", "saved"]


def test_a_pause_during_shutdown_does_not_stop_it(start):
    box = start("::respawn:/polite\n", files={"/polite": SAVES})
    box.wait_said("up")
    box.signal(signal.SIGUSR2)
    box.wait_said("saving")
    box.signal(signal.SIGTSTP)
    box.go()
    assert box.wait_end() == STOPPED


@pytest.mark.parametrize("number", [signal.SIGUSR2, signal.SIGTERM])
def test_where_reboot_is_refused_init_leaves(start, number):
    box = start(UP, drop=[CAP_SYS_BOOT])
    box.wait_process("sleep 1000")
    box.signal(number)
    assert box.wait_end() == "exit 0"


@pytest.mark.parametrize("drop", [[], [CAP_SYS_BOOT]],
                         ids=["reboot works", "reboot refused"])
def test_in_a_container_no_mount_is_touched(start, drop):
    box = start("::sysinit:/bin/cp /proc/mounts /early\n"
                "::shutdown:/bin/cp /proc/mounts /late\n" + UP, drop=drop)
    box.wait_process("sleep 1000")
    box.signal(signal.SIGUSR2)
    box.wait_end()
    mounted = [line.split()[1] for line in
               box.read("/early").splitlines()]
    assert box.read("/early") == box.read("/late")
    for point in ("/sys", "/run", "/dev/shm"):
        assert not [path for path in mounted if path.endswith(point)
                    and str(box.root) in path], mounted
    assert not box.path("/run").exists() and not box.path("/sys").exists()


def test_messages_reach_fd_2(start):
    box = start("::respawn:/no/such\n", stdio=("null", "null", "pty"))
    box.wait_for("/no/such")


def test_messages_and_output_share_a_file(start):
    """Whoever writes next to a log file writes at its end."""
    box = start("::sysinit:/no/such\n::wait:echo out $$\n::wait:/no/such\n"
                "::once:/t end\n", stdio=("null", "file", "file"))
    box.wait_said("end")
    wait.until(lambda: box.read("/log").count("\n") == 5, "five lines",
               lambda: box.read("/log"))
    heads = [line.split()[:2] for line in box.read("/log").splitlines()]
    failed = [["init:", "can't"], ["init:", "'/no/such'"]]
    assert heads[:2] == failed and heads[3:] == failed
    assert heads[2][0] == "out"


def test_a_shell_on_a_named_terminal_costs_no_grace(start):
    """As a getty has it whose login becomes the shell."""
    box = start("tty2::respawn:/bin/sh\n", ttys=["tty2"])
    box.ttys["tty2"].expect("# ")
    box.signal(signal.SIGUSR2)
    assert box.wait_end() == STOPPED


def test_a_service_on_a_terminal_is_not_hung_up(start):
    """It heeds TERM, and saves; HUP would end it in the middle of that."""
    box = start("tty2::respawn:/polite\n", ttys=["tty2"],
                files={"/polite": POLITE})
    box.wait_said("up")
    box.signal(signal.SIGUSR2)
    assert box.wait_end() == STOPPED
    assert box.said() == ["up", "saving", "saved"]
