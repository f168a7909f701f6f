"""What a disk holds after its power was cut.

Killing QEMU loses almost nothing: every write that it has completed is in the
host's page cache. A real disk has a cache of its own, and a power cut loses
what was not flushed from it, in any order. So QEMU logs every write and flush
(blklogwrites), and cut() replays the log up to the last flush; it keeps, drops
or tears each later request at random.

The format is that of dm-log-writes: a block for the superblock, then for each
entry a block that describes it, and its data
(Documentation/admin-guide/device-mapper/log-writes.rst).
"""

import os
import struct

BLOCK = 512
ENTRY = struct.Struct("<4Q")  # sector, sectors, flags, bytes of a mark
FLUSH, DISCARD, MARK = 1, 4, 8


class UnknownOrder(Exception):
    """The kill hit QEMU in the middle of writing the log: try once more."""


def arguments(images, logs):
    """For QEMU: virtio disks, with a cache, whose writes go to the logs too."""
    words = []
    for number, (image, log) in enumerate(zip(images, logs)):
        for name, path in (("image", image), ("log", log)):
            # The host's own power is not cut.
            words += ["-blockdev", f"driver=file,node-name={name}{number},"
                      f"cache.no-flush=on,filename={path}"]
        words += ["-blockdev", f"driver=blklogwrites,node-name=disk{number},"
                  f"file=image{number},log=log{number}",
                  "-device", f"virtio-blk-pci,drive=disk{number},"
                  "write-cache=on"]
    return words


def has_data(log, offset):
    """Was anything written behind this offset?"""
    try:
        start = os.lseek(log.fileno(), offset, os.SEEK_DATA)
    except OSError:  # ENXIO: there is none
        return False
    log.seek(max(start, offset))
    return any(log.read())


def entries(path):
    """(flags, offset, data) of each request that QEMU has completed."""
    size = path.stat().st_size
    with open(path, "rb") as log:
        at = BLOCK
        while at + BLOCK <= size:
            log.seek(at)
            sector, sectors, flags, _ = ENTRY.unpack(log.read(ENTRY.size))
            if not sectors and not flags:  # not written: but then nothing is
                break
            data_at, length = at + BLOCK, sectors * BLOCK
            if flags & DISCARD:
                raise ValueError("a discard: the data of none was logged")
            if data_at + length > size:
                return
            log.seek(data_at)
            yield flags, sector * BLOCK, log.read(length)
            at = data_at + length
        if has_data(log, at):
            raise UnknownOrder(f"{path}: nothing at {at}, more behind it")


def torn(data, chance):
    """All of it, nothing of it, or the sectors from one of its ends."""
    cut = chance.randrange(len(data) // BLOCK + 1) * BLOCK
    return chance.choice([data, b"", data[:cut]])


def cut(image, log, chance):
    """Brings the image, as it was when QEMU started, to the power cut.

    chance: a random.Random. Answers (writes, of these not flushed).
    """
    written = list(entries(log))
    flushed = max((number for number, entry in enumerate(written)
                   if entry[0] & FLUSH), default=-1)
    with open(image, "r+b") as disk:
        for number, (_, offset, data) in enumerate(written):
            disk.seek(offset)
            disk.write(data if number < flushed else torn(data, chance))
    return len(written), len(written) - 1 - flushed
