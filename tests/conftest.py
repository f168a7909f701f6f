"""What every test here shares: the files under test, and the order."""

import os
import pathlib

import pytest

from harness import made

pytest_plugins = ["harness.fixtures"]

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
PRODUCTS = {
    "INIT": REPOSITORY / "build/init",
    "INITCTL": REPOSITORY / "build/initctl",
    "INITRD": REPOSITORY / "build/initrd.img",
    "KERNEL": REPOSITORY / "build/bzImage",
    "SHELL_IMAGE": REPOSITORY / "build/shell.img",
    "BUSYBOX": "/bin/busybox",
}


@pytest.fixture(scope="session")
def product():
    """product("INIT"): that file, of the environment or where make puts it."""

    def find(name):
        path = pathlib.Path(os.environ.get(name) or PRODUCTS[name])
        if not path.is_absolute():
            pytest.fail(f"{name}={path}: give an absolute path")
        if not path.is_file():
            pytest.fail(f"{path} is missing: run 'make all kernel', or set "
                        f"{name}=")
        return path

    return find


def pytest_collection_modifyitems(items):
    """Spreads the slow tests over the first half.

    They only wait, and others run beside them; but -n hands each worker a
    row of neighbours, and must not hand it a row of slow ones.
    """
    slow = [item for item in items if item.get_closest_marker("slow")]
    rest = [item for item in items if item not in slow]
    apart = max(1, len(rest) // (2 * len(slow) or 1))
    items[:] = []
    while slow or rest:
        items += slow[:1] + rest[:apart]
        slow, rest = slow[1:], rest[apart:]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """With the report of a failure comes what the machines have said, unless
    the assertion itself shows it."""
    report = (yield).get_result()
    if call.when != "call" or not report.failed:
        return
    for number, said in enumerate(made.shown(item)):
        if said not in str(call.excinfo.value):
            report.sections.append((f"machine {number}", said))


def pytest_runtest_setup(item):
    if item.get_closest_marker("needs_root") and os.geteuid() != 0:
        pytest.skip("needs real root")
