"""A machine's screen in text mode, and its keyboard.

The kernel scrolls by moving a window over the 32 KiB of the card, so text() is
all that was written since boot, as far as it fits: 204 lines.
"""

import os
import re
import tempfile
import time

from . import wait

MEMORY, SIZE, COLUMNS = 0xb8000, 32 << 10, 80
# US layout: what needs no shift, and the names that differ from the character.
NAMES = {" ": "spc", "\n": "ret", "-": "minus", "=": "equal", "/": "slash",
         ".": "dot", ",": "comma", ";": "semicolon", "'": "apostrophe",
         "\\": "backslash", "[": "bracket_left", "]": "bracket_right"}
SHIFTED = dict(zip("!@#$%^&*()_+:\"?|{}<>", "1234567890-=;'/\\[],."))


def keys(character):
    """The keys to be pressed together for a character, as QEMU names them."""
    if character.isupper() or character in SHIFTED:
        plain = SHIFTED.get(character, character.lower())
        return ["shift", NAMES.get(plain, plain)]
    return [NAMES.get(character, character)]


class Screen:
    """The screen of a Machine that is up."""

    def __init__(self, machine):
        self._machine = machine

    def text(self):
        """Lines of the screen, without trailing spaces."""
        with tempfile.NamedTemporaryFile() as file:
            self._machine.qmp("pmemsave", val=MEMORY, size=SIZE,
                              filename=file.name)
            cells = file.read()
        letters = cells[::2].decode("cp437")  # the odd bytes are colours
        return "\n".join(letters[at:at + COLUMNS].rstrip()
                         for at in range(0, len(letters), COLUMNS))

    def expect(self, pattern, seconds=wait.PATIENCE):
        """Waits until the pattern is anywhere on it."""
        def search():
            time.sleep(0.1)  # a look stops the guest for a moment
            return re.search(pattern, self.text())

        return wait.until(search, f"/{pattern}/ on the screen",
                          self.show, seconds=seconds)

    def show(self):
        return (f"--- screen ---\n{self.text().strip()}\n--- end of screen ---"
                f"\n{self._machine.show()}")

    def type(self, text):
        for character in text:
            self._machine.send_keys(*keys(character))

    def picture(self, path):
        """Writes what is seen as a PNG."""
        self._machine.qmp("screendump", filename=os.fspath(path), format="png")
