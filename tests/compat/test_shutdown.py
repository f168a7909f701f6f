"""Statements 49 to 57: requests, and the shutdown."""

import signal
import time

import pytest

from common import CAP_SYS_BOOT, END, GO_DOWN, end, ends_by, goes_down, row, \
    statement
from harness import wait
from harness.container import REBOOTED, STOPPED
from pair import REASON, fact, order, words

ANOTHER = "a further request during the shutdown"
HUNG = "a hung shutdown entry"
GRACE = "from TERM to KILL"
PAUSED = "a signal while paused by TSTP"


def seconds_down(box, number, limit=GO_DOWN):
    """How long a shutdown takes."""
    begin = time.monotonic()
    box.signal(number)
    box.wait_end(limit)
    return time.monotonic() - begin


@statement(49)
def test_ctrlaltdel(both):
    """One after the other."""
    def script(box):
        end(box)
        box.signal(signal.SIGINT)
        box.wait_said("cad 2")
        box.wait_settled()

    pair = both("::ctrlaltdel:/t +sleep200 cad 1\n::ctrlaltdel:/no/such\n"
                "::ctrlaltdel:/t +exit1 cad 2\n" + END, script)
    pair.both_see(lambda box: box.times("cad 2")[0] - box.times("cad 1")[0] >
                  0.15, True)
    pair.same(ignoring=[REASON])


@statement(49)
@row("while a ctrlaltdel entry runs")
def test_a_service_that_dies_while_a_ctrlaltdel_entry_runs(both):
    """And a poweroff: busybox does nothing else before its end."""
    def script(box):
        end(box)
        box.signal(signal.SIGINT)
        box.wait_said("cad")
        box.run("killall", "-KILL", "sleep")
        box.wait_later()
        box.back = len(box.find("sleep 1000"))
        box.signal(signal.SIGUSR2)
        if box.name == "kindling":
            box.wait_end()
        box.wait_later()

    pair = both("::ctrlaltdel:/t +stay cad\n::respawn:/bin/sleep 1000\n" +
                END, script)
    pair.differ(lambda box: box.back, 1, 0)
    pair.differ(goes_down, True, False)


@statement(49)
@row("while a ctrlaltdel entry runs")
def test_a_second_ctrlaltdel_meanwhile(both):
    def script(box):
        end(box)
        box.signal(signal.SIGINT)
        box.wait_said("cad")
        box.signal(signal.SIGINT)
        wait.until(lambda: not box.find("cad"), "the entry's end", box.show)
        box.wait_later()

    pair = both("::ctrlaltdel:/t +sleep2000 cad\n" + END, script)
    pair.differ(order, ["end", "cad"], ["end", "cad", "cad"])
    pair.same(ignoring=["order", "start 'cad' 2*", REASON])


@statement(49, 50)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGQUIT])
def test_a_request_that_nobody_waits_for(both, number):
    """No ctrlaltdel entry, no restart entry."""
    def script(box):
        end(box)
        box.signal(number)
        box.wait_settled()

    pair = both(END + "::shutdown:/t never\n", script)
    pair.both_see(fact("end"), "lives")
    pair.same()


@statement(50, 52)
@pytest.mark.parametrize("number, how", [
    (signal.SIGUSR1, STOPPED), (signal.SIGUSR2, STOPPED),
    (signal.SIGTERM, REBOOTED)])
def test_endings(both, number, how):
    """What runs gets TERM, the rest is as promised."""
    pair = both("::shutdown:/t down 1\n::shutdown:/t +exit1 down 2\n"
                "tty2::respawn:/t +stay a\n" + END, ends_by(number),
                ttys=["tty2"])
    pair.both_see(fact("end"), how)
    pair.both_see(fact("signal end"), [signal.SIGTERM])
    pair.same(ignoring=[REASON, "message *failed*"])


@row("signals 37, 38, 39")
@pytest.mark.parametrize("number, how", [
    (37, STOPPED), (38, STOPPED), (39, REBOOTED)])
def test_signals_of_container_managers(both, number, how):
    def script(box):
        end(box)
        box.signal(number)
        if box.name == "kindling":
            box.wait_end()
        box.wait_later()

    pair = both(END, script)
    pair.differ(goes_down, True, False)
    assert fact("end")(pair.ours) == how
    pair.same(ignoring=["end", "signal end"])


@row("INIT_REASON")
@pytest.mark.parametrize("number, reason", [
    (signal.SIGUSR1, "halt"), (signal.SIGUSR2, "poweroff"),
    (signal.SIGTERM, "reboot"), (signal.SIGQUIT, "restart")])
def test_the_reason(both, number, reason):
    pair = both("::ctrlaltdel:/t cad\n::shutdown:/t down\n"
                "::restart:/t restart\n" + END,
                lambda box: (end(box), box.signal(signal.SIGINT),
                             box.wait_said("cad"), box.wait_settled(),
                             box.signal(number), box.wait_end(GO_DOWN)))
    pair.differ(fact("start 'down' 1 environment INIT_REASON"), reason, None)
    pair.differ(fact("start 'cad' 1 environment INIT_REASON"), "ctrlaltdel",
                None)
    pair.same(ignoring=[REASON])


@statement(51)
@row(HUNG)
@pytest.mark.slow
def test_a_hung_shutdown_entry(both):
    """INIT_STOP=1 spares us the minute."""
    def script(box):
        end(box)
        box.signal(signal.SIGUSR2)
        box.wait_said("hangs")
        box.wait_if_ours(box.ended, 6, "its end")

    pair = both("::shutdown:/t +deaf hangs\n::shutdown:/t next\n" + END, script,
                env={"HOME": "/", "TERM": "linux", "INIT_STOP": "1",
                     "INIT_GRACE": "1"})
    pair.differ(fact("end"), STOPPED, "lives")
    pair.differ(order, ["end", "hangs", "next"], ["end", "hangs"])


@statement(51)
@row(ANOTHER)
def test_another_request(both):
    """Ours becomes a reboot, and no second TERM interrupts a save."""
    def script(box):
        end(box)
        box.signal(signal.SIGUSR2)
        box.wait_said("down")
        box.signal(signal.SIGTERM)
        box.wait_end(GO_DOWN)

    pair = both("::shutdown:/t +sleep2000 down\n" + END, script)
    pair.differ(fact("end"), REBOOTED, STOPPED)
    pair.same(ignoring=["end", REASON])


@statement(52)
@row(GRACE)
def test_a_service_that_takes_its_time(both):
    """Ours waits for it, busybox kills it after a second."""
    def script(box):
        box.wait_said("a")
        ends_by(signal.SIGUSR2)(box)

    pair = both("::respawn:/t +stay +last2500 a\n" + END, script)
    pair.differ(lambda box: "end" in [event["what"] for event in
                                      box.events()], True, False)
    pair.same(ignoring=["signal *"])


@statement(52)
@row(GRACE)
def test_how_long_it_takes_when_nobody_does(both):
    def script(box):
        end(box)
        box.took = seconds_down(box, signal.SIGUSR2)

    pair = both(END, script)
    pair.differ(lambda box: box.took > 1.9, False, True)
    pair.same()


@statement(52)
@row(GRACE)
def test_a_stopped_process(both):
    """It has to run to see its TERM."""
    def script(box):
        end(box)
        box.wait_said("a")
        box.run("/bin/kill", "-STOP", str(box.wait_process("stay a").inner))
        box.signal(signal.SIGUSR2)
        box.wait_end(GO_DOWN)

    pair = both("::respawn:/t +stay a\n" + END, script)
    pair.differ(fact("signal a"), [signal.SIGTERM], None)
    pair.same(ignoring=["signal *"])


@row("a shell, at shutdown")
def test_a_shell(both):
    """An interactive one ignores TERM, and would cost the whole grace."""
    def script(box):
        box.wait_said("a")
        ends_by(signal.SIGUSR2)(box)

    pair = both("::respawn:-/t +deaf a\n" + END, script,
                env={"HOME": "/", "TERM": "linux", "INIT_GRACE": "1"})
    pair.differ(lambda box: signal.SIGHUP in box.facts["signal a"], True,
                False)


@statement(50)
@row("SIGPWR")
def test_pwr(both):
    """Namespaces can't tell them apart: INIT_POWEROFF=reboot can."""
    pair = both(END, ends_by(signal.SIGPWR), env={
        "HOME": "/", "TERM": "linux", "INIT_POWEROFF": "reboot"})
    pair.differ(fact("end"), REBOOTED, STOPPED)
    pair.same(ignoring=["end"])


@statement(53)
def test_the_restart_entry(both):
    """PID 1 is the first one's command, on its tty."""
    def script(box):
        end(box)
        box.signal(signal.SIGQUIT)
        box.wait_said("restart", GO_DOWN)
        box.wait_settled()

    pair = both("tty2::restart:/t +deaf restart\n" + END, script, ttys=["tty2"])
    pair.both_see(lambda box: [event["pid"] for event in box.events()
                               if event["what"] == "start" and
                               words(event) == "restart"], [1])
    pair.same()


@statement(53)
def test_a_restart_entry_that_can_not_run(both):
    """Then it is a halt."""
    pair = both("::restart:/no/such\n" + END, ends_by(signal.SIGQUIT))
    pair.both_see(fact("end"), STOPPED)
    pair.same()


@statement(54, 45)
def test_paused(both):
    """Nothing starts, orphans and children are reaped, until CONT."""
    def script(box):
        end(box)
        box.wait_said("tick", count=2)
        # busybox forgets a child that it reaps here before it noted its pid
        wait.until(lambda: box.status()["State"][0] == "S", "a nap", box.show)
        box.signal(signal.SIGTSTP)
        box.wait_settled()
        time.sleep(1.5)
        wait.until(lambda: not box.zombies(), "no zombie", box.show)
        box.before = box.said().count("tick")
        time.sleep(1.5)
        box.after = box.said().count("tick")
        box.signal(signal.SIGCONT)
        box.wait_said("tick", count=box.after + 1)

    pair = both("::respawn:/t tick\n" + END, script)
    pair.both_see(lambda box: box.after - box.before, 0)
    pair.same(ignoring=["order", "start 'tick'*"])


@statement(54)
@row(PAUSED)
def test_a_poweroff_while_paused(both):
    def script(box):
        end(box)
        box.signal(signal.SIGTSTP)
        box.wait_settled()
        box.signal(signal.SIGUSR2)
        if box.name == "kindling":
            box.wait_end()
        box.wait_later()

    pair = both(END, script)
    pair.differ(goes_down, True, False)
    pair.same(ignoring=["end", "signal end"])


@statement(55)
@pytest.mark.parametrize("number", [signal.SIGUSR1, signal.SIGTERM])
def test_without_reboot(both, number):
    """As in a container that may not: both exit with 0."""
    pair = both(END, ends_by(number), drop=[CAP_SYS_BOOT])
    pair.both_see(fact("end"), "exit 0")
    pair.same()


@statement(56)
@pytest.mark.parametrize("applet, how", [
    ("halt", STOPPED), ("poweroff", STOPPED), ("reboot", REBOOTED)])
def test_applets(both, applet, how):
    def script(box):
        end(box)
        box.run(f"/sbin/{applet}")
        box.wait_end(GO_DOWN)

    pair = both(END, script)
    pair.both_see(fact("end"), how)
    pair.same()


@statement(57)
def test_applets_without_proc(both):
    """The applet waits, and asks twice: a repeated request is one."""
    def script(box):
        end(box)
        box.run("/bin/sh", "-c", "umount /proc; exec poweroff")
        box.wait_end(GO_DOWN)

    pair = both("::shutdown:/t down\n::respawn:/t +stay end\n", script)
    pair.both_see(lambda box: box.said().count("down"), 1)
    pair.same(ignoring=[REASON])
