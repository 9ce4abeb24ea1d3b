"""The plots of docs/performance.md: how costs and memory go with what the database holds."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "plots"
mpl.rcParams["svg.hashsalt"] = "sinwon"
Curve = Sequence[tuple[float, float]]


def growth(curves: Mapping[str, Curve]) -> None:
    """Milliseconds of processor by cases in the database, each on its own curve."""
    _draw(curves, "growth.svg", x="cases in the database", y="processor, ms", logarithmic=True)


def memory(curves: Mapping[str, Curve]) -> None:
    """Megabytes of each process by documents so far."""
    _draw(curves, "memory.svg", x="documents", y="resident memory, MB", logarithmic=False)


def _draw(curves: Mapping[str, Curve], name: str, *, x: str, y: str, logarithmic: bool) -> None:
    figure, axes = pyplot.subplots(figsize=(8, 4))
    for label, points in curves.items():
        axes.plot(
            [point[0] for point in points],
            [point[1] for point in points],
            marker="o",
            markersize=3,
            label=label,
        )
    axes.set(xlabel=x, ylabel=y, ylim=(0, None), xscale="log" if logarithmic else "linear")
    axes.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(FOLDER / name, metadata={"Date": None})
    pyplot.close(figure)
