"""A whole machine in trouble: no memory, no devices, no pids, hostile users.

PID 1 survives, whatever can run keeps running, the console names the problem in
a line or so, and a poweroff works. Trouble that needs no machine is in
tests/namespace; test_command_line.py has two more cases: no /dev/console, and
no directories to mount on.
"""

import re

import pytest

from harness import disk, wait
from harness.machine import POWERED_OFF, REBOOTED
from harness.shell import BOOT, PROMPT, run

SERVICE = "::respawn:/bin/sleep 1000\n"
INITTAB = ("::sysinit:/etc/init.d/rcS\n"
           "::respawn:/sbin/getty -L ttyS0 115200 vt100\n"
           "::ctrlaltdel:/sbin/reboot\n" + SERVICE)
SHELL = "::respawn:-/bin/sh\n" + SERVICE  # on the console, and no rcS
DOWN = 60  # s for a shutdown; of the guest it is the grace and no more


def service(machine):
    return run(machine, "pidof sleep").strip()


def is_back(machine, old):
    """Waits until the service is there in another process."""
    run(machine, f"i=0; until n=$(pidof sleep) && [ $n != {old} ] ||"
        " [ $i = 200 ]; do sleep 0.1; i=$((i+1)); done; [ $i != 200 ]")


def comes_back(machine):
    """A killed service lives on in another process."""
    old = service(machine)
    run(machine, f"kill -9 {old}")
    is_back(machine, old)


def powers_off(machine):
    machine.send("poweroff\n")
    assert machine.ended(DOWN) == POWERED_OFF


def said(machine):
    """What init has said."""
    return machine.console.lines("^init: ")


# --- no memory

HOG = "#!/bin/sh\nexec tail /dev/zero\n"  # keeps the last line, which grows
VICTIM = ("#!/bin/sh\necho 1000 >/proc/self/oom_score_adj\nexec sleep 1000\n")
# While the memory of a killed hog is not free yet, the next fork may have another
# process killed: one of these, not the login.
SPARE = ("for i in 1 2 3 4 5 6 7 8; do (echo 200 >/proc/self/oom_score_adj; "
         "exec tail -f /dev/null) & done")


def test_a_memory_hog(boot):
    """40 MB is the least that boots. The OOM killer takes the service with the
    highest oom_score_adj first, and then the hog; a hog that is a service is
    throttled."""
    machine = boot("quiet", memory=40, files={
        "/etc/inittab": INITTAB.replace(SERVICE, "::respawn:/victim\n") +
        "::respawn:[ -e /run/go ] && exec /hog || usleep 900000\n"
        "::respawn:/sbin/acpid -f -l /dev/null\n",
        "/victim": VICTIM, "/hog": HOG})
    machine.login()
    run(machine, SPARE)
    run(machine, "sleep 2")
    old, acpid = service(machine), run(machine, "pidof acpid")
    assert machine.run("/hog")[1] == 128 + 9
    assert run(machine, "dmesg | grep -c 'Killed process .* (sleep)'") >= "1"
    run(machine, "touch /run/go")
    machine.expect("init: '.* /hog .*' was killed by signal 9; it keeps "
                   "failing, so its restarts are delayed\n", BOOT)
    run(machine, "rm /run/go")
    is_back(machine, old)
    assert run(machine, "pidof acpid") == acpid
    assert len(said(machine)) <= 2, machine.show()
    powers_off(machine)


# --- no devices, no filesystems

def test_a_read_only_disk_without_proc_and_sys(boot, make_disk):
    """Each that is missed is named; a service comes back; the disk is clean."""
    gone = ["/proc", "/sys", "/run", "/dev/pts", "/dev/shm"]
    root = make_disk({"/etc/inittab": SHELL}, removed=gone)
    machine = boot("quiet root=/dev/vda1 ro", initrd=False, disks=[root])
    machine.expect(PROMPT, BOOT)
    for name in ("proc on /proc", "sysfs on /sys", "tmpfs on /run"):
        assert len(machine.console.lines(f"^init: can't mount {name}: No such "
                                         "file or directory")) == 1, (
            machine.show())
    assert len(said(machine)) == 3, machine.show()
    assert run(machine, "ls /proc /sys 2>/dev/null; echo no") == "no\n"
    machine.send("init 0\n")  # busybox's poweroff wants a /proc
    assert machine.ended(DOWN) == POWERED_OFF
    assert not disk.complaints(disk.root_of(root)), machine.show()


def static(program):
    """What an initrd has instead, see programs/static.c."""
    return {"/before": program("static"), "/deny": program("deny"),
            "/etc/inittab": SHELL}


def test_without_devtmpfs(boot, program):
    """A static /dev is used as it is."""
    machine = boot("quiet rdinit=/before", files=static(program))
    machine.expect(PROMPT, BOOT)
    lines = said(machine)
    assert lines[0] == "init: can't mount devtmpfs on /dev: No such device"
    assert len(lines) == 4 and all(
        re.match("init: can't mount (devpts|tmpfs) on .*: No such device", line)
        for line in lines[1:]), machine.show()
    comes_back(machine)
    assert "devtmpfs" in run(machine, "dmesg | grep init:")
    powers_off(machine)


def test_without_devtmpfs_proc_and_sys(boot, program):
    machine = boot("quiet rdinit=/before MOUNTED=0", files=static(program))
    machine.expect(PROMPT, BOOT)
    assert len(said(machine)) == 6, machine.show()
    machine.send("poweroff\n")
    assert machine.ended(DOWN) == POWERED_OFF


def test_without_any_device_node(boot, program):
    """No console: nobody hears it, but it starts and ends what it should."""
    machine = boot("quiet rdinit=/before NODES=0", files={
        **static(program), "/etc/inittab":
        "::sysinit:mknod /dev/ttyS0 c 4 64\n::respawn:/bin/sleep 1000\n"
        "ttyS0::respawn:-/bin/sh\n"})
    machine.expect(PROMPT, BOOT)
    comes_back(machine)
    assert run(machine, "echo /proc/$(pidof sleep)/fd/* | sed 's,/[^ ]*/,,g'"
               ) == "0 1 2\n"
    powers_off(machine)


# --- the console

def test_a_stopped_console(boot):
    """Ctrl-S on the serial line, where init speaks and a service does; then
    Ctrl-Alt-Del. A shutdown entry that writes there has its time, no more."""
    machine = boot("quiet INIT_STOP=3", files={
        "/etc/inittab": INITTAB + "::respawn:/hup\n::respawn:/talk\n"
        "::shutdown:/bin/date +%s\n",
        "/hup": "#!/bin/sh\nwhile sleep 0.1; do [ ! -e /run/talk ] || "
        "kill -HUP 1; done\n",
        # fills what the line buffers, 4 kB, while the silence is waited for
        "/talk": "#!/bin/sh\nwhile sleep 0.1; do [ ! -e /run/talk ] || "
        "echo talk; [ ! -e /run/go ] || head -c 500 /dev/zero; done\n"})
    machine.login()
    machine.send("touch /run/talk\n")
    machine.expect("talk\n(.*\n)*.*talk\n")
    machine.expect("reloaded\n")
    machine.send("touch /run/go; echo go\n")
    machine.expect("\0")
    machine.send("\x13")
    wait.until(lambda: is_quiet(machine), "silence", machine.show,
               seconds=BOOT)
    machine.send_keys("ctrl", "alt", "delete")
    assert machine.ended(DOWN) == REBOOTED
    assert not machine.console.lines("init: going down"), machine.show()


def is_quiet(machine):
    before = machine.console.text()
    try:
        wait.stays(lambda: machine.console.text() == before, 2, "")
    except AssertionError:
        return False
    return True


# --- the clock

def test_a_clock_that_jumps_by_years(boot):
    """Nothing starts twice, the pace of a service and the grace stay."""
    machine = boot("quiet INIT_GRACE=3", files={
        "/etc/inittab": INITTAB + "::once:/bin/echo it is once\n"
        "::respawn:/tick\n::respawn:/deaf\n"
        "::shutdown:/bin/date -s 2037-01-01\n",
        "/tick": "#!/bin/sh\nread now idle </proc/uptime\n"
                 "echo $now >>/run/ticks\n",
        "/deaf": "#!/bin/sh\ntrap '' TERM\necho deaf >>/run/starts\n"
                 "while usleep 900000; do :; done\n"})
    machine.login()
    before = service(machine)
    for date in ("2036-01-01", "1971-01-01", "2025-06-01"):
        run(machine, f"date -s {date}; count=$(wc -l </run/ticks); "
            "until [ $(wc -l </run/ticks) -gt $((count + 2)) ]; do sleep 1; "
            "done")
    ticks = [float(line) for line in run(machine, "cat /run/ticks").split()]
    gaps = [later - sooner for sooner, later in zip(ticks, ticks[1:])]
    assert len(ticks) >= 9 and all(0.5 < gap < 10 for gap in gaps), ticks
    assert service(machine) == before
    assert run(machine, "cat /run/starts") == "deaf\n"
    assert len(machine.console.lines("it is once")) == 1, machine.show()
    machine.send("cat /proc/uptime; poweroff\n")
    asked = float(machine.expect(r"\n(\d+\.\d+) \d+\.\d+\n").group(1))
    end = float(machine.expect(r"\[ *(\d+\.\d+)\] reboot: ").group(1))
    assert machine.ended() == POWERED_OFF
    assert 2.8 < end - asked < 10, machine.show()


# --- an ordinary user, without limits but those of the kernel

@pytest.fixture
def user(boot, program):
    """A machine where nobody may do his worst."""
    machine = boot("quiet INIT_GRACE=3", memory=64, files={
        "/etc/inittab": INITTAB, "/bin/nobody": program("nobody")})
    machine.login()
    return machine


def test_a_user_can_neither_signal_init_nor_look_into_it(user):
    """Each signal, and what /proc has of PID 1; root sees that the test
    could tell."""
    before = run(user, "grep -E 'Sig|Shd' /proc/1/status; pidof sleep")
    assert run(user, "nobody signals; nobody look") == "done\ndone\n"
    assert run(user, "grep -E 'Sig|Shd' /proc/1/status; pidof sleep"
               ) == before
    comes_back(user)
    powers_off(user)


def reload_works(machine):
    run(machine, "echo '::respawn:/bin/cat /dev/ptmx' >>/etc/inittab; "
        "kill -HUP 1; until pidof cat; do sleep 1; done")


def test_a_user_opens_all_files_that_there_can_be(user):
    """root is not bound by fs.file-max: a reload works, and all else."""
    user.send("nobody files &\n")
    user.expect("all files are open: (No|Too).*\n", BOOT)
    user.send("\n")
    user.expect(PROMPT)
    reload_works(user)
    assert "init: /etc/inittab reloaded" in said(user), user.show()
    comes_back(user)
    powers_off(user)


def test_a_user_fills_every_tmpfs(user):
    """Bytes and names, wherever he may write."""
    where = run(user, "find / -type d -perm -2 ! -path '/proc/*' 2>/dev/null "
                "| sort").split()
    assert where == ["/dev/shm", "/tmp"]
    filled = run(user, "nobody fill / /run /dev " + " ".join(where))
    assert filled.count("No space left on device") == 2, user.show()
    comes_back(user)
    reload_works(user)
    powers_off(user)


def zombies(machine):
    return int(run(machine, "grep -ls '^State:.Z' /proc/[0-9]*/status | wc -l"))


def test_a_user_makes_orphans_without_end(user):
    """Chains of processes, each a moment long, all of them adopted."""
    user.send("nobody orphans 1\n")
    user.expect("begun\n")
    user.expect(PROMPT)
    comes_back(user)
    comes_back(user)
    # More for a moment: if the host stops the guest while init runs, the
    # kernel takes that for init's own time, and lets the others run first.
    wait.until(lambda: zombies(user) < 100, "few zombies", user.show)
    assert not said(user), user.show()
    powers_off(user)


def test_a_fork_bomb_of_a_user(user):
    """The kernel leaves half of the pids: all goes on, only more slowly."""
    user.send("nobody bomb 1\n")
    user.expect("begun\n")
    user.expect(PROMPT)
    comes_back(user)
    assert not said(user), user.show()
    powers_off(user)


def eat_all_pids(machine):
    """Starts fork bombs of three users, each allowed half of the pids. After
    that, root's shell can run only builtins. Returns the pid of the service
    that it kills."""
    old = service(machine)
    machine.send("nobody bomb 3\n")
    machine.expect("begun\n")
    machine.expect(PROMPT)
    wait.until(lambda: is_full(machine), "no pid", machine.show, seconds=BOOT)
    machine.send(f"kill -9 {old}\n")
    machine.expect("init: can't fork, trying again: Resource temporarily "
                   "unavailable\n")
    wait.stays(machine.is_up, 4, "retries that are not reported", machine.show)
    return old


def is_full(machine):
    """Can't the shell fork?"""
    machine.send("/bin/true\n")
    return "can't" in machine.expect("-sh: can't fork|" + PROMPT).group()


def test_a_fork_bomb_that_leaves_no_pid(user):
    """For nobody in the machine. init lives, and a poweroff needs no pid."""
    eat_all_pids(user)
    user.send("kill -USR2 1\n")
    assert user.ended(DOWN) == POWERED_OFF
    assert len(user.console.lines("can't fork, trying again")) <= 5, (
        user.show())


def test_after_a_fork_bomb_that_left_no_pid_all_comes_back(user):
    """The shell ends all but itself, with it its login; then service and
    getty are there."""
    old = eat_all_pids(user)
    user.send("kill -9 -1\n")
    user.expect("login: ")
    user.send("root\n")
    user.expect(PROMPT)
    is_back(user, old)
    assert len(said(user)) <= 5, user.show()
    powers_off(user)
