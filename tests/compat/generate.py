"""Random inittabs, and for each one an inittab that makes kindling do what
busybox does with the original.

as_busybox() makes the latter. It implements those rows of doc/compatibility.md
that are about the file. Each command has a unique word, its tag, which shows
what line a process came from.
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
    """The command that makes kindling run what busybox runs for this one."""
    if SHELL_CHARACTERS.isdisjoint(command):
        if not command.removeprefix("-").split(" ")[0].split("\t")[0]:
            return NO_NAME
        runs = command
    else:
        dash = "-" if command.startswith("-") else ""
        runs = f"{dash}exec {command.removeprefix('-')}"
    return runs + "\r" if runs.endswith("\r") else runs  # it forgives one


def as_busybox(text):
    """The text with each line for which the table has a row replaced by what
    busybox makes of it; all others as they are."""
    return "\n".join(translated(text)[0])


def translated(text):
    """The lines of as_busybox(), and the numbers of those that are as before."""
    lines = text.split("\n")
    kept, places = set(range(len(lines))), {}

    def replace(numbers, line):
        """By a line in the last one's place: busybox names that."""
        for number in numbers:
            lines[number] = "#"
        lines[numbers[-1]] = line
        kept.difference_update(numbers)

    for numbers, line in logical_lines(text):
        if line.startswith("#") or not line:
            if len(numbers) > 1:
                replace(numbers, "#")
            continue
        entry = entry_of(line)
        if entry is None:
            if len(numbers) > 1 or not is_bad_here(line):
                replace(numbers, "bad")
            continue
        tty, action, command = entry
        before = places.get((tty, command))
        if before and before[1] != action:
            replace(before[0], "#")
        places[tty, command] = numbers, action
        if tty and tty not in TTYS:
            replace(numbers, "#")
        elif not is_plain(line, command):
            replace(numbers,
                    f"{tty}::{action}:{command_as_busybox(command)}")
    return lines, kept


def has_no_space_around(fields):
    return all(field == field.strip() for field in fields)


def is_bad_here(line):
    """Is it a bad entry under kindling, too?"""
    return "#" not in line and has_no_space_around(
        [line, *line.split(":", 3)[2:3]])


def is_plain(line, command):
    """No row is about it: kindling does the same with it."""
    tty, _, action, _ = line.split(":", 3)
    return ("#" not in line and command == command_as_busybox(command) and
            has_no_space_around([tty, action, command]))


def run_once(texts):
    """The tags that no entry has which is started again and again."""
    tags = {True: set(), False: set()}
    for text in texts:
        for _, line in logical_lines(text):
            tags[bool(re.search("respawn|askfirst", line))].update(
                re.findall(r"\bT\d+\b", line))
    return tags[False] - tags[True]


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
    """The tags that stand only in lines which no row of the table is about."""
    _, kept = translated(text)
    within, beyond = set(), set()
    for numbers, line in logical_lines(text):
        tags = re.findall(r"\bT\d+\b", line)
        (within if kept.issuperset(numbers) else beyond).update(tags)
    return within - beyond


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
