"""A boot that is recorded and drawn, as "make chart" does it."""

import gzip
import json
import subprocess

import pytest

from harness import cpio
from harness.machine import SCRIPTS

# Says that init began as the kernel ran it, and a getty some time later.
INITCTL = """[ "$*" = "log -j" ] || exit 1
run=$(dmesg | sed -n 's/^\\[ *\\([0-9.]*\\)\\] Run .init as .*/\\1/p')
echo '{"time":'$run',"event":"boot"}'
echo '{"time":'$((${run%.*} + 1)).75',"event":"started","entry":0,\
"tty":"ttyS0","action":"respawn","command":"/sbin/getty ttyS0","pid":40}'
"""


def record(product, directory, initrd, *arguments):
    return subprocess.run(
        [SCRIPTS / "record-boot", *arguments, product("KERNEL"), initrd,
         directory / "out"], text=True, capture_output=True, timeout=300)


@pytest.fixture
def make_initrd(tmp_path, product):
    """An image in which initctl is this script."""
    def make(script):
        data = gzip.decompress(product("INITRD").read_bytes())
        initrd = tmp_path / "initrd"
        initrd.write_bytes(cpio.pad(data) + cpio.archive(
            {"/sbin/initctl": "#!/bin/sh\n" + script}))
        return initrd
    return make


def test_a_boot_is_recorded_and_drawn(tmp_path, product, make_initrd):
    initrd = make_initrd(INITCTL)
    done = record(product, tmp_path, initrd, "-c", "quiet initcall_debug")
    assert done.returncode == 0, done.stderr
    log, dmesg = tmp_path / "out/boot.log", tmp_path / "out/boot.dmesg"
    assert b"\r" not in log.read_bytes()
    boot, getty = map(json.loads, log.read_text().splitlines())
    assert boot["event"] == "boot" and getty["pid"] == 40
    kernel = dmesg.read_bytes()
    assert b"\r" not in kernel and b"Run /init as init process\n" in kernel
    assert b" initcall_debug" in kernel and kernel.startswith(b"[")
    picture = tmp_path / "boot.svg"
    subprocess.run([SCRIPTS / "bootchart", log, dmesg, picture], check=True)
    drawn = picture.read_text()
    for words in ("getty ttyS0", f"first getty {getty['time']:.3f} s",
                  "waiting for drivers", "unpacking the initramfs",
                  "initcall acpi_init"):
        assert words in drawn, drawn


@pytest.mark.parametrize("script, said", [
    ("echo '{\"time\":0.5,\"ev'\n", "line 1 is not JSON"),
    ("echo 'no such thing'; exit 2\n", "status 2: no such thing")])
def test_what_is_no_log_is_not_kept(tmp_path, product, make_initrd, script,
                                    said):
    done = record(product, tmp_path, make_initrd(script))
    assert done.returncode == 1 and said in done.stderr
    assert not list((tmp_path / "out").iterdir())


def test_the_log_of_init_has_its_first_getty(tmp_path, product):
    """That of the real init, of which the chart is drawn."""
    done = record(product, tmp_path, product("INITRD"))
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in
              (tmp_path / "out/boot.log").read_text().splitlines()]
    names = [event["event"] for event in events]
    assert names[0] == "boot" and "phase" in names
    gettys = [event for event in events if event["event"] == "started"
              and event["action"] == "respawn"]
    assert "getty" in gettys[0]["command"]
