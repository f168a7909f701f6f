"""Every shutdown, from every phase, leaves both disks clean.

A writer is busy on / and on a second disk, while a script hangs in the phase
under test. The last tests show what busybox init does in the same situation.
"""

import pytest

from harness import disk, wait
from harness.machine import POWERED_OFF, REBOOTED
from harness.shell import BOOT

ENTRIES = "::shutdown:/bin/umount -a -r\n::shutdown:/sbin/swapoff -a\n"
HALTED = "halted"

PREPARE = """#!/bin/sh
/etc/init.d/rcS
[ -d /mnt/busy ] || mount /dev/vdb /mnt
mkdir -p /mnt/busy /var/busy /run/busy
setsid writer -p 50 -m /run/busy/root /var/busy &
setsid writer -p 50 -m /run/busy/disk /mnt/busy &
"""

HANG = """#!/bin/sh
until [ -e /run/busy/root ] && [ -e /run/busy/disk ]; do sleep 0.1; done
echo 'all are busy'
%s
sleep 1000
"""

# from phase, by, how it ends, whether there are shutdown entries
WAYS = [
    ("sysinit", "kill -USR2 1", POWERED_OFF, True),
    ("sysinit", "kill -37 1", HALTED, False),
    ("sysinit", "reboot", REBOOTED, False),
    ("sysinit", "ctrl-alt-del", REBOOTED, True),
    ("wait", "kill -TERM 1", REBOOTED, True),
    ("wait", "kill -38 1", POWERED_OFF, False),
    ("wait", "ctrl-alt-del", REBOOTED, False),
    ("once", "kill -USR1 1", HALTED, True),
    ("once", "kill -39 1", REBOOTED, True),
    ("once", "poweroff", POWERED_OFF, False),
    ("respawn", "kill -PWR 1", POWERED_OFF, True),
    ("respawn", "halt", HALTED, False),
    ("respawn", "ctrl-alt-del", REBOOTED, True),
    ("respawn", "kill -QUIT 1; sleep 1; kill -USR2 1", POWERED_OFF, False),
]


@pytest.fixture
def start(boot, make_disk, program):
    """start(PHASE, BY...): a busy machine that is asked to end; its disks."""
    def make(phase, by, entries, init="ours", more=""):
        command = "" if by == "ctrl-alt-del" else by
        root = make_disk({
            "/bin/writer": program("writer"), "/prepare": PREPARE,
            "/hang": HANG % command,
            "/etc/inittab": f"::sysinit:/prepare\n::{phase}:/hang\n"
            f"::ctrlaltdel:/sbin/reboot\n{ENTRIES if entries else ''}{more}"},
            init=init)
        second = make_disk.ext3()
        machine = boot("quiet root=/dev/vda1", initrd=False,
                       disks=[root, second])
        machine.expect("all are busy", BOOT)
        if by == "ctrl-alt-del":
            machine.send_keys("ctrl", "alt", "delete")
        return machine, [disk.root_of(root), second]

    return make


def wait_end(machine, how):
    if how == HALTED:
        machine.expect("System halted", BOOT)
        machine.kill()
    else:
        assert machine.ended(BOOT) == how


@pytest.mark.parametrize("phase, by, how, entries", WAYS, ids=[
    f"{way[0]}-{way[1]}" for way in WAYS])
def test_both_disks_are_clean(start, phase, by, how, entries):
    machine, filesystems = start(phase, by, entries)
    wait_end(machine, how)
    # QUIT is none where there is no restart entry
    assert not machine.console.lines("going down for restart"), machine.show()
    for filesystem in filesystems:
        assert not disk.complaints(filesystem), (
            f"{disk.complaints(filesystem)}\n{machine.show()}")


def test_both_disks_are_clean_after_a_restart_of_init(start):
    """QUIT leaves the mounts to the init that takes over."""
    machine, filesystems = start(
        "once", "[ -e /var/restarted ] || {\n: >/var/restarted\n"
        "kill -QUIT 1\n}", False, more="::restart:/sbin/init\n")
    machine.expect("all are busy", BOOT)
    machine.send_keys("ctrl", "alt", "delete")
    wait_end(machine, REBOOTED)
    for filesystem in filesystems:
        assert not disk.complaints(filesystem), machine.show()


@pytest.mark.parametrize("phase", ["sysinit", "wait"])
def test_busybox_does_not_leave_a_hanging_script(start, phase):
    machine, _ = start(phase, "kill -USR2 1", True, init="busybox")
    wait.stays(machine.is_up, 5, "busybox init waits", machine.show)


@pytest.mark.parametrize("phase", ["once", "respawn"])
def test_busybox_leaves_both_disks_dirty(start, phase):
    machine, filesystems = start(phase, "kill -USR2 1", True, init="busybox")
    wait_end(machine, POWERED_OFF)
    assert all(map(disk.journal_needs_recovery, filesystems)), machine.show()
