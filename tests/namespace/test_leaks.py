"""What init does thousands of times costs it nothing in the end: neither memory,
nor descriptors, nor mappings."""

import ctypes
import os
import re
import signal
import time

import pytest

from harness import wait

pytestmark = pytest.mark.needs_root

libc = ctypes.CDLL(None, use_errno=True)

INITTAB = "::respawn:/bin/sleep 1000\n::once:/bin/sleep 2000\n"
PAUSE = 0.001  # s, so that most requests are not one with the one before
WARM_UP = 20
# kB: each image has its stack elsewhere. Ten bytes each time would be more.
A_PAGE_OR_TWO = 8


def look(box):
    """What init has, asleep: kB, descriptors, mappings."""
    def status():
        return dict(line.split(":", 1) for line in open(
            f"/proc/{box.pid}/status").read().splitlines())

    wait.until(lambda: "S" in status()["State"] and len(box.children()) == 2,
               "sleep", box.show)
    return (int(re.search(r"\d+", status()["VmRSS"])[0]),
            len(os.listdir(f"/proc/{box.pid}/fd")),
            len(open(f"/proc/{box.pid}/maps").read().splitlines()))


def repeat(box, count, ask, line):
    """Asks until that line was written so often."""
    def ask_on():
        for _ in range(100):
            ask()
            time.sleep(PAUSE)
        return box.console.text().count(line) >= count

    wait.until(ask_on, f"{count} times {line}", lambda: box.show()[-2000:],
               seconds=3 * wait.PATIENCE)


@pytest.mark.parametrize("what", ["reload", "upgrade"])
def test_a_thousand_times(start, what):
    box = start(INITTAB)
    box.wait_process("sleep 2000")
    if what == "reload":
        count, line = 10000, "init: /etc/inittab reloaded\n"

        def ask():
            box.signal(signal.SIGHUP)
    else:
        count, line = 1000, "init: re-executed as"

        def ask():
            libc.sigqueue(box.pid, 40, ctypes.c_void_p(1 << 28))

    repeat(box, WARM_UP, ask, line)
    before = look(box)
    repeat(box, count, ask, line)
    after = look(box)
    print(f"{what}: {before} {after}")
    assert after[1:] == before[1:], box.show()[-500:]
    assert after[0] <= before[0] + A_PAGE_OR_TWO
