"""start(): init as PID 1 of its own namespaces, ended with the test."""

import pytest

from harness.container import Container, make_userland


@pytest.fixture(scope="session")
def userland(tmp_path_factory, product):
    return make_userland(tmp_path_factory.mktemp("userland"),
                         product("BUSYBOX"))


@pytest.fixture
def start(tmp_path, product, userland):
    """start(INITTAB, ...) as Container(); any number of them."""
    started = []

    def start_one(inittab, **options):
        folder = tmp_path / str(len(started))
        container = Container(folder, product("INIT"), userland, inittab,
                              **options)
        started.append(container)
        return container

    yield start_one
    for container in started:
        container.close()
