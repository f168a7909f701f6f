"""The manual pages and the example inittabs: well-formed, and complete."""

import re
import subprocess

import pytest

from conftest import REPOSITORY

DOC = REPOSITORY / "doc"
PAGES = sorted(DOC.glob("*.[58]"))
EXAMPLES = sorted((DOC / "examples").iterdir())


def run(*words):
    return subprocess.run(words, text=True, capture_output=True, timeout=60,
                          stdin=subprocess.DEVNULL, check=False)


def macros(page, *names):
    """What stands in a page as an argument of one of these macros."""
    found = set()
    for line in (DOC / page).read_text(encoding="utf-8").splitlines():
        within = None
        for word in line[1:].split() if line.startswith(".") else []:
            if re.fullmatch("[A-Z][a-z]", word):
                within = word
            elif within in names:
                found.add(word)
    return found


def syntax(text):
    """The verbs and options of a usage text.

    They are in lines that name the program and in lines indented like a list,
    before the description, which follows two or more spaces. Operands are in
    capitals.
    """
    words = set()
    for line in text.splitlines():
        named = re.match(r"(?:usage:)?\s*initctl\s+(\S.*)", line)
        listed = re.match(r"\s{1,8}(\S.*)", line)
        if named or listed:
            part = re.split(r"\s{2,}", (named or listed)[1])[0]
            words |= set(re.findall(r"(?<![\w-])-{0,2}[a-z][a-z-]*", part))
        words |= set(re.findall(r"(?<!\S)\[?(--?[a-zA-Z][a-z-]*)", line))
    return words - {"initctl"}


def test_the_pages_are_there():
    assert [page.name for page in PAGES] == ["init.8", "initctl.8",
                                             "inittab.5"]
    assert [example.name for example in EXAMPLES] == [
        "container", "kiosk", "microvm-job", "router"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_mandoc_has_nothing_to_say(page):
    done = run("mandoc", "-T", "lint", "-W", "warning", page)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_fits_a_terminal_of_80_columns(page):
    done = run("mandoc", "-T", "ascii", page)
    lines = re.sub(".\b", "", done.stdout).splitlines()
    assert len(lines) > 50 and max(map(len, lines)) <= 80


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_has_nothing_to_be_found(example, product):
    done = run(product("INITCTL"), "check", example)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("words", [["--help"], ["check", "--help"]],
                         ids=" ".join)
def test_initctl_8_has_what_initctl_says_of_itself(words, product):
    done = run(product("INITCTL"), *words)
    found = syntax(done.stdout)
    options = {word.lstrip("-") for word in found if word.startswith("-")}
    verbs = {word for word in found if not word.startswith("-")}
    assert done.returncode == 0 and "check" in verbs
    known = {flag.removeprefix("-") for flag in macros("initctl.8", "Fl")}
    assert options <= known
    assert verbs <= macros("initctl.8", "Cm", "Nm")


def test_the_syntax_of_a_usage_text():
    """Of the forms that such a text has, and may yet have."""
    assert syntax("usage: initctl [status] [-j]   what runs\n"
                  "       initctl stop|start [--no-wait] ENTRY...\n"
                  "       initctl reload | upgrade   and so on, with --now\n"
                  "  log [-f]     what happened\n"
                  "See initctl check --help.\n"
                  ) == {"status", "-j", "stop", "start", "--no-wait", "reload",
                        "upgrade", "--now", "log", "-f", "--help"}


def test_init_8_has_each_word_that_the_pages_have():
    word = re.compile(r"\bINIT_[A-Z]+\b")
    pages = [REPOSITORY / "README.md", *(REPOSITORY / "doc").glob("*.md")]
    words = {found for page in pages
             for found in word.findall(page.read_text(encoding="utf-8"))}
    assert {"INIT_GRACE", "INIT_REASON"} <= words
    assert words <= macros("init.8", "Ev")
