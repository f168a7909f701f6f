"""README and the pages: links, names of files and targets, figures."""

import itertools
import re

import pytest

from conftest import REPOSITORY

README = REPOSITORY / "README.md"
DOC = REPOSITORY / "doc"
PAGES = [README, REPOSITORY / "CONTRIBUTING.md", REPOSITORY / "CHANGELOG.md",
         *sorted(DOC.glob("*.md"))]
MOST_WORDS = 900
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"^    .*$|`[^`]*`", re.M)
BENCHMARKS = "doc/benchmarks.md"
PEERS = ("kindling", "busybox", "sysvinit", "runit", "finit")


def each_page(function):
    return pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)(
        function)


def links(page):
    """[(file, anchor)]; of this repository, not of the web."""
    targets = [target.partition("#")
               for target in LINK.findall(CODE.sub("", page.read_text()))
               if not re.match(r"\w+:", target)]
    return [(page.parent / path if path else page, anchor)
            for path, _, anchor in targets]


def anchors(page):
    """Those that a forge makes of the headings."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
            for heading in headings}


def table(page, head):
    """{first cell: {column: cell}} of the table whose columns include head."""
    groups = itertools.groupby(page.read_text().splitlines(),
                               lambda line: line.startswith("|"))
    for is_table, lines in groups:
        rows = [[cell.strip() for cell in line.strip("|").split("|")]
                for line in lines] if is_table else []
        if rows and set(head) <= set(rows[0]):
            return {row[0]: dict(zip(rows[0], row)) for row in rows[2:]}
    raise AssertionError(f"{page} has no table of {head}")


@each_page
def test_each_link_leads_to_a_file(page):
    for path, anchor in links(page):
        assert path.resolve().exists(), path
        assert not anchor or anchor in anchors(path), f"{path}#{anchor}"
        assert REPOSITORY in path.resolve().parents


def test_each_page_is_linked_from_readme():
    linked = {path.resolve() for path, _ in links(README)}
    assert set(PAGES) - {README} <= linked
    assert set(DOC.glob("*.[58]")) <= linked
    assert len(links(README)) > 20


def test_readme_is_short_and_has_a_picture():
    text = README.read_text()
    words = re.sub(r"^\|.*\n", "", text, flags=re.M).split()
    assert 300 < len(words) <= MOST_WORDS
    assert re.search(r"!\[.+\]\(\S+\.png\)", text)


def test_the_two_commands_of_readme():
    assert "    make deps run " in README.read_text()
    assert "    make deps check " in README.read_text()


def makefile_targets():
    text = (REPOSITORY / "Makefile").read_text()
    return set(re.findall(r"^([a-z][a-z-]*):", text, re.M))


@each_page
def test_each_make_command_has_its_targets(page):
    """In code: "make", settings, then targets up to the end of the code."""
    code = "\n".join(CODE.findall(page.read_text())).replace("`", "")
    code = re.sub("'.*?'", "", code)
    known = makefile_targets()
    for words in re.findall(r"^ *(?:\$ )?make((?: [^\s#]+)*)", code, re.M):
        for word in words.split():
            if re.fullmatch(r"[a-z][a-z-]*", word):
                assert word in known, f"make{words}"


@each_page
def test_each_file_that_is_named_is_there(page):
    """Words such as init/core/plan.h; "..." and build/ are no files."""
    tops = [path.name for path in REPOSITORY.iterdir()
            if path.is_dir() and path.name not in ("build", ".git")]
    names = re.findall(r"(?<![\w./-])((?:%s)/[\w./-]*\w)" % "|".join(tops),
                       page.read_text())
    missing = [name for name in names if not (REPOSITORY / name).exists()
               and "test_X" not in name]
    assert not missing


def test_each_directory_has_its_line():
    text = (DOC / "internals.md").read_text()
    named = set(re.findall(r"^ +([a-z-]+)/ ", text, re.M))
    tops = {path.name for path in REPOSITORY.iterdir() if path.is_dir()
            and not path.name.startswith(".")}
    assert tops | {path.name for path in (REPOSITORY / "init").iterdir()
                   if path.is_dir()} <= named | {"build"}


def test_figures_of_readme_are_those_of_the_bench():
    """Each row of README that is linked to the figures stands there, too."""
    shown = table(README, PEERS)
    known = table(REPOSITORY / BENCHMARKS, PEERS)
    rows = 0
    for label, row in shown.items():
        link = re.fullmatch(r"\[(.*)\]\(doc/benchmarks\.md#figures\)", label)
        if link:
            rows += 1
            figures = known.get(link[1]) or known[f"{link[1]} (wall)"]
            assert ([row[peer].strip("*") for peer in PEERS] ==
                    [figures[peer].strip("*") for peer in PEERS]), link[1]
    assert rows >= 8


def test_the_size_in_readme_is_that_of_the_bench():
    size = re.search(r"program of\s+([\d,]+)\s+bytes", README.read_text())[1]
    known = table(REPOSITORY / BENCHMARKS, PEERS)
    assert size in [row["kindling"].strip("*") for label, row in known.items()
                    if label.startswith("PID 1, B")]
