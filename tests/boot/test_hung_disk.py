"""Ways down that take long: what hangs costs its deadline, and is named.

A disk hangs when QEMU is told to let one byte a second through. The machines
here only wait for most of the time, so they all start at once.
"""

import pytest

from harness import disk, wait
from harness.machine import BOOT, POWERED_OFF

DEADLINE = 60  # s for each umount, swapoff, sync: PLAN_DISK

# Nothing is to be written before the disk hangs, but by who is told to.
START = """#!/bin/sh
/etc/init.d/rcS
echo 0 >/proc/sys/vm/dirty_writeback_centisecs
mkdir -p /mnt/hung /mnt/fine /var/busy /run/busy
mount -o commit=300 /dev/vdb /mnt/hung
mount /dev/vdc /mnt/fine
setsid writer -p 50 -m /run/busy/root /var/busy &
setsid writer -p 50 -m /run/busy/fine /mnt/fine &
until [ -e /run/busy/root ] && [ -e /run/busy/fine ]; do sleep 0.1; done
"""

DIRTY = START + """
dd if=/dev/zero of=/mnt/hung/dirty bs=64k count=32 2>/dev/null
mkdir /mnt/hung/folder
echo 'all is ready'
"""

# Its process hangs, too, and can't be killed.
STUCK = START + """
setsid writer -p 50 -m /run/busy/hung /mnt/hung &
until [ -e /run/busy/hung ]; do sleep 0.1; done
echo 'all is ready'
"""

SWAP = START.replace("mount -o commit=300 /dev/vdb /mnt/hung", """
mkswap /dev/vdb >/dev/null
swapon /dev/vdb
mount -t tmpfs -o size=100M tmpfs /mnt/hung
dd if=/dev/zero of=/mnt/hung/big bs=1M count=48 2>/dev/null
""") + "echo 'all is ready'\n"

# Without -n busybox's poweroff syncs first, and hangs before init hears of it.
INITTAB = """
::sysinit:/start
::ctrlaltdel:/sbin/poweroff -n
"""

# What is done, and whom the console names.
HANGING = {
    "filesystem": (DIRTY, "umount /mnt/hung"),
    "process-and-filesystem": (STUCK, "writer"),
    "swap": (SWAP, "swapoff /dev/vdb"),
}


WATCHDOG = ["-device", "i6300esb", "-action", "watchdog=poweroff"]

# Longer than the 30 s after which an i6300esb barks.
FED = """#!/bin/sh
sleep 1
ls -l /proc/1/fd | grep -q /dev/watchdog && echo 'init holds it'
sleep 44
"""

# PID 1 can't be stopped by a signal, but by the freezer of cgroups.
FREEZE = """#!/bin/sh
trap 'freeze' TERM
freeze() {
	until ls -l /proc/1/fd | grep -q /dev/watchdog; do sleep 0.1; done
	echo 1 >/run/cgroup/frozen/cgroup.freeze
	until grep -q 'frozen 1' /run/cgroup/frozen/cgroup.events; do :; done
	echo 'init is frozen'
	while :; do sleep 1; done
}
mkdir /run/cgroup
mount -t cgroup2 cgroup2 /run/cgroup
mkdir /run/cgroup/frozen
echo 1 >/run/cgroup/frozen/cgroup.procs
echo 'all is ready'
while :; do sleep 0.1; done
"""

# Without disks, in the initrd. All end by Ctrl-Alt-Del.
OTHERS = {
    "no-bound": {"words": "INIT_STOP=0", "files": {
        "/etc/inittab": "::sysinit:/etc/init.d/rcS\n"
        "::once:/bin/echo all is ready\n"
        "::ctrlaltdel:/sbin/poweroff\n::shutdown:/bin/sleep 70\n"}},
    "fed": {"arguments": WATCHDOG, "files": {
        "/etc/inittab": "::sysinit:/etc/init.d/rcS\n"
        "::once:/bin/echo all is ready\n"
        "::ctrlaltdel:/sbin/poweroff\n::shutdown:/fed\n", "/fed": FED}},
    "frozen": {"arguments": WATCHDOG, "words": "INIT_GRACE=1000", "files": {
        "/etc/inittab": "::sysinit:/etc/init.d/rcS\n::once:/freeze\n"
        "::ctrlaltdel:/sbin/poweroff\n", "/freeze": FREEZE}},
}


class Hanging:
    """A machine with a disk that will hang, and with one that will not."""

    def __init__(self, boot, make_disk, writer, start):
        root = make_disk({"/bin/writer": writer, "/start": start,
                          "/etc/inittab": INITTAB})
        is_swap = start is SWAP
        hung = make_disk.empty("64M") if is_swap else make_disk.ext3("16M")
        fine = make_disk.ext3()
        self.fine = {"/": disk.root_of(root), "/mnt/fine": fine}
        self.machine = boot("quiet root=/dev/vda1", initrd=False,
                            memory=64 if is_swap else 128,
                            disks=[root, hung, fine])

    def hang(self):
        self.machine.expect("all is ready", 2 * BOOT)
        self.machine.qmp("block_set_io_throttle", device="virtio1", bps=1,
                         bps_rd=0, bps_wr=0, iops=0, iops_rd=0, iops_wr=0)


@pytest.fixture(scope="module")
def going_down(boot_for_module, make_disk_for_module, program):
    """Those of HANGING and the machines of OTHERS, all on their way down."""
    hanging = {name: Hanging(boot_for_module, make_disk_for_module,
                             program("writer"), start)
               for name, (start, _) in HANGING.items()}
    others = {name: boot_for_module(**options)
              for name, options in OTHERS.items()}
    for each in hanging.values():
        each.hang()
    machines = [each.machine for each in hanging.values()]
    for machine in others.values():
        machine.expect("all is ready", 2 * BOOT)
    for machine in [*machines, *others.values()]:
        machine.send_keys("ctrl", "alt", "delete")
    return {**hanging, **others}


@pytest.mark.parametrize("name", HANGING)
def test_a_disk_that_hangs_costs_its_deadline(going_down, name):
    machine = going_down[name].machine
    assert machine.ended(3 * DEADLINE) == POWERED_OFF
    named = machine.console.lines("init: waiting for .*" + HANGING[name][1])
    # What was swapped out goes with its tmpfs, and nothing has to be read back;
    # but pages may have been on their way to the disk when it hung.
    assert named or name == "swap", machine.show()
    for where, filesystem in going_down[name].fine.items():
        assert not disk.complaints(filesystem), (
            f"{where}: {disk.complaints(filesystem)}\n{machine.show()}")


def test_INIT_STOP_of_0_is_no_bound(going_down):
    machine = going_down["no-bound"]
    assert machine.ended(3 * BOOT) == POWERED_OFF
    assert machine.console.lines("init: waiting for /bin/sleep 70")
    assert not machine.console.lines("init: no longer waiting"), machine.show()


def test_the_watchdog_is_fed_on_a_long_way_down(going_down):
    machine = going_down["fed"]
    assert machine.ended(3 * BOOT) == POWERED_OFF
    assert machine.console.lines("^init holds it$"), machine.show()
    assert not machine.events("WATCHDOG"), machine.show()


def test_the_watchdog_ends_a_machine_whose_init_stands_still(going_down):
    machine = going_down["frozen"]
    machine.expect("init is frozen", BOOT)
    wait.until(lambda: machine.events("WATCHDOG"), 2 * BOOT, "its bark",
               machine.show)
