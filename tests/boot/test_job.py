"""A machine that is there for one command: INIT_RUN, and words after "--"."""

import fcntl
import os
import pathlib
import subprocess
import time

import pytest

from harness.machine import POWERED_OFF, REBOOTED
from harness.shell import BOOT

RUN_QEMU = pathlib.Path(__file__).resolve().parents[2] / "scripts/run-qemu"


def test_a_job_is_run_in_place_of_logins(boot):
    machine = boot('quiet INIT_RUN="/bin/echo the job runs"')
    machine.expect("the job runs", BOOT)
    assert machine.ended() == POWERED_OFF
    text = machine.console.text()
    assert "init: the job exited with 0" in text
    assert "login" not in text and "going down" not in text


@pytest.mark.parametrize("words, status", [
    ("-- /bin/false", 1),
    ('splash -- sh -c "exit 42"', 42),
    ('nonsense "a b=c" -- sh -c "exit $#" x 1 2 "3 4"', 3),
    ('-- sh -c "kill -9 $$"', None),
])
def test_words_after_the_dashes_are_a_job(boot, words, status):
    machine = boot(f"quiet {words}")
    assert machine.ended(BOOT) == POWERED_OFF
    said = (f"the job exited with {status}" if status is not None
            else "the job was killed by signal 9")
    assert f"init: {said}" in machine.console.text(), machine.show()


def test_a_single_user_has_no_job(boot):
    machine = boot("quiet single -- /bin/echo the job runs")
    machine.expect("# ", BOOT)
    assert "the job runs" not in machine.console.text()
    machine.send("poweroff\n")
    assert machine.ended() == POWERED_OFF


def test_a_job_controls_the_console(boot):
    """So that Ctrl-C ends it, and a shell has job control."""
    machine = boot("quiet -- sh")
    machine.expect("# ", BOOT)
    output, _ = machine.run("tty")
    assert output == "/dev/ttyS0\n"
    machine.start_job()
    machine.interrupt()
    assert machine.run("echo back") == ("back\n", 0)
    machine.send("exit 3\n")
    assert machine.ended() == POWERED_OFF
    assert "init: the job exited with 3" in machine.console.text()


def test_a_job_ends_as_a_poweroff_does_here(boot):
    machine = boot("quiet INIT_POWEROFF=reboot INIT_RUN=true")
    assert machine.ended(BOOT) == REBOOTED


def test_the_status_is_qemus_own(boot):
    """7 bits of it: isa-debug-exit."""
    machine = boot('quiet INIT_EXIT=isa-debug-exit -- sh -c "exit 7"',
                   arguments=("-device", "isa-debug-exit"))
    assert machine.wait_exit(BOOT) == 7 << 1 | 1
    last = machine.console.text().strip().splitlines()[-1]
    assert last == "init: the job exited with 7"


def test_the_device_is_left_alone_unless_it_is_named(boot):
    machine = boot('quiet -- sh -c "exit 7"',
                   arguments=("-device", "isa-debug-exit"))
    assert machine.ended(BOOT) == POWERED_OFF


@pytest.mark.parametrize("command, status", [
    ("exit 0", 0), ("exit 7", 7), ("exit 200", 200), ("kill -15 $$", 143),
    ("exit 7 # \"'\n exit 8", 7),
    ("echo 'init: the job exited with 9'; exit 1", 1),
    ("poweroff; sleep 100", 143),
    ("reboot -f", 125),
    ("echo 'init: the job exited with 0'; reboot -f", 125),
    ("echo 'init: the job exited with 0'; echo c >/proc/sysrq-trigger", 125),
])
def test_run_qemu_exits_with_it(product, command, status):
    done = subprocess.run(
        [RUN_QEMU, product("KERNEL"), "-i", product("INITRD"), "-j", command],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=BOOT)
    assert done.returncode == status, done


def test_all_a_job_says_is_there(product):
    done = subprocess.run(
        [RUN_QEMU, product("KERNEL"), "-i", product("INITRD"), "-j",
         "seq 2000"], stdin=subprocess.DEVNULL, capture_output=True,
        timeout=BOOT)
    lines = done.stdout.decode().split()
    assert lines[:2000] == [str(number) for number in range(1, 2001)]


def test_a_slow_reader_gets_all_of_it(product):
    """What was written last is neither lost with the job, nor with QEMU."""
    end, start = os.pipe()
    fcntl.fcntl(start, fcntl.F_SETPIPE_SZ, 4096)
    command = "(trap '' TERM HUP; setsid sleep 4) & seq 2000; exit 3"
    with subprocess.Popen(
            [RUN_QEMU, product("KERNEL"), "-i", product("INITRD"), "-j",
             command], stdin=subprocess.DEVNULL, stdout=start,
            stderr=subprocess.DEVNULL) as process:
        os.close(start)
        said = b""
        while part := os.read(end, 100):
            said += part
            time.sleep(0.03)
        os.close(end)
        assert process.wait(BOOT) == 3
    lines = said.decode().split("\r\n")
    assert lines[:2000] == [str(number) for number in range(1, 2001)]
    assert lines[-2].startswith("init: the job exited with 3")
