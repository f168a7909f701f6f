"""The graphical machine: its screen is read out of the card's memory."""

import hashlib
import struct
import subprocess
import zlib

import pytest

from harness.machine import POWERED_OFF, SCRIPTS
from harness.shell import BOOT
from harness.screen import Screen

SCREEN_PROMPT = r"kindling:~#"


@pytest.fixture(params=["initrd", "disk"])
def machine(request, boot, make_disk):
    """Booted with its console on the screen."""
    if request.param == "initrd":
        return boot("console=tty0 quiet")
    return boot("console=tty0 quiet root=/dev/sda1", initrd=False,
                hda=make_disk())


def test_root_logs_in_at_the_screen(machine):
    screen = Screen(machine)
    screen.expect("kindling login:", BOOT)
    screen.type("root\n")
    screen.expect(SCREEN_PROMPT)
    screen.type("tty; echo \"It's UP: $((6*7))\" | tr U u\n")
    screen.expect(rf"\n/dev/tty1\nIt's uP: 42\n{SCREEN_PROMPT}")
    screen.type("echo b'egin'; sleep 1000\n")
    screen.expect(r"\nbegin\n")
    machine.send_keys("ctrl", "c")
    screen.expect(rf"\^C\n{SCREEN_PROMPT}")
    screen.type("poweroff\n")
    assert machine.ended() == POWERED_OFF


def pixels(png):
    """Width, height and the filtered bytes of the pixels (PNG, chapter 9).

    Whatever filter a line has: one of black alone is zeros, others are not.
    """
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    position, packed = 8, b""
    while position < len(png):
        length, kind = struct.unpack(">I4s", png[position:position + 8])
        data = png[position + 8:position + 8 + length]
        if kind == b"IHDR":
            width, height = struct.unpack(">II", data[:8])
        elif kind == b"IDAT":
            packed += data
        position += 12 + length
    rows = zlib.decompress(packed)
    assert len(rows) % height == 0
    step = len(rows) // height
    return width, height, [rows[at + 1:at + step]
                           for at in range(0, len(rows), step)]


def test_a_screenshot_shows_text_and_spares_the_disk(tmp_path, product,
                                                     make_disk):
    disk, picture = make_disk(), tmp_path / "screen.png"
    before = hashlib.sha256(disk.read_bytes()).digest()
    done = subprocess.run([SCRIPTS / "take-screenshot",
                           product("KERNEL"), disk, picture], text=True,
                          capture_output=True, timeout=4 * BOOT)
    assert done.returncode == 0, done.stderr
    width, height, rows = pixels(picture.read_bytes())
    assert (width, height) == (720, 400)  # 80 columns, 25 lines of text
    written = [any(any(row) for row in rows[line:line + 16])
               for line in range(0, height, 16)]
    assert sum(written) >= 18, written
    assert picture.stat().st_size < 30 << 10
    assert hashlib.sha256(disk.read_bytes()).digest() == before
    assert list(tmp_path.glob("screen*")) == [picture]


def test_a_screenshot_of_neither_is_refused(tmp_path, product):
    (tmp_path / "text").write_text("no image\n")
    done = subprocess.run([SCRIPTS / "take-screenshot",
                           product("KERNEL"), tmp_path / "text",
                           tmp_path / "screen.png"], text=True,
                          capture_output=True, timeout=60)
    assert done.returncode == 1 and "neither" in done.stderr
    assert not (tmp_path / "screen.png").exists()
