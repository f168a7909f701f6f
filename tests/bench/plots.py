"""Pictures of the results, as SVG; run with a python that has matplotlib."""

import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

import matplotlib  # noqa: E402

matplotlib.use("svg")
# The same results give the same bytes.
matplotlib.rcParams.update({"svg.hashsalt": "kindling", "font.size": 8,
                            "svg.fonttype": "none"})

import matplotlib.pyplot as plt  # noqa: E402

import table  # noqa: E402

COLOURS = ("#4477aa", "#ee6677")
GROWTH = {"growth.{}.cpu": "PID 1, the kernel's work for it included",
          "growth.{}.user": "its own instructions"}
PICTURES = {
    "size": ("Size and memory", [("size.all", "bytes on disk, with libraries"),
                                 ("memory.rss", "kB resident at idle")]),
    "time": ("Boot and poweroff", [
        ("boot.getty", "ms from exec of init to the getty"),
        ("down.poweroff", "ms from poweroff to the kernel's last line")]),
    "zombies": ("Orphans", [
        ("sequence.most", "10,000 orphans in a row: most zombies"),
        ("mass.clean", "4,000 at once: ms until none is left")]),
}


def measure_of(key):
    return next(item for item in table.MEASURES if item.key == key)


def draw_bars(axes, results, key, title, colour):
    """One bar a peer, its figure beside it; what is missing says so."""
    measure = measure_of(key)
    peers = list(results["peers"])[::-1]
    for place, peer in enumerate(peers):
        value = table.value_of(results, measure, peer)
        text = " " + table.shown(value, measure.unit)
        if value is None or isinstance(value, str):
            value, text = None, " failed" if peer in results["failed"].get(
                measure.row, {}) else " not measured"
        else:
            value = max(value / table.SCALES.get(measure.unit, 1), 0.5)
            axes.barh(place, value, color=colour)
        axes.text(value or 1, place, text, va="center", fontsize=7)
    axes.set_yticks(range(len(peers)), peers)
    axes.set_xscale("log")
    low, high = axes.get_xlim()
    axes.set_xlim(min(low, 1), max(high, 10) * 12)
    axes.set_title(title, fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)


def bars(results, title, keys):
    figure, places = plt.subplots(1, 2, figsize=(7.2, 2.2))
    for axes, (key, text), colour in zip(places, keys, COLOURS):
        draw_bars(axes, results, key, text, colour)
    figure.suptitle(title, fontsize=9)
    figure.tight_layout()
    return figure


def draw_growth(axes, results, key, title):
    for peer, values in results["rows"].get("growth", {}).items():
        points = []
        for count in (1, 10, 100, 1000, 10000):
            value = values.get(key.format(count))
            if value is not None:
                points.append((count, value / 1e6))
        if points:
            axes.plot(*zip(*points), marker="o", markersize=3, label=peer)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("once entries")
    axes.set_ylabel("ms")
    axes.set_title(title, fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    if axes.has_data():
        axes.legend(fontsize=7, frameon=False)


def growth(results):
    figure, places = plt.subplots(1, 2, figsize=(7.2, 2.8))
    for axes, (key, text) in zip(places, GROWTH.items()):
        draw_growth(axes, results, key, text)
    figure.suptitle("Growth with the number of entries", fontsize=9)
    figure.tight_layout()
    return figure


def all_in_one(results):
    """What doc/benchmarks.md shows."""
    figure, places = plt.subplots(3, 2, figsize=(7.6, 6.6))
    keys = [pair for name in ("size", "time")
            for pair in PICTURES[name][1]]
    keys.append(PICTURES["zombies"][1][0])
    for number, (key, text) in enumerate(keys):
        draw_bars(places.flat[number], results, key, text,
                  COLOURS[number % 2])
    draw_growth(places.flat[5], results, "growth.{}.cpu",
                "PID 1, ms, by the number of entries")
    figure.tight_layout()
    return figure


def save(figure, path):
    """Without a date, so that it changes only when the results do."""
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
    text = path.read_text()
    path.write_text("\n".join(line.rstrip() for line in text.splitlines())
                    + "\n")


def main():
    directory = pathlib.Path(sys.argv[1])
    results = json.loads((directory / "results.json").read_text())
    for name, (title, keys) in PICTURES.items():
        save(bars(results, title, keys), directory / f"{name}.svg")
    save(growth(results), directory / "growth.svg")
    save(all_in_one(results), directory / "bench.svg")


if __name__ == "__main__":
    main()
