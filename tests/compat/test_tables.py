"""The differences and statements.txt are held against the tests."""

import re

import pytest

import pair
import tables

HERE = tables.HERE
BOOT = HERE.with_name("boot")


@pytest.fixture
def items(request):
    """Every test of this directory; without them there is nothing to hold."""
    found = request.session.items
    files = {item.path for item in found}
    if not files.issuperset(HERE.glob("test_*.py")):
        pytest.skip("needs the whole directory")
    return found


def marks(items, name):
    return {argument for item in items for mark in item.iter_markers(name)
            for argument in mark.args}


def rows_of_boot():
    """Those that tests of whole boots show: @pytest.mark.row("...")."""
    return {name for path in BOOT.glob("test_*.py") for name in
            re.findall(r'mark\.row\(\s*"(.*)"\)', path.read_text())}


def test_each_row_of_differences_is_shown_and_each_one_shown_is_there(items):
    shown = marks(items, "row") | rows_of_boot()
    assert shown == set(tables.rows())


def test_no_row_is_there_twice():
    assert len(tables.rows()) == len(set(tables.rows())) > 30


def test_messages_of_one_init_have_their_row():
    assert pair.ONE_SIDED <= set(tables.rows())


def test_there_are_58_statements():
    assert sorted(tables.statements()) == list(range(1, 59))


def test_each_statement_is_shown_or_says_why_not(items):
    known = tables.statements()
    unseen = {number for number in known if known[number][1]}
    assert marks(items, "statement") - unseen == set(known) - unseen


def test_the_summary_counts():
    lines = list(tables.summary({1: [[]], 2: [["a row"], ["b", "a row"]],
                                 3: [[], ["c"]]}))
    assert lines[:5] == [
        "1 of 58 shown the same: 1",
        "1 the same in part, and differ by these rows:", "  3: c",
        "1 differ, by these rows:", "  2: a row; b"]
    assert lines[-1].startswith("54 not shown in this run: 4, 5, ")
