"""A PC in QEMU: kernel, initrd or disks, one serial console, QMP beside it.

    machine = Machine(directory, kernel, initrd)
    machine.login()
    output, status = machine.run("ps")
    machine.send("poweroff\\n")
    assert machine.ended() == POWERED_OFF
    machine.close()
"""

import ctypes
import functools
import gzip
import os
import pathlib
import signal
import socket
import subprocess

from . import cpio, wait
from .console import Console
from .qmp import Qmp
from .shell import Shell

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "scripts"
POWERED_OFF, REBOOTED = "guest-shutdown", "guest-reset"
PR_SET_PDEATHSIG = 1  # prctl(2)
# A busy host may give an interpreted guest no tick for so long that its kernel
# takes the timer for broken, and panics; under KVM it does not look.
WORDS = "console=ttyS0 panic=-1 no_timer_check"
ICOUNT = ("-accel", "tcg", "-icount", "shift=0,sleep=off")

libc = ctypes.CDLL(None)


@functools.lru_cache
def accelerator():
    """kvm where it really works, tcg elsewhere; ACCEL= overrides."""
    if os.environ.get("ACCEL"):
        return os.environ["ACCEL"]
    probe = subprocess.run([SCRIPTS / "kvm-works"], capture_output=True)
    return "kvm" if probe.returncode == 0 else "tcg"


def make_initrd(directory, initrd, files, removed):
    """The initrd with files over it and names taken out of it."""
    if not files and not removed:
        return initrd
    data = initrd.read_bytes()
    if removed:
        data = cpio.without(gzip.decompress(data), removed)
    changed = directory / "initrd"
    changed.write_bytes(cpio.pad(data) + cpio.archive(files))
    return changed


def drive(disk, interface, index):
    """A raw disk, for -drive; its name (for QMP) is virtio0, ide0 and so on.

    The guest sees a disk with a cache, and flushes it. QEMU writes each request
    to the file before it says that it is done, so killing QEMU loses only what
    is under way, whatever the mode; "unsafe" only spares the host the flushes.
    A power cut that loses what was not flushed is harness.powercut's work.
    """
    path = str(disk).replace(",", ",,")  # QEMU's quoting
    return (f"file={path},format=raw,cache=unsafe,if={interface},"
            f"index={index},id={interface}{index}")


def end_with_parent():
    """In QEMU before exec: it must not outlive a killed test run."""
    libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)


class Machine(Shell):
    """Boots at once; close() ends it in any case.

    initrd    None: the kernel mounts a disk, as words says (root=/dev/vda1)
    words     appended to the kernel's command line
    files     {path: text or bytes} laid over the initrd, all executable
    removed   names taken out of the initrd
    disks     raw images, written to: /dev/vda, /dev/vdb...
    hda       a raw image, as QEMU's -hda: /dev/sda
    icount    an instruction takes 1 ns, and what waits is waited for at once:
              the guest's times are the same each time
    arguments further arguments of QEMU
    """

    def __init__(self, directory, kernel, initrd, words="", files=None,
                 removed=(), memory=128, disks=(), hda=None, icount=False,
                 arguments=()):
        images = [drive(disk, "virtio", index)
                  for index, disk in enumerate(disks)]
        images += [drive(hda, "ide", 0)] if hda else []
        more = [word for image in images for word in ("-drive", image)]
        if initrd:
            more += ["-initrd", str(make_initrd(directory, initrd, files or {},
                                                removed))]
        serial, serial_end = socket.socketpair()
        control, control_end = socket.socketpair()
        ends = [serial_end.fileno(), control_end.fileno()]
        self._log = open(directory / "qemu.log", "w+")
        self._qemu = subprocess.Popen(
            ["qemu-system-x86_64", "-M", "pc",
             *(ICOUNT if icount else ("-accel", accelerator())),
             "-m", str(memory), "-nodefaults", "-vga", "std",
             "-display", "none", "-no-reboot",
             "-kernel", str(kernel),
             "-append", f"{WORDS} {words}", *more,
             "-chardev", f"socket,id=serial,fd={ends[0]}",
             "-serial", "chardev:serial",
             "-chardev", f"socket,id=control,fd={ends[1]}",
             "-mon", "chardev=control,mode=control", *arguments],
            pass_fds=ends, start_new_session=True, stdin=subprocess.DEVNULL,
            stdout=self._log, stderr=self._log, preexec_fn=end_with_parent)
        serial_end.close()
        control_end.close()
        super().__init__(Console(serial.detach()))
        self._qmp = Qmp(control)

    def expect(self, pattern, seconds=60):
        """As Console.expect; a panic fails at once."""
        def search():
            self._check()
            return self.console.search(pattern)

        return wait.until(search, f"/{pattern}/", self.show, seconds=seconds)

    def _check(self):
        assert "Kernel panic" not in self.console.text(), self.show()

    def qmp(self, command, **arguments):
        return self._qmp.call(command, **arguments)

    def events(self, name):
        """The QMP events of this name so far; "WATCHDOG" is one."""
        return [event for event in self._qmp.events if event["event"] == name]

    def send_keys(self, *names):
        """Presses keys together, as send_keys("ctrl", "alt", "delete")."""
        self.qmp("send-key",
                 keys=[{"type": "qcode", "data": name} for name in names])

    def ended(self, seconds=60):
        """Waits for QEMU's end; POWERED_OFF or REBOOTED.

        A panic looks like a reset, so it is looked for.
        """
        wait.until(lambda: self._qemu.poll() is not None, "end of QEMU",
                   self.show, seconds=seconds)
        self.console.drain()
        wait.until(self._qmp.shutdown_reason, "SHUTDOWN event", self.show)
        self._check()
        return self._qmp.shutdown_reason()

    def wait_exit(self, seconds=60):
        """Waits for QEMU's end, whatever the guest's was: its exit status."""
        wait.until(lambda: self._qemu.poll() is not None, "end of QEMU",
                   self.show, seconds=seconds)
        self.console.drain()
        return self._qemu.returncode

    @property
    def pid(self):
        """QEMU's."""
        return self._qemu.pid

    def is_up(self):
        return self._qemu.poll() is None

    def show(self):
        self._log.seek(0)
        return (f"{self.console.show()}\n--- qemu ---\n{self._log.read()}\n"
                f"{self._qmp.events}")

    def kill(self):
        """Ends QEMU at once: the guest's power is cut."""
        if self._qemu.poll() is None:
            os.kill(self._qemu.pid, signal.SIGKILL)
        self._qemu.wait(10)
        self.console.drain()

    def close(self):
        self.kill()
        self.console.close()
        self._qmp.close()
        self._log.close()
