"""What the words on the kernel's command line, or missing files, change."""

import pytest

from harness.machine import POWERED_OFF
from harness.shell import BOOT, PROMPT

LOOK = ("::sysinit:/bin/cat /proc/sys/kernel/printk\n"
        "::wait:env\n"
        "::once:/sbin/poweroff\n")


@pytest.mark.parametrize("words, expected", [
    ("loglevel=5", "5\t4\t1\t7"), ("debug", "10\t4\t1\t7"),
    ("quiet loglevel=4", "4\t4\t1\t7"),
    ("INIT_PRINTK=3,4,1,6", "3\t4\t1\t6"), ("quiet", "2\t4\t1\t7")])
def test_printk(boot, words, expected):
    machine = boot(words, files={"/etc/inittab": LOOK})
    machine.expect(rf"(?<!\d){expected}\n", BOOT)
    assert machine.ended() == POWERED_OFF


def test_words_become_runlevel_and_environment(boot):
    machine = boot("5 COLOR=blue", files={"/etc/inittab": LOOK})
    machine.expect("going down", BOOT)
    assert machine.ended() == POWERED_OFF
    for expected in ("RUNLEVEL=5", "COLOR=blue", "USER=root", "SHELL=/bin/sh",
                     "PATH=/sbin:/usr/sbin:/bin:/usr/bin", "HOME=/"):
        assert expected in machine.console.lines("^[A-Z]+="), machine.show()


@pytest.mark.parametrize("word", ["single", "1"])
def test_single_user(boot, word):
    machine = boot(word)
    machine.expect(PROMPT, BOOT)
    listing, _ = machine.run("ps")
    assert "getty" not in listing and "acpid" not in listing
    assert machine.run("tty")[0] == "/dev/ttyS0\n"
    assert not machine.console.lines("can't access tty")
    machine.send("poweroff\n")
    assert machine.ended() == POWERED_OFF


def test_the_last_console_is_the_console(boot):
    machine = boot("console=tty0 console=ttyS0 single")
    machine.expect(PROMPT, BOOT)
    assert machine.run("tty")[0] == "/dev/ttyS0\n"


def test_without_inittab_a_shell_waits_on_the_console(boot):
    machine = boot(removed=["etc/inittab"])
    machine.expect("Please press Enter to activate this console", BOOT)
    machine.send("\n")
    machine.expect(PROMPT)
    machine.start_job()
    machine.interrupt()
    job = machine.start_job_in_background()
    machine.continue_job(job)
    machine.interrupt()
    assert machine.run("tty")[0] == "/dev/ttyS0\n"
    assert not machine.console.lines("can't access tty"), machine.show()
    machine.send("poweroff\n")
    assert machine.ended() == POWERED_OFF


@pytest.mark.parametrize("change", [
    {"removed": ["dev/console"]}, {"files": {"/dev/console/": ""}},
    {"files": {"/dev/console": "a file"}}],
    ids=["absent", "a directory", "a file"])
def test_the_initrd_needs_no_console_node(boot, change):
    """A directory in its place: the kernel starts init with nothing open."""
    machine = boot(**change)
    machine.login()
    assert machine.run("cd /proc/1/fd; readlink 0; readlink 1; readlink 2"
                       )[0] == "/dev/console\n" * 3
    machine.send("poweroff\n")
    assert machine.ended() == POWERED_OFF


def test_mount_points_may_be_absent(boot):
    gone = ["proc", "sys", "run", "dev/pts", "dev/shm"]
    machine = boot(removed=gone, files={  # rcS would make them, too
        "/etc/inittab": "::respawn:/sbin/getty -L ttyS0 115200 vt100\n"})
    machine.login()
    assert machine.run("grep -c -e ' /proc ' -e ' /sys ' -e ' /run ' "
                       "-e ' /dev/pts ' -e ' /dev/shm ' /proc/mounts"
                       )[0] == "5\n"


def test_CONSOLE_names_another_terminal(boot):
    machine = boot("CONSOLE=/dev/ttyS0 console=tty0", files={
        "/etc/inittab": "::wait:/bin/echo hello\n::respawn:-/bin/sh\n"})
    machine.expect("hello", BOOT)
    machine.expect(PROMPT)
    machine.send("poweroff\n")
    assert machine.ended() == POWERED_OFF


def test_what_a_script_before_init_left_open_is_closed(boot):
    """Open for writing, it would keep / from ever becoming read-only."""
    machine = boot("rdinit=/before", files={
        "/before": "#!/bin/sh\nexec 5>/log\nexec /sbin/init\n"})
    machine.login()
    assert machine.run("[ -e /log ]")[1] == 0
    assert "/log" not in machine.run("ls -l /proc/1/fd")[0]
