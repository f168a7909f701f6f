"""How many instructions it takes to /init, on the two lines of run-qemu.

QEMU counts them, and as such what a guest waits. The limits are those of
doc/image.md.
"""

import gzip
import subprocess

import pytest

from harness.machine import SCRIPTS
from harness.shell import BOOT

MOST, MOST_FAST = 300, 110  # millions, from reset to the first one of /init


@pytest.fixture
def to_init(product):
    """to_init(MOST, KERNEL'S END, ARGUMENT...): millions of instructions.

    A busy host may add to what the guest waits for, never take away: what is
    more than MOST has two tries more.
    """
    packed = product("KERNEL")
    if not packed.with_name(packed.name + ".map").is_file():
        pytest.skip("a kernel that was given: nobody knows where its steps are")

    def count(most, *how):
        for _ in range(3):
            counted = count_once(*how)
            if counted <= most:
                break
        return counted

    def count_once(ending, initrd, *words):
        done = subprocess.run(
            [SCRIPTS / "boot-steps", "-e", *words, f"{packed}{ending}", initrd,
             product("INIT")], text=True, capture_output=True,
            timeout=4 * BOOT)
        assert done.returncode == 0, done.stderr
        return float(done.stdout)

    return count


def test_the_line_of_make_run(to_init, product):
    assert 100 < to_init(MOST, "", product("INITRD")) <= MOST


def test_the_fast_line(to_init, product, tmp_path):
    plain = tmp_path / "initrd.cpio"
    plain.write_bytes(gzip.decompress(product("INITRD").read_bytes()))
    assert 10 < to_init(MOST_FAST, ".elf", plain, "-f") <= MOST_FAST
