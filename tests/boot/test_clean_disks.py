"""No orderly shutdown leaves a filesystem dirty, however it is mounted.

Each layout has disks of its own, so that many of them share a boot, and a dirty
disk still names its layout. The same boots are made with busybox init and the
shutdown entries that it needs; what it leaves is recorded in BUSYBOX.
"""

import collections
import re

import pytest

from harness import disk
from harness.machine import POWERED_OFF
from harness.shell import BOOT

# name   of the test, of the directory in /layouts, and of $mnt below /mnt
# disks  how to make them; the scripts get their devices as $1, $2...
# setup  run once in the wait phase; a line that fails fails the layout
# run    a respawn entry, or nothing
# clean  the filesystems to check: "root", 1 for that of the first disk, or
#        (1, "inner.img") for that of an image on it
# busy   how many marks its writers make in /run/busy: all are waited for
Layout = collections.namedtuple("Layout", "name disks setup run clean busy")

# A boot of some layouts. sysinit: a script in place of rcS.
Scenario = collections.namedtuple(
    "Scenario", "layouts memory sysinit size", defaults=(128, None, "48M"))

# seconds  of the guest, from the request to its end
# dirt     {layout: {filesystem: what is wrong with it}}
Result = collections.namedtuple("Result", "seconds dirt console")

HEAD = """#!/bin/sh
set -eu
me=$(basename "$(dirname "$0")")
mnt=/mnt/$me marks=0

# Starts a writer in this directory.
busy() {
	marks=$((marks + 1))
	setsid writer -p 1500 -m "/run/busy/$me-$marks" "$1" &
}

# Mounts a disk there, and starts a writer on it.
use() {
	mkdir -p "$2"
	mount "$1" "$2"
	busy "$2"
}

# Is $1 swapped to?
swapping() {
	[ "$(grep -F "$1" /proc/swaps | awk '{ print $4 }')" -gt 0 ]
}
"""


def layout(name, disks=(), setup="", run="", clean=(1,), busy=1):
    return Layout(name, disks, setup, run, clean, busy)


def ext3(make):
    return make.ext3("4M")


def image_on_disk(make):
    return make.ext3("12M", {"inner.img": make.ext3("4M")})


def image_on_image_on_disk(make):
    inner = make.ext3("8M", {"innermost.img": make.ext3("4M")})
    return make.ext3("16M", {"inner.img": inner})


def disk_for_swap(make):
    return make.ext3("16M")


def swap(make):
    return make.empty("64M")


ODD_NAMES = {
    "space": "a space", "tab": "a\ttab", "newline": "a\nline",
    "backslash": "a\\backslash", "non-ascii": "Ünïcödé 漢字",
    "escape": "not\\040decoded",
    "all-of-them": " all\tof\\them\nin \\n #漢 one ",
}

PLAIN = [
    layout("root", setup="mkdir /var/busy; busy /var/busy", clean=["root"],
           run="echo again >>/var/again; sleep 1.1"),
    layout("second-disk", [ext3], 'use "$1" $mnt',
           run="echo again >>$mnt/again; sleep 1.1"),
    layout("bind-mounts", [ext3], """
        use "$1" $mnt
        mkdir -p $mnt/over-itself $mnt.again $mnt.root
        mount --bind $mnt $mnt.again
        mount --bind / $mnt.root
        mount --bind $mnt/over-itself $mnt/over-itself
        echo here >$mnt/file
        : >$mnt.file
        mount --bind $mnt/file $mnt.file
        mkdir $mnt.root/var/bound
        busy $mnt.again
        busy $mnt.root/var/bound
        busy $mnt/over-itself""",
           run="exec >>$mnt.file; while sleep 0.1; do echo again; done",
           clean=[1, "root"], busy=4),
    layout("shared-mounts", [ext3, ext3], """
        use "$1" $mnt
        mount --make-shared $mnt
        mkdir $mnt.peer $mnt/below
        mount --bind $mnt $mnt.peer
        use "$2" $mnt/below
        grep -qF "$mnt.peer/below " /proc/mounts
        busy $mnt.peer/below""", clean=[1, 2], busy=3),
    layout("stacked-mounts", [ext3, ext3], """
        use "$1" $mnt
        while ! [ -e /run/busy/$me-1 ]; do sleep 0.1; done
        mount -t tmpfs between $mnt
        use "$2" $mnt""", clean=[1, 2], busy=2),
    layout("hidden-mount", [ext3], """
        use "$1" $mnt/below
        while ! [ -e /run/busy/$me-1 ]; do sleep 0.1; done
        mount -t tmpfs over $mnt"""),
    layout("moved-mount", [ext3, ext3], """
        use "$1" $mnt.before
        use "$2" $mnt
        mkdir $mnt/child
        mount --move $mnt.before $mnt/child
        grep -F $mnt /proc/self/mountinfo | head -n 1 |
                grep -F $mnt/child""", clean=[1, 2], busy=2),
    *(layout(f"name-with-{name}", [ext3], f"use \"$1\" '/mnt/{path}'")
      for name, path in ODD_NAMES.items()),
]

LOOPS = [
    layout("loop-mount", [image_on_disk], """
        use "$1" $mnt
        use $mnt/inner.img $mnt.inner""",
           clean=[1, (1, "inner.img")], busy=2),
    layout("losetup-by-hand", [image_on_disk], """
        use "$1" $mnt
        losetup /dev/loop6 $mnt/inner.img
        use /dev/loop6 $mnt.inner""",
           clean=[1, (1, "inner.img")], busy=2),
    layout("loop-on-loop", [image_on_image_on_disk], """
        use "$1" $mnt
        losetup /dev/loop5 $mnt/inner.img
        use /dev/loop5 $mnt.inner
        use $mnt.inner/innermost.img $mnt.innermost""",
           clean=[1, (1, "inner.img"), (1, "inner.img", "innermost.img")],
           busy=3),
    layout("loop-not-mounted", [image_on_disk], """
        use "$1" $mnt
        losetup /dev/loop7 $mnt/inner.img
        dd if=/dev/zero of=/dev/loop7 bs=4k count=10"""),
    layout("full-disk", [ext3], """
        use "$1" $mnt
        dd if=/dev/zero of=$mnt/fill bs=64k && exit 1 || :"""),
    layout("deleted-file", [ext3], """
        use "$1" $mnt
        mkdir /var/deleted""",
           run="exec 3>$mnt/gone 4>/var/deleted/gone\n"
           "rm $mnt/gone /var/deleted/gone\n"
           "while sleep 0.1; do echo x >&3; echo x >&4; done",
           clean=[1, "root"]),
    layout("overlay", [ext3], """
        use "$1" $mnt
        mkdir $mnt/upper $mnt/work $mnt.merged
        mount -t overlay overlay -o \
                lowerdir=/etc,upperdir=$mnt/upper,workdir=$mnt/work $mnt.merged
        echo changed >>$mnt.merged/passwd
        busy $mnt.merged""", busy=2),
]

SWAPS = [
    layout("swap-file-on-root", setup="""
        mkdir /var/busy
        busy /var/busy
        dd if=/dev/zero of=/var/swap bs=1M count=4
        mkswap /var/swap
        swapon /var/swap""", clean=["root"]),
    layout("swap-file", [disk_for_swap], """
        use "$1" $mnt
        dd if=/dev/zero of=$mnt/swap bs=1M count=4
        mkswap $mnt/swap
        swapon $mnt/swap"""),
    layout("swap-file-with-odd-name", [disk_for_swap], """
        use "$1" "$mnt with space"
        swap="$mnt with space/a\\b c"
        dd if=/dev/zero of="$swap" bs=1M count=4
        mkswap "$swap"
        swapon "$swap"
        grep -qF 'a\\134b\\040c' /proc/swaps"""),
    layout("swap-disk", [swap], """
        mkswap "$1"
        swapon "$1"
        mkdir /var/swapping
        busy /var/swapping""", clean=["root"]),
    layout("tmpfs-in-swap", [ext3], """
        use "$1" $mnt
        mkdir $mnt/tmpfs
        mount -t tmpfs -o size=100M tmpfs $mnt/tmpfs
        dd if=/dev/zero of=$mnt/tmpfs/big bs=1M count=56
        swapping /var/swap
        swapping /dev/vd
        busy $mnt/tmpfs""", busy=2),
]

NAMESPACE = layout("private-namespace", [ext3], run="""
        mkdir -p $mnt
        exec unshare -m sh -euc 'mount "$1" "$2"
                exec writer -p 50 -m /run/busy/private "$2"' - "$1" $mnt""")

REPLACED = layout("init-replaced", setup="""
        mkdir /var/busy
        busy /var/busy
        cp /sbin/init /sbin/init.new
        mv /sbin/init.new /sbin/init""", clean=["root"])

DELETED = layout("init-deleted", setup="""
        mkdir /var/busy
        busy /var/busy
        rm /sbin/init""", clean=["root"])

FULL_ROOT = layout("full-root", setup="""
        mkdir /var/busy
        busy /var/busy
        dd if=/dev/zero of=/fill bs=64k && exit 1 || :""", clean=["root"])

ROOT_READ_ONLY = layout("root-read-only", [ext3], """
        mount -t tmpfs tmpfs /mnt
        use "$1" $mnt
        grep -q " / ext. ro" /proc/mounts""", clean=["root", 1])

# It holds its files open for writing from the start: otherwise "umount -a -r"
# makes their disks read-only before this service gets its SIGTERM.
SLOW = layout("slow-service", [ext3], """
        mkdir $mnt
        mount "$1" $mnt""", run="""
        exec 3>>/var/saved 4>>$mnt/saved
        trap 'sleep 8; echo saved >&3; echo saved >&4
                echo "all is saved"; exit' TERM
        : >/run/busy/slow
        while sleep 0.1; do echo x >>$mnt/log; done""", clean=["root", 1])

DEAF = layout("deaf-service", [ext3], """
        mkdir $mnt
        mount "$1" $mnt""",
              run="exec writer -d -p 50 -m /run/busy/deaf $mnt")

STOPPED = layout("stopped-service", [ext3], """
        mkdir $mnt
        mount "$1" $mnt
        writer -d -p 50 -m /run/mark $mnt &
        while ! [ -e /run/mark ]; do sleep 0.1; done
        kill -STOP $!
        : >/run/busy/stopped""")

FORKING = layout("forking-service", [ext3], """
        mkdir $mnt
        mount "$1" $mnt""", run="""
        exec forker 10 $mnt/log /run/busy/forking""")

READ_ONLY_START = """#!/bin/sh
[ -e /proc/mounts ] || mount -t proc proc /proc
mount -t tmpfs tmpfs /run
"""

SCENARIOS = {
    "plain": Scenario(PLAIN), "loops": Scenario(LOOPS),
    "swaps": Scenario(SWAPS, memory=64),
    "namespace": Scenario([NAMESPACE]), "replaced": Scenario([REPLACED]),
    "deleted": Scenario([DELETED]), "full": Scenario([FULL_ROOT], size="24M"),
    "read-only": Scenario([ROOT_READ_ONLY], sysinit=READ_ONLY_START),
    "slow": Scenario([SLOW]), "deaf": Scenario([DEAF, STOPPED]),
    "forking": Scenario([FORKING]),
}

END = """#!/bin/sh
until [ "$(ls /run/busy | wc -l)" -ge {marks} ]; do sleep 0.1; done
read -r now _ </proc/uptime
echo "all are busy, ending at $now"
kill -USR2 1
"""

ENTRIES = "::shutdown:/bin/umount -a -r\n::shutdown:/sbin/swapoff -a\n"


def scripts(one, devices):
    """What the layout adds to the root: {path: text}, and its inittab."""
    directory = f"/layouts/{one.name}"
    files = {f"{directory}/setup": HEAD + one.setup + "\n"}
    inittab = f"::wait:/layouts/try {one.name} {devices}\n"
    if one.run:
        files[f"{directory}/run"] = HEAD + one.run + "\n"
        inittab += f"::respawn:{directory}/run {devices}\n"
    return files, inittab


class Boot:
    """A scenario under way."""

    def __init__(self, boot, make, program, scenario, init):
        self.scenario = scenario
        self.disks = {one.name: [made(make) for made in one.disks]
                      for one in scenario.layouts}
        letters = iter("bcdefghijklmnopqrstuvwxyz")
        files = {
            "/bin/writer": program("writer"), "/bin/forker": program("forker"),
            "/layouts/try": '#!/bin/sh\nmkdir -p /run/busy\nname=$1\nshift\n'
            '"/layouts/$name/setup" "$@" >/run/log 2>&1 && exit\n'
            'echo "$name: its setup failed"\ncat /run/log\n',
            "/end": END.format(marks=sum(one.busy for one in
                                         scenario.layouts)),
        }
        inittab = "::sysinit:/etc/init.d/rcS\n"
        if scenario.sysinit:
            files["/etc/init.d/start"] = scenario.sysinit
            inittab = "::sysinit:/etc/init.d/start\n"
        for one in scenario.layouts:
            devices = " ".join(f"/dev/vd{next(letters)}" for _ in one.disks)
            more, lines = scripts(one, devices)
            files.update(more)
            inittab += lines
        files["/etc/inittab"] = inittab + "::once:/end\n" + ENTRIES
        self.root = make(files, size=scenario.size, init=init)
        self.original = scenario.sysinit and self.root.read_bytes()
        self.machine = boot(
            "quiet root=/dev/vda1", initrd=False, memory=scenario.memory,
            disks=[self.root, *sum(self.disks.values(), [])])

    def filesystem(self, name, where):
        """The image to look at; one inside another is copied out."""
        if where == "root":
            return disk.root_of(self.root)
        number, *inside = where if isinstance(where, tuple) else (where,)
        image = self.disks[name][number - 1]
        for inner in inside:
            image = disk.extract(
                image, "/" + inner, image.with_name(f"{image.name}-{inner}"))
        return image

    def dirt(self, one):
        """{filesystem: what is wrong with it}."""
        found = {}
        for where in one.clean:
            text = disk.complaints(self.filesystem(one.name, where))
            if text:
                found[where] = text
        return found

    def result(self):
        """Waits for the end: what it left, for each layout."""
        machine = self.machine
        asked = machine.expect(r"all are busy, ending at (\S+)\n|setup failed",
                               2 * BOOT)
        assert not machine.console.lines("setup failed"), machine.show()
        start = float(asked.group(1))
        assert machine.ended(2 * BOOT) == POWERED_OFF
        end = re.search(r"\[ *(\d+\.\d+)\] reboot: Power down",
                        machine.console.text())
        assert end, machine.show()
        return Result(
            float(end.group(1)) - start,
            {one.name: self.dirt(one) for one in self.scenario.layouts},
            machine.show())


class Results:
    """Boots a scenario when first asked for, with both inits side by side."""

    def __init__(self, *makers):
        self._makers = makers
        self._boots = {}
        self._results = {}

    def boot(self, scenario, kind):
        for each in ("ours", "busybox"):
            if (scenario, each) not in self._boots:
                self._boots[scenario, each] = Boot(
                    *self._makers, SCENARIOS[scenario], each)
        return self._boots[scenario, kind]

    def __call__(self, scenario, kind):
        boot, key = self.boot(scenario, kind), (scenario, kind)
        if key not in self._results:
            try:
                self._results[key] = boot.result()
            except AssertionError as error:  # for every layout of this boot
                self._results[key] = error
        if isinstance(self._results[key], AssertionError):
            raise self._results[key]
        return self._results[key]


@pytest.fixture(scope="module")
def result(boot_for_module, make_disk_for_module, program):
    return Results(boot_for_module, make_disk_for_module, program)


EACH = [pytest.param(scenario, one, id=one.name)
        for scenario, boot in SCENARIOS.items() for one in boot.layouts]


@pytest.mark.parametrize("scenario, one", EACH)
def test_every_filesystem_is_clean(result, scenario, one):
    found = result(scenario, "ours")
    assert not found.dirt[one.name], found.console


# What busybox init leaves dirty, where that is not all that is looked at. The
# kernel itself ends the private namespace with its last process.
BUSYBOX = {"private-namespace": set(), "root-read-only": {1}}


@pytest.mark.row("filesystems at the end")
@pytest.mark.parametrize("scenario, one", EACH)
def test_busybox_leaves_what_is_recorded(result, scenario, one):
    found = result(scenario, "busybox")
    expected = BUSYBOX.get(one.name, set(one.clean))
    assert set(found.dirt[one.name]) == expected, found.console


@pytest.mark.parametrize("scenario, least", [
    ("slow", 8), ("deaf", 10), ("forking", 10)])
def test_the_grace_is_given_and_no_more(result, scenario, least):
    """In seconds of the guest; what comes after the grace takes some, too."""
    seconds = result(scenario, "ours").seconds
    assert least - 0.2 < seconds < least + 15


def test_a_service_that_needs_eight_seconds_has_saved(result):
    found = result("slow", "ours")
    assert "all is saved" in found.console
    boot = result.boot("slow", "ours")
    second = boot.disks["slow-service"][0]
    assert disk.read(disk.root_of(boot.root), "/var/saved") == b"saved\n"
    assert disk.read(second, "/saved") == b"saved\n"


def test_busybox_kills_it_before(result):
    assert "all is saved" not in result("slow", "busybox").console


def test_a_root_that_stays_read_only_is_not_written_to(result):
    result("read-only", "ours")
    boot = result.boot("read-only", "ours")
    assert boot.root.read_bytes() == boot.original
