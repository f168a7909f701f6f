"""What the tests here share: a pair of inits, and the count at the end.

@pytest.mark.statement(3, 4)   shows these of statements.txt
@pytest.mark.row("SIGPWR")     shows that row of doc/compatibility.md: a test
                               with this mark has to see both inits differ
"""

import pytest

import pair
import tables
from harness.container import make_userland
from harness.made import made_by


def rows_of(item):
    return [mark.args[0] for mark in item.iter_markers("row")]


def statements_of(item):
    return [number for mark in item.iter_markers("statement")
            for number in mark.args]


def pytest_collection_modifyitems(items):
    for item in items:
        item.user_properties.append(("statements", statements_of(item)))
        item.user_properties.append(("rows", rows_of(item)))


@pytest.fixture(scope="session")
def recorder(program):
    return program("recorder")


@pytest.fixture(scope="session")
def userlands(tmp_path_factory, product, recorder):
    """{"busybox": the usual one, "recorder": where sh and uname are that}."""
    made = {name: make_userland(tmp_path_factory.mktemp(name),
                                product("BUSYBOX"))
            for name in ("busybox", "recorder")}
    for name in ("bin/sh", "bin/uname"):
        program = made["recorder"] / name
        program.unlink()
        program.write_bytes(recorder)
        program.chmod(0o755)
    return made


@pytest.fixture
def both(request, tmp_path, product, userlands, recorder):
    """both(INITTAB, SCRIPT, userland="busybox", ...) as pair.Pair.

    SCRIPT(box) makes happen what is to be compared, and waits until it has.
    userland: a name of userlands, or a directory. The rest is for Container.
    """
    boxes, pairs = made_by(request), []
    failed = request.session.testsfailed
    inits = {"kindling": product("INIT"), "busybox": product("BUSYBOX")}

    def run(inittab, script, userland="busybox", files=None, **options):
        def make(which):
            boxes.append(pair.Box(
                which, tmp_path / f"{which}{len(pairs)}", inits[which],
                userlands.get(userland, userland), inittab,
                files={**(files or {}), "/t": recorder}, **options))
            return boxes[-1]

        pairs.append(pair.run_both(make, script, rows_of(request.node)))
        return pairs[-1]

    yield run
    for box in boxes:
        box.close()
    if request.session.testsfailed == failed:
        assert bool(rows_of(request.node)) == any(
            made.differed for made in pairs), "a row is what differs"


def pytest_terminal_summary(terminalreporter):
    """How many of the statements were shown the same, and how many not."""
    shown = {}
    for report in terminalreporter.getreports("passed"):
        properties = dict(report.user_properties)
        if report.when == "call":
            for number in properties.get("statements", []):
                shown.setdefault(number, []).append(properties["rows"])
    if shown:
        terminalreporter.section("statements on busybox init")
        for line in tables.summary(shown):
            terminalreporter.write_line(line)
