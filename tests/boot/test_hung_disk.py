"""Shutdowns that take long: a step that hangs costs its timeout and is named; a
step that is only slow is waited for.

A disk hangs when QEMU throttles it to one byte a second. The machines here
mostly wait, so they all start at once.
"""

import collections

import pytest

from harness import disk, wait
from harness.machine import POWERED_OFF
from harness.shell import BOOT

DEADLINE = 60  # s for each umount, swapoff, sync: PLAN_DISK_TIMEOUT

# Before the disk hangs, only the processes meant to write may write to it:
# hence no periodic writeback, and a journal commit only every 300 s.
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
mkdir /mnt/hung/directory
echo 'all is ready'
"""

# Its process hangs, too, and can't be killed.
STUCK = START + """
setsid writer -p 50 -m /run/busy/hung /mnt/hung &
until [ -e /run/busy/hung ]; do sleep 0.1; done
echo 'all is ready'
"""

# init has the console open in /dev, so what lies there stays, and has to be read
# back; what came later has pushed it out.
SWAP = START.replace("mount -o commit=300 /dev/vdb /mnt/hung", """
mkswap /dev/vdb >/dev/null
swapon /dev/vdb
mount -t tmpfs -o size=100M tmpfs /mnt/hung
dd if=/dev/zero of=/dev/big bs=1M count=16 2>/dev/null
dd if=/dev/zero of=/mnt/hung/big bs=1M count=40 2>/dev/null
""") + """
echo "of its program init has $(sed -n '/^Rss: */{s///p;q}' /proc/1/smaps)"
echo 'all is ready'
"""

# The file that init runs from is gone, and it has a watchdog to keep.
REPLACED = DIRTY.replace("echo", "cp /sbin/init /sbin/new\n"
                         "mv /sbin/new /sbin/init\necho", 1)

MUCH = START + """
dd if=/dev/zero of=/mnt/hung/dirty bs=64k count=128 2>/dev/null
echo 'all is ready'
"""

# KILL does not end a process before what it has synced is written.
IN_FSYNC = MUCH + """
read -r go
dd if=/dev/null of=/mnt/hung/dirty conv=notrunc,fsync 2>/dev/null &
until grep -q ') D ' /proc/$!/stat; do sleep 0.1; done
echo 'it syncs'
"""

# Without -n busybox's poweroff syncs first, and hangs before init hears of it. The
# wait makes sure that init has a watchdog before it goes on from memory.
INITTAB = """
::sysinit:/start
::ctrlaltdel:/sbin/poweroff -n
::shutdown:/bin/sleep 2
"""

WATCHDOG = ["-device", "i6300esb", "-action", "watchdog=poweroff"]

# start  what is done before; then the disk lets so many bytes a second through
# named  whom the console says is waited for
# left   what it says can't be unmounted
Case = collections.namedtuple("Case", "start rate named left arguments",
                              defaults=(None, ()))
LEFT = "/mnt/hung stays mounted read-write"
CASES = {
    "hung-filesystem": Case(DIRTY, 1, "umount /mnt/hung", LEFT),
    "hung-process": Case(STUCK, 1, "writer", LEFT),
    "hung-swap": Case(SWAP, 1, "swapoff /dev/vdb"),
    "hung-filesystem-replaced-init": Case(REPLACED, 1, "umount /mnt/hung",
                                          LEFT, WATCHDOG),
    # 84 s for what is to be written, 24 more than DEADLINE
    "slow-filesystem": Case(MUCH, 100_000, "umount /mnt/hung"),
    # 28 s, 16 more than it takes from TERM until nobody waits for it any more
    "slow-process": Case(IN_FSYNC, 300_000, "dd"),
}

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


# What users of busybox init have, which does not unmount by itself.
UNMOUNT = "::shutdown:/bin/umount -a -r\n::shutdown:/sbin/swapoff -a\n"


class Slowed:
    """A machine with a disk that will be slow, and with one that will not."""

    def __init__(self, boot, make_disk, writer, case, init="ours"):
        more = UNMOUNT if init == "busybox" else ""
        root = make_disk({"/bin/writer": writer, "/start": case.start,
                          "/etc/inittab": INITTAB + more}, init=init)
        is_swap = case.start is SWAP
        slow = make_disk.empty("64M") if is_swap else make_disk.ext3("16M")
        fine = make_disk.ext3()
        self.case = case
        self.clean = [disk.root_of(root), fine]
        if case.rate > 1:
            self.clean.append(slow)
        self.machine = boot("quiet root=/dev/vda1", initrd=False,
                            memory=64 if is_swap else 128,
                            disks=[root, slow, fine],
                            arguments=case.arguments)

    def slow_down(self):
        """From then on the time of a slow disk runs."""
        self.machine.qmp("block_set_io_throttle", device="virtio1",
                         bps=self.case.rate, bps_rd=0, bps_wr=0, iops=0,
                         iops_rd=0, iops_wr=0)
        if self.case.start is IN_FSYNC:
            self.machine.send("\n")
            self.machine.expect("it syncs", BOOT)


@pytest.fixture(scope="module")
def going_down(boot_for_module, make_disk_for_module, program):
    """Those of CASES and the machines of OTHERS, all on their shutdown."""
    slowed = {name: Slowed(boot_for_module, make_disk_for_module,
                           program("writer"), case)
              for name, case in CASES.items()}
    slowed["busybox"] = Slowed(boot_for_module, make_disk_for_module,
                               program("writer"), CASES["hung-filesystem"],
                               "busybox")
    others = {name: boot_for_module(**options)
              for name, options in OTHERS.items()}
    machines = [each.machine for each in slowed.values()]
    machines += others.values()
    for machine in machines:
        machine.expect("all is ready", 4 * BOOT)
    for each in slowed.values():
        each.slow_down()
    for machine in machines:
        machine.send_keys("ctrl", "alt", "delete")
    return {**slowed, **others}


@pytest.mark.parametrize("name", CASES)
def test_what_hangs_costs_its_deadline_and_what_is_slow_its_time(
        going_down, name):
    machine, case = going_down[name].machine, CASES[name]
    assert machine.ended(4 * DEADLINE) == POWERED_OFF
    assert machine.console.lines("init: waiting for .*" + case.named), (
        machine.show())
    left = machine.console.lines("stays mounted")
    assert left == ([f"init: {case.left}"] if case.left else []), (
        machine.show())
    for filesystem in going_down[name].clean:
        assert not disk.complaints(filesystem), (
            f"{disk.complaints(filesystem)}\n{machine.show()}")
    assert not machine.events("WATCHDOG"), machine.show()


def test_memory_that_is_short_takes_nothing_from_init(going_down):
    """So that neither it nor a child that it starts needs the disk for it."""
    machine = going_down["hung-swap"].machine
    said, = machine.console.lines("of its program init has")
    assert int(said.split()[-2]) > 0, machine.show()


@pytest.mark.row("a dead disk, or its swap")
def test_busybox_hangs_with_its_disk(going_down):
    """The same disk, and longer than ours needs for it."""
    going_down["hung-filesystem"].machine.ended(4 * DEADLINE)
    machine = going_down["busybox"].machine
    wait.stays(machine.is_up, DEADLINE / 2, "it hangs", machine.show)
    assert not machine.console.lines("reboot: "), machine.show()


def test_INIT_STOP_of_0_is_no_bound(going_down):
    machine = going_down["no-bound"]
    assert machine.ended(3 * BOOT) == POWERED_OFF
    assert machine.console.lines("init: waiting for /bin/sleep 70")
    assert not machine.console.lines("init: no longer waiting"), machine.show()


def test_the_watchdog_is_pinged_in_a_long_shutdown(going_down):
    machine = going_down["fed"]
    assert machine.ended(3 * BOOT) == POWERED_OFF
    assert machine.console.lines("^init holds it$"), machine.show()
    assert not machine.events("WATCHDOG"), machine.show()


def test_the_watchdog_ends_a_machine_whose_init_stands_still(going_down):
    machine = going_down["frozen"]
    machine.expect("init is frozen", BOOT)
    wait.until(lambda: machine.events("WATCHDOG"), "its bark",
               machine.show, seconds=2 * BOOT)
