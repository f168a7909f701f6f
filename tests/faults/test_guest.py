"""The same on a machine, where the shutdown is longer: its disks are to be left
clean, whatever instruction of that fails.

Nobody is left there who could follow init, so what is executed there is made no
instruction before (inject PID poke): a fault comes if it is ever reached.
"""

import os
import random
import re
import subprocess

import pytest

from harness import disk, fault
from harness.machine import POWERED_OFF

FAULTS = int(os.environ.get("FAULTS") or 50)
SEED = int(os.environ.get("SEED") or random.randrange(1 << 32))

INITTAB = """\
::sysinit:/etc/init.d/rcS
::once:/writers
ttyS0::respawn:/sbin/getty -L ttyS0 115200 vt100
::respawn:/bin/sleep 1001
"""
WRITERS = """#!/bin/sh
mount /dev/vdb /mnt
mkdir -p /mnt/busy /var/busy
writer -p 50 -m /run/root /var/busy &
writer -p 50 -m /run/disk /mnt/busy &
"""

# Of the last part of the shutdown, and of nothing before it: the functions of its
# phases (plan_shutdown_next()), and what they call.
PHASES = "plan_work_on_disks call_reboot wait_for_end".split()
LATE = PHASES + (
    "next_disk_phase enter_disk_phase give_up has_hung first_phase_of_pass "
    "phase_has_list plan_self_executed plan_disk_progress plan_disk_task_done "
    "plan_disk_io_sampled plan_task_started mount_release_all read_objects "
    "add_object release_object read_line mountinfo_feed "
    "mount_log_remaining").split()


@pytest.fixture
def machine(boot, make_disk, program):
    root = make_disk({"/etc/inittab": INITTAB, "/writers": WRITERS,
                      "/bin/writer": program("writer"),
                      "/bin/inject": program("inject")})
    second = make_disk.ext3()
    machine = boot("root=/dev/vda1", initrd=False, disks=[root, second])
    machine.disks = [disk.root_of(root), second]
    machine.login()
    machine.run("until [ -e /run/root ] && [ -e /run/disk ]; do sleep 0.1; done")
    return machine


def instructions(init, names):
    """[(address, function)] of these functions, as far as they are there:
    others have become parts of their callers."""
    code = subprocess.run(["objdump", "-dw", f"{init}.debug"], check=True,
                          text=True, capture_output=True).stdout
    found, function = [], ""
    for line in code.splitlines():
        head = re.match(r"[0-9a-f]+ <([^.>]+)", line)
        function = head[1] if head else function
        match = re.match(r" +([0-9a-f]+):\t", line)
        if match and function in names:
            found.append((int(match[1], 16), function))
    return found


def test_faults_of_a_running_machine(machine, product, record_property):
    """Four of them; services keep their pids, and all goes on."""
    dice = random.Random(f"{SEED}-guest")
    names = fault.functions(product("INIT"))
    before, _ = machine.run("pidof sleep writer getty login")
    for count in range(1, 5):
        kind = fault.word(product("INIT"), dice.choice(fault.KINDS))
        # what init says of it comes before the prompt, not after it
        output, status = machine.run(
            "rm -f /tmp/said; "
            f"inject 1 {kind} 1 {dice.randrange(1200)} >/tmp/said & "
            "until [ -s /tmp/said ]; do sleep 0.1; done;"
            " kill -WINCH 1; (true &); wait; until [ $(dmesg | grep -c "
            f"'init: survived') = {count} ]; do sleep 0.1; done; sleep 0.5;"
            " cat /tmp/said")
        assert status == 0, machine.show()
        match = fault.DONE.search(output.replace("\r", ""))
        assert match, output
        address = int(match[3], 16)
        record_property("fault", {
            "kind": match[1], "phase": "run, on a machine",
            "function": fault.function_at(names, address)})
    assert machine.run("pidof sleep writer getty login")[0] == before
    text = machine.console.text()
    assert len(re.findall("init: survived signal", text)) == 4
    machine.run("kill -9 $(pidof sleep); sleep 1.5; pidof sleep | grep .")
    machine.send("poweroff\n")
    assert machine.ended() == POWERED_OFF
    assert not any(map(disk.complaints, machine.disks)), machine.show()


def test_a_fault_while_init_goes_on_from_memory(machine, product,
                                                record_property):
    """Its file is deleted: it must not be what keeps / from being clean."""
    address = fault.address_of(product("INIT"), "dup3")
    _, status = machine.run(f"rm /sbin/init; inject 1 poke {address:#x}")
    assert status == 0, machine.show()
    machine.send("poweroff\n")
    assert machine.ended(90) == POWERED_OFF
    assert machine.console.lines(
        f"init: survived signal 4 at {address:#x} in phase release-self")
    record_property("fault", {
        "kind": "no instruction there", "phase": "release-self",
        "function": "dup3"})
    assert not any(map(disk.complaints, machine.disks)), machine.show()


@pytest.mark.parametrize("number", range(max(1, FAULTS // 60)))
def test_a_fault_during_shutdown(machine, product, record_property, number):
    dice = random.Random(f"{SEED}-down-{number}")
    found = instructions(product("INIT"), LATE)
    assert {function for _, function in found} >= set(PHASES)
    address, function = dice.choice(found)
    print(f"SEED={SEED} {function} {address:#x}")
    _, status = machine.run(f"inject 1 poke {address:#x}")
    assert status == 0, machine.show()
    machine.send("poweroff\n")
    assert machine.ended(90) == POWERED_OFF
    match = re.search(
        rf"init: survived signal 4 at {address:#x} in phase ([\w-]+)",
        machine.console.text())
    if match:
        record_property("fault", {
            "kind": "no instruction there", "phase": match[1],
            "function": function})
    assert not any(map(disk.complaints, machine.disks)), machine.show()
