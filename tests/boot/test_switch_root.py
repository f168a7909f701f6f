"""From an initramfs to the root that it has found, by a restart entry."""

from harness import disk
from harness.machine import POWERED_OFF
from harness.shell import BOOT

INITTAB = """\
::sysinit:/setup
::restart:/sbin/switch_root /newroot /sbin/init
::once:/bin/kill -QUIT 1
"""
SETUP = """#!/bin/sh
echo 'this is the initramfs'
mkdir -p /newroot
mount -t ext3 /dev/vda1 /newroot || echo 'no root'
"""


def test_switch_root_by_a_restart_entry(boot, make_disk):
    """The new init is ours, has its own mounts and a login, and its disk is
    left clean; of the initramfs nothing is left."""
    root = make_disk()
    machine = boot(files={"/etc/inittab": INITTAB, "/setup": SETUP},
                   disks=[root])
    machine.expect("this is the initramfs", BOOT)
    machine.expect("init: going down for restart")
    machine.login()
    output, _ = machine.run("grep ' / ' /proc/mounts; ls /; readlink "
                            "/proc/1/exe; cat /proc/1/comm")
    assert "ext3" in output and "setup" not in output
    assert "/sbin/init" in output and "\ninit" in output.replace("\r", "")
    machine.send("poweroff\n")
    assert machine.ended() == POWERED_OFF
    assert not disk.complaints(disk.root_of(root))
