"""Drivers as modules: "make MODULES=y", and a card that needs one (rtl8139).

The tests share the machine; the fixtures say what it went through before.
"""

import os

import pytest

from harness import disk
from harness.machine import Machine
from harness.shell import run

DEFAULT_KERNEL = disk.ROOTFS.parent / "build/bzImage"
CARD = ("-netdev", "user,id=net", "-device", "rtl8139,netdev=net,romfile=")
MODALIAS = "/sys/bus/pci/devices/*/modalias"


def kernel_with_modules():
    """Of MODULES=y, or one with its modules beside it that KERNEL= names."""
    given = os.environ.get("KERNEL", "")
    if os.path.isdir(given + ".modules"):
        return given
    ours = disk.ROOTFS.parent / "build/modular/bzImage"
    if not ours.exists() and given not in ("", str(DEFAULT_KERNEL)):
        pytest.skip(f"KERNEL={given}: no modules beside it")
    assert ours.exists(), f"{ours} is missing: run make MODULES=y kernel"
    return str(ours)


@pytest.fixture(scope="module")
def machine(product, tmp_path_factory):
    """The image as make MODULES=y makes it."""
    directory, kernel = tmp_path_factory.mktemp("modules"), kernel_with_modules()
    listed = disk.run(disk.SCRIPTS / "list-rootfs", disk.ROOTFS,
                      product("BUSYBOX"),
                      "--add", f"/sbin/init={product('INIT')}",
                      "--add", f"/lib/modules={kernel}.modules")
    (directory / "list").write_bytes(listed.stdout)
    disk.run(disk.SCRIPTS / "make-initrd", directory / "list",
             directory / "initrd.img")
    machine = Machine(directory, kernel, directory / "initrd.img", arguments=CARD)
    machine.login()
    yield machine
    machine.close()


@pytest.fixture(scope="module")
def before(machine):
    """Interfaces and modules of a machine that has just come up."""
    return run(machine, "ifconfig -a"), run(machine, "lsmod")


@pytest.fixture
def loaded(machine, before):
    run(machine, "modprobe 8139cp")
    return machine


def modules(machine):
    """{name: those that use it}."""
    listed = [line.split() for line in run(machine, "lsmod").splitlines()[1:]]
    return {words[0]: "".join(words[3:]) for words in listed}


def test_no_interface_and_no_module_before(before):
    interfaces, listed = before
    assert "lo" in interfaces and "eth0" not in interfaces
    assert "8139cp" not in listed and "mii" not in listed


def test_the_modules_are_those_of_this_kernel(machine):
    release = run(machine, "uname -r").strip()
    assert run(machine, "ls /lib/modules").split() == [release]


def test_modprobe_loads_what_the_module_needs(loaded):
    assert modules(loaded)["mii"].startswith("8139cp")
    assert "8139cp" in modules(loaded)


def test_the_card_has_an_interface(loaded):
    assert "Link encap:Ethernet" in run(loaded, "ifconfig eth0")
    driver = run(loaded, "readlink /sys/class/net/eth0/device/driver")
    assert driver.strip().endswith("/8139cp")


def test_udhcpc_gets_an_address_over_it(loaded):
    run(loaded, "udhcpc -i eth0 -n -q")
    assert "inet addr:10.0.2.15" in run(loaded, "ifconfig eth0")
    run(loaded, "ping -c 1 10.0.2.2")


def test_modprobe_r_takes_all_of_it_away(loaded):
    run(loaded, "ifconfig eth0 down; modprobe -r 8139cp")
    assert not modules(loaded)
    assert loaded.run("ifconfig eth0")[1] != 0


def test_the_card_names_its_module(loaded):
    """As mdev would load it: by the alias that the bus gives the card."""
    run(loaded, "ifconfig eth0 down; modprobe -r 8139cp")
    alias = [word for word in run(loaded, f"cat {MODALIAS}").split()
             if word.startswith("pci:v000010ECd00008139")]
    run(loaded, f"modprobe {alias[0]}")
    assert "8139cp" in modules(loaded)
