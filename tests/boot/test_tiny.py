"""The tiny image: its busybox is built from source, and holds what we use."""

import os
import pathlib
import re

import pytest

from conftest import REPOSITORY
from harness.machine import POWERED_OFF
from harness.shell import run

CARD = ("-netdev", "user,id=net", "-device", "e1000,netdev=net,romfile=")
TINY = pathlib.Path(os.environ.get("TINY") or REPOSITORY / "build/tiny.img")
# What an image of one of the tutorials runs, or types.
USED = ("ash getty hostname ifconfig init login ls mdev mount passwd ping "
        "poweroff ps reboot route sh swapoff sysctl udhcpc umount wget vi cat "
        "echo mkdir modprobe fdisk df free kill halt dmesg grep sed").split()

pytestmark = pytest.mark.skipif(
    not TINY.is_file(), reason=f"no {TINY}: there is no source of busybox")


@pytest.fixture(scope="module")
def machine(boot_for_module):
    machine = boot_for_module(image=TINY, arguments=CARD, memory=64)
    machine.login()
    return machine


def test_it_is_small():
    assert TINY.stat().st_size <= 400_000


def test_nothing_was_complained_about(machine):
    text = machine.console.text()
    ours = text[text.index("Run /init"):text.index("login: ")]
    assert not re.search(r"rcS:|not found|failed|init:", ours), ours


def test_what_the_tutorials_use_is_there(machine):
    missing = run(machine, f"for name in {' '.join(USED)}; do "
                           "which $name >/dev/null || echo $name; done")
    assert missing == ""


def test_it_has_a_busybox_of_its_own(machine):
    assert int(run(machine, "stat -c %s /bin/busybox")) < 600_000


def test_mdev_gave_the_devices_to_their_groups(machine):
    assert run(machine, "stat -c %u:%g:%a /dev/tty7 /dev/loop0 /dev/kmsg"
               ) == "0:5:620\n0:6:660\n0:0:600\n"
    assert run(machine, "cat /proc/sys/kernel/hotplug") == "/sbin/mdev\n"


def test_the_host_name_and_loopback(machine):
    assert run(machine, "hostname") == "kindling\n"
    assert " 0% packet loss" in run(machine, "ping -c 1 localhost")


def test_udhcpc_gets_an_address(machine):
    said = run(machine, "udhcpc -i eth0 -n -q 2>&1")
    assert "lease of 10.0.2.15 obtained" in said, said
    assert "inet addr:10.0.2.15" in run(machine, "ifconfig eth0")
    assert re.search(r"^0\.0\.0\.0 +10\.0\.2\.2 ",
                     run(machine, "route -n"), re.M)
    assert run(machine, "cat /etc/resolv.conf") == "nameserver 10.0.2.3\n"


def test_ctrl_c_interrupts(machine):
    machine.start_job()
    machine.interrupt()
    assert machine.run("pidof sleep")[1] == 1


def test_it_powers_off(boot):
    machine = boot(image=TINY, memory=64)
    machine.login()
    machine.send("poweroff\n")
    assert machine.ended() == POWERED_OFF


def test_a_password_is_asked_for_where_there_is_one(boot):
    """SHA-512 is what ROOT_PASSWORD makes; this one is of "secret"."""
    shadow = ("root:$6$salt$egUxKNxDs8kPfh8iPMNcosMhb2eWah6d3R44JDm5"
              "Rj/j/XWR5E33QPd0YmHXoDHOIDR6kL5D3JcQcz0O8FHE00:1:0:::::\n")
    machine = boot(image=TINY, memory=64, files={"/etc/shadow": shadow})
    machine.expect("login: ", 120)
    machine.send("root\n")
    machine.expect("Password: ")
    machine.send("secret\n")
    machine.expect("# ")
