"""What the kernel's command line, and a watchdog, change of the shutdown."""

import pytest

from harness import wait
from harness.machine import POWERED_OFF, REBOOTED
from harness.shell import BOOT

GETTY = ("::sysinit:/etc/init.d/rcS\n"
         "::respawn:/sbin/getty -L ttyS0 115200 vt100\n")

DEAF = """#!/bin/sh
trap '' TERM
echo 'deaf is up'
while :; do sleep 1; done
"""

DOWN = r"\[ *(\d+\.\d+)\] reboot: "


def ending(machine, command):
    """Seconds of the guest from the command to the end."""
    machine.login()
    machine.send(f"cat /proc/uptime; {command}\n")
    request = float(machine.expect(r"\n(\d+\.\d+) \d+\.\d+\n").group(1))
    return float(machine.expect(DOWN, 4 * BOOT).group(1)) - request


def test_INIT_STOP_bounds_each_shutdown_entry(boot):
    machine = boot("INIT_STOP=3", files={"/etc/inittab": GETTY +
                   "::shutdown:/bin/sleep 1000\n"
                   "::shutdown:/bin/echo the next one\n"})
    seconds = ending(machine, "poweroff")
    assert 2.8 < seconds < 50  # 60 without the word
    assert machine.console.lines("init: waiting for .*/bin/sleep 1000")
    assert machine.console.lines("the next one")
    assert machine.ended() == POWERED_OFF


def test_INIT_GRACE_bounds_the_grace_and_the_deaf_are_named(boot):
    machine = boot("INIT_GRACE=2", files={
        "/etc/inittab": GETTY + "::respawn:/deaf\n", "/deaf": DEAF})
    wait.until(lambda: machine.console.lines("deaf is up"), "the deaf",
               machine.show, seconds=BOOT)
    seconds = ending(machine, "poweroff")
    assert 1.8 < seconds < 10
    assert machine.console.lines(r"init: waiting for .*deaf")
    assert machine.ended() == POWERED_OFF


@pytest.mark.parametrize("word, how", [
    ("off", POWERED_OFF), ("reboot", REBOOTED), ("halt", None)])
def test_INIT_POWEROFF_is_what_a_poweroff_becomes(boot, word, how):
    machine = boot(f"INIT_POWEROFF={word}")
    ending(machine, "poweroff")
    if how:
        assert machine.ended() == how
    else:
        machine.expect("System halted")


def test_INIT_POWEROFF_changes_no_other_ending(boot):
    machine = boot("INIT_POWEROFF=halt")
    ending(machine, "reboot")
    assert machine.ended() == REBOOTED


SAY_REASON = "/bin/echo \"$INIT_REASON is the reason\"\n"


@pytest.mark.parametrize("command, reason", [
    ("poweroff", "poweroff"), ("reboot", "reboot"), ("halt", "halt"),
    ("kill -QUIT 1", "restart")])
def test_shutdown_entries_learn_the_reason(boot, command, reason):
    machine = boot(files={"/etc/inittab": GETTY + "::restart:/sbin/init\n"
                          f"::shutdown:{SAY_REASON}"})
    machine.login()
    machine.send(f"{command}\n")
    machine.expect(f"{reason} is the reason")


def test_ctrlaltdel_entries_learn_the_reason(boot):
    machine = boot(files={"/etc/inittab": GETTY + f"::ctrlaltdel:{SAY_REASON}"})
    machine.login()
    machine.send_keys("ctrl", "alt", "delete")
    machine.expect("ctrlaltdel is the reason")
    assert "reason" not in machine.run("env")[0]


WATCHDOG = ["-device", "i6300esb", "-action", "watchdog=poweroff"]

# Says whether init holds it.
LOOK = """#!/bin/sh
sleep 1
ls -l /proc/1/fd | grep -q /dev/watchdog && echo 'init holds it' ||
	echo 'init does not hold it'
"""


def test_a_watchdog_that_somebody_holds_is_left_to_him(boot):
    machine = boot(arguments=WATCHDOG, files={
        "/etc/inittab": GETTY + "::respawn:/sbin/watchdog -F /dev/watchdog\n"
        "::shutdown:/look\n", "/look": LOOK})
    machine.login()
    assert machine.run("pidof watchdog")[1] == 0
    machine.send("poweroff\n")
    assert machine.ended() == POWERED_OFF
    assert machine.console.lines("^init does not hold it$"), machine.show()
    assert not machine.events("WATCHDOG"), machine.show()
