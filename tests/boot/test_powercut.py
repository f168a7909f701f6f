"""A power cut costs what was not synced, and nothing else.

One disk lives through all cuts of a test: each boot replays the journals, and
before anything is written again its filesystems are checked; then the writers
go on until the next cut. POWERCUTS is how many there are in all, and
POWERCUT_SEED repeats a run as far as the clocks allow.
"""

import os
import random
import re
import time

import pytest

from harness import disk, powercut
from harness.shell import BOOT

CUTS = int(os.environ.get("POWERCUTS") or 10)
SEED = int(os.environ.get("POWERCUT_SEED") or random.randrange(1 << 32))
LOAD = 3  # s of writing at the most
DOWN = 1.8  # s of the shutdown: most of it is the grace of a deaf writer

# / is still read-only here, as the kernel mounts it: nothing has been written
# but what the replay wrote.
START = """#!/bin/sh
mount -o ro /dev/vdb /mnt
dmesg | grep -c ': recovery complete' | sed 's/^/replayed: /'
echo 'replay is over'
read -r go
# Much is to be on its way to the disk that nobody has asked to be synced.
echo 10 >/proc/sys/vm/dirty_writeback_centisecs
echo 10 >/proc/sys/vm/dirty_expire_centisecs
mount -o remount,rw /
mount -o remount,rw /mnt
mkdir -p /var/writer /mnt/writer
echo 'go'
"""

INITTAB = """
ttyS0::sysinit:/start
ttyS0::respawn:/bin/writer -s -p 100 /var/writer
ttyS0::respawn:/bin/writer -s -d -p 50 /mnt/writer
::ctrlaltdel:/sbin/poweroff
"""

DIRECTORIES = {"/var/writer": 0, "/mnt/writer": 1}  # and the number of its disk


class Sufferer:
    """A root and a second disk, with what their writers were promised."""

    def __init__(self, directory, boot, make_disk, writer, chance):
        self._directory = directory
        self._boot = boot
        self._chance = chance
        self._count = 0
        root = make_disk({"/bin/writer": writer, "/start": START,
                          "/etc/inittab": INITTAB})
        self.disks = [root, make_disk.ext3("16M")]
        self.safe = dict.fromkeys(DIRECTORIES, 0)
        self.needed = 0  # journals that the cuts left to be replayed
        self.lost = 0  # writes that had not been flushed

    def filesystems(self, disks):
        return [disk.root_of(disks[0]), disks[1]]

    def start(self):
        """Boots, and looks at what the replay made of the disks."""
        directory = self._directory / f"cut-{self._count}"
        self._count += 1
        directory.mkdir()
        self._copies = [disk.copy(image, directory / f"disk-{number}")
                        for number, image in enumerate(self.disks)]
        self._logs = [directory / f"log-{number}" for number in range(2)]
        for log in self._logs:
            log.touch()
        needed = sum(map(disk.journal_needs_recovery,
                         self.filesystems(self.disks)))
        self.needed += needed
        machine = self._boot(
            "quiet root=/dev/vda1 INIT_GRACE=1", initrd=False,
            arguments=powercut.arguments(self._copies, self._logs))
        replayed = machine.expect(r"replayed: (\d)\n", BOOT).group(1)
        assert int(replayed) == needed, machine.show()
        machine.expect("replay is over\n")
        self._check(machine)
        machine.send("\n")
        machine.expect("go\n")
        return machine

    def _check(self, machine):
        """All promises are kept, and fsck has nothing to add."""
        copies = self.filesystems(self._copies)
        for filesystem in copies:
            assert not disk.complaints(filesystem), (
                f"{disk.complaints(filesystem)}\n{machine.show()}")
        for directory, number in DIRECTORIES.items():
            if not self.safe[directory]:
                continue
            inside = directory.replace("/mnt/", "/")
            log = disk.read(copies[number], f"{inside}/log").split()
            state = int(disk.read(copies[number], f"{inside}/state"))
            gone = [record for record in range(1, self.safe[directory] + 1)
                    if b"%d" % record not in set(log)]
            assert not gone, f"{directory}: lost {gone}\n{machine.show()}"
            assert state >= self.safe[directory], machine.show()

    def cut(self, machine):
        """Kills the machine: its disks lose what was not flushed."""
        machine.kill()
        for directory, number in re.findall(r"^safe (\S+) (\d+)$",
                                         machine.console.text(), re.M):
            self.safe[directory] = max(self.safe[directory], int(number))
        for image, log in zip(self.disks, self._logs):
            _, lost = powercut.cut(image, log, self._chance)
            self.lost += lost
        for path in self._copies + self._logs:
            path.unlink()


@pytest.fixture
def suffer(tmp_path, boot, make_disk, program):
    """suffer(CHANCE): a Sufferer."""
    def make(chance):
        return Sufferer(tmp_path, boot, make_disk, program("writer"), chance)

    return make


def under_load(machine, chance, _):
    time.sleep(chance.uniform(0, LOAD))


def during_shutdown(machine, chance, share):
    """share: how far into the shutdown, from 0 to 1."""
    time.sleep(chance.uniform(0, 1))
    machine.send_keys("ctrl", "alt", "delete")
    time.sleep(share * DOWN)


@pytest.mark.slow
@pytest.mark.parametrize("moment, cuts", [
    (under_load, CUTS - CUTS // 2), (during_shutdown, CUTS // 2)],
    ids=["under-load", "during-shutdown"])
def test_only_what_was_not_synced_is_lost(suffer, moment, cuts):
    chance = random.Random(SEED)
    print(f"POWERCUT_SEED={SEED}")
    sufferer = suffer(chance)
    for number in range(cuts):
        machine = sufferer.start()
        # Early and late ones, also where there are few.
        moment(machine, chance, (number + chance.random()) / cuts)
        sufferer.cut(machine)
    sufferer.start()
    print(f"{cuts} cuts: {sufferer.needed} of {2 * cuts} journals replayed, "
          f"{sufferer.lost} writes were not flushed, safe: {sufferer.safe}")
    assert all(sufferer.safe.values()), "nothing was ever written"
    assert sufferer.needed, "no cut came in time"
