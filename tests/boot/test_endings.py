"""Each shutdown, from the prompt of root."""

import re

import pytest

from harness import wait
from harness.machine import POWERED_OFF, REBOOTED


@pytest.fixture
def machine(boot):
    machine = boot()
    machine.login()
    return machine


@pytest.mark.parametrize("command, reason", [
    ("poweroff", POWERED_OFF), ("kill -USR2 1", POWERED_OFF),
    ("kill -PWR 1", POWERED_OFF), ("reboot", REBOOTED),
    ("kill -TERM 1", REBOOTED)])
def test_commands_that_end_the_machine(machine, command, reason):
    machine.send(f"{command}\n")
    assert machine.ended() == reason


@pytest.mark.parametrize("command", ["halt", "kill -USR1 1"])
def test_commands_that_halt_the_machine(machine, command):
    machine.send(f"{command}\n")
    machine.expect("System halted")
    wait.stays(machine.is_up, 1, "halted, not off", machine.show)


def test_ctrl_alt_del_reboots(machine):
    machine.send_keys("ctrl", "alt", "delete")
    assert machine.ended() == REBOOTED
    assert machine.console.lines("init: going down for reboot")


def test_the_power_button_powers_off(machine):
    machine.qmp("system_powerdown")
    assert machine.ended() == POWERED_OFF


def test_an_idle_machine_goes_down_in_no_time(boot):
    """In seconds of the guest, which count its instructions, from the request
    to the kernel's last word."""
    machine = boot(icount=True)
    machine.login()
    machine.send("cat /proc/uptime; kill -USR2 1\n")
    request = float(machine.expect(r"\n(\d+\.\d+) \d+\.\d+\n").group(1))
    assert machine.ended() == POWERED_OFF
    end = re.search(r"\[ *(\d+\.\d+)\] reboot: Power down",
                    machine.console.text())
    assert end, machine.show()
    assert float(end.group(1)) - request < 1  # busybox: 2


def test_QUIT_starts_init_anew(boot):
    machine = boot(files={"/etc/inittab": "::sysinit:/bin/echo sysinit ran\n"
                          "::respawn:/sbin/getty -L ttyS0 115200 vt100\n"
                          "::restart:/sbin/init\n"})
    machine.login()
    machine.send("kill -QUIT 1\n")
    machine.expect("sysinit ran")
    machine.login()
    assert machine.run("cat /proc/1/comm")[0] == "init\n"
    assert len(machine.console.lines("sysinit ran$")) == 2
    machine.send("poweroff\n")
    assert machine.ended() == POWERED_OFF
