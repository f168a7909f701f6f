"""A shutdown with thousands of mounts, as a host of containers has them."""

import re

from harness.machine import POWERED_OFF
from harness.shell import BOOT

COUNT = 2000


def test_thousands_of_mounts_take_no_time(boot, program):
    """By the clock of the guest, from the request to the kernel's last word:
    it counts instructions, and not what else this machine does."""
    machine = boot(icount=True, files={"/mounts": program("mounts")})
    machine.login()
    output, _ = machine.run(f"mount -t tmpfs none /mnt; /mounts {COUNT} /mnt;"
                            " grep -c /mnt/ /proc/mounts")
    assert str(COUNT) in output
    machine.send("cat /proc/uptime; kill -USR2 1\n")
    request = float(machine.expect(r"\n(\d+\.\d+) \d+\.\d+\r?\n").group(1))
    assert machine.ended(4 * BOOT) == POWERED_OFF
    end = re.search(r"\[ *(\d+\.\d+)\] reboot: Power down",
                    machine.console.text())
    assert end, machine.show()
    assert float(end.group(1)) - request < 3, machine.show()
    assert not machine.console.lines("stays mounted"), machine.show()
