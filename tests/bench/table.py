"""What each measure means, and results as a table of text or markdown."""

import dataclasses
import textwrap

OURS = "kindling"


@dataclasses.dataclass
class Measure:
    """One line of the table.

    better   "less", "more", or None where no side is
    target   for ours; what is said of it, and the figure, in the raw unit
    """

    key: str
    text: str
    unit: str = ""
    better: str = "less"
    target: float = None
    wall: bool = False  # not counted by icount, so it does not repeat

    @property
    def row(self):
        return OWNERS.get(self.key.split(".")[0], self.key.split(".")[0])


# The row of rows.py that a measure's first word belongs to, where that differs.
OWNERS = {"steady": "zombies", "sequence": "zombies", "mass": "zombies"}
MS, US, S = "ms", "us", "s"
WALL = " (wall)"
SCALES = {MS: 1e6, US: 1e3, S: 1e9}

SECTIONS = [
    ("1. On disk", [
        Measure("size.init", "PID 1", "B", target=49152),
        Measure("size.all", "with its libraries and helpers", "B")]),
    ("2. At idle, ext3 root", [
        Measure("memory.rss", "resident memory, root on a disk", "kB", target=76),
        Measure("memory.anon", "of it anonymous", "kB"),
        Measure("memory.dirty", "of it private and dirty", "kB", target=28),
        Measure("memory.processes", "processes that it keeps"),
        Measure("memory.others", "anonymous memory of these", "kB")]),
    ("3. Boot", [
        Measure("boot.getty", "exec of init to exec of the getty", MS),
        Measure("boot.lean", "the same, no mounts in the script", MS,
                target=3.0e6),
        Measure("boot.outside",
                "the same, a program that ends in place of the script", MS,
                target=0.5e6),
        Measure("boot.prompt", "kernel's clock at 'login:'", MS),
        Measure("boot.cpu", "instructions of PID 1, kernel and all", US),
        Measure("boot.user", "its own instructions alone", US),
        Measure("boot.calls", "its system calls")]),
    ("4. Down", [
        Measure("down.poweroff", "poweroff", MS, target=15e6),
        Measure("down.reboot", "reboot", MS, target=15e6),
        Measure("slow.1.saved",
                "a service that takes 1 s to stop can save its data", "", "yes"),
        Measure("slow.1.time", "and all is over after", S, None),
        Measure("slow.3.saved",
                "a service that takes 3 s to stop can save its data", "", "yes"),
        Measure("slow.3.time", "and all is over after", S, None)]),
    ("5. Orphans", [
        Measure("steady.most", "most zombies at 200 orphans a second", "",
                target=1),
        Measure("steady.cpu", "PID 1 for each", US, target=4e3),
        Measure("sequence.most", "10,000 in a row: most not yet gone"),
        Measure("sequence.clean", "to none left", MS),
        Measure("sequence.cpu", "PID 1 for each", US),
        Measure("mass.most", "4,000 at once: most zombies"),
        Measure("mass.clean", "to none left", MS, target=1e9),
        Measure("mass.cpu", "PID 1 for each", US)]),
    ("6. Respawn", [
        Measure("respawn.median", "restart of a killed service, median of 20",
                MS, target=0.5e6),
        Measure("respawn.back", "times that it came back, of 20", "", "more",
                target=20),
        Measure("storm.first", "starts of a failing entry in 10 s", target=7),
        Measure("storm.all", "starts of a failing entry in 60 s"),
        Measure("storm.cpu", "PID 1 in these 60 s", MS),
        Measure("storm.lines", "console lines in 60 s", "", None),
        Measure("slots", "no task slot was free: back after", MS,
                target=1e9)]),
    ("7. Growth", [
        *[Measure(f"growth.{count}.boot", f"{count:,} once entries: to getty",
                  MS) for count in (1, 10, 100, 1000, 10000)],
        *[Measure(f"growth.{count}.cpu", f"{count:,}: PID 1", MS)
          for count in (1, 10, 100, 1000, 10000)],
        *[Measure(f"growth.{count}.user", f"{count:,}: its own instructions",
                  MS) for count in (1, 10, 100, 1000, 10000)],
        *[Measure(f"growth.{count}.own",
                  f"{count:,}: PID 1 without forks and waits", MS,
                  target=1e8 if count == 10000 else None)
          for count in (1, 10, 100, 1000, 10000)],
        Measure("growth.slope", "its own for one entry more, 10,000 to 1,000",
                target=1.1),
        *[Measure(f"growth.{count}.rss", f"{count:,}: resident", "kB")
          for count in (1, 100, 10000)],
        *[Measure(f"growth.{count}.reload", f"{count:,}: reload", MS)
          for count in (1, 100, 10000)],
        Measure("reap.cpu", "an orphan beside 10,000 live entries: PID 1", US)]),
    ("8. Least memory to login", [
        Measure("least.initrd", "initramfs", "MiB", wall=True),
        Measure("least.disk", "ext3 root", "MiB", wall=True)]),
    ("9. Left clean, two ext3 with writers, umount -a -r as a hook", [
        Measure("clean.root", "root disk clean after poweroff",
                "", "yes", wall=True),
        Measure("clean.second", "second disk clean after poweroff",
                "", "yes", wall=True),
        Measure("clean.lost", "bytes written and lost", "B", wall=True)]),
    ("10. Faults", [
        Measure("hung", "poweroff while the start script hangs", MS),
        Measure("fault", "PID 1 still restarts services after its own SIGSEGV", "",
                "yes")]),
]
MEASURES = [measure for _, measures in SECTIONS for measure in measures]


def value_of(results, measure, peer):
    """The value; of several runs the first. None where there is none."""
    value = results["rows"].get(measure.row, {}).get(peer, {}).get(measure.key)
    return value[0] if isinstance(value, list) else value


def differs(results, measure, peer):
    value = results["rows"].get(measure.row, {}).get(peer, {}).get(measure.key)
    return isinstance(value, list) and len(set(value)) > 1


def shown(value, unit):
    if value is None or isinstance(value, str):
        return value or ""
    if unit in (MS, US, S):
        value /= SCALES[unit]
        return f"{value:,.3f}" if value < 10 else f"{value:,.1f}"
    return f"{value:,}"


def goodness(measure, value):
    """The smaller the better; None for what cannot win."""
    if measure.better == "yes":
        return {"yes": 0}.get(value)
    if measure.better is None or value is None or isinstance(value, str):
        return None
    return -value if measure.better == "more" else value


def best(results, measure, peers):
    """The peers that nobody beats, where somebody is beaten."""
    values = {peer: value_of(results, measure, peer) for peer in peers}
    marks = {peer: goodness(measure, value) for peer, value in values.items()}
    good = [mark for mark in marks.values() if mark is not None]
    if len([value for value in values.values() if value is not None]) < 2:
        return []
    return [peer for peer, mark in marks.items()
            if mark is not None and mark == min(good)]


def cell(results, measure, peer, winners):
    failed = results["failed"].get(measure.row, {}).get(peer)
    value = value_of(results, measure, peer)
    if failed:
        return "FAILED"
    if value is None:
        return "-"
    text = shown(value, measure.unit)
    if differs(results, measure, peer):
        text = "~" + text
    return text + ("*" if peer in winners else "")


def target(results, measure):
    """What ours is to reach, and whether it does."""
    if measure.target is None:
        return ""
    value = value_of(results, measure, OURS)
    word = "at least" if measure.better == "more" else "at most"
    met = "not measured"
    if value is not None:
        good = goodness(measure, value)
        limit = goodness(measure, measure.target)
        met = "met" if good is not None and good <= limit else "NOT met"
    return f"{word} {shown(measure.target, measure.unit)}: {met}"


def label(measure):
    unit = f", {measure.unit}" if measure.unit else ""
    return measure.text + unit + (WALL if measure.wall else "")


def lines(results):
    """(section, [cells]) of each line: label, one for each peer, the target."""
    peers = list(results["peers"])
    for title, measures in SECTIONS:
        for measure in measures:
            row = results["rows"].get(measure.row, {})
            if not row:
                continue
            if not any(measure.key in values for values in row.values()) and (
                    not results["failed"].get(measure.row)):
                continue
            winners = best(results, measure, peers)
            yield title, [label(measure),
                          *(cell(results, measure, peer, winners)
                            for peer in peers), target(results, measure)]


def failures(results):
    return [f"{row}: {peer}: {why}" for row, peers in results["failed"].items()
            for peer, why in peers.items()]


def heading(results):
    versions = "; ".join(f"{peer} {version}"
                         for peer, version in results["peers"].items())
    return (f"{results['date']}, kernel {results['kernel']}, "
            f"{results['qemu']}, {results['cores']} cores of {results['cpu']}. "
            f"{versions}.")


NOTE = ("Times are guest time under -icount, an instruction being 1 ns, so they "
        "repeat exactly ('~': two runs did not); '(wall)' is plain TCG. "
        "'*' marks the best of a line, '-' what was not asked.")


def as_text(results):
    rows = list(lines(results))
    head = ["", *results["peers"], "target of ours"]
    widths = [max(len(cells[column]) for cells in
                  [head, *(cells for _, cells in rows)])
              for column in range(len(head))]

    def line(cells):
        parts = [cells[0].ljust(widths[0])]
        parts += [text.rjust(width)
                  for text, width in zip(cells[1:-1], widths[1:-1])]
        return "  ".join([*parts, cells[-1]]).rstrip()

    text = textwrap.wrap(heading(results), 78) + [""]
    text += textwrap.wrap(NOTE, 78) + ["", line(head)]
    last = None
    for title, cells in rows:
        text += [f"\n{title}"] if title != last else []
        text.append(line(cells))
        last = title
    wrong = failures(results)
    text += ["", "FAILED:", *wrong] if wrong else []
    return "\n".join(text) + "\n"


def bold_if_marked(text):
    return f"**{text[:-1]}**" if text.endswith("*") else text


def values_of(results, name, peers):
    """The cells of the measure of this label, but for WALL; the best of these
    peers bold. None if there is no such measure."""
    for measure in MEASURES:
        if label(measure).removesuffix(WALL) == name:
            winners = best(results, measure, peers)
            return [bold_if_marked(cell(results, measure, peer, winners))
                    for peer in peers]
    return None


def as_markdown(results):
    peers = list(results["peers"])
    text = [f"| | {' | '.join(peers)} | target |",
            "|---|" + "---:|" * len(peers) + "---|"]
    last = None
    for title, cells in lines(results):
        if title != last:
            text.append(f"| **{title}** |" + " |" * (len(peers) + 1))
        last = title
        marked = [bold_if_marked(value) for value in cells[1:-1]]
        text.append("| " + " | ".join([cells[0], *marked, cells[-1]]) + " |")
    return "\n".join(text) + "\n"
