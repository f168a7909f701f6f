"""What is started by hand: run-qemu and show-panics, in a terminal."""

import gzip
import os
import subprocess

import pytest

from harness import disk
from harness.machine import SCRIPTS, accelerator
from harness.shell import BOOT, run

RUN_QEMU = SCRIPTS / "run-qemu"


def test_a_shell_whose_end_is_the_machines(terminal, product):
    shell = terminal(RUN_QEMU, product("KERNEL"), "-i",
                     product("SHELL_IMAGE"))
    shell.expect(r":/# (\x1b\[6n)?$", BOOT)
    assert run(shell, "tty") == "/dev/ttyS0\n"
    assert "/init" in run(shell, "ps -o pid,args | grep '^ *1 '")
    assert "getty" not in run(shell, "ps")
    assert run(shell, "echo hello | cat") == "hello\n"
    shell.start_job()
    shell.interrupt()
    assert run(shell, "jobs") == ""
    shell.start_job()
    shell.stop_job()
    assert "Stopped" in run(shell, "jobs")
    shell.run("kill -9 %1; fg")  # fg waits for its end
    shell.send("exit\n")
    assert shell.ended() == 0
    assert "reboot: Power down" in shell.console.text(), shell.console.show()


def test_a_disk_boots_to_a_login_and_is_left_clean(terminal, product,
                                                   make_disk, tmp_path):
    image = make_disk(size="4G").rename(tmp_path / "a,b c.img")
    machine = terminal(RUN_QEMU, product("KERNEL"), "-d", image)
    machine.login()
    assert " / type ext3 (rw" in run(machine, "mount | grep ' / '")
    run(machine, "echo kept >/root/file; sync; echo late >/root/late")
    machine.send("poweroff\n")
    assert machine.ended() == 0
    image = image.rename(tmp_path / "disk.img")
    assert not disk.complaints(disk.root_of(image))
    assert disk.read(disk.root_of(image), "/root/file") == b"kept\n"
    assert disk.read(disk.root_of(image), "/root/late") == b"late\n"


def test_the_line_of_the_tutorial(terminal, product, make_disk, tmp_path):
    """As a reader types it, in a directory with bzImage and boots.img."""
    make_disk(size="4G").rename(tmp_path / "boots.img")
    (tmp_path / "bzImage").symlink_to(product("KERNEL"))
    machine = terminal("sh", "-c", "exec qemu-system-x86_64 -kernel bzImage "
                       "-hda boots.img -append \"root=/dev/sda1 console=ttyS0\""
                       " -nographic", cwd=tmp_path)
    machine.login()
    assert "/dev/root on / type ext3" in run(machine, "mount")
    machine.send("poweroff\n")
    assert machine.ended() == 0
    assert not disk.complaints(disk.root_of(tmp_path / "boots.img"))


@pytest.fixture
def fast_kernel(product):
    """The unpacked one beside bzImage; a kernel that was given has none."""
    packed = product("KERNEL")
    unpacked = packed.with_name(packed.name + ".elf")
    return unpacked if unpacked.is_file() else packed


def test_the_fast_line_has_a_disk_and_a_network(terminal, fast_kernel,
                                                make_disk, tmp_path):
    image = make_disk().rename(tmp_path / "a,b c.img")
    machine = terminal(RUN_QEMU, fast_kernel, "-f", "-d", image)
    machine.login()
    assert " / type ext3 (rw" in run(machine, "mount | grep ' / '")
    assert "vda1" in run(machine, "cat /proc/partitions")
    assert "virtio_net" in run(machine, "readlink /sys/class/net/eth0/"
                                        "device/driver")
    run(machine, "ifconfig eth0 10.0.2.15 netmask 255.255.255.0 up")
    assert " 0% packet loss" in run(machine, "ping -c 1 10.0.2.2")
    machine.send("poweroff\n")
    assert machine.ended() == 0
    assert "reboot: Power down" in machine.console.text()
    image = image.rename(tmp_path / "disk.img")
    assert not disk.complaints(disk.root_of(image))


def test_the_fast_line_has_a_power_button(terminal, fast_kernel, product,
                                          tmp_path):
    plain = tmp_path / "initrd.cpio"
    plain.write_bytes(gzip.decompress(product("INITRD").read_bytes()))
    machine = terminal(RUN_QEMU, fast_kernel, "-f", "-i", plain)
    machine.login()
    machine.send("\x01c")  # Ctrl-A c: QEMU's monitor
    machine.expect(r"\(qemu\)")
    machine.send("system_powerdown\n\x01c")
    assert machine.ended() == 0
    assert "reboot: Power down" in machine.console.text()


def test_without_a_window_the_screen_is_in_the_terminal(terminal, product):
    machine = terminal(RUN_QEMU, product("KERNEL"), "-g", "-i",
                       product("INITRD"), DISPLAY="", WAYLAND_DISPLAY="")
    machine.expect("no window .*DISPLAY")
    machine.expect("kindling login:", BOOT)
    machine.send("root\n")
    machine.expect("kindling:~#")
    machine.send("\x1b2")  # Alt-2: QEMU's monitor
    machine.expect(r"\(qemu\)")
    machine.send("quit\n")
    assert machine.ended() == 0


def test_a_terminal_too_low_for_the_screen_is_refused(terminal, product):
    machine = terminal(RUN_QEMU, product("KERNEL"), "-g", size=(24, 80),
                       DISPLAY="", WAYLAND_DISPLAY="")
    machine.expect("25 lines")
    assert machine.ended() == 1


def test_two_panics_are_shown(product):
    done = subprocess.run([SCRIPTS / "show-panics", product("KERNEL"),
                           product("INITRD")], text=True, capture_output=True,
                          timeout=4 * BOOT,
                          env={**os.environ, "ACCEL": accelerator()})
    assert done.returncode == 0, done.stdout + done.stderr
    first, second = done.stdout.split("\n2. ")
    assert "Kernel panic - not syncing: No working init found." in first
    assert ("Kernel panic - not syncing: Attempted to kill init! "
            "exitcode=0x00000000") in second
    assert "Ctrl-A x ends QEMU" in second


def test_a_panic_that_is_not_seen_is_a_failure(product):
    done = subprocess.run([SCRIPTS / "show-panics", product("KERNEL"),
                           product("INITRD")], text=True, capture_output=True,
                          timeout=60, env={**os.environ, "ACCEL": "tcg",
                                           "QEMU": "true"})
    assert done.returncode == 1, done.stdout
    assert "'No working init found.' was not seen" in done.stderr


# A QEMU that has windows, prints its arguments, and logs GUEST of the
# environment as what the guest has written to its console.
FAKE_QEMU = """#!/bin/sh
[ "$*" != '-display help' ] || { echo gtk; exit; }
printf '%s\\n' "$@"
for word; do
	case $word in
	*logfile=*) printf "${GUEST-[ 1.0] reboot: Power down}\\r\\n" \\
		>"$(echo "${word##*logfile=}" | sed 's/,,/,/g')" ;;
	esac
done
exit ${STATUS-0}
"""


@pytest.fixture
def fake_qemu(tmp_path):
    path = tmp_path / "qemu"
    path.write_text(FAKE_QEMU)
    path.chmod(0o755)
    return path


def arguments(fake_qemu, *words, **environment):
    """(what QEMU would be given, what run-qemu says, its status)"""
    file = fake_qemu.with_name("file")
    file.touch()
    done = subprocess.run([RUN_QEMU, file, *words], text=True, timeout=60,
                          capture_output=True, stdin=subprocess.DEVNULL,
                          env={**os.environ, "ACCEL": "tcg",
                               "QEMU": str(fake_qemu), **environment})
    return done.stdout.splitlines(), done.stderr, done.returncode


NO_DISPLAY = {"DISPLAY": "", "WAYLAND_DISPLAY": ""}


@pytest.mark.parametrize("words, environment", [
    (["-g"], {"DISPLAY": ":0"}), (["-g"], {"WAYLAND_DISPLAY": "wayland-0"}),
    (["-g", "--", "-display", "vnc=127.0.0.1:7"], NO_DISPLAY)])
def test_a_window_has_the_console(fake_qemu, words, environment):
    got, said, status = arguments(fake_qemu, *words, **environment)
    assert status == 0, said
    assert got[got.index("-append") + 1].split()[-1] == "quiet"
    assert "-nographic" not in got and "curses" not in got
    assert ("vnc=127.0.0.1:7" in got) == ("--" in words)


def test_without_display_and_terminal_it_says_what_helps(fake_qemu):
    got, said, status = arguments(fake_qemu, "-g", **NO_DISPLAY)
    assert (got, status) == ([], 1)
    for words in ("DISPLAY", "make screenshot", "-display vnc"):
        assert words in said


def test_where_the_root_is(fake_qemu):
    file = str(fake_qemu.with_name("file"))
    got, _, _ = arguments(fake_qemu, "-d", file, "-m", "64")
    assert got[got.index("-append") + 1].split()[0] == "root=/dev/sda1"
    assert f"file.filename={file}" in got[got.index("-drive") + 1]
    assert got[got.index("-m") + 1] == "64"
    assert got[got.index("-display") + 1] == "none"
    got, _, _ = arguments(fake_qemu, "-d", file, "-i", file, "-c", "x")
    assert got[got.index("-append") + 1] == "x" and "-initrd" in got


def line(fake_qemu, *words, **environment):
    """QEMU's arguments as one text, of a run-qemu that succeeds."""
    got, said, status = arguments(fake_qemu, *words, **environment)
    assert status == 0, said
    return " ".join(got)


def test_the_command_line_of_qemu_is_printed(fake_qemu):
    file = str(fake_qemu.with_name("file"))
    got, said, status = arguments(fake_qemu, "-i", file, "-n", "--", "-x y")
    assert (status, said) == (0, "") and got[0] == str(fake_qemu)
    assert got[-1] == "-x y" and got[got.index("-serial") + 1] == "mon:stdio"
    assert arguments(fake_qemu, "-i", file, "-n", "-j", "true")[2] == 1


def test_empty_ports_are_left_alone_only_where_nothing_can_be(fake_qemu):
    file = str(fake_qemu.with_name("file"))
    assert "=piix_init" in line(fake_qemu, "-i", file)
    assert "=piix_init" not in line(fake_qemu, "-d", file)
    assert "=piix_init" not in line(fake_qemu, "-i", file, "--", "-hda", file)


def test_the_local_timer_is_left_out_only_where_it_is_interpreted(fake_qemu):
    assert "noapictimer no_timer_check" in line(fake_qemu)
    assert "apictimer" not in line(fake_qemu, ACCEL="kvm")


def test_the_fast_line_is_a_microvm_where_kvm_works(fake_qemu):
    file = str(fake_qemu.with_name("file"))
    got = line(fake_qemu, "-f", "-d", file, ACCEL="kvm")
    assert "-M microvm " in got and "root=/dev/vda1 " in got
    assert "virtio-net-device" in got and "virtio-blk-device,drive=disk" in got
    got = line(fake_qemu, "-f", "-d", file, ACCEL="tcg")
    assert "-M pc " in got and "root=/dev/vda1 " in got and "if=virtio" in got
    assert "acpi=noirq" in got and "-bios qboot.rom" in got


def test_the_fast_line_has_no_screen(fake_qemu):
    got, said, status = arguments(fake_qemu, "-f", "-g", DISPLAY=":0")
    assert (got, status) == ([], 1) and "no screen" in said


@pytest.mark.parametrize("words", [["other"], ["-m", "64", "other"],
                                   ["-x"], ["-i"]])
def test_a_word_too_many_is_not_taken_for_a_disk(fake_qemu, words):
    got, said, status = arguments(fake_qemu, *words)
    assert (got, status) == ([], 2) and "usage: run-qemu" in said


@pytest.mark.parametrize("guest, status, says", [
    ("[ 1.0] reboot: Power down", 0, None),
    ("[ 1.0] reboot: Restarting system", 0, None),
    ("login: QEMU: Terminated", 0, None), ("(qemu) quit", 0, None),
    ("QEMU: Terminated\\nsays the guest", 1, "without a word"),
    ("[ 1.0] Kernel panic - not syncing: No init", 1, "the kernel panicked"),
    ("[ 1.0] reboot: Power down\\n" + 70000 * "x", 1, "without a word"),
    ("", 1, "too little memory")])
def test_a_machine_that_dies_is_a_failure(fake_qemu, guest, status, says):
    _, said, got = arguments(fake_qemu, GUEST=guest)
    assert got == status, said
    assert says in said if says else said.count("run-qemu:") == 1


@pytest.mark.parametrize("words", [("-c", "quiet"), ("-g",)])
def test_without_a_serial_console_no_death_is_seen(fake_qemu, words):
    _, said, status = arguments(fake_qemu, *words, GUEST="", DISPLAY=":0")
    assert status == 0, said


def test_a_status_of_qemus_own_is_passed_on(fake_qemu):
    _, _, status = arguments(fake_qemu, GUEST="", STATUS="3")
    assert status == 3


def test_qemu_that_opens_no_log_is_not_waited_for(fake_qemu):
    fake_qemu.write_text("#!/bin/sh\nexit 2\n")
    _, _, status = arguments(fake_qemu)
    assert status == 2


@pytest.mark.parametrize("option, least", [("-i", 25), ("-d", 23)])
def test_too_little_memory_is_refused_with_the_figure(fake_qemu, option, least):
    file = fake_qemu.with_name("file")
    words = [option, str(file), "-m", str(least - 1)]
    assert arguments(fake_qemu, *words)[2] == 0  # another kernel may need less
    fake_qemu.with_name("file.config").write_text("CONFIG_ATA_PIIX=y\n")
    got, said, status = arguments(fake_qemu, *words)
    assert (got, status) == ([], 1) and f"the least is {least}\n" in said
    assert arguments(fake_qemu, *words[:3], str(least))[2] == 0


@pytest.mark.parametrize("on_disk, least", [(False, 25), (True, 23)])
def test_the_least_memory_is_what_the_kernel_needs(terminal, product, make_disk,
                                                   on_disk, least):
    if not product("KERNEL").with_name("bzImage.config").exists():
        pytest.skip("another kernel than the one of kernel-config/")
    image = ("-d", make_disk()) if on_disk else ("-i", product("INITRD"))
    command = (RUN_QEMU, product("KERNEL"), *image)
    machine = terminal(*command, "-m", str(least))
    machine.login()
    machine.send("poweroff\n")
    assert machine.ended() == 0
    machine = terminal(*command, "--", "-m", str(least - 1))
    machine.expect("run-qemu: the kernel panicked")
    assert machine.ended() == 1


CONFIGURED = "CONFIG_VIRTIO_NET=y\nCONFIG_ATA_PIIX=m\n# CONFIG_E1000 is not set\n"


@pytest.mark.parametrize("words, symbol", [
    (("-d", "FILE"), "ATA_PIIX"), (("-f", "-d", "FILE"), "VIRTIO_BLK"),
    (("-d", "FILE", "--", "-M", "q35"), "SATA_AHCI"),
    (("-i", "FILE", "--", "-device", "e1000"), "E1000"),
    (("-i", "FILE", "--", "-device", "ahci"), "SATA_AHCI"),
    (("-i", "FILE", "--", "-virtfs", "x"), "NET_9P_VIRTIO"),
    (("-i", "FILE", "-j", "true"), "DEVPORT")])
def test_what_the_kernel_has_no_driver_for_is_refused(fake_qemu, words, symbol):
    file = fake_qemu.with_name("file")
    fake_qemu.with_name("file.config").write_text(CONFIGURED)
    words = [str(file) if word == "FILE" else word for word in words]
    got, said, status = arguments(fake_qemu, *words)
    assert (got, status) == ([], 1)
    assert said.count("\n") == 1 and f" has no {symbol} built in" in said


def test_without_a_driver_of_the_network_it_runs_and_says_so(fake_qemu):
    file = fake_qemu.with_name("file")
    assert "no network" not in arguments(fake_qemu, "-i", str(file))[1]
    fake_qemu.with_name("file.config").write_text("CONFIG_ATA_PIIX=y\n")
    got, said, status = arguments(fake_qemu, "-i", str(file))
    assert status == 0 and got and "no network: " in said
    assert "acpi=noirq" not in line(fake_qemu, "-f", "-i", str(file))


def test_nothing_but_the_guest_writes_to_the_terminal(terminal, product):
    """SeaBIOS would clear the screen, and turn line wrap off."""
    machine = terminal(RUN_QEMU, product("KERNEL"), "-i", product("INITRD"))
    machine.expect("kindling login:", BOOT)
    assert "\x1b" not in machine.console.text()
    assert "Ctrl-A x ends QEMU" in machine.console.text()
    machine.send("\x01x")
    assert machine.ended() == 0
    assert "QEMU: Terminated" in machine.console.text()


def test_a_panic_is_no_success(product):
    done = subprocess.run(
        [RUN_QEMU, product("KERNEL"), "-i", product("INITRD"), "-c",
         "console=ttyS0 panic=-1 quiet rdinit=/bin/true"], text=True,
        capture_output=True, timeout=2 * BOOT, stdin=subprocess.DEVNULL,
        env={**os.environ, "ACCEL": accelerator()})
    assert done.returncode == 1, done.stdout
    assert "run-qemu: the kernel panicked, see above\n" in done.stderr
