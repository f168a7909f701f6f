"""Services and scripts that do not go willingly."""

import pytest

from harness import wait
from harness.machine import POWERED_OFF, REBOOTED
from harness.shell import BOOT

SAY = """#!/bin/sh
say() { echo "$@"; }
"""
GETTY = ("::sysinit:/etc/init.d/rcS\n"
         "::respawn:/sbin/getty -L ttyS0 115200 vt100\n")


def with_service(boot, service):
    """A machine where root is logged in and this service runs."""
    machine = boot(files={"/etc/inittab": GETTY + "::respawn:/service\n",
                          "/service": service})
    machine.login()
    wait.until(lambda: machine.console.lines("service is up"), "the service",
               machine.show)
    return machine


def test_a_service_that_needs_three_seconds_gets_them(boot):
    machine = with_service(boot, SAY + """
trap 'say saving; sleep 3; say saved; exit' TERM
say service is up
while :; do sleep 0.2; done
""")
    machine.send("poweroff\n")
    machine.expect("saving\n")
    machine.expect("saved\n")
    assert machine.ended() == POWERED_OFF


def test_a_stopped_service_is_woken_to_end(boot):
    machine = with_service(boot, SAY + """
trap 'say bye; exit' TERM
say service is up
kill -STOP $$
sleep 1000
""")
    machine.send("poweroff\n")
    machine.expect("bye\n")  # who is not woken is killed, and says nothing
    assert machine.ended(8) == POWERED_OFF


@pytest.mark.slow
def test_a_deaf_service_costs_the_grace_and_no_more(boot):
    machine = with_service(boot, SAY + """
trap '' TERM
say service is up
while :; do sleep 1; done
""")
    machine.send("cat /proc/uptime; poweroff\n")
    request = float(machine.expect(r"\n(\d+\.\d+) \d+\.\d+\n").group(1))
    end = float(machine.expect(r"\[ *(\d+\.\d+)\] reboot: Power down"
                               ).group(1))
    assert machine.ended() == POWERED_OFF
    assert 9.8 < end - request < 15


def test_the_output_of_a_service_outlives_a_logout(boot):
    """The end of a login hangs up all that is open of its terminal."""
    machine = with_service(boot, SAY + """
say service is up
until [ -e /run/go ]; do sleep 0.2; done
while sleep 0.2; do say tick; done
""")
    machine.send("touch /run/go; sleep 1; exit\n")
    machine.expect("tick\n")
    machine.expect("login: ")
    machine.expect("tick\n.*tick\n")
    assert not machine.console.lines("write error")


HANGING = "::sysinit:/hang\n::ctrlaltdel:/sbin/reboot\n"


def test_poweroff_goes_through_while_a_sysinit_hangs(boot):
    machine = boot(files={"/etc/inittab": HANGING, "/hang": """#!/bin/sh
echo hanging
(sleep 1; kill -USR2 1) &
sleep 1000
"""})
    machine.expect("hanging", BOOT)
    assert machine.ended(8) == POWERED_OFF


def test_ctrl_alt_del_goes_through_while_a_sysinit_hangs(boot):
    machine = boot(files={"/etc/inittab": HANGING, "/hang": """#!/bin/sh
echo hanging
sleep 1000
"""})
    machine.expect("hanging", BOOT)
    machine.send_keys("ctrl", "alt", "delete")
    assert machine.ended(8) == REBOOTED
    assert machine.console.lines("init: going down for reboot")


def test_a_service_on_a_missing_terminal_does_not_disturb(boot):
    machine = boot(files={"/etc/inittab": GETTY +
                          "ttyS9::respawn:/bin/echo never\n"})
    machine.login()
    machine.run("sleep 3")
    assert len(machine.console.lines("ttyS9")) <= 1, machine.show()
    machine.send("poweroff\n")
    assert machine.ended() == POWERED_OFF
