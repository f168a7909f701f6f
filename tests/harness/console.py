"""The other end of a terminal, pipe or serial line: collects and sends."""

import os
import re
import select
import threading
import time

from . import wait

AT_ONCE = 64  # reads: a pty holds 12 KiB, and a writer may never stop


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
        self._lock = threading.Lock()  # for reading fd, and for _data
        self._ended = False  # nobody has the other end any more
        self.position = 0  # in text(): the end of the last match
        self._end, self._wake = os.pipe()  # closing _wake ends the reader
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        while not self._ended:
            ready, _, _ = select.select([self.fd, self._end], [], [])
            if self._end in ready:
                return
            self._take()
            if self.read_pause:
                time.sleep(self.read_pause)

    def _take(self):
        """Reads once, if there is something; answers whether there was."""
        with self._lock:
            if self._ended or not select.select([self.fd], [], [], 0)[0]:
                return False
            try:
                data = os.read(self.fd, self.read_size)
            except OSError:  # EIO, from a pty
                data = b""
            self._data += data
            self._ended = not data
            return True

    def text(self):
        """All output so far, without carriage returns.

        Of a pty that is all that was written: poll(2) on its master moves what
        is on the way. Only a terminal that is slow by design has a rest.
        """
        for _ in range(0 if self.read_pause else AT_ONCE):
            if not self._take():
                break
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

    def expect(self, pattern, seconds=wait.PATIENCE):
        """Waits until search() has a hit, and answers it."""
        return wait.until(lambda: self.search(pattern),
                          f"/{pattern}/ on {self.name}", self.show,
                          seconds=seconds)

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
        self._ended = True
        os.close(self._end)
        os.close(self.fd)
