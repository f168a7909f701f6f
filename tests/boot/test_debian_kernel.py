"""Debian's ready kernel, which "make KERNEL=debian" fetches."""

import gzip

import pytest

from conftest import REPOSITORY
from harness.machine import SCRIPTS
from harness.shell import run

KERNEL = REPOSITORY / "build/debian/bzImage"

pytestmark = pytest.mark.skipif(
    not KERNEL.is_file(), reason=f"no {KERNEL}: deps has not fetched it")


@pytest.mark.parametrize("fast", [False, True], ids=["pc", "fast"])
def test_it_boots_the_initrd_to_a_login(terminal, product, tmp_path, fast):
    image = product("INITRD")
    if fast:
        image = tmp_path / "initrd.cpio"
        image.write_bytes(gzip.decompress(product("INITRD").read_bytes()))
    machine = terminal(SCRIPTS / "run-qemu", KERNEL, *["-f"] * fast, "-i",
                       image)
    machine.expect("run-qemu: no network: .* has no VIRTIO_NET built in")
    machine.login()
    assert run(machine, "uname -r").endswith("-cloud-amd64\n")
    machine.send("poweroff\n")
    assert machine.ended() == 0


@pytest.mark.parametrize("words, symbol", [
    (("-d", "IMAGE"), "ATA_PIIX"), (("-f", "-d", "IMAGE"), "VIRTIO_BLK"),
    (("-i", "IMAGE", "-j", "true"), "DEVPORT"),
    (("-i", "IMAGE", "--", "-device", "e1000"), "E1000")])
def test_what_it_has_no_driver_for_is_refused(terminal, product, words, symbol):
    words = [product("INITRD") if word == "IMAGE" else word for word in words]
    machine = terminal(SCRIPTS / "run-qemu", KERNEL, *words)
    machine.expect(f"run-qemu: .* has no {symbol} built in")
    assert machine.ended() == 1
