"""Starts one program as PID 1 of new namespaces, with a root of its own.

Run as: python3 launcher.py REPORT_FD GATE_FD JSON.  The program is executed as
soon as GATE_FD is at its end.  Writes to REPORT_FD
    pid N        when PID 1 is there (N as the outer namespace sees it)
    status N     when it ended (N as waitpid(2) gives it)
    error TEXT   when the machine could not be made
The kernel starts init with default signals, nothing blocked and three open
descriptors; so does this program, unless the JSON asks for something else.
"""

import ctypes
import json
import os
import resource
import signal
import sys
import traceback

CLONE_NEWNS = 0x00020000  # these: unshare(2)
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
MS_NOSUID, MS_NODEV, MS_NOEXEC = 2, 4, 8  # these: mount(2)
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
PR_SET_PDEATHSIG = 1  # these: prctl(2)
PR_CAPBSET_DROP = 24
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")

libc = ctypes.CDLL(None, use_errno=True)


def call(function, *arguments):
    """A libc function that answers 0, or -1 and errno."""
    arguments = [a.encode() if isinstance(a, str) else a for a in arguments]
    if function(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{function.__name__}{arguments}: "
                              f"{os.strerror(number)}")


def mount(source, target, kind=None, flags=0, options=None):
    call(libc.mount, source, target, kind, ctypes.c_ulong(flags), options)


def bind(source, target):
    """Makes a file or directory appear at target, which is made if absent."""
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        open(target, "a").close()
    mount(source, target, flags=MS_BIND | MS_REC)


def unshare_all():
    """New namespaces; without root in a user namespace where we are root."""
    flags = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID
    uid, gid = os.geteuid(), os.getegid()
    if uid == 0:
        call(libc.unshare, flags)
        return
    call(libc.unshare, flags | CLONE_NEWUSER)
    for name, text in (("setgroups", "deny"), ("uid_map", f"0 {uid} 1"),
                       ("gid_map", f"0 {gid} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def make_root(plan):
    """Mounts the test's directory, the shared userland, /proc and /dev."""
    root = plan["root"]
    mount("none", "/", flags=MS_REC | MS_PRIVATE)
    mount(root, root, flags=MS_BIND)
    for directory in ("bin", "sbin", "usr"):
        bind(f"{plan['userland']}/{directory}", f"{root}/{directory}")
    mount("proc", f"{root}/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    mount("dev", f"{root}/dev", "tmpfs", MS_NOSUID, "mode=755")
    os.mkdir(f"{root}/dev/pts")
    mount("devpts", f"{root}/dev/pts", "devpts", MS_NOSUID,
          "newinstance,ptmxmode=666")
    os.symlink("pts/ptmx", f"{root}/dev/ptmx")
    for name in DEVICES:
        bind(f"/dev/{name}", f"{root}/dev/{name}")
    for name, path in plan["ttys"].items():
        bind(path, f"{root}/dev/{name}")
    os.chroot(root)
    os.chdir(plan["cwd"])


def set_signals(plan):
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_DFL)
    for number in plan["ignore"]:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, plan["block"])


def say_error(report):
    text = json.dumps(traceback.format_exc())
    os.write(report, f"error {text}\n".encode())


def become_init(plan, report, gate):
    """In the child: never returns."""
    try:
        call(libc.prctl, PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        # One description for each path, as ">log 2>&1" has it.
        opened = {path: path and os.open(path, os.O_RDWR | os.O_NOCTTY)
                  for path in plan["stdio"]}
        stdio = [opened[path] for path in plan["stdio"]]
        make_root(plan)
        for capability in plan["drop"]:
            call(libc.prctl, PR_CAPBSET_DROP, capability, 0, 0, 0)
        os.umask(plan["umask"])
        set_signals(plan)
        os.read(gate, 1)
        place_stdio(stdio, plan["further"], report)
        resource.setrlimit(resource.RLIMIT_NOFILE, (plan["nofile"], 1024))
        os.execve("/init", plan["argv"], plan["env"])
    except BaseException:
        say_error(report)
        os._exit(70)


def place_stdio(stdio, further, report):
    """Puts the descriptors at 0 to 2; None leaves that one closed."""
    high = [None if fd is None else os.dup2(fd, 200 + number)
            for number, fd in enumerate(stdio)]
    for number, fd in enumerate(high):
        if fd is None:
            os.close(number)
        else:
            os.dup2(fd, number, inheritable=True)
    for fd in further:
        os.dup2(os.open("/dev/null", os.O_RDONLY), fd, inheritable=True)
    for fd in set(range(3, 256)) - {report, *further}:
        try:
            os.close(fd)
        except OSError:
            pass


def main():
    report, gate = int(sys.argv[1]), int(sys.argv[2])
    plan = json.loads(sys.argv[3])
    os.set_inheritable(report, False)
    call(libc.prctl, PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    try:
        unshare_all()
    except OSError:
        say_error(report)
        return
    # A signal sent to the child from now on waits until set_signals().
    signal.pthread_sigmask(signal.SIG_SETMASK, signal.valid_signals())
    pid = os.fork()
    if pid == 0:
        become_init(plan, report, gate)
    os.write(report, f"pid {pid}\n".encode())
    _, status = os.waitpid(pid, 0)
    os.write(report, f"status {status}\n".encode())


main()
