"""boot(): our kernel and initrd in QEMU, ended with the test."""

import pytest

from harness.machine import Machine


class Booter:
    """Makes machines and closes what it made."""

    def __init__(self, product, folder):
        self._product = product
        self._folder = folder
        self._machines = []

    def __call__(self, words="", **options):
        folder = self._folder / str(len(self._machines))
        folder.mkdir()
        machine = Machine(folder, self._product("KERNEL"),
                          self._product("INITRD"), words, **options)
        self._machines.append(machine)
        return machine

    def close(self):
        for machine in self._machines:
            machine.close()


@pytest.fixture
def boot(product, tmp_path):
    """boot(WORDS, ...) as Machine(); any number of them."""
    booter = Booter(product, tmp_path)
    yield booter
    booter.close()


@pytest.fixture(scope="module")
def boot_for_module(product, tmp_path_factory):
    """The same, for machines that the tests of a module share."""
    booter = Booter(product, tmp_path_factory.mktemp("shared"))
    yield booter
    booter.close()
