"""The disk image: what is on it, and that it is the same whoever makes it."""

import os
import pathlib
import re
import shutil
import stat
import subprocess
import tempfile

import pytest

from conftest import REPOSITORY
from harness import disk

SCRIPTS = REPOSITORY / "scripts"
TIME = 1577836800  # make-disk's own, without SOURCE_DATE_EPOCH
ROOT = "dir\t/\t755\t0\t0\n"
TYPES = {"regular": stat.S_IFREG, "directory": stat.S_IFDIR,
         "symlink": stat.S_IFLNK, "character special": stat.S_IFCHR,
         "block special": stat.S_IFBLK}
ODD = ["two words", '"quoted"', 'a"b', '""', "'", "#", "!", "<12>", "-d",
       "back\\slash", "a;b", "$HOME", "`x`", "a?b", "*", "space ", " space",
       "Glühwürmchen", "\x01", "\udcff\udcfe", "n" * 255]


def make(lines, image, *options, **environment):
    """Runs make-disk on the lines of a list."""
    source = image.parent / "list"
    source.write_bytes(os.fsencode(lines))
    return subprocess.run([SCRIPTS / "make-disk", source, image, *options],
                          text=True, capture_output=True, timeout=60,
                          env={**os.environ, **environment})


def nodes(image, paths):
    """{path: (type and mode, uid, gid, links, device, times, target)}."""
    quoted = ['"' + path.replace('"', '""') + '"' for path in paths]
    commands = "".join(f"stat {path}\n" for path in quoted)
    done = subprocess.run(["debugfs", "-f", "-", disk.root_of(image)],
                          input=os.fsencode(commands), capture_output=True,
                          env=disk.TOOLS, check=True, timeout=60)
    texts = os.fsdecode(done.stdout).split("debugfs: stat ")[1:]
    assert len(texts) == len(paths), os.fsdecode(done.stderr)
    return {path: node(text) for path, text in zip(paths, texts)}


def node(text):
    kind, mode = re.search(r"Type: (.*?) +Mode: +(\d+)", text).groups()
    uid, gid = re.search(r"User: +(\d+) +Group: +(\d+)", text).groups()
    links = re.search(r"Links: (\d+)", text)[1]
    device = re.search(r"major/minor number: (\d+):(\d+)", text)
    target = re.search('Fast link dest: "(.*)"', text)
    times = re.findall(r"[acmr]+time: 0x([0-9a-f]+):00000000", text)
    return (TYPES[kind] | int(mode, 8), int(uid), int(gid), int(links),
            tuple(map(int, device.groups())) if device else None,
            [int(time, 16) for time in times], target and target[1])


def tree(product, directory):
    """The list of our root filesystem."""
    shadow = directory / "shadow"
    shutil.copyfile(REPOSITORY / "rootfs/etc/shadow", shadow)
    return disk.run(SCRIPTS / "list-rootfs", REPOSITORY / "rootfs",
                    product("BUSYBOX"), "--add",
                    f"/sbin/init={product('INIT')}", "--add",
                    f"/etc/shadow={shadow}").stdout.decode()


@pytest.fixture(scope="module")
def image(product, tmp_path_factory):
    """(the disk of our root filesystem, as large as make makes it; its list)"""
    directory = tmp_path_factory.mktemp("disk")
    lines = tree(product, directory)
    done = make(lines, directory / "disk.img")
    assert done.returncode == 0, done.stderr
    return directory / "disk.img", lines


def test_it_is_one_bootable_linux_partition(image):
    lines = disk.run("sfdisk", "-d", image[0]).stdout.decode().splitlines()
    assert {"label: dos", "label-id: 0x6b696e64", "unit: sectors"} <= set(lines)
    partitions = [line.split(" : ")[1] for line in lines if " : " in line]
    total = image[0].stat().st_size // 512
    assert [re.sub(" +", "", line) for line in partitions] == [
        f"start=2048,size={total - 2048},type=83,bootable"]


def test_it_holds_ext3_that_a_check_finds_clean(image):
    status, text = disk.fsck(disk.root_of(image[0]))
    assert status == 0, text
    text = disk.run("dumpe2fs", "-h", disk.root_of(image[0])).stdout.decode()
    features = re.search("Filesystem features: +(.*)", text)[1].split()
    # Nothing of the builder's mke2fs.conf, nothing of ext4.
    assert sorted(features) == ["dir_index", "ext_attr", "filetype",
                                "has_journal", "large_file", "sparse_super"]
    blocks = int(re.search(r"Block count: +(\d+)", text)[1])
    size = int(re.search(r"Block size: +(\d+)", text)[1])
    assert blocks * size == image[0].stat().st_size - disk.OFFSET


def test_it_takes_the_space_of_what_is_on_it(image):
    status = image[0].stat()
    assert status.st_size == 4 << 30
    assert status.st_blocks * 512 < 16 << 20


def test_only_its_owner_may_read_it(image):
    """It holds /etc/shadow."""
    assert stat.S_IMODE(image[0].stat().st_mode) == 0o600


def wanted(lines):
    """{path: (type and mode, uid, gid, device)} of a list."""
    kinds = {"dir": stat.S_IFDIR, "file": stat.S_IFREG, "link": stat.S_IFLNK,
             "c": stat.S_IFCHR, "b": stat.S_IFBLK}
    found = {}
    for line in lines.splitlines():
        kind, path, mode, uid, gid, *rest = line.split("\t")
        device = tuple(map(int, rest[1:])) if kind == "node" else None
        kind = rest[0] if kind == "node" else kind
        found[path] = kinds[kind] | int(mode, 8), int(uid), int(gid), device
    return found


def test_each_node_is_as_the_list_says(image):
    expected = wanted(image[1])
    assert len(expected) > 300
    got = nodes(image[0], [*expected, "/lost+found"])
    kind, uid, gid, *_ = got.pop("/lost+found")
    assert (kind, uid, gid) == (stat.S_IFDIR | 0o700, 0, 0)
    for path, (kind, uid, gid, links, device, times, _) in got.items():
        assert (kind, uid, gid, device) == expected[path], path
        assert times == [TIME] * 4, path
        below = [other for other in got if os.path.dirname(other) == path
                 and other != "/" and stat.S_ISDIR(got[other][0])]
        extra = 1 if path == "/" else 0  # lost+found
        assert links == (2 + len(below) + extra if stat.S_ISDIR(kind)
                         else 1), path
    assert got["/linuxrc"][-1] == "sbin/init"


def test_contents_are_those_of_the_sources(image, product, tmp_path):
    for line in image[1].splitlines():
        kind, path, _, _, _, *rest = line.split("\t")
        if kind == "file":
            copy = disk.extract(disk.root_of(image[0]), path, tmp_path / "copy")
            assert copy.read_bytes() == pathlib.Path(rest[0]).read_bytes(), path


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """(a disk of odd names, each as five nodes of odd modes; its list)"""
    directory = tmp_path_factory.mktemp("odd")
    source = directory / "so \"odd\"?#"
    source.write_text("odd\n")
    lines = ROOT
    for name in ODD:
        short = name[:250]
        lines += (f"dir\t/{name}\t1777\t3\t4\n"
                  f"file\t/{name}/{name}\t4755\t70000\t66000\t{source}\n"
                  f"link\t/{name}/l{short}\t777\t1\t2\t{name[:50]}\n"
                  f"node\t/{name}/c{short}\t620\t5\t6\tc\t4\t64\n"
                  f"node\t/{name}/b{short}\t660\t0\t6\tb\t259\t300\n")
    done = make(lines, directory / "disk.img", "-s", "24M")
    assert done.returncode == 0, done.stderr
    return directory / "disk.img", lines


def test_odd_names_owners_modes_and_devices(odd):
    expected = wanted(odd[1])
    got = nodes(odd[0], list(expected))
    for path, (kind, uid, gid, _, device, times, target) in got.items():
        assert (kind, uid, gid, device) == expected[path], path
        assert times == [TIME] * 4, path
        if stat.S_ISLNK(kind):
            assert target == os.path.basename(path)[1:][:50]
    status, text = disk.fsck(disk.root_of(odd[0]))
    assert status == 0, text
    # By their inodes too, in case that the quotes mean to both what they do not.
    listed = disk.run("debugfs", "-R", "ls -p", disk.root_of(odd[0])).stdout
    names = {line.split("/")[5] for line in os.fsdecode(listed).splitlines()
             if line.startswith("/")}
    assert names == {*ODD, ".", "..", "lost+found"}


def build(directory, product, umask, zone, user=None):
    """The image, built of copies of the sources: the directory, file times,
    umask, time zone and user differ from call to call."""
    for name in ("scripts", "rootfs"):
        shutil.copytree(REPOSITORY / name, directory / name, symlinks=True)
    for name in ("init", "busybox"):
        shutil.copy(product(name.upper()), directory / name)
    for path in directory.rglob("*"):
        os.utime(path, (umask, umask))
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100
                   else 0o644)
    directory.chmod(0o777)
    # A PATH that works for any user: root's may name a python in root's home.
    command = (f"umask {umask:o}; scripts/list-rootfs rootfs busybox --add "
               "/sbin/init=init >list && scripts/make-disk list 'a disk?.img' "
               "-s 32M")
    options = {"user": user, "group": user, "extra_groups": []} if user else {}
    done = subprocess.run(["sh", "-c", command], cwd=directory, timeout=60,
                          capture_output=True, text=True, **options,
                          env={"PATH": "/usr/bin:/bin", "TZ": zone,
                               "LANG": "C.UTF-8"})
    assert done.returncode == 0, done.stderr
    output = directory / "a disk?.img"
    assert user is None or output.stat().st_uid == user
    return output.read_bytes()


@pytest.fixture
def directories():
    """Two directories that any user may reach, unlike tmp_path."""
    made = [pathlib.Path(tempfile.mkdtemp(dir="/tmp")) for _ in range(2)]
    yield made
    for directory in made:
        shutil.rmtree(directory)


def test_it_is_the_same_whoever_makes_it(directories, product):
    assert (build(directories[0], product, 0o022, "UTC") ==
            build(directories[1], product, 0o077, "UTC+5"))


@pytest.mark.needs_root
def test_it_is_the_same_for_another_user(directories, product):
    assert (build(directories[0], product, 0o022, "UTC") ==
            build(directories[1], product, 0o027, "UTC-3", user=65534))


def test_SOURCE_DATE_EPOCH_is_every_time(tmp_path):
    done = make(ROOT + "link\t/a\t777\t0\t0\tb\n", tmp_path / "disk.img",
                "-s", "16M", SOURCE_DATE_EPOCH="86400")
    assert done.returncode == 0, done.stderr
    for found in nodes(tmp_path / "disk.img", ["/", "/a"]).values():
        assert found[5] == [86400] * 4
    text = disk.run("dumpe2fs", "-h",
                    disk.root_of(tmp_path / "disk.img")).stdout.decode()
    for name in ("Filesystem created", "Last write time", "Last checked"):
        assert re.search(rf"{name}: +\S+ Jan +2 ..:..:.. 1970", text), text


@pytest.mark.parametrize("size, lines, words", [
    pytest.param(size, ROOT + lines, words, id=name)
    for name, size, lines, words in (
        ("no room for a partition", "1M", "", "a greater -s"),
        ("no room for a journal", "8M", "", "a greater -s"),
        ("no room for a file", "12M", "file\t/a\t644\t0\t0\tBIG\n",
         "a greater -s"),
        ("no room for inodes", "12M", "".join(
            f"link\t/{number}\t777\t0\t0\tx\n" for number in range(3000)),
         "a greater -s"),
        ("a size without unit", "16", "", "K, M or G"),
        ("a size of nothing", "0M", "", "K, M or G"),
        ("a kind", "16M", "links\t/b\t777\t0\t0\tx\n", "from list-rootfs"),
        ("a mode", "16M", "link\t/b\t778\t0\t0\tx\n", "from list-rootfs"),
        ("a field", "16M", "link\n", "from list-rootfs"),
        ("not from /", "16M", "link\tb\t777\t0\t0\tx\n", "'b'"),
        ("two dots", "16M", "link\t/a/../b\t777\t0\t0\tx\n", "'/a/../b'"),
        ("no directory", "16M", "link\t/a/b\t777\t0\t0\tx\n",
         "/a: File not found"),
        ("twice", "16M", "link\t/b\t777\t0\t0\tx\n" * 2, "already exists"),
        ("a CR", "16M", "link\t/b\r\t777\t0\t0\tx\n", "can't take"),
        ("a long target", "16M", f"link\t/b\t777\t0\t0\t{'x' * 4096}\n",
         "can't take"),
        ("a long name", "16M", f"link\t/{'n' * 256}\t777\t0\t0\tx\n",
         "too long"),
        ("no source", "16M", "file\t/b\t644\t0\t0\t/nowhere\n",
         "/nowhere"))])
def test_what_cannot_be_made_leaves_nothing(tmp_path, size, lines, words):
    big = tmp_path / "big"
    with open(big, "wb") as file:
        file.write(b"x" * (9 << 20))
    done = make(lines.replace("BIG", str(big)), tmp_path / "disk.img", "-s",
                size)
    assert done.returncode != 0 and words in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(os.listdir(tmp_path)) == ["big", "list"]


def test_an_older_image_outlives_a_failure(tmp_path):
    (tmp_path / "disk.img").write_text("older\n")
    assert make("no list\n", tmp_path / "disk.img").returncode == 1
    assert (tmp_path / "disk.img").read_text() == "older\n"
