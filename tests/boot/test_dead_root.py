"""The disk of the root is dead: PID 1 itself never waits for it.

QEMU throttles the disk to one byte a second, when nothing of the files in
question is in the page cache. QEMU lets a first request through, which is that
of a dd. The machines mostly wait, so they all start at once; each has its
requests typed by Enter, to a shell that needs no disk.
"""

import pytest

from harness.machine import POWERED_OFF
from harness.shell import BOOT

DEADLINE = 60  # s, to read a file: PLAN_DISK_TIMEOUT
# For what a dead root costs on the way down: the grace period, killed
# processes, umount, sync.
DOWN = 1 + 2 + 60 + 5

INITTAB = """\
::sysinit:/etc/init.d/rcS
::once:/run/shell/sh /run/shell/ask
"""
RCS = """#!/bin/sh
mount -o remount,rw /
mkdir /run/shell
cp /bin/busybox /run/shell/sh
cp /sbin/init /run/shell/init
cp /sbin/init /sbin/new
mv /sbin/new /sbin/init  # of the file that it runs init has pages in memory
for name in dd grep sleep sync; do ln -s sh /run/shell/$name; done
cp /ask /run/shell
"""
DD = """
dd if=/dev/vda of=/dev/null bs=1M &
until grep -q ') D ' /proc/$!/stat; do sleep 0.1; done
"""
# When it is ready, nothing of /etc and /sbin is in the page cache.
ASK = """
export PATH=/run/shell
sync
echo 3 >/proc/sys/vm/drop_caches
echo 'all is ready'
read -r go
""" + DD + """
{first}
echo 'it is asked'
read -r go
kill -USR2 1
"""

# An initramfs: of the root it knows only what init is started with.
SWITCH = """#!/bin/sh
mount -t devtmpfs devtmpfs /dev
mount -t proc proc /proc
mkdir /newroot
mount -t ext3 -o ro /dev/vda1 /newroot
mount -t devtmpfs devtmpfs /newroot/dev
ls -l /newroot >/dev/null
cat /newroot/sbin/init >/dev/null
exec 0<>/dev/console 1>&0 2>&0 3<&0
echo 'all is ready'
read -r go
""" + DD + """
{ read -r go <&3; kill -USR2 1; } &
exec switch_root /newroot /sbin/init
"""


class Dead:
    """A machine whose disk is dead after this, and the first request made."""

    def __init__(self, boot, make_disk, first):
        root = make_disk({"/etc/inittab": INITTAB, "/etc/init.d/rcS": RCS,
                          "/ask": ASK.format(first=first)})
        if first:
            self.machine = boot("quiet root=/dev/vda1 INIT_GRACE=1",
                                initrd=False, disks=[root])
        else:
            self.machine = boot("INIT_GRACE=1", files={"/init": SWITCH},
                                disks=[root])

    def ask(self):
        self.machine.expect("all is ready", 4 * BOOT)
        self.machine.qmp("block_set_io_throttle", device="virtio0", bps=1,
                         bps_rd=0, bps_wr=0, iops=0, iops_rd=0, iops_wr=0)
        self.machine.send("\n")

    def go_down(self, line):
        """By SIGUSR2, when this is said; PID 1 serves it at once."""
        self.machine.expect(line, BOOT)
        self.machine.send("\n")
        self.machine.expect("init: going down for poweroff", BOOT)


@pytest.fixture(scope="module")
def dead(boot_for_module, make_disk_for_module):
    machines = {name: Dead(boot_for_module, make_disk_for_module, first)
                for name, first in (("reload", "kill -HUP 1"),
                                    ("late", "kill -HUP 1"),
                                    ("upgrade", "/run/shell/init u"),
                                    ("boot", None))}
    for each in machines.values():
        each.ask()
    machines["reload"].go_down("it is asked")
    machines["boot"].go_down("init: waiting for /etc/inittab")
    return {name: each.machine for name, each in machines.items()}


@pytest.mark.parametrize("name", ["reload", "boot"])
def test_a_poweroff_is_served_while_the_inittab_is_read(dead, name):
    assert dead[name].ended(DOWN + BOOT) == POWERED_OFF
    assert not dead[name].console.lines("the table in use")


@pytest.mark.parametrize("name, line", [
    ("late", "init: the table in use is kept: /etc/inittab: Operation timed "
     "out"),
    ("upgrade", "init: no upgrade: /sbin/init: Operation timed out")])
def test_a_file_that_can_not_be_read_is_given_up(dead, name, line):
    dead[name].expect(line, DEADLINE + BOOT)
