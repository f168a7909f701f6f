"""Each step of "a small linux (with qemu and Busybox)", a tutorial.

First its own disk, with the files of its text (tutorial/), where only init is
ours; then the same steps with our root filesystem. Tests that take the same
fixture share its machine.
"""

import contextlib
import fcntl
import http.server
import os
import pathlib
import pty
import re
import struct
import subprocess
import termios
import threading

import pytest

from harness import disk, wait
from harness.console import Console
from harness.machine import POWERED_OFF, REBOOTED
from harness.shell import BOOT, PROMPT, run

TUTORIAL = pathlib.Path(__file__).with_name("tutorial")
KERNEL_LISTS = [disk.ROOTFS.parent / "kernel-config" / name
                for name in ("common.config", "x86_64.config")]
CARD = ("-netdev", "user,id=net", "-device", "e1000,netdev=net,romfile=")
HOST = "10.0.2.2"  # as a guest of QEMU's user network sees it
PAGE = "hello from the qemu host\n"
PASSWORD = "butts"


def log_in(machine, password):
    """From the prompt of login; answers whether it worked."""
    machine.send("root\n")
    machine.expect("Password: ")
    machine.send(password + "\n")
    return machine.expect(rf"Login incorrect|{PROMPT}")[0][0] != "L"


# --- the tutorial's disk

def change_root(directory):
    """What chroots: with the right of root, or as root of a namespace."""
    return (() if os.geteuid() == 0 else ("unshare", "-r")) + (
        "chroot", str(directory))


def hashed_passwd(directory, busybox):
    """/etc/passwd after "passwd", run while chrooted, as the tutorial does."""
    (directory / "bin").mkdir(parents=True)
    (directory / "etc").mkdir()
    (directory / "bin/busybox").write_bytes(busybox.read_bytes())
    (directory / "bin/busybox").chmod(0o755)
    passwd = directory / "etc/passwd"
    passwd.write_text((TUTORIAL / "etc/passwd").read_text())
    subprocess.run([*change_root(directory), "/bin/busybox", "passwd"],
                   input=f"{PASSWORD}\n{PASSWORD}\n", text=True, check=True,
                   capture_output=True, timeout=30)
    assert re.match(r"root:\$\d\$", passwd.read_text())
    return passwd


@pytest.fixture(scope="module")
def tutorials_disk(product, tmp_path_factory):
    """4 GB, one partition, ext3, and the files of the text."""
    directory = tmp_path_factory.mktemp("tutorial")
    passwd = hashed_passwd(directory / "disk", product("BUSYBOX"))
    listed = disk.run(disk.SCRIPTS / "list-rootfs", TUTORIAL,
                      product("BUSYBOX"), "--add", f"/etc/passwd={passwd}",
                      "--add", f"/sbin/init={product('INIT')}")
    (directory / "list").write_bytes(listed.stdout)
    disk.run(disk.SCRIPTS / "make-disk", directory / "list",
             directory / "boots.img", "-s", "4G")
    return directory / "boots.img"


@pytest.fixture(scope="module")
def tutorial(boot_for_module, tutorials_disk):
    """Booted and logged in, as at the end of "Booting For Real"."""
    machine = boot_for_module("root=/dev/sda1", initrd=False,
                              hda=tutorials_disk, arguments=CARD)
    machine.expect(r"\(none\) login: ", BOOT)
    machine.refused = not log_in(machine, "not " + PASSWORD)
    machine.expect(r"\(none\) login: ")
    assert log_in(machine, PASSWORD), machine.show()
    return machine


@pytest.fixture(scope="module")
def named(tutorial, tutorials_disk, boot_for_module):
    """Powered off, and booted again with a name, as its last step says."""
    run(tutorial, "echo hostname boots >>/etc/start")
    tutorial.send("poweroff\n")
    assert tutorial.ended(60) == POWERED_OFF
    complaints = disk.complaints(disk.root_of(tutorials_disk))
    machine = boot_for_module("root=/dev/sda1", initrd=False,
                              hda=tutorials_disk)
    machine.complaints_before = complaints
    machine.expect("boots login: ", BOOT)
    return machine


def test_the_image_has_a_bootable_partition(tutorial):
    table = run(tutorial, "fdisk -l /dev/sda")
    assert re.search(r"Disk /dev/sda: 4096 MB", table), table
    assert re.search(r"/dev/sda1 +\*.* 83 Linux", table), table


def test_the_partition_is_ext3_and_writable(tutorial):
    mounts = run(tutorial, "cat /proc/mounts")
    assert re.search(r"^/dev/root / ext3 rw,", mounts, re.M)
    assert "lost+found" in run(tutorial, "ls /").split()


def test_passwd_in_the_chroot_made_the_password(tutorial):
    assert tutorial.refused, tutorial.show()
    assert run(tutorial, "whoami") == "root\n"


def test_the_tutorials_group(tutorial):
    assert run(tutorial, "id -Gn") == "root\n"


@pytest.mark.parametrize("tty", ["ttyS0", "tty1", "tty2", "tty3", "tty4"])
def test_the_tutorials_inittab_has_a_getty_on_each_tty(tutorial, tty):
    """On ttyS0 it has become the login that it started, and that a shell."""
    holders = run(tutorial, f"ls -l /proc/[0-9]*/fd/0 | grep -w /dev/{tty}")
    pids = re.findall(r"/proc/(\d+)/fd/0", holders)
    commands = run(tutorial, f"cat /proc/{pids[0]}/cmdline | tr '\\0' ' '")
    assert re.match(rf"/sbin/getty .*{tty}|-sh|login|/bin/login", commands)


def test_the_tutorials_start_script_ran(tutorial):
    """proc, sysfs and the devices are there, and mdev is the helper."""
    mounts = run(tutorial, "cat /proc/mounts")
    assert " /proc proc " in mounts and " /sys sysfs " in mounts
    assert run(tutorial, "cat /proc/sys/kernel/hotplug") == "/sbin/mdev\n"
    # No mdev.conf: mdev makes all 660 where the kernel alone makes 600.
    assert run(tutorial, "stat -c %a /dev/sda1") == "660\n"


def test_the_tutorials_fstab(tutorial):
    """Its "mount -s" mounts nothing in any busybox; "mount -a" does."""
    run(tutorial, "mount -a")
    options = re.search(r"^tmpfs /tmp tmpfs (\S+)",
                        run(tutorial, "cat /proc/mounts"), re.M)
    assert {"nodev", "nosuid"} <= set(options.group(1).split(","))


def test_the_tutorials_udhcpc_script(tutorial):
    run(tutorial, "udhcpc -i eth0 -n -q")
    assert "inet addr:10.0.2.15" in run(tutorial, "ifconfig eth0")
    assert re.search(r"^default +10\.0\.2\.2 ", run(tutorial, "route"), re.M)
    assert run(tutorial, "cat /etc/resolv.conf") == "nameserver 10.0.2.3\n"
    run(tutorial, "ping -c 1 10.0.2.2")


def test_the_tutorials_poweroff_leaves_a_clean_disk(named):
    assert not named.complaints_before, named.complaints_before


def test_the_tutorials_hostname_and_password_survive_a_reboot(named):
    assert log_in(named, PASSWORD), named.show()
    assert run(named, "hostname") == "boots\n"


# --- the same steps with our root filesystem

@pytest.fixture(scope="module")
def machine(boot_for_module, program):
    machine = boot_for_module(arguments=CARD,
                              files={"/bin/nameserver": program("nameserver")})
    machine.login()
    return machine


@pytest.fixture
def lease(machine):
    """eth0 as udhcpc and our script configure it; what udhcpc said."""
    return run(machine, "udhcpc -i eth0 -n -q 2>&1")


@pytest.fixture
def static(machine):
    """eth0 configured by hand, with nothing left of a lease."""
    run(machine, "ifconfig eth0 0.0.0.0 down; rm -f /etc/resolv.conf")
    run(machine, "ifconfig eth0 10.0.2.77 netmask 255.255.255.0 up && "
                 f"route add default gw {HOST}")


@pytest.fixture
def page(tmp_path):
    """A web server on this host's loopback; answers its port."""
    (tmp_path / "index.html").write_text(PAGE)

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args, **options):
            super().__init__(*args, directory=tmp_path, **options)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_the_kernel_is_that_of_kernel_config(machine, product, tmp_path):
    if disk.ROOTFS.parent / "build" not in product("KERNEL").parents:
        pytest.skip("KERNEL= names another kernel")
    config = tmp_path / "config"
    config.write_text(run(machine, "zcat /proc/config.gz"))
    disk.run(disk.SCRIPTS / "check-kernel-config", config, *KERNEL_LISTS)


@pytest.fixture(scope="module")
def configured(tmp_path_factory):
    """The directory of a menuconfig that was opened and closed."""
    tarball = os.environ.get("KERNEL_TARBALL",
                             "/usr/src/linux-source-6.1.tar.xz")
    cache = os.environ.get("CACHE") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"),
        "kindling")
    if not os.path.exists(tarball):
        pytest.skip(f"no {tarball}: the kernel came from elsewhere")
    directory = tmp_path_factory.mktemp("menuconfig")
    (directory / ".config").write_text("CONFIG_BLK_DEV_RAM=y\n")
    with on_a_terminal([disk.SCRIPTS / "edit-kernel-config",
                        KERNEL_LISTS[0].with_name("sources"),
                        KERNEL_LISTS[0].with_name("omitted"), tarball, cache,
                        directory, *KERNEL_LISTS]) as (menu, console):
        console.expect("Linux/x86 .* Kernel Configuration", 200)
        console.expect("xit")  # its E is of another colour
        console.send("\x1b\x1b")
        wait.until(lambda: menu.poll() is not None, "end of menuconfig",
                   console.show, seconds=60)
        assert menu.returncode == 0, console.show()
    return directory


@pytest.mark.slow
def test_menuconfig_opens_and_changes_nothing_by_itself(configured):
    assert ((configured / ".config").read_text() ==
            (configured / "base.config").read_text())


@pytest.mark.slow
def test_an_earlier_configuration_does_not_count(configured):
    assert ("# CONFIG_BLK_DEV_RAM is not set\n" in
            (configured / "base.config").read_text().splitlines(True))


@contextlib.contextmanager
def on_a_terminal(command):
    """A program with a terminal of 80x24 of its own, and what it shows."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
    program = subprocess.Popen(command, stdin=slave, stdout=slave,
                               stderr=slave, start_new_session=True,
                               env={**os.environ, "TERM": "linux"})
    console = Console(master, "terminal")
    try:
        yield program, console
    finally:
        if program.poll() is None:
            os.killpg(program.pid, 9)
        program.wait(10)
        os.close(slave)
        console.close()


def test_fstab_limits_tmp(machine):
    options = re.search(r"^tmpfs /tmp tmpfs (\S+)",
                        run(machine, "cat /proc/mounts"), re.M).group(1)
    assert {"nodev", "nosuid"} <= set(options.split(","))


def test_groups_have_names(machine):
    assert run(machine, "id -gn") == "root\n"
    assert run(machine, "stat -c %G /dev/tty /dev/tty5") == "tty\ntty\n"


def test_a_password_set_by_passwd_survives_a_reboot(boot, make_disk):
    image = make_disk()
    machine = boot("root=/dev/sda1", initrd=False, hda=image)
    machine.login()
    machine.send("passwd\n")
    for _ in range(2):
        machine.expect("password: ")
        machine.send("a secret of mine\n")
    machine.expect("password for root changed")
    machine.expect(PROMPT)
    machine.send("reboot\n")
    assert machine.ended(60) == REBOOTED
    machine = boot("root=/dev/sda1", initrd=False, hda=image)
    machine.expect("login: ", BOOT)
    assert not log_in(machine, "another"), machine.show()
    machine.expect("login: ")
    assert log_in(machine, "a secret of mine"), machine.show()


def test_udhcpc_gets_an_address(machine, lease):
    assert re.search(r"lease of 10\.0\.2\.15 obtained", lease), lease
    assert re.search(r"inet addr:10\.0\.2\.15 +Bcast:10\.0\.2\.255 +"
                     r"Mask:255\.255\.255\.0", run(machine, "ifconfig eth0"))


@pytest.mark.usefixtures("lease")
def test_udhcpc_sets_the_default_route(machine):
    routes = run(machine, "route -n").splitlines()
    assert [line.split()[1] for line in routes
            if line.startswith("0.0.0.0")] == [HOST], routes


@pytest.mark.usefixtures("lease")
def test_udhcpc_writes_resolv_conf(machine):
    assert run(machine, "cat /etc/resolv.conf") == "nameserver 10.0.2.3\n"


@pytest.mark.usefixtures("lease")
def test_ping_of_the_host(machine):
    assert " 0% packet loss" in run(machine, f"ping -c 2 {HOST}")


@pytest.mark.usefixtures("lease")
def test_wget_of_a_page_of_the_host(machine, page):
    assert run(machine, f"wget -q -O - http://{HOST}:{page}/") == PAGE


@pytest.mark.usefixtures("static")
def test_a_static_address(machine, page):
    assert "inet addr:10.0.2.77" in run(machine, "ifconfig eth0")
    assert run(machine, f"wget -q -O - http://{HOST}:{page}/") == PAGE


@pytest.mark.parametrize("name, address", [
    ("localhost", "127.0.0.1"), ("kindling", "127.0.1.1")])
def test_lo_is_up_and_etc_hosts_is_read(machine, name, address):
    assert f"64 bytes from {address}: " in run(machine, f"ping -c 1 {name}")


@pytest.mark.usefixtures("static")
def test_dns(machine, page):
    """By the server that resolv.conf names, and by it alone."""
    url = f"http://www.boots.test:{page}/"
    run(machine, f"nameserver www.boots.test {HOST}")
    run(machine, "echo nameserver 127.0.0.1 >/etc/resolv.conf")
    assert run(machine, f"wget -q -O - {url}") == PAGE
    unknown = machine.run("wget -q -O - http://boots.test/ 2>&1")
    assert "bad address" in unknown[0] and unknown[1] != 0, machine.show()
    run(machine, "rm /etc/resolv.conf; killall nameserver")
    assert machine.run(f"wget -q -T 5 -O - {url}")[1] != 0, machine.show()


def test_the_hostname_can_be_set(machine):
    was = run(machine, "hostname").strip()
    run(machine, "hostname boots")
    assert run(machine, "uname -n") == "boots\n"
    run(machine, f"hostname {was}")


@pytest.fixture
def plugged(machine, make_disk):
    """A disk with a partition that comes while the machine runs."""
    assert machine.run("ls /dev/vda")[1] != 0, machine.show()
    machine.qmp("blockdev-add", **{
        "node-name": "plugged", "driver": "raw",
        "file": {"driver": "file", "filename": str(make_disk())}})
    machine.qmp("device_add", driver="virtio-blk-pci", id="plugged",
                drive="plugged")
    wait_in_guest(machine, "[ -b /dev/vda1 ]")
    yield machine
    machine.qmp("device_del", id="plugged")
    wait_in_guest(machine, "! [ -e /dev/vda ] && ! [ -e /dev/vda1 ]")
    wait.until(lambda: "plugged" in [event["data"].get("device") for event in
                                     machine.events("DEVICE_DELETED")],
               "the disk gone for QEMU, too", machine.show, seconds=60)
    machine.qmp("blockdev-del", **{"node-name": "plugged"})


def wait_in_guest(machine, condition):
    run(machine, "n=0; while ! { " + condition + "; } && [ $n -lt 200 ]; do "
                 "n=$((n + 1)); usleep 100000; done; " + condition)


def test_mdev_makes_a_disk_that_is_plugged_in_and_takes_it_away(plugged):
    """660 and the group disk are mdev.conf's; the kernel alone gives 600."""
    assert run(plugged, "cat /proc/sys/kernel/hotplug") == "/sbin/mdev\n"
    wait_in_guest(plugged, "stat -c %u:%g:%a /dev/vda | grep -qx 0:6:660")
    wait_in_guest(plugged, "stat -c %u:%g:%a /dev/vda1 | grep -qx 0:6:660")
    run(plugged, "mount -t ext3 /dev/vda1 /mnt")
    assert run(plugged, "cat /mnt/etc/hostname") == "kindling\n"
    run(plugged, "umount /mnt")
