"""Each step of "The First VM", a tutorial, with our initrd.

Its script as PID 1 is "make run-shell" here; its two ways to run the machine
are "make run" and "make graphical": see test_tools.py and test_screen.py.
"""

import gzip
import re

import pytest

from harness.machine import POWERED_OFF, Machine
from harness.shell import run

BEGINNINGS = {"plain": b"070701", "gzip": b"\x1f\x8b"}  # of an initrd


@pytest.fixture(scope="module")
def machine(boot_for_module):
    machine = boot_for_module()
    machine.login()
    return machine


def test_busybox_is_static(product):
    """No PT_INTERP among its program headers: it needs no other file."""
    data = product("BUSYBOX").read_bytes()
    first, size, count = (int.from_bytes(data[at:at + length], "little")
                          for at, length in ((32, 8), (54, 2), (56, 2)))
    types = [int.from_bytes(data[at:at + 4], "little")
             for at in range(first, first + size * count, size)]
    assert 1 in types and 3 not in types  # PT_LOAD, PT_INTERP: elf(5)


def test_each_command_of_busybox_is_a_link_to_it(machine):
    """Nothing else is but bin/busybox itself, and init, which is ours."""
    commands = set(run(machine, "busybox --list").split())
    links = run(machine, "find / -xdev -type l -exec sh -c 'for link; do "
                "echo $link $(readlink -f $link); done' - {} +")
    ours = {words[0].rpartition("/")[2] for line in links.splitlines()
            if (words := line.split())[1:] == ["/bin/busybox"]}
    assert commands - ours == {"busybox", "init", "linuxrc"}
    assert not ours - commands and len(commands) > 200
    assert run(machine, "busybox --list | grep ^sh$") == "sh\n"


def test_a_command_goes_by_its_name(machine):
    assert run(machine, "busybox echo hello") == "hello\n"
    run(machine, "ln -s /bin/busybox /tmp/echo")
    assert run(machine, "/tmp/echo hello") == "hello\n"
    run(machine, "ln -s /bin/busybox /tmp/newname")
    unknown, status = machine.run("/tmp/newname hello")
    assert "applet not found" in unknown and status == 127, machine.show()


@pytest.mark.parametrize("directory", ["bin", "dev", "proc", "sys", "etc"])
def test_root_owns_the_directories_of_the_initrd(machine, directory):
    assert run(machine, f"stat -c '%F %u %g' /{directory}") == "directory 0 0\n"


@pytest.mark.parametrize("directory, kind", [("/sys", "sysfs"),
                                             ("/proc", "proc")])
def test_sys_and_proc_are_mounted(machine, directory, kind):
    assert f" {directory} {kind} " in run(machine, "cat /proc/mounts")


def test_the_kernel_is_quiet_without_a_sysctl(machine):
    assert run(machine, "sysctl -n kernel.printk").split() == list("2417")


def test_sysctl_sets_printk(machine):
    run(machine, "sysctl -w kernel.printk='7 4 1 7'")
    run(machine, "echo '<6>a loud word' >/dev/kmsg")
    run(machine, "sysctl -w kernel.printk='2 4 1 7'")
    run(machine, "echo '<6>a quiet word' >/dev/kmsg")
    assert machine.console.lines(r"\] a loud word"), machine.show()
    assert not machine.console.lines(r"\] a quiet word"), machine.show()
    assert re.search(r"\] a quiet word", run(machine, "dmesg"))


@pytest.mark.parametrize("form", BEGINNINGS)
def test_an_initrd_boots_with_and_without_gzip(product, tmp_path, form):
    initrd = product("INITRD")
    if form == "plain":
        initrd = tmp_path / "initrd"
        initrd.write_bytes(gzip.decompress(product("INITRD").read_bytes()))
    assert initrd.read_bytes().startswith(BEGINNINGS[form])
    machine = Machine(tmp_path, product("KERNEL"), initrd)
    try:
        machine.login()
        # At once, and past init, which would say that it goes down.
        machine.send("poweroff -f\n")
        assert machine.ended() == POWERED_OFF
        assert not machine.console.lines("init: going down")
    finally:
        machine.close()
