"""One boot to the prompt of root; what can be seen from there.

The tests share the machine: none of them ends it.
"""

import hashlib
import re

import pytest

from harness import wait
from harness.shell import PROMPT, run

FSTYPES = {"/proc": "proc", "/sys": "sysfs", "/dev": "devtmpfs",
           "/dev/pts": "devpts", "/dev/shm": "tmpfs", "/run": "tmpfs"}


@pytest.fixture(scope="module")
def machine(boot_for_module, program):
    machine = boot_for_module(files={"/bin/orphans": program("orphans")})
    machine.login()
    return machine


def lines(machine, command):
    return run(machine, command).splitlines()


def test_root_logs_in_without_a_password(machine):
    assert lines(machine, "id -u") == ["0"]
    assert lines(machine, "pwd") == ["/root"]


def test_the_status_of_a_command_is_seen(machine):
    """The harness's own: a failure in the guest does not go unseen."""
    assert machine.run("echo one; false") == ("one\n", 1)


def test_ps_shows_init_as_pid_1(machine):
    first = [line for line in lines(machine, "ps") if line.split()[0] == "1"]
    assert len(first) == 1 and "init" in first[0]


def test_pid_1_is_our_init(machine, product):
    ours = hashlib.sha256(product("INIT").read_bytes()).hexdigest()
    assert lines(machine, "sha256sum /proc/1/exe")[0].split()[0] == ours


def test_the_start_script_succeeded(machine):
    assert not machine.console.lines("rcS:"), machine.show()


def test_nothing_was_complained_about(machine):
    pattern = "inittab|cannot|can't|No such file|not found|failed"
    text = machine.console.text()
    early = text[:text.index("login: ")]
    assert not re.search(rf"init: .*({pattern})", early), early


def test_the_host_has_its_name(machine):
    assert lines(machine, "hostname") == lines(machine, "cat /etc/hostname")


def test_loopback_is_up(machine):
    assert any("127.0.0.1" in line for line in lines(machine, "ifconfig lo"))


def mounts(machine, point):
    """Type and options of each mount at this place."""
    entries = [line.split() for line in lines(machine, "cat /proc/mounts")]
    return [(entry[2], entry[3].split(",")) for entry in entries
            if entry[1] == point]


@pytest.mark.parametrize("point", FSTYPES)
def test_each_filesystem_is_mounted_once(machine, point):
    assert [kind for kind, _ in mounts(machine, point)] == [FSTYPES[point]]


@pytest.mark.parametrize("point, expected", [
    ("/proc", {"nosuid", "nodev", "noexec"}),
    ("/sys", {"nosuid", "nodev", "noexec"}),
    ("/dev", {"nosuid"}),
    ("/dev/pts", {"nosuid", "noexec", "mode=620", "ptmxmode=666", "gid=5"}),
    ("/dev/shm", {"nosuid", "nodev"}),
    ("/run", {"nosuid", "nodev", "mode=755"})])
def test_mount_options(machine, point, expected):
    options = set(mounts(machine, point)[0][1])
    assert expected <= options


@pytest.mark.parametrize("point, mode", [
    ("/dev/shm", "drwxrwxrwt"), ("/run", "drwxr-xr-x"),
    ("/dev", "drwxr-xr-x"), ("/dev/pts", "drwxr-xr-x")])
def test_modes_of_mount_points(machine, point, mode):
    assert lines(machine, f"ls -ld {point}")[0].split()[0] == mode


def test_a_user_cannot_fill_memory_through_shm(machine):
    memory = int(lines(machine, "grep MemTotal /proc/meminfo")[0].split()[1])
    size = int(lines(machine, "df -k /dev/shm")[-1].split()[1])
    assert size <= memory // 2
    options = mounts(machine, "/dev/shm")[0][1]
    assert any(option.startswith("size=") for option in options)
    assert any(option.startswith("nr_inodes=") for option in options)


@pytest.mark.parametrize("point", ["/run", "/dev"])
def test_the_size_of_a_filesystem_in_memory_is_limited(machine, point):
    options = mounts(machine, point)[0][1]
    assert any(option.startswith("size=") for option in options)


def test_the_kernel_is_quiet_on_the_console(machine):
    assert lines(machine, "cat /proc/sys/kernel/printk")[0].split() == [
        "2", "4", "1", "7"]


def test_four_screens_have_gettys(machine):
    listing = lines(machine, "ps")
    for number in range(1, 5):
        assert [line for line in listing
                if re.search(rf"getty.*\btty{number}\b", line)], listing


def test_the_gettys_hold_their_screens(machine):
    for number in range(1, 5):
        pid = getty(machine, f"tty{number}")
        assert lines(machine, f"readlink /proc/{pid}/fd/0") == [
            f"/dev/tty{number}"]


def getty(machine, tty):
    """The pid of the getty on this terminal, or None."""
    for line in lines(machine, "ps"):
        if re.search(rf"getty.*\b{tty}\b", line):
            return int(line.split()[0])
    return None


def test_a_killed_getty_comes_back(machine):
    first = getty(machine, "tty3")
    machine.run(f"kill -9 {first}")
    second = wait.until(lambda: getty(machine, "tty3"), "a getty",
                        machine.show)
    assert second != first


def test_the_console_is_the_real_device(machine):
    assert lines(machine, "tty") == ["/dev/ttyS0"]


def test_ctrl_c_interrupts(machine):
    machine.start_job()
    machine.interrupt()
    assert machine.run("jobs; pidof sleep") == ("", 1)


def test_ctrl_z_and_fg(machine):
    job = machine.start_job()
    machine.stop_job()
    machine.continue_job(job)
    machine.interrupt()
    assert machine.run("jobs") == ("", 0)


def test_a_job_in_the_background(machine):
    job = machine.start_job_in_background()
    assert "Running" in run(machine, "jobs")
    machine.continue_job(job)
    machine.interrupt()
    assert machine.run("jobs") == ("", 0)


def test_the_shell_has_its_terminal(machine):
    assert not machine.console.lines("can't access tty"), machine.show()


def test_initctl_has_nothing_to_say_of_the_inittab(machine):
    assert run(machine, "initctl check /etc/inittab") == ""
    output, status = machine.run("echo '::respwan:x' | initctl check -")
    assert status == 1 and "did you mean 'respawn'?" in output


def test_ten_thousand_orphans_are_reaped(machine):
    assert machine.run("orphans 10000", 300)[1] == 0
    wait.until(lambda: zombies(machine) == 0, "no zombie", machine.show,
               seconds=60)


def zombies(machine):
    return int(lines(machine, "grep -ls '^State:.Z' /proc/[0-9]*/status "
                              "| wc -l")[0])


def test_idle_init_does_not_run(machine):
    command = "grep ctxt_switches /proc/1/status"
    machine.run("sleep 1")  # the dust of earlier tests settles
    before = lines(machine, command)
    machine.run("sleep 8")
    assert lines(machine, command) == before


def test_init_is_small_in_memory(machine):
    """At most 100 kB. VmRSS is counted in batches of pages, and too late."""
    line = lines(machine, "grep ^Rss: /proc/1/smaps_rollup")[0]
    assert int(line.split()[1]) <= 100


def test_init_listens_to_nobody(machine):
    """No descriptor of PID 1 is a socket, a pipe or a FIFO."""
    assert machine.run("for f in /proc/1/fd/*; do [ -p $f ] || [ -S $f ] &&"
                       " echo $f; done; true") == ("", 0)


def test_no_service_listens_on_the_network(machine):
    assert not [line for line in lines(machine, "netstat -ln")
                if re.match("tcp|udp|raw", line)]
