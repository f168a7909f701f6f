"""A terminal for a program that a person would start, such as run-qemu."""

import fcntl
import os
import pty
import subprocess
import termios

from . import wait
from .console import Console
from .machine import accelerator
from .shell import Shell


def take_terminal():
    """In the child, which leads a session of its own."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Terminal(Shell):
    """A program with a terminal of its own, which dies with it.

    Its end hangs up the line: run-qemu ends QEMU then, and so does QEMU.
    """

    def __init__(self, *command, cwd=None, size=(30, 100), **environment):
        line, end = pty.openpty()
        termios.tcsetwinsize(end, size)
        self._process = subprocess.Popen(
            command, stdin=end, stdout=end, stderr=end, cwd=cwd,
            start_new_session=True, preexec_fn=take_terminal,
            env={**os.environ, "ACCEL": accelerator(), "TERM": "vt100",
                 **environment})
        os.close(end)
        super().__init__(Console(line, "terminal"))

    def ended(self, seconds=60):
        """The exit status, waited for."""
        wait.until(lambda: self._process.poll() is not None, "its end",
                   self.console.show, seconds=seconds)
        return self._process.returncode

    def close(self):
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(10)
        self.console.close()
