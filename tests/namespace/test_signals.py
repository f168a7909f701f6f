"""Signals while the machine runs: pause, Ctrl-Alt-Del, restart."""

import os
import signal

import pytest

from harness import wait
from harness.container import REBOOTED, STOPPED

SLOW = "#!/bin/sh\n/t begin $1\nsleep 0.3\n/t end $1\n"


def test_ctrlaltdel_entries_run_in_order_and_are_waited_for(start):
    box = start("::ctrlaltdel:/slow 1\n::ctrlaltdel:/slow 2\n"
                "::ctrlaltdel:/slow 3\n::respawn:/bin/sleep 1000\n",
                files={"/slow": SLOW})
    box.wait_process("sleep 1000")
    box.signal(signal.SIGINT)
    box.wait_said("end 3")
    assert box.said() == ["begin 1", "end 1", "begin 2", "end 2",
                          "begin 3", "end 3"]


def test_after_ctrlaltdel_services_go_on(start):
    box = start("::ctrlaltdel:/t cad\n::respawn:/bin/sleep 1000\n")
    before = box.wait_process("sleep 1000")
    for count in (1, 2):
        box.signal(signal.SIGINT)
        box.wait_said("cad", count=count)
        wait.until(lambda: [p.pid for p in box.processes()] == [before.pid],
                   "its end", box.show)
    os.kill(before.pid, signal.SIGKILL)
    box.wait_gone(before.pid)
    box.wait_process("sleep 1000")


def test_services_come_back_while_a_ctrlaltdel_entry_runs(start):
    box = start("::ctrlaltdel:/bin/sleep 2000\n::respawn:/bin/sleep 1000\n")
    before = box.wait_process("sleep 1000")
    box.signal(signal.SIGINT)
    box.wait_process("sleep 2000")
    os.kill(before.pid, signal.SIGKILL)
    box.wait_gone(before.pid)
    box.wait_process("sleep 1000")


def test_poweroff_is_served_while_a_ctrlaltdel_entry_hangs(start):
    box = start("::ctrlaltdel:/bin/sleep 2000\n::once:/t up\n")
    box.wait_said("up")
    box.signal(signal.SIGINT)
    box.wait_process("sleep 2000")
    box.signal(signal.SIGUSR2)
    assert box.wait_end() == STOPPED


def test_without_ctrlaltdel_entry_the_machine_stays(start):
    box = start("::respawn:/bin/sleep 1000\n::respawn:/t tick\n")
    before = box.wait_process("sleep 1000")
    box.signal(signal.SIGINT)
    box.wait_said("tick", count=len(box.times("tick")) + 2)
    assert box.wait_process("sleep 1000").pid == before.pid


def test_ctrlaltdel_entry_that_reboots(start):
    box = start("::ctrlaltdel:/sbin/reboot\n::respawn:/bin/sleep 1000\n")
    box.wait_process("sleep 1000")
    box.signal(signal.SIGINT)
    assert box.wait_end() == REBOOTED


def paused(start, inittab="::respawn:/bin/sleep 1000\n"):
    """A machine whose service died while init was paused."""
    box = start(inittab)
    first = box.wait_process("sleep 1000")
    box.signal(signal.SIGTSTP)
    wait.until(lambda: not int(box.status()["ShdPnd"], 16), "TSTP taken",
               box.show)
    os.kill(first.pid, signal.SIGKILL)
    box.wait_gone(first.pid)
    return box


def test_TSTP_pauses_starting_and_CONT_goes_on(start):
    box = paused(start)
    wait.stays(lambda: not box.find("sleep"), 2, "no start", box.show)
    box.signal(signal.SIGCONT)
    box.wait_process("sleep 1000")


@pytest.mark.parametrize("number, end", [
    (signal.SIGUSR1, STOPPED), (signal.SIGUSR2, STOPPED),
    (signal.SIGTERM, REBOOTED), (signal.SIGPWR, STOPPED)])
def test_endings_are_served_while_paused(start, number, end):
    box = paused(start)
    box.signal(number)
    assert box.wait_end() == end


def test_a_reload_while_paused_starts_nothing_until_CONT(start):
    box = paused(start)
    box.reload("::respawn:/bin/sleep 2000\n")
    wait.until(lambda: not int(box.status()["ShdPnd"], 16), "HUP taken",
               box.show)
    wait.stays(lambda: not box.find("sleep 2000"), 1, "no start", box.show)
    box.signal(signal.SIGCONT)
    box.wait_process("sleep 2000")


def test_CONT_without_pause_changes_nothing(start):
    box = start("::respawn:/bin/sleep 1000\n::respawn:/t tick\n")
    before = box.wait_process("sleep 1000")
    box.signal(signal.SIGCONT)
    box.wait_said("tick", count=3)
    assert box.wait_process("sleep 1000").pid == before.pid


def test_QUIT_runs_the_restart_entry_as_PID_1(start):
    box = start("::restart:/bin/sleep 3000\n::respawn:/bin/sleep 1000\n")
    box.wait_process("sleep 1000")
    box.signal(signal.SIGQUIT)
    wait.until(lambda: cmdline(box.pid) == "/bin/sleep 3000", "sleep as PID 1",
               box.show)
    assert not box.processes()


def cmdline(pid):
    with open(f"/proc/{pid}/cmdline") as file:
        return file.read().rstrip("\0").replace("\0", " ")


def test_QUIT_goes_through_shutdown_entries_and_TERM(start):
    box = start("::restart:/bin/sleep 3000\n::shutdown:/t shutdown\n"
                "::respawn:/polite\n", files={
        "/polite": "#!/bin/sh\ntrap '/t bye; exit' TERM\n/t up\n"
                   "while :; do sleep 0.1; done\n"})
    box.wait_said("up")
    box.signal(signal.SIGQUIT)
    wait.until(lambda: "3000" in cmdline(box.pid), "restart", box.show)
    assert box.said() == ["up", "shutdown", "bye"]


def test_the_restarted_program_has_signals_as_at_birth(start):
    box = start("::restart:/bin/cp /proc/self/status /seen\n::once:/t up\n")
    box.wait_said("up")
    box.signal(signal.SIGQUIT)
    assert box.wait_end() == "exit 0"
    seen = dict(line.split(":\t", 1)
                for line in box.read("/seen").splitlines())
    assert seen["Pid"] == "1"
    for name in ("SigBlk", "SigIgn", "SigCgt", "ShdPnd", "SigPnd"):
        assert int(seen[name], 16) == 0, name


def test_a_restart_that_fails_says_why_and_halts(start):
    box = start("tty9::restart:/init\n::once:/t up\n")
    box.wait_said("up")
    box.signal(signal.SIGQUIT)
    assert box.wait_end() == STOPPED
    assert box.console.lines("can't open /dev/tty9: No such file")


def test_init_can_restart_itself(start):
    box = start("::sysinit:/t sysinit\n::restart:/init\n"
                "::respawn:/bin/sleep 1000\n")
    before = box.wait_process("sleep 1000")
    box.signal(signal.SIGQUIT)
    box.wait_said("sysinit", count=2)
    assert box.wait_process("sleep 1000").pid != before.pid
    box.signal(signal.SIGUSR2)
    assert box.wait_end() == STOPPED


def test_only_the_first_restart_entry_runs(start):
    box = start("::restart:/t first\n::restart:/t second\n::once:/t up\n")
    box.wait_said("up")
    box.signal(signal.SIGQUIT)
    assert box.wait_end() == "exit 0"
    assert box.said() == ["up", "first"]


def test_QUIT_without_restart_entry_changes_nothing(start):
    box = start("::respawn:/bin/sleep 1000\n::respawn:/t tick\n"
                "::shutdown:/t shutdown\n")
    before = box.wait_process("sleep 1000")
    box.signal(signal.SIGQUIT)
    box.wait_said("tick", count=len(box.times("tick")) + 2)
    assert box.wait_process("sleep 1000").pid == before.pid
    assert "shutdown" not in box.said()


def test_a_restart_entry_that_cannot_run_leaves_a_machine_that_ends(start):
    box = start("::restart:/no/such\n::once:/t up\n")
    box.wait_said("up")
    box.signal(signal.SIGQUIT)
    assert box.wait_end(wait.PATIENCE) in (STOPPED, REBOOTED)


HARMLESS = sorted(signal.valid_signals() - {
    signal.SIGKILL, signal.SIGSTOP, signal.SIGUSR1, signal.SIGUSR2,
    signal.SIGTERM, signal.SIGPWR, signal.SIGTSTP, 37, 38, 39})


def test_no_other_signal_harms(start):
    """Sent from inside, as root there: faults, job control, real time."""
    box = start("::respawn:/bin/sleep 1000\n::respawn:/t tick\n")
    before = box.wait_process("sleep 1000")
    box.run("sh", "-c", "".join(f"kill -{int(n)} 1;" for n in HARMLESS))
    box.wait_said("tick", count=len(box.times("tick")) + 2)
    assert box.wait_process("sleep 1000").pid == before.pid
