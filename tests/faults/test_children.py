"""Faults of the children that read files: they are copies of PID 1, so what is
wrong with its program is wrong with theirs, until another image of it runs."""

import pytest

from harness import fault

pytestmark = pytest.mark.needs_root

INITTAB = "::sysinit:/t sysinit\n::respawn:/bin/sleep 1001\n"
FUNCTION = "file_open"  # PID 1 itself does not come there


@pytest.fixture
def box(start, product, program):
    """Its PID 1 has no instruction where a child is to read a file."""
    box = start(INITTAB, files={"/inject": program("inject")})
    box.before = box.wait_process("sleep 1001").pid
    address = fault.address_of(product("INIT"), FUNCTION)
    done = box.run("/inject", "1", "poke", f"{address:#x}")
    assert done.returncode == 0, done.stderr
    return box


def check(box, record_property, what):
    """One image more, and all else as before."""
    box.wait_for("init: survived signal 4 at 0x0 in phase run\n")
    box.wait_for(what)
    assert box.wait_process("sleep 1001").pid == box.before
    assert box.said() == ["sysinit"]
    assert len(box.console.lines("survived signal")) == 1, box.show()
    record_property("fault", {"kind": "no instruction there",
                              "phase": "run, of a child",
                              "function": FUNCTION})


def test_a_fault_of_the_child_that_reads_the_inittab(box, record_property):
    box.reload(INITTAB + "::respawn:/bin/sleep 1002\n")
    check(box, record_property, "init: /etc/inittab reloaded\n")
    box.wait_process("sleep 1002")


def test_a_fault_of_the_child_that_reads_an_upgrade(box, record_property):
    box.request(1, 0)
    check(box, record_property, "init: re-executed as kindling init")
