"""Faults of init: programs/inject.c changes its registers, the CPU does the rest.
"""

import bisect
import functools
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

    def __init__(self, program, init, pid, kind, *words):
        self._process = subprocess.Popen(
            [program, *map(str, (pid, word(init, kind), *words))], bufsize=0,
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


@functools.cache
def symbols(init):
    """[(address, kind, name)] of nm(1), which also lists symbols of -g without
    a name; the name as in the source, without what the compiler puts behind
    that of a copy."""
    nm = subprocess.run(["nm", "--defined-only", f"{init}.debug"], check=True,
                        text=True, capture_output=True).stdout
    return [(int(address, 16), kind, name.split(".")[0])
            for address, kind, name in re.findall(r"^(\w+) (\w) (.+)$", nm,
                                                  re.M)]


def address_of(init, name):
    """Where that is in init, which has one of that name."""
    found = {address for address, _, known in symbols(init) if known == name}
    assert len(found) == 1, f"{init}.debug: {len(found)} are called {name}"
    return found.pop()


def functions(init):
    """[(address, name)] of what init is made of, in order."""
    return sorted((address, name) for address, kind, name in symbols(init)
                  if kind in "tTW")


def function_at(names, address):
    """Which of functions() has this instruction."""
    index = bisect.bisect(names, (address + 1, "")) - 1
    return names[index][1]


def word(init, kind):
    """The argument of inject for this kind of fault."""
    if kind != "smashed-stack":
        return kind
    return f"{kind}@{address_of(init, '__stack_chk_fail'):#x}"
