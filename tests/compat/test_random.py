"""Random inittabs under both inits: the same, but for the differences.

kindling runs the text, and also what as_busybox() makes of it, which has to do
exactly what busybox does with the text.  What no row touches has to be the same
in the text itself, too.  INITTABS=n runs so many, SEED=n begins with that one.
"""

import os
import random
import re
import signal
import warnings

import pytest

import generate
import pair

FIRST_SEED = int(os.environ.get("SEED", "0"))
COUNT = int(os.environ.get("INITTABS", "300"))

WAIT = 30  # s, at most
KINDLING, TRANSLATED, BUSYBOX = "kindling", "translated", "busybox"


class Life:
    """A text, and what is done to the machine that has it."""

    def __init__(self, seed):
        dice = random.Random(seed)
        self.text = generate.inittab(dice)
        self.successor = (generate.successor(dice, self.text)
                          if dice.random() < 0.33 else None)
        self.ending = (dice.choice([signal.SIGUSR2, signal.SIGTERM])
                       if dice.random() < 0.2 else None)

    def texts(self, which):
        texts = [self.text, self.successor]
        if which == TRANSLATED:
            texts = [text and generate.as_busybox(text) for text in texts]
        return texts

    def happen(self, box, successor):
        box.wait_said("end", WAIT)
        box.wait_settled()
        box.signal(signal.SIGINT)
        box.wait_said("cad", WAIT)
        box.wait_settled()
        if successor:
            box.reload(successor)
            box.wait_said("again", WAIT)
            box.wait_settled()
        if self.ending:
            box.signal(self.ending)
            box.wait_end(WAIT)

    def show(self):
        return (f"{self.text}\n--- then ---\n{self.successor}\n"
                f"--- and signal {self.ending}")


@pytest.fixture
def run(tmp_path, product, userlands, recorder):
    """run(LIFE) as {KINDLING: facts, TRANSLATED: facts, BUSYBOX: facts}."""
    count = 0

    def run_life(life):
        nonlocal count
        boxes, texts = [], {}
        for which in (KINDLING, TRANSLATED, BUSYBOX):
            count += 1
            init = "BUSYBOX" if which == BUSYBOX else "INIT"
            first, texts[which] = life.texts(which)
            boxes.append(pair.Box(
                which, tmp_path / str(count), product(init),
                userlands["busybox"], first, files={"/t": recorder},
                ttys=["tty2", "tty3"]))
        try:
            pair.run_scripts(boxes, lambda box: life.happen(box,
                                                            texts[box.name]))
            return {box.name: box.facts for box in boxes}
        finally:
            for box in boxes:
                box.close()

    return run_life


def without_hangup(facts):
    """A row has it: shells are sent it during shutdown."""
    return {name: [number for number in value if number != signal.SIGHUP]
            if name.startswith("signal ") else value
            for name, value in facts.items()}


def only(facts, tags):
    """The facts of these lines."""
    found = {name: value for name, value in facts.items()
             if tags.intersection(re.findall(r"\bT\d+\b", name))}
    found["order"] = [name for name in facts["order"]
                      if tags.intersection(name.split())]
    return found


def unexplained(life, seen):
    """What no row of the table is the reason of."""
    texts = [text for text in (life.text, life.successor) if text]
    once = generate.run_once(texts)
    seen = {which: pair.without_races(
        pair.first_starts(without_hangup(facts), lambda name: not
                          once.intersection(re.findall(r"T\d+", name))),
        generate.crowded(texts)) for which, facts in seen.items()}
    tags = {tag for tag in set.union(*map(generate.untouched, texts))
            if all(tag in generate.untouched(text) or
                   not re.search(rf"\b{tag}\b", text) for text in texts)}
    found = {"as busybox": pair.differences(seen[TRANSLATED], seen[BUSYBOX]),
             "untouched": pair.differences(only(seen[KINDLING], tags),
                                           only(seen[BUSYBOX], tags))}
    # Other rows: INIT_REASON; whom a reload tells.
    return {kind: kept for kind, differing in found.items() if (kept := {
        name: values for name, values in differing.items()
        if not name.endswith("INIT_REASON")
        and not (life.successor and name.startswith("signal "))})}


def report(seed, life, differing):
    return f"SEED={seed}\n{life.show()}\n--- differs ---\n" + "\n".join(
        f"{kind}: {name}: {values[0]!r}, busybox {values[1]!r}"
        for kind, found in differing.items()
        for name, values in found.items())


def test_the_dice_leave_enough_lines_alone():
    """Of which kindling has to make what busybox does, without a table."""
    lives = [Life(seed) for seed in range(300)]
    assert sum(len(generate.untouched(life.text)) for life in lives) > 250
    assert sum(bool(life.successor) for life in lives) > 60
    assert sum(bool(life.ending) for life in lives) > 30


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + COUNT))
def test_a_random_inittab(run, seed):
    life = Life(seed)
    differing = unexplained(life, run(life))
    if not differing:
        return
    at_first = report(seed, life, differing)
    if not unexplained(life, run(life)):
        warnings.warn(f"not the same twice: {at_first}")
        return
    life.text = generate.shrink(
        life.text, lambda text: fails(run, life, text))
    differing = unexplained(life, run(life))
    pytest.fail(report(seed, life, differing) if differing else at_first)


def fails(run, life, text):
    life.text, kept = text, life.text
    try:
        return bool(unexplained(life, run(life)))
    finally:
        life.text = kept
