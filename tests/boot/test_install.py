"""README's commands on a busybox system: there, and back again."""

import pathlib
import re

import pytest

from harness.machine import REBOOTED
from harness.shell import BOOT

README = pathlib.Path(__file__).resolve().parents[2] / "README.md"
ROOT = "root=/dev/vda1 rootfstype=ext3"


def commands_of_readme():
    """The block for the other system, without its comments."""
    block = re.search(r"^    cd /tmp && .*\n(?:    .*\n)+",
                      README.read_text(), re.M)[0]
    return [re.sub(r" +#.*", "", line.strip())
            for line in block.splitlines()]


def command_back():
    text = " ".join(README.read_text().split())
    return re.search(r"To go back, `(.*?)`", text)[1]


@pytest.fixture
def disk(make_disk, product):
    """A busybox system, and in /root what README copies to it."""
    return make_disk({
        "/root/init": product("INIT").read_bytes(),
        "/root/initctl": product("INITCTL").read_bytes(),
        "/root/install-init":
            (README.parent / "scripts/install-init").read_bytes()},
        init="busybox")


@pytest.fixture
def boot_disk(boot, disk):
    def boot_it(words=""):
        machine = boot(f"{ROOT} {words}", initrd=False, disks=[disk])
        machine.login()
        return machine

    return boot_it


def is_busybox(machine):
    return "applet" in machine.run("/proc/1/exe --help 2>&1")[0]


def reboot(machine):
    machine.send("reboot\n")
    assert machine.ended(BOOT) == REBOOTED


def run_all(machine, *commands):
    for command in ("cp /root/in* /tmp/", *commands):
        assert machine.run(command)[1] == 0, command


@pytest.mark.slow
def test_the_commands_of_readme(boot_disk):
    *commands, last = commands_of_readme()
    assert last == "reboot" and len(commands) == 4

    machine = boot_disk()
    assert is_busybox(machine)
    run_all(machine, "cp /tmp/init /sbin/kindling")
    reboot(machine)

    machine = boot_disk("init=/sbin/kindling")
    assert "phase run" in machine.run("/root/initctl")[0]
    reboot(machine)

    machine = boot_disk()
    assert is_busybox(machine)
    run_all(machine, *commands)
    run_all(machine, *commands)  # the second time the old init stays
    reboot(machine)

    machine = boot_disk()
    assert "phase run" in machine.run("initctl")[0]
    reboot(machine)

    machine = boot_disk("init=/sbin/init.old/init")
    assert is_busybox(machine)
    run_all(machine, command_back())
    reboot(machine)
    assert is_busybox(boot_disk())
