"""A machine for one measurement: what is in it, and what it says.

All peers get the same kernel, the same busybox userland and the same tool; a
peer adds its files and its configuration. The tool's lines arrive over the
second serial port, its marks in the kernel's log on the first.
"""

import dataclasses
import itertools
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from harness import wait  # noqa: E402
from harness.machine import Machine  # noqa: E402

REPOSITORY = HERE.parents[1]
SCRIPTS = REPOSITORY / "scripts"
DIRECTORIES = ("/bin /dev /etc /h /lib /lib64 /mnt /proc /root /run /sbin /sys "
               "/tmp /usr /usr/bin /usr/sbin /var /var/log").split()
DEVICES = {"console": "600 0 0 c 5 1", "null": "666 0 0 c 1 3",
           "kmsg": "600 0 0 c 1 11", "tty": "666 0 0 c 5 0",
           "ttyS0": "600 0 0 c 4 64", "ttyS1": "600 0 0 c 4 65"}
TOOL_NAMES = ("preinit", "profile0", "profile5", "getty", "prompt", "nop")
ETC = {"/etc/passwd": "root::0:0:root:/root:/bin/sh\n",
       "/etc/group": "root:x:0:\ntty:x:5:\nutmp:x:43:\n",
       "/etc/fstab": "", "/etc/hostname": "box\n", "/etc/shells": "/bin/sh\n"}
MOUNTS = """mount -t proc proc /proc 2>/dev/null
mount -t sysfs sys /sys 2>/dev/null
mount -t devtmpfs dev /dev 2>/dev/null
mkdir -p /dev/pts
mount -t devpts pts /dev/pts 2>/dev/null
"""
ENDINGS = {"reboot: Power down": "poweroff",
           "reboot: Restarting system": "reboot"}
# The same for all. The interrupt timer's calibration takes 100 M instructions,
# and each of its reads ends a block of translated code.
WORDS = ("quiet printk.time=1 printk.devkmsg=on norandmaps noapictimer "
         "initcall_blacklist=piix_init")
RTC = ["-rtc", "base=2026-01-01T00:00:00,clock=vm"]


@dataclasses.dataclass
class Setup:
    """What init is asked to do, in no init's own language."""

    driver: str = ""  # sh: runs beside, from the start script
    script: str = MOUNTS  # the start script, before the driver
    start: str = "/h/start"  # what is run for it
    getty: str = "/h/getty"
    services: tuple = (("a", "/h/tool service a"),)  # (name, command)
    once: int = 0  # entries that end at once, each another
    hooks: tuple = ()  # during shutdown
    hangs: bool = False  # the start script never ends

    def once_commands(self):
        return [f"/h/nop {number}" for number in range(self.once)]

    def files(self):
        script = "#!/bin/sh\nPATH=/sbin:/bin:/usr/sbin:/usr/bin\n" + self.script
        script += "hostname box\n"
        if self.driver:
            script += "setsid /h/driver </dev/null >/dev/console 2>&1 &\n"
        if self.hangs:
            script += "sleep 100000\n"
        files = {"/h/start": script + "exit 0\n"}
        if self.driver:
            files["/h/driver"] = f"#!/bin/sh\ncd /\n{self.driver}\n"
        return files


@dataclasses.dataclass
class Link:
    target: str


class Failed(Exception):
    """A measurement that gave no value, and why."""


@dataclasses.dataclass
class Said:
    """What a machine has said until it ended, or was ended."""

    console: str
    report: str
    ending: str

    def lines(self, name):
        """The lines of the tool of this name, each as {key: number}."""
        found = re.findall(rf"^BENCH {name} (.*)$", self.report, re.M)
        return [{key: int(value)
                 for key, value in re.findall(r"(\w+)=(-?\d+)", line)}
                for line in found]

    def line(self, name):
        """The only one; Failed when it is not there."""
        found = self.lines(name)
        if not found:
            raise Failed(f"no '{name}' ({self.ending or 'stopped'})")
        return found[-1]

    def at(self, pattern):
        """Seconds of the kernel's log at its first line that matches."""
        found = re.search(rf"\[ *(\d+\.\d+)\] {pattern}", self.console)
        if not found:
            raise Failed(f"no '{pattern}' ({self.ending or 'stopped'})")
        return float(found[1])


class Maker:
    """Makes images and runs machines below one directory."""

    def __init__(self, directory, kernel, busybox, tool):
        self._directory = directory
        self.kernel = kernel
        self._busybox = busybox
        self._tool = tool
        self._numbers = itertools.count()
        listed = subprocess.run([busybox, "--list-full"], check=True,
                                capture_output=True, text=True).stdout
        self._applets = ["/" + path for path in listed.split()]

    def _nodes(self, peer, setup):
        nodes = {"/var/run": Link("/run")}
        nodes |= {path: Link("/bin/busybox") for path in self._applets
                  if path.split("/")[-1] not in ("init", "linuxrc")}
        nodes |= {"/bin/busybox": self._busybox, "/h/tool": self._tool}
        nodes |= {f"/h/{name}": Link("tool") for name in TOOL_NAMES}
        return nodes | ETC | setup.files() | peer.files | peer.configure(setup)

    def _list(self, directory, peer, setup):
        """A list as scripts/list-rootfs prints it."""
        lines = {"/": ["dir", "/", "755", "0", "0"]}
        for path in DIRECTORIES:
            lines[path] = ["dir", path, "755", "0", "0"]
        for name, words in DEVICES.items():
            lines[f"/dev/{name}"] = ["node", f"/dev/{name}", *words.split()]
        for number, (path, what) in enumerate(
                self._nodes(peer, setup).items()):
            if isinstance(what, Link):
                lines[path] = ["link", path, "777", "0", "0", what.target]
                continue
            if isinstance(what, str):
                (directory / f"file{number}").write_text(what)
                what = directory / f"file{number}"
            lines[path] = ["file", path, "755", "0", "0", str(what)]
        for path in list(lines):
            for above in list(pathlib.PurePath(path).parents)[:-1]:
                lines.setdefault(str(above),
                                 ["dir", str(above), "755", "0", "0"])
        text = "".join("\t".join(lines[path]) + "\n" for path in
                       sorted(lines, key=lambda path: path.split("/")))
        (directory / "list").write_text(text)
        return directory / "list"

    def new_directory(self):
        directory = self._directory / str(next(self._numbers))
        directory.mkdir(parents=True)
        return directory

    def image(self, peer, setup, kind="initrd", size="48M"):
        """An initrd, or a disk with an ext3 root."""
        directory = self.new_directory()
        image = directory / kind
        listed = self._list(directory, peer, setup)
        more = ["-s", size] if kind == "disk" else []
        done = subprocess.run(
            [SCRIPTS / f"make-{kind}", listed, image, *more],
            capture_output=True, text=True)
        if done.returncode:
            raise Failed(done.stderr.strip())
        return image

    def run(self, image, init="/sbin/init", until="done", memory=128,
            seconds=120, icount=True, disks=(), words="", log=None):
        """Boots and waits for the tool's line `until`, or the machine's end."""
        directory = self.new_directory()
        report = directory / "report"
        report.touch()
        root = (f"rdinit={init}" if image.name == "initrd" else
                f"root=/dev/vda1 rootfstype=ext3 rw init={init}")
        disks = ([] if image.name == "initrd" else [image]) + list(disks)
        arguments = ["-chardev", f"file,id=report,path={report}",
                     "-serial", "chardev:report", *(RTC if icount else [])]
        machine = Machine(
            directory, self.kernel, image if image.name == "initrd" else None,
            f"{WORDS} {root} {words}", memory=memory, disks=disks,
            icount=icount, arguments=arguments)
        try:
            said = self._watch(machine, report, until, seconds)
        finally:
            machine.close()
        if log:
            log.write_text(f"{said.console}\n--- report ---\n{said.report}\n"
                           f"--- ending: {said.ending}\n")
        return said

    @staticmethod
    def _watch(machine, report, until, seconds):
        pattern = re.compile(rf"^BENCH {until}\b.*\n", re.M)

        def is_over():
            return (not machine.is_up() or
                    (until and pattern.search(report.read_text("latin-1"))))

        ending = ""
        try:
            wait.until(is_over, until or "its end", seconds=seconds)
        except AssertionError:
            ending = f"not within {seconds} s"
        machine.kill()
        console = machine.console.text()
        for text, name in ENDINGS.items():
            if text in console:
                ending = name
        if "Kernel panic" in console:
            ending = "panic"
        return Said(console, report.read_text("latin-1").replace("\r", ""),
                    ending)
