"""What these tests say again and again."""

import pytest

from harness import wait

statement, row = pytest.mark.statement, pytest.mark.row

# An entry that starts last and lives; a script that waits for it.
END = "::respawn:/t +stay end\n"

GO_DOWN = 30  # s, at most: busybox init takes two always
CAP_SYS_ADMIN, CAP_SYS_BOOT = 21, 22  # capabilities(7): mount, reboot


def end(box):
    """Waits for that entry, and for those that were started right before."""
    box.wait_said("end")
    wait.until(lambda: not box.is_busy(box.processes()), "the entries before it", box.show)


def end_and(*patterns):
    """Calls end(), then waits until these are on the console."""
    def script(box):
        end(box)
        for pattern in patterns:
            box.wait_for(pattern)
    return script


def goes_down(box):
    """Has it sent TERM to its processes, or at least said that it will?"""
    return bool(box.facts.get("signal end") or box.console.lines("going down"))


def ends_by(number):
    """Calls end(), then requests a shutdown by sending PID 1 this signal."""
    def script(box):
        end(box)
        box.signal(number)
        box.wait_end(GO_DOWN)
    return script
