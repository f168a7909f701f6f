"""The other end of a terminal, pipe or serial line: collects and sends."""

import os
import re
import select
import threading
import time

from . import wait


class Console:
    """Reads a file descriptor in a thread until close(); owns it.

    expect() eats the output up to its match; text() is everything.
    """

    read_size = 65536  # bytes at a time
    read_pause = 0  # seconds between two reads: a slow terminal

    def __init__(self, fd, name="console"):
        self.fd = fd
        self.name = name
        self._data = b""
        self.position = 0  # in text(): the end of the last match
        self._end, self._wake = os.pipe()  # closing _wake ends the reader
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        while True:
            ready, _, _ = select.select([self.fd, self._end], [], [])
            if self._end in ready:
                return
            try:
                data = os.read(self.fd, self.read_size)
            except OSError:  # EIO: nobody has the other end of the pty
                return
            if not data:
                return
            self._data += data
            if self.read_pause:
                time.sleep(self.read_pause)

    def text(self):
        """All output so far, without carriage returns."""
        return self._data.decode("utf-8", "replace").replace("\r", "")

    def show(self):
        return (f"--- {self.name} ---\n{self.text()}\n"
                f"--- end of {self.name} ---")

    def lines(self, pattern):
        """The lines that match the regular expression, so far."""
        return [line for line in self.text().split("\n")
                if re.search(pattern, line)]

    def search(self, pattern):
        """Looks once in the output since the last match; a hit is eaten."""
        match = re.compile(pattern).search(self.text(), self.position)
        if match:
            self.position = match.end()
        return match

    def expect(self, pattern, seconds=5):
        """Waits until search() has a hit, and answers it."""
        return wait.until(lambda: self.search(pattern), seconds,
                          f"/{pattern}/ on {self.name}", self.show)

    def send(self, text):
        """Types text; what does not fit at once follows as it is read."""
        data = text.encode()
        while data:
            data = data[os.write(self.fd, data):]

    def drain(self):
        """When nobody has the other end any more: reads what it left."""
        self._reader.join(5)

    def close(self):
        os.close(self._wake)
        self._reader.join()
        os.close(self._end)
        os.close(self.fd)
