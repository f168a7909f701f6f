"""The two tables that the tests here are held against.

doc/compatibility.md has the differences from busybox init, for users;
statements.txt has what busybox init does, one numbered statement after the
other.
"""

import pathlib
import re

HERE = pathlib.Path(__file__).parent
DIFFERENCES = HERE.parents[1] / "doc/compatibility.md"
STATEMENTS = HERE / "statements.txt"


def rows():
    """The first cell of each row of the differences but the bold ones, which
    are headings."""
    lines = [line for line in DIFFERENCES.read_text().splitlines()
             if line.startswith("| ")]
    names = [line.strip("|").split(" | ")[0].strip() for line in lines[1:]]
    return [name for name in names if not name.startswith("**")]


def statements():
    """{number: (text, why it can't be seen, or "")}."""
    found = {}
    text = re.sub(r"\n {4}", " ", STATEMENTS.read_text())
    for number, body in re.findall(r"^ *(\d+)\. (.*)$", text, re.MULTILINE):
        seen, _, unseen = body.partition(" -- unseen: ")
        found[int(number)] = seen, unseen
    return found


def listed(numbers):
    return ", ".join(map(str, sorted(numbers))) or "none"


def summary(shown):
    """Lines that say which statements hold.

    shown: {number: the rows of each test that showed it}, [] for a test in
    which both inits did the same.
    """
    known = statements()
    rows_by = {number: sorted(set().union(*shown[number]))
               for number in sorted(shown)}
    same = [number for number in rows_by if not rows_by[number]]
    partly = [number for number in rows_by
              if rows_by[number] and [] in shown[number]]
    other = [number for number in rows_by
             if rows_by[number] and [] not in shown[number]]
    unseen = [number for number in known if known[number][1]]
    missing = known.keys() - shown.keys() - set(unseen)
    yield f"{len(same)} of {len(known)} shown the same: {listed(same)}"
    for numbers, how in ((partly, "the same in part, and differ by these rows"),
                         (other, "differ, by these rows")):
        yield f"{len(numbers)} {how}:"
        for number in numbers:
            yield f"  {number}: {'; '.join(rows_by[number])}"
    yield f"{len(unseen)} can't be seen from outside:"
    for number in unseen:
        yield f"  {number}: {known[number][1]}"
    yield f"{len(missing)} not shown in this run: {listed(missing)}"
