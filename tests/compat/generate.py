"""Random inittabs, and what busybox makes of each in words of kindling.

as_busybox() is README's table as far as it is about the file: a text that does
under kindling what the given one does under busybox.  Every command has a word
of its own, its tag, so that what happens can be told by its line.
"""

import re

from pair import NO_NAME

SHELL_CHARACTERS = set("~`!$^&*()=|\\{}[];\"'<>?")
ACTIONS = ("sysinit", "wait", "once", "respawn", "askfirst", "ctrlaltdel",
           "shutdown", "restart")
TTYS = ("tty2", "tty3", "null")  # which the machine has; "" is the console

# Before all else, so that no line before takes them in: who waits for them knows
# how far init has come.
FIRST = "::respawn:/t +stay end\n::ctrlaltdel:/t cad\n"
FIRST_AGAIN = FIRST + "::respawn:/t +stay again\n"


def a_command(dice, tag, keeps):
    """keeps: a respawn entry, so that it does not start again and again."""
    stay = "+stay " if keeps else dice.choice(["", "", "", "+exit3 "])
    plain = f"/t {stay}{tag}"
    return dice.choice([
        lambda: plain, lambda: plain,
        lambda: f"{plain} one  two\tthree",
        lambda: f"{plain} a,b c:d:e f@g h%i j+k -l m_n o/p.q",
        lambda: f"{plain} 'a b' \"c  d\" e\\ f",
        lambda: f"{plain} $((1 + 1)) $HOME ~ `echo x`",
        lambda: f"{plain} >/dev/null 2>&1",
        lambda: f"{plain} *nothing* [x] {{y}} a=b !",
        lambda: f"{plain} | /bin/cat",
        lambda: f"/t {tag} a; {plain} b",
        lambda: f"{plain} && /t {tag} b",
        lambda: f"cd /tmp && {plain}",
        lambda: f"X=1 {plain} $X",
        lambda: f"if true; then {plain}; fi",
        lambda: f"({plain})",
        lambda: f"exec {plain}",
        lambda: f"{plain} a#b",
        lambda: f"{plain} 'a #b' c",
        lambda: f"{plain} # a comment",
        lambda: f"{plain} #",
        lambda: f"/no/{tag}",
        lambda: f"/no/{tag} 'x'",
        lambda: f"-{plain}",
        lambda: f"-{plain} 'x'",
    ])()


def an_entry(dice, tag):
    action = dice.choice(ACTIONS[:5] * 3 + ACTIONS)
    tty = dice.choice(["", "", "", "tty2", "tty3", "/dev/tty2", "null",
                       "nosuch"])
    if action == "askfirst" and dice.random() < 0.5:
        tty = "null"  # where it starts at once
    command = a_command(dice, tag, action in ("respawn", "askfirst"))
    ignored = dice.choice(["", "", "", "2345", "x y"])
    fields = [tty, ignored, action, command]
    if dice.random() < 0.15:
        which = dice.randrange(4)
        before, after = dice.choice([(" ", ""), ("", " "), ("\t", " ")])
        fields[which] = before + fields[which] + after
    return ":".join(fields)


def a_bad_line(dice, tag):
    return dice.choice([
        "garbage", "::once", "::once:", "::", f"::Once:/t {tag}",
        f"::initdefault:/t {tag}", f":::/t {tag}", f"::wait:#/t {tag}",
        f"::wa#it:/t {tag}"])


def joined(dice, line):
    """The line with a backslash and a newline somewhere in it."""
    at = dice.randrange(len(line) + 1)
    if line[:at].endswith("\\"):
        return line
    return line[:at] + "\\\n" + line[at:]


def inittab(dice):
    """A text with some ten lines."""
    lines, entries = [], []
    for number in range(dice.randrange(2, 12)):
        tag = f"T{number}"
        kind = dice.random()
        if kind < 0.08:
            line = dice.choice(["# a comment", "#", "", "# ::once:/t never",
                                "  # indented", "   ", "\t", "# it ends in \\"])
        elif kind < 0.16:
            line = a_bad_line(dice, tag)
        elif kind < 0.24 and entries:
            line = dice.choice(entries)
        elif kind < 0.30 and entries:
            line = re.sub("once|wait", dice.choice(["wait", "sysinit"]),
                          dice.choice(entries), count=1)
        else:
            line = an_entry(dice, tag)
            entries.append(line)
        if dice.random() < 0.08:
            line = joined(dice, line)
        if dice.random() < 0.06:
            line += "\r"
        lines.append(line + "\n")
    text = FIRST + "".join(lines)
    return text if dice.random() < 0.9 else text.rstrip("\n")


def logical_lines(text):
    """As busybox joins them: (numbers of the lines joined, text) each."""
    held, numbers = "", []
    for number, line in enumerate(text.split("\n")):
        numbers.append(number)
        held += line
        if held.endswith("\\"):
            held = held[:-1]
            continue
        yield numbers, held
        held, numbers = "", []
    if numbers:
        yield numbers, held


def entry_of(line):
    """(tty, action, command) as busybox cuts them, or None: a bad entry."""
    fields = line.split("#")[0].split(":", 3)
    if len(fields) < 4 or fields[2] not in ACTIONS or not fields[3]:
        return None
    tty = re.sub("^/dev/", "", fields[0]).lstrip("/")
    return tty, fields[2], fields[3]


def command_as_busybox(command):
    """What kindling is to be told to run for it."""
    if SHELL_CHARACTERS.isdisjoint(command):
        if not command.removeprefix("-").split(" ")[0].split("\t")[0]:
            return NO_NAME
        runs = command
    else:
        dash = "-" if command.startswith("-") else ""
        runs = f"{dash}exec {command.removeprefix('-')}"
    return runs + "\r" if runs.endswith("\r") else runs  # it forgives one


def as_busybox(text):
    """The text with every line replaced by what busybox makes of it."""
    lines = ["#"] * len(text.split("\n"))
    places = {}
    for numbers, line in logical_lines(text):
        if not line or line.startswith("#"):
            continue
        at, entry = numbers[-1], entry_of(line)
        if entry is None:
            lines[at] = "bad"
            continue
        tty, action, command = entry
        if (tty, command) in places:
            lines[places[tty, command]] = "#"
        places[tty, command] = at
        if not tty or tty in TTYS:
            lines[at] = f"{tty}::{action}:{command_as_busybox(command)}"
    return "\n".join(lines)


def successor(dice, text):
    """Another text for a reload: some of its lines, and some new ones."""
    kept = [line for line in text.removeprefix(FIRST).split("\n")
            if dice.random() < 0.6 and not line.endswith("\\")]
    new = [an_entry(dice, f"T{number}") for number in
           range(20, 20 + dice.randrange(5))]
    lines = kept + new
    dice.shuffle(lines)
    return FIRST_AGAIN + "".join(line + "\n" for line in lines)


def untouched(text):
    """The tags whose lines no row of the table is about."""
    if "\\\n" in text:
        return set()
    translated = as_busybox(text).split("\n")
    once, other = set(), set()
    for number, line in enumerate(text.split("\n")):
        plain = re.sub(":(2345|x y):", "::", line, count=1)
        same = translated[number] == plain.replace("/dev/tty", "tty", 1)
        for tag in set(re.findall(r"\bT\d+\b", line)):
            (once if same and tag not in once else other).add(tag)
    return once - other


def crowded(texts):
    """The ttys that more than one entry may want as its controlling one."""
    wanted = {}
    for text in texts:
        for _, line in logical_lines(text):
            tty, action, command = entry_of(line) or ("", "", "")
            if tty or action == "askfirst" or command.startswith("-"):
                wanted.setdefault(tty or "console", set()).add(command)
    return {tty for tty in wanted if len(wanted[tty]) > 1}


def shrink(text, fails, tries=40):
    """A text with fewer lines for which fails(text) still holds."""
    lines = text.splitlines(keepends=True)
    at, first = len(lines) - 1, FIRST.count("\n")
    while at >= first and tries > 0:
        fewer = lines[:at] + lines[at + 1:]
        tries -= 1
        if fails("".join(fewer)):
            lines = fewer
        at -= 1
    return "".join(lines)
