"""init and its state stay in memory."""

import re


def locked(machine):
    """kB: the program, its stack, all of the state."""
    output, _ = machine.run("grep VmLck: /proc/1/status")
    return int(re.search(r"VmLck:\s+(\d+) kB", output)[1])


def test_a_large_state_is_locked_whole_after_a_fault_too(boot, program):
    inittab = ("::sysinit:/etc/init.d/rcS\n"
               "ttyS0::respawn:/sbin/getty -L ttyS0 115200 vt100\n"
               "# " + "x" * (3 << 20) + "\n")
    machine = boot(files={"/etc/inittab": inittab,
                          "/inject": program("inject")}, memory=256)
    machine.login()
    before = locked(machine)
    assert before > 4096, machine.show()
    machine.run("/inject 1 jump-to-0; "
                "until dmesg | grep -q 'survived signal 11'; do sleep 0.1; done")
    assert abs(locked(machine) - before) < 256, machine.show()
