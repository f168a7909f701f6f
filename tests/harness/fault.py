"""Faults of init: programs/inject.c changes its registers, the CPU does the rest.
"""

import bisect
import os
import re
import select
import signal
import subprocess

KINDS = ["jump-to-0", "jump-to-nowhere", "no-stack", "stack-overflow",
         "stack-nowhere", "no-instruction", "division", "breakpoint", "abort",
         "smashed-stack"]

# What it says of a fault.
DONE = re.compile(r"^inject: (\S+) (\d+) 0x([0-9a-f]+) (\d+)$", re.M)


class Injector:
    """One fault, which comes when it is time for it."""

    def __init__(self, program, pid, *words):
        self._process = subprocess.Popen(
            [program, str(pid), *map(str, words)], bufsize=0,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        ready, _, _ = select.select([self._process.stdout], [], [], 10)
        assert ready, "inject says nothing"
        self._said = self._process.stdout.read(4096)

    def result(self, seconds=35):
        """(kind, signal, address, steps), or None: init ended before, or
        did not wake up so often within 30 s."""
        try:
            said, _ = self._process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        said = (self._said + said).decode()
        match = DONE.search(said)
        if not match:
            assert self._process.returncode in (3, -signal.SIGALRM), said
            return None
        return match[1], int(match[2]), int(match[3], 16), int(match[4])


def symbols(init, kinds):
    """[(address, name)] of what nm(1) calls so, in order."""
    nm = subprocess.run(["nm", f"{init}.debug"], check=True, text=True,
                        capture_output=True).stdout
    return sorted((int(address, 16), name) for address, kind, name in
                  (line.split() for line in nm.splitlines()) if kind in kinds)


def functions(init):
    """[(address, name)] of what init is made of."""
    return symbols(init, "tTwW")


def function_at(names, address):
    """Which of functions() has this instruction."""
    index = bisect.bisect(names, (address + 1, "")) - 1
    return names[index][1]


def poke(pid, address, data):
    """Writes into the memory of a process."""
    memory = os.open(f"/proc/{pid}/mem", os.O_WRONLY)
    os.pwrite(memory, data, address)
    os.close(memory)
