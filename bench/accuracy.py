"""The figures of a run of `bench.reader` as Markdown tables and as plots."""

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot

from bench.outcomes import MEASURED, PRINTED, Outcome, wilson

BINS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 1.01)
OURS = "Sinwon"
mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "sinwon"


def share(outcomes: Sequence[Outcome], measure: str) -> tuple[int, int]:
    """How many were right, of how many to which it applies."""
    told = [one.right.get(measure) for one in outcomes]
    counted = [bool(hit) for hit in told if hit is not None]
    return sum(counted), len(counted)


def table(outcomes: Sequence[Outcome], levels: Sequence[str]) -> Iterator[str]:
    """Our reader: a row a measure, a column a level, with Wilson's 95 % interval."""
    yield "| exact match, % (95 % interval) | " + " | ".join(levels) + " |"
    yield "|---" * (len(levels) + 1) + "|"
    for measure in MEASURED:
        cells = []
        for level in levels:
            hits, count = share([one for one in outcomes if one.level == level], measure)
            low, high = wilson(hits, count)
            cells.append(f"{100 * hits / max(1, count):.1f} ({100 * low:.1f}-{100 * high:.1f})")
        yield f"| {measure} | " + " | ".join(cells) + " |"
    yield "| CPU s a card, mean | " + " | ".join(f"{_cpu(outcomes, level):.3f}" for level in levels) + " |"


def beside(outcomes: Sequence[Outcome], levels: Sequence[str]) -> Iterator[str]:
    """All readers on the same cards."""
    yield "| reader | level | cards | " + " | ".join([*PRINTED, "hangul", "hanja", "whole"]) + " | CPU s |"
    yield "|---" * (len(PRINTED) + 7) + "|"
    for reader in dict.fromkeys(one.reader for one in outcomes):
        for level in levels:
            held = [one for one in outcomes if one.reader == reader and one.level == level]
            cells = []
            for measure in [*PRINTED, "hangul", "hanja", "whole"]:
                hits, count = share(held, measure)
                cells.append(f"{100 * hits / max(1, count):.1f}")
            yield (
                f"| {reader} | {level} | {len(held)} | " + " | ".join(cells) + f" | {_cpu(held, level):.2f} |"
            )


def _cpu(outcomes: Sequence[Outcome], level: str) -> float:
    return float(np.mean([one.cpu for one in outcomes if one.level == level] or [0.0]))


def reliability(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """How often a field is right, by how sure the reader said it was."""
    said = (f"{low:g}-{min(high, 1):g}" for low, high in itertools.pairwise(BINS))
    yield "| said to be sure | " + " | ".join(said) + " |"
    yield "|---" * len(BINS) + "|"
    for field in PRINTED:
        cells = []
        for low, high in itertools.pairwise(BINS):
            held = [one for one in outcomes if low <= one.confidence.get(field, -1) < high]
            cells.append(f"{sum(bool(one.right[field]) for one in held)} of {len(held)}")
        yield f"| {field} right | " + " | ".join(cells) + " |"


def draw_reliability(outcomes: Sequence[Outcome], path: Path) -> None:
    """Said against true, a panel a field, with Wilson's intervals; the diagonal is what honesty looks like."""
    figure, panels = pyplot.subplots(1, len(PRINTED), figsize=(13, 3.6), sharey=True)
    for panel, field in zip(panels, PRINTED, strict=True):
        panel.plot([0, 1], [0, 1], color="0.75", linewidth=1)
        for low, high in itertools.pairwise(BINS):
            held = [one for one in outcomes if low <= one.confidence.get(field, -1) < high]
            if not held:
                continue
            right = sum(bool(one.right[field]) for one in held)
            bottom, top = wilson(right, len(held))
            said = float(np.mean([one.confidence[field] for one in held]))
            panel.plot([said, said], [bottom, top], color="#1f5fa8", linewidth=1.5)
            panel.plot(said, right / len(held), "o", color="#1f5fa8", markersize=3 + np.log10(len(held)) * 2)
        panel.set_title(field)
        panel.set_xlabel("said to be sure")
    panels[0].set_ylabel("right")
    _save(figure, path)


def draw_readers(outcomes: Sequence[Outcome], levels: Sequence[str], path: Path) -> None:
    """Whole cards and single fields right, by reader and level."""
    readers = list(dict.fromkeys(one.reader for one in outcomes))
    measures = [*PRINTED, "whole"]
    figure, panels = pyplot.subplots(1, len(levels), figsize=(13, 3.6), sharey=True)
    for panel, level in zip(np.atleast_1d(panels), levels, strict=True):
        for i, reader in enumerate(readers):
            held = [one for one in outcomes if one.reader == reader and one.level == level]
            counts = [share(held, measure) for measure in measures]
            places = np.arange(len(measures)) + (i - (len(readers) - 1) / 2) * 0.8 / len(readers)
            heights = [100 * hits / max(1, count) for hits, count in counts]
            panel.bar(places, heights, 0.8 / len(readers), label=reader)
        panel.set_xticks(range(len(measures)), measures, rotation=20)
        panel.set_title(level)
    np.atleast_1d(panels)[0].set_ylabel("exactly right, %")
    np.atleast_1d(panels)[-1].legend(fontsize=8)
    _save(figure, path)


def _save(figure: pyplot.Figure, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
