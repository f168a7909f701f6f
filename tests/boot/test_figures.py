"""What init costs must not grow unseen: by more than 5 % over figures.json, or by
one system call of any kind. UPDATE_FIGURES=1 writes there what is measured; then
say in the commit what it was good for.
"""

import collections
import json
import os
import pathlib
import re

import pytest

from harness.shell import BOOT, run

HERE = pathlib.Path(__file__).resolve().parent
FIGURES = HERE / "figures.json"
BUILT = HERE.parents[1] / "build/bzImage"
HEADER = "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"
MORE = 1.05


def compare(name, measured, most):
    """most(committed) is what is allowed."""
    figures = json.loads(FIGURES.read_text())
    if os.environ.get("UPDATE_FIGURES"):
        figures[name] = measured
        FIGURES.write_text(json.dumps(figures, indent=2) + "\n")
    allowed = most(figures[name])
    print(f"{name}: {measured}, allowed {allowed}")
    return measured, allowed


def grows(name, measured):
    measured, allowed = compare(name, measured, lambda known: known * MORE)
    return measured > allowed


@pytest.fixture
def kernel(product):
    """What depends on the kernel is committed for one."""
    if product("KERNEL") != BUILT:
        pytest.skip("another kernel than the one of the figures")


def counted(boot, program, what, **options):
    """What programs/firsts.c says of init, with a service and nothing else."""
    machine = boot(f"quiet rdinit=/firsts COUNT={what}", files={
        "/firsts": program("firsts"), "/etc/inittab": "::respawn:/firsts\n"},
        **options)
    return machine.expect(r"firsts:((?: \d+)+)\n", BOOT).group(1).split()


def test_bytes(product):
    assert not grows("init, bytes", product("INIT").stat().st_size)
    assert not grows("initctl, bytes", product("INITCTL").stat().st_size)


def test_memory(boot, make_disk, kernel):
    """At rest, on a disk, where the program's own pages are the disk's; with a
    stack that always begins at the same place."""
    machine = boot("quiet norandmaps root=/dev/vda1", initrd=False,
                   disks=[make_disk()])
    machine.login()
    memory = dict(re.findall(r"(\w+): +(\d+) kB", run(
        machine, "cat /proc/1/smaps_rollup")))
    assert not grows("Rss, kB", int(memory["Rss"])), memory
    assert not grows("Private_Dirty, kB", int(memory["Private_Dirty"])), memory


def test_system_calls_before_the_first_fork(boot, program, kernel):
    """So many of each kind, in any order; one less is to be noted, too."""
    names = {number: name for name, number in re.findall(
        r"#define __NR_(\w+) (\d+)", pathlib.Path(HEADER).read_text())}
    counts = collections.Counter(
        names[number] for number in counted(boot, program, "calls"))
    calls, known = compare("system calls before the first fork",
                           dict(sorted(counts.items())), dict)
    assert calls == known, "UPDATE_FIGURES=1 if that is wanted"


def test_time_from_exec_to_getty(boot, program, kernel):
    """In instructions, the kernel's too: the same each time."""
    time, = counted(boot, program, "time", icount=True)
    assert not grows("exec of init to exec of a service, instructions",
                     int(time))
