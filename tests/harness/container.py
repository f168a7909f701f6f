"""Init as PID 1 of namespaces: a machine without a VM, in 20 ms.

Its root is an ordinary directory, so that a test reads and writes the files of
the machine by path(), also when the machine has ended.  /bin, /sbin and /usr
are one userland of busybox links, made once.  reboot(2) in a PID namespace
ends its init: wait_end() answers SIGHUP for a restart, SIGINT for halt and
poweroff (reboot(2), "Behavior inside PID namespaces").
"""

import collections
import contextlib
import ctypes
import json
import os
import pathlib
import pty
import shutil
import signal
import subprocess
import sys
import time

from . import wait
from .console import Console

LAUNCHER = pathlib.Path(__file__).with_name("launcher.py")
REBOOTED, STOPPED = "SIGHUP", "SIGINT"  # how reboot(2) ends PID 1
UNTIL_GO = "until [ -e /go ]; do sleep 0.1; done"  # of a script: waits for go()
BEFORE_KILL = 8  # s, of a grace of 10: PLAN_GRACE of init/core/plan.h
CAP_SYS_BOOT = 22  # capabilities(7)

REQUEST, REQUEST_VERB_SHIFT = 40, 28
STOP, START, RESTART = 2, 3, 4  # enum verb

libc = ctypes.CDLL(None, use_errno=True)

# /t WORDS...: appends "SECONDS WORDS" to /trace in one write.
TRACE = '#!/bin/sh\nread now idle </proc/uptime\necho "$now $*" >>/trace\n'

Event = collections.namedtuple("Event", "time text")
Process = collections.namedtuple(
    "Process", "pid inner parent state session command")


def make_userland(directory, busybox):
    """bin, sbin and usr with a link for each applet, as --list-full says."""
    for name in ("bin", "sbin", "usr/bin", "usr/sbin"):
        (directory / name).mkdir(parents=True)
    shutil.copy(busybox, directory / "bin/busybox")
    applets = subprocess.run([busybox, "--list-full"], check=True, text=True,
                             capture_output=True).stdout.split()
    for applet in applets:
        if not (directory / applet).exists():
            (directory / applet).symlink_to("/bin/busybox")
    return directory


def plain_environment():
    """What the kernel gives to init."""
    return {"HOME": "/", "TERM": "linux"}


class Container:
    """One init, started by the constructor; close() ends whatever is left.

    inittab   text of /etc/inittab; None: no such file
    argv      of init; env: its environment, whole
    files     {path: text or bytes} made before the start, all executable
    ttys      names under /dev, each a pty of its own: see .ttys[name]
    stdio     for each of 0 to 2: "pty" (the console), "null", None (closed),
              "file" (/log)
    further   descriptors above 2 that are open at birth
    block     signals blocked at birth; ignore: ignored; drop: capabilities
    gate      init is not executed before open_gate()
    nofile    its limit of descriptors
    """

    def __init__(self, directory, init, userland, inittab, argv=("init",),
                 env=None, files=None, ttys=(), stdio=("pty",) * 3, further=(),
                 block=(), ignore=(), drop=(), umask=0o022, cwd="/",
                 gate=False, nofile=1024):
        self.root = directory
        self.pid = None
        self._said = ""
        self._slaves = []
        self._make_files(init, inittab, files or {})
        self.console, console_path = self._open_tty("console")
        self.ttys, paths = {}, {"console": console_path}
        for name in ttys:
            self.ttys[name], paths[name] = self._open_tty(name)
        self.tty_paths = paths  # where they are, seen from here
        self.write("/log", "")
        ends = {"pty": console_path, "null": "/dev/null", None: None,
                "file": str(self.root / "log")}
        self._launch({
            "root": str(directory), "userland": str(userland),
            "argv": list(argv), "ttys": paths,
            "env": plain_environment() if env is None else env,
            "stdio": [ends[end] for end in stdio],
            "further": list(further), "drop": list(drop),
            "block": [int(number) for number in block],
            "ignore": [int(number) for number in ignore],
            "umask": umask, "cwd": cwd, "nofile": nofile,
        })
        if not gate:
            self.open_gate()

    def _make_files(self, init, inittab, files):
        for name in ("dev", "proc", "etc", "tmp", "root"):
            (self.root / name).mkdir(parents=True)
        shutil.copy(init, self.root / "init")
        self.write("/t", TRACE)
        self.write("/trace", "")
        if inittab is not None:
            self.write("/etc/inittab", inittab)
        for path, text in files.items():
            self.write(path, text)

    def _open_tty(self, name):
        """A pty; its slave stays open here, or reading would end at once."""
        master, slave = pty.openpty()
        self._slaves.append(slave)
        return Console(master, name), os.ttyname(slave)

    def _launch(self, plan):
        ours, theirs = os.pipe()
        gate, self._gate = os.pipe()
        self._launcher = subprocess.Popen(
            [sys.executable, str(LAUNCHER), str(theirs), str(gate),
             json.dumps(plan)],
            pass_fds=[theirs, gate], stdin=subprocess.DEVNULL)
        os.close(theirs)
        os.close(gate)
        os.set_blocking(ours, False)
        self._report = ours
        self.started = uptime()
        self.pid = int(wait.until(lambda: self._reported("pid"),
                                  "the namespaces"))

    def _reported(self, word):
        """What the launcher said after this word, or None."""
        try:
            self._said += os.read(self._report, 65536).decode()
        except BlockingIOError:
            pass
        said = dict(line.split(" ", 1) for line in self._said.splitlines())
        if "error" in said:
            raise wait.HarnessError(json.loads(said["error"]))
        return said.get(word)

    # What a test asks for.

    def open_gate(self):
        """Lets init begin."""
        os.close(self._gate)

    def go(self):
        """Lets a script go on that has UNTIL_GO."""
        self.write("/go", "")

    def signal(self, number):
        """Sends init a signal from outside, where SIGKILL works too."""
        os.kill(self.pid, number)

    def request(self, verb, number):
        """Asks init something about an entry: a queued signal
        (init/core/request.h)."""
        value = ctypes.c_void_p(verb << REQUEST_VERB_SHIFT | number)
        assert libc.sigqueue(self.pid, REQUEST, value) == 0, ctypes.get_errno()

    def wait_end(self, seconds=BEFORE_KILL):
        """Waits until init has ended: "SIGINT", "exit 0"...

        If no time is given, less than the grace: nothing ignored TERM.
        """
        status = int(wait.until(lambda: self._reported("status"),
                                "end of init", self.show, seconds=seconds))
        self._reported("status")
        if os.WIFSIGNALED(status):
            return signal.Signals(os.WTERMSIG(status)).name
        return f"exit {os.WEXITSTATUS(status)}"

    def ended(self):
        return self._reported("status") is not None

    def wait_for(self, pattern, seconds=wait.PATIENCE):
        """Waits for a regular expression on the console."""
        return self.console.expect(pattern, seconds)

    def trace(self):
        """What scripts said with /t: events with .time and .text."""
        events = []
        for line in self.read("/trace").splitlines():
            seconds, text = line.split(" ", 1)
            events.append(Event(float(seconds), text))
        return events

    def said(self):
        """The texts of the trace, in order."""
        return [event.text for event in self.trace()]

    def times(self, text):
        """When this was said: seconds since boot of the host."""
        return [event.time for event in self.trace() if event.text == text]

    def wait_said(self, text, seconds=wait.PATIENCE, count=1):
        """Waits until this was said (count times); answers when, each time."""
        wait.until(lambda: len(self.times(text)) >= count,
                   f"{count} times '{text}' in the trace", self.show,
                   seconds=seconds)
        return self.times(text)

    def processes(self):
        """Every process of the namespace but init, zombies too."""
        mine = namespace(self.pid)
        found = []
        if mine is None:  # it has ended
            return found
        for name in os.listdir("/proc"):
            if name.isdigit() and int(name) != self.pid:
                process = look(int(name), mine)
                found += [process] if process else []
        return sorted(found)

    def children(self):
        """The children of init."""
        return [p for p in self.processes() if p.parent == self.pid]

    def find(self, command):
        """The processes with this text in their command line."""
        return [p for p in self.processes() if command in p.command]

    def wait_process(self, command, seconds=wait.PATIENCE):
        """Waits for exactly one process with this text in its command line."""
        def only():
            found = self.find(command)
            return found if len(found) == 1 else None

        return wait.until(only, f"one process '{command}'", self.show,
                          seconds=seconds)[0]

    def wait_gone(self, pid, seconds=wait.PATIENCE):
        """Waits until this process was reaped."""
        wait.until(lambda: not os.path.exists(f"/proc/{pid}"),
                   f"pid {pid} reaped", self.show, seconds=seconds)

    def zombies(self):
        return [p for p in self.processes() if p.state == "Z"]

    def status(self):
        """Init's /proc/PID/status as a dict."""
        return dict(line.split(":\t", 1) for line in pathlib.Path(
            f"/proc/{self.pid}/status").read_text().splitlines())

    def state_path(self):
        """Where init's state can be opened."""
        directory = f"/proc/{self.pid}/fd"
        for fd in os.listdir(directory):
            if os.readlink(f"{directory}/{fd}").startswith("/memfd:init"):
                return f"{directory}/{fd}"
        raise AssertionError("no memfd")

    def path(self, name):
        """Where a file of the machine lies here."""
        return self.root / name.lstrip("/")

    def read(self, name):
        return self.path(name).read_text()

    def write(self, name, text):
        """Makes or replaces a file, in one step."""
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(path.name + ".new")
        beside.write_bytes(text if isinstance(text, bytes) else text.encode())
        beside.chmod(0o755)
        beside.rename(path)

    def reload(self, inittab):
        """Writes a new inittab and sends SIGHUP."""
        self.write("/etc/inittab", inittab)
        self.signal(signal.SIGHUP)

    def run(self, *argv, seconds=wait.PATIENCE):
        """Runs a command inside, beside init; answers as subprocess.run."""
        user = ([] if os.geteuid() == 0
                else ["--user", "--preserve-credentials"])
        return subprocess.run(
            ["nsenter", f"--target={self.pid}", *user, "--mount", "--pid",
             "--root", "--wd", *argv], env=plain_environment(), text=True,
            capture_output=True, stdin=subprocess.DEVNULL, timeout=seconds)

    def show(self):
        """For failure messages."""
        trace = "\n".join(f"{event.time - self.started:8.2f} {event.text}"
                          for event in self.trace()[-60:])
        processes = "\n".join(map(str, self.processes()[:30]))
        return (f"{self.console.show()}\n--- trace ---\n{trace}\n"
                f"--- processes ---\n{processes}")

    def close(self):
        """Ends init, and with it everything in its namespace."""
        if self.pid is not None and not self.ended():
            with contextlib.suppress(ProcessLookupError):  # it has just ended
                os.kill(self.pid, signal.SIGKILL)
        self._launcher.wait(10)
        os.close(self._report)
        for tty in [self.console, *self.ttys.values()]:
            tty.close()
        for slave in self._slaves:
            os.close(slave)


def uptime():
    """The clock of the trace."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def namespace(pid):
    """Names the PID namespace of a process; None when it is a zombie."""
    try:
        return os.readlink(f"/proc/{pid}/ns/pid")
    except OSError:
        return None


def look(pid, mine):
    """The process, if it is one of this PID namespace, else None."""
    where = namespace(pid)
    if where not in (mine, None):
        return None
    directory = pathlib.Path("/proc", str(pid))
    try:
        status = dict(line.split(":\t", 1) for line in
                      (directory / "status").read_text().splitlines())
        command = (directory / "cmdline").read_bytes().decode().replace("\0", " ")
        session = int((directory / "stat").read_text().rsplit(")")[1].split()[3])
    except (OSError, ValueError):  # it ended meanwhile
        return None
    inner, parent = status["NSpid"].split()[-1], int(status["PPid"])
    if where is None and namespace(parent) != mine:
        return None
    return Process(pid, int(inner), parent, status["State"][0], session,
                   command.strip())
