"""The initrd: what is in it, and that it is the same whoever makes it."""

import collections
import gzip
import os
import shutil
import stat
import subprocess
import sys

import pytest

from conftest import REPOSITORY

Node = collections.namedtuple("Node", "ino mode uid gid mtime device data")


def nodes(initrd):
    """{path: Node} of a newc archive, in its order."""
    data, position, found = gzip.decompress(initrd.read_bytes()), 0, {}
    while True:
        words = data[position + 6:position + 110]
        (ino, mode, uid, gid, _, mtime, size, _, _, major, minor, length,
         _) = (int(words[at:at + 8], 16) for at in range(0, 104, 8))
        name = data[position + 110:position + 110 + length - 1].decode()
        start = position + 110 + length + -(110 + length) % 4
        if name == "TRAILER!!!":
            return found
        found[name] = Node(ino, mode, uid, gid, mtime, (major, minor),
                           data[start:start + size])
        position = start + size + -size % 4


@pytest.fixture(scope="module")
def image(product):
    return nodes(product("INITRD"))


def test_all_belongs_to_root_and_to_no_time(image):
    assert {(node.uid, node.gid) for node in image.values()} == {(0, 0)}
    assert len({node.mtime for node in image.values()}) == 1


def test_paths_are_sorted_and_inodes_count_up(image):
    paths = [path for path in image if path != "."]
    assert paths == sorted(paths)
    inos = [node.ino for node in image.values()]
    assert inos == list(range(1, len(inos) + 1))


def test_the_console_is_a_device(image):
    node = image["dev/console"]
    assert stat.S_ISCHR(node.mode) and stat.S_IMODE(node.mode) == 0o600
    assert node.device == (5, 1)


def test_each_applet_has_its_link(image, product):
    applets = subprocess.run([product("BUSYBOX"), "--list-full"], text=True,
                             check=True, capture_output=True).stdout.split()
    ours = {"sbin/init", "sbin/initctl", "sbin/telinit", "bin/busybox",
            "linuxrc"}
    for path in set(applets) - ours:
        assert stat.S_ISLNK(image[path].mode), path
        directory = os.path.dirname(path)
        target = os.path.join(directory, image[path].data.decode())
        assert os.path.normpath(target) == "bin/busybox", path


def test_init_is_ours_under_both_names(image, product):
    assert image["sbin/init"].data == product("INIT").read_bytes()
    assert image["init"].data == b"sbin/init"


def test_initctl_is_there_under_both_names(image, product):
    assert image["sbin/initctl"].data == product("INITCTL").read_bytes()
    assert image["sbin/telinit"].data == b"initctl"


@pytest.mark.parametrize("path, mode", [
    ("etc/shadow", 0o600), ("root", 0o700), ("tmp", 0o1777), (".", 0o755),
    ("etc/init.d/rcS", 0o755), ("etc/passwd", 0o644)])
def test_modes_are_those_of_the_manifest(image, path, mode):
    assert stat.S_IMODE(image[path].mode) == mode


def make_initrd(directory, product, umask, zone):
    """Builds it of a copy of rootfs: other directory, times, umask, time zone."""
    rootfs = shutil.copytree(REPOSITORY / "rootfs", directory / "copy")
    for path in rootfs.rglob("*"):
        if not path.is_symlink():
            os.utime(path, (umask, umask))
            path.chmod(0o777 & ~umask if path.stat().st_mode & 0o100
                       else 0o666 & ~umask)
    scripts, output = REPOSITORY / "scripts", directory / "initrd.img"
    options = {"check": True, "timeout": 60, "umask": umask,
               "env": {**os.environ, "TZ": zone}}
    with open(directory / "list", "wb") as file:
        subprocess.run([scripts / "list-rootfs", rootfs, product("BUSYBOX"),
                        "--add", f"/sbin/init={product('INIT')}",
                        "--add", f"/etc/shadow={rootfs}/etc/shadow"],
                       stdout=file, **options)
    subprocess.run([scripts / "make-initrd", directory / "list", output],
                   **options)
    return output.read_bytes()


def test_it_is_the_same_whoever_makes_it(tmp_path, product):
    (tmp_path / "one").mkdir()
    (tmp_path / "another").mkdir()
    assert (make_initrd(tmp_path / "one", product, 0o022, "UTC") ==
            make_initrd(tmp_path / "another", product, 0o077, "UTC+5"))


def test_it_is_small(product):
    """With all of Debian's busybox; gzip -9 makes 3 % more of it."""
    if product("BUSYBOX").stat().st_size > 2_000_000:
        pytest.skip("a larger busybox than Debian's")
    assert product("INITRD").stat().st_size <= 1_080_000


def test_without_the_compressor_it_says_what_to_do(tmp_path):
    (tmp_path / "list").write_text("dir\t/\t755\t0\t0\n")
    (tmp_path / "python3").symlink_to(sys.executable)
    done = subprocess.run(
        [REPOSITORY / "scripts/make-initrd", tmp_path / "list",
         tmp_path / "initrd.img"],
        env={"PATH": str(tmp_path)}, text=True, capture_output=True,
        timeout=60)
    assert done.returncode == 1 and "make deps" in done.stderr
    assert not (tmp_path / "initrd.img").exists()


@pytest.mark.parametrize("busybox, says", [
    ("/bin/true", "is not static"), ("script", "no busybox with a shell"),
    ("none", "no busybox at")])
def test_what_is_no_static_busybox_is_refused(tmp_path, busybox, says):
    (tmp_path / "script").write_text("#!/bin/sh\necho bin/true\n")
    (tmp_path / "script").chmod(0o755)
    path = tmp_path / busybox  # /bin/true stays what it is
    done = subprocess.run([REPOSITORY / "scripts/list-rootfs",
                           REPOSITORY / "rootfs", path], text=True,
                          capture_output=True, timeout=60)
    assert done.returncode == 1 and says in done.stderr
    assert done.stderr.count("\n") == 1 and not done.stdout
