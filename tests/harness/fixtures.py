"""The fixtures that make machines: in namespaces, and in QEMU."""

import functools
import os
import pathlib
import re
import subprocess

import pytest

from . import disk, fault, wait
from .container import Container, make_userland
from .machine import Machine
from .made import made_by
from .terminal import Terminal

PROGRAMS = pathlib.Path(__file__).resolve().parents[1] / "programs"

VARIANTS = PROGRAMS.with_name("variants")

INIT = PROGRAMS.parents[1] / "init"
HEADERS = [f"-iquote{INIT / layer}" for layer in (
    ".", "core", "sys", "shared", "../build/generated")]

MUSL_CC = os.environ.get("MUSL_CC", "musl-gcc")

# musl-gcc finds none of linux/*.h, which are the same for every C library.
KERNEL_HEADERS = ["-idirafter", "/usr/include",
                  "-idirafter", f"/usr/include/{os.uname().machine}-linux-gnu"]


@pytest.fixture(scope="session")
def userland(tmp_path_factory, product):
    return make_userland(tmp_path_factory.mktemp("userland"),
                         product("BUSYBOX"))


@pytest.fixture
def start(request, tmp_path, product, userland):
    """start(INITTAB, ...) as Container(); any number of them."""
    started = made_by(request)

    def start_one(inittab, **options):
        directory = tmp_path / str(len(started))
        container = Container(directory, product("INIT"), userland, inittab,
                              **options)
        started.append(container)
        return container

    yield start_one
    for container in started:
        container.close()


def pids_directory():
    """A cgroup directory where the number of processes can be limited."""
    for directory in ("/sys/fs/cgroup/pids", "/sys/fs/cgroup"):
        if os.path.exists(f"{directory}/cgroup.procs"):
            controllers = pathlib.Path(directory, "cgroup.subtree_control")
            if (directory.endswith("pids") or "pids" in controllers.read_text()):
                return pathlib.Path(directory)
    return None


@pytest.fixture
def full_cgroup():
    """A pids cgroup with room for one process."""
    directory = pids_directory()
    if directory is None:
        pytest.skip("no pids cgroup here")
    group = directory / f"kindling-test-{os.getpid()}"
    try:
        group.mkdir()
    except OSError as error:
        pytest.skip(f"cannot make a pids cgroup: {error}")
    (group / "pids.max").write_text("1")
    yield group
    wait.until(lambda: not (group / "cgroup.procs").read_text(),
               "an empty cgroup")
    group.rmdir()


@pytest.fixture
def terminal():
    """terminal(COMMAND..., NAME=VALUE...) as Terminal()."""
    started = []

    def start_one(*command, **options):
        started.append(Terminal(*command, **options))
        return started[-1]

    yield start_one
    for one in started:
        one.close()


class Booter:
    """Makes machines and closes what it made."""

    def __init__(self, product, directory, machines):
        self._product = product
        self._directory = directory
        self._machines = machines

    def __call__(self, words="", initrd=True, image=None, **options):
        """image: an initrd in place of the one under test."""
        directory = self._directory / str(len(self._machines))
        directory.mkdir()
        machine = Machine(directory, self._product("KERNEL"),
                          (image or self._product("INITRD")) if initrd
                          else None,
                          words, **options)
        self._machines.append(machine)
        return machine

    def close(self):
        for machine in self._machines:
            machine.close()


@pytest.fixture
def boot(request, product, tmp_path):
    """boot(WORDS, ...) as Machine(); any number of them."""
    booter = Booter(product, tmp_path, made_by(request))
    yield booter
    booter.close()


@pytest.fixture(scope="module")
def boot_for_module(product, tmp_path_factory):
    """The same, for machines that the tests of a module share."""
    booter = Booter(product, tmp_path_factory.mktemp("shared"), [])
    yield booter
    booter.close()


class DiskMaker:
    """Makes images with names of their own in one directory."""

    def __init__(self, product, directory):
        self._product = product
        self._directory = directory
        self._count = 0

    def _path(self, name):
        self._count += 1
        return self._directory / f"{self._count}-{name}"

    def __call__(self, files=None, size="48M", removed=(), init="ours"):
        """A root disk; init: "ours", "busybox" (that of the image), a path."""
        programs = {"ours": self._product("INIT"),
                    "busybox": self._product("BUSYBOX")}
        return disk.make_root(self._path("root"), self._product("BUSYBOX"),
                              programs.get(init, init), files or {}, removed,
                              size)

    def ext3(self, size="8M", contents=None):
        """A whole disk of ext3; contents: {name in its root: a file}."""
        return disk.make_ext3(self._path("ext3"), size, contents)

    def empty(self, size="8M"):
        """A disk of zeros."""
        return disk.make_empty(self._path("empty"), size)


@pytest.fixture
def make_disk(product, tmp_path):
    """make_disk(FILES, SIZE...), make_disk.ext3(), make_disk.empty()."""
    return DiskMaker(product, tmp_path)


@pytest.fixture(scope="module")
def make_disk_for_module(product, tmp_path_factory):
    """The same, for machines that the tests of a module share."""
    return DiskMaker(product, tmp_path_factory.mktemp("disks"))


@pytest.fixture(scope="session")
def program(tmp_path_factory):
    """program("writer"): what musl-gcc makes of programs/writer.c, as bytes."""

    @functools.cache
    def build(name):
        output = tmp_path_factory.mktemp("programs") / name
        subprocess.run([MUSL_CC, "-std=c11", "-Os", "-Wall", "-Wextra",
                        "-Werror", "-static", "-s", *KERNEL_HEADERS, "-o",
                        output, PROGRAMS / f"{name}.c"], check=True)
        return output.read_bytes()

    return build


@pytest.fixture(scope="session")
def layout(tmp_path_factory):
    """layout["version"]: where that is in the state; see programs/layout.c."""
    path = tmp_path_factory.mktemp("layout") / "layout"
    subprocess.run([MUSL_CC, "-std=c11", "-static", *HEADERS, "-o", path,
                    PROGRAMS / "layout.c"], check=True)
    said = subprocess.run([path], check=True, text=True,
                          capture_output=True).stdout
    return {name: int(number) for name, number in
            (line.split() for line in said.splitlines())}


@pytest.fixture(scope="session")
def state_version(tmp_path_factory, product, userland, layout):
    """The version of the product's state: as a running init has written it."""
    box = Container(tmp_path_factory.mktemp("version") / "0", product("INIT"),
                    userland, "::respawn:/bin/sleep 1000\n")
    try:
        box.wait_process("sleep 1000")
        with open(box.state_path(), "rb") as state:
            return int.from_bytes(os.pread(state.fileno(), 4,
                                           layout["version"]), "little")
    finally:
        box.close()


def wrapped(variant_object):
    """The functions that a variant has its own of."""
    nm = subprocess.run(["nm", "--defined-only", variant_object], check=True,
                        text=True, capture_output=True).stdout
    return re.findall(r" T __wrap_(\w+)$", nm, re.M)


@pytest.fixture(scope="session")
def variant(tmp_path_factory, state_version):
    """variant("trap_at_boot"): an init with the functions of
    variants/trap_at_boot.c in place of its own; variant(version=7): an init
    with another version of the state; variant(): only another file.

    Each source is compiled to an object file, and without -flto: ld(1) wraps
    what one object file calls in another.
    """
    @functools.cache
    def build(name=None, version=state_version):
        directory = tmp_path_factory.mktemp("variant")
        compiler = [MUSL_CC, "-std=c11", "-O1", '-DVERSION="other"',
                    f"-DSTATE_VERSION={version}u", *HEADERS]
        sources = sorted(INIT.rglob("*.c"))
        options = []
        if name:
            options = [directory / "variant.o"]
            subprocess.run([*compiler, "-Wall", "-Wextra", "-Werror", "-c",
                            "-o", *options, VARIANTS / f"{name}.c"],
                           check=True)
            options += [f"-Wl,--wrap={symbol}"
                        for symbol in wrapped(*options)]
            assert len(options) > 1, f"{name}.c wraps nothing"
        subprocess.run([*compiler, "-static", "-s", "-o", directory / "init",
                        *sources, *options], check=True)
        return (directory / "init").read_bytes()

    return build


@pytest.fixture(scope="session")
def injector(tmp_path_factory, product, program):
    """injector(PID, KIND, ...) as fault.Injector: see programs/inject.c."""
    path = tmp_path_factory.mktemp("injector") / "inject"
    path.write_bytes(program("inject"))
    path.chmod(0o755)
    return functools.partial(fault.Injector, path, product("INIT"))
