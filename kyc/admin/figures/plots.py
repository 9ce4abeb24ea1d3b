"""Plots as SVG, drawn by the server: shapes and classes alone, no style and no script; a table stands behind each."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

WIDTH, HEIGHT = 720, 240
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 12, 30
LABELS = 8


@dataclass(frozen=True, slots=True)
class Series:
    """`kind` names its colour in the style sheet; one value for each label."""

    label: str
    kind: str
    values: Sequence[float]


def bar(share: float, low: float | None = None, high: float | None = None) -> SafeString:
    """One share of 0 to 1 as a bar within a table's row, its interval as a line. The number stands beside it."""
    shapes = format_html(
        '<rect class="track" width="200" height="14"/><rect class="part" width="{}" height="14"/>',
        _number(200 * share),
    )
    if low is not None and high is not None:
        line = '<path class="reach" d="M{} 2v10M{} 7H{}M{} 2v10"/>'
        ends = _number(1 + 198 * low), _number(1 + 198 * high)
        shapes += format_html(line, ends[0], ends[0], ends[1], ends[1])
    return format_html(
        '<svg class="bar" viewBox="0 0 200 14" width="200" height="14" aria-hidden="true" focusable="false">{}</svg>',
        shapes,
    )


def stacked(title: str, labels: Sequence[str], series: Sequence[Series]) -> SafeString:
    """A column for each label, the series upon one another."""
    highest = max((sum(values) for values in zip(*(s.values for s in series), strict=True)), default=0)
    top = _nice(highest)
    gap = (WIDTH - LEFT - RIGHT) / max(len(labels), 1)
    bars = []
    for place in range(len(labels)):
        base = 0.0
        for each in series:
            if value := each.values[place]:
                y, high = _y(base + value, top), _y(base, top) - _y(base + value, top)
                bars.append(
                    (
                        each.kind,
                        _number(LEFT + gap * (place + 0.1)),
                        _number(y),
                        _number(gap * 0.8),
                        _number(high),
                    )
                )
                base += value
    shapes = format_html_join("", '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>', bars)
    scale = [(part, f"{part:,.0f}") for part in (0, top / 2, top)]
    return _plot(title, labels, gap, scale, shapes, series)


def shares(title: str, labels: Sequence[str], series: Sequence[Series]) -> SafeString:
    """A line of shares (0 to 1) for each series, over labels at equal distances."""
    gap = (WIDTH - LEFT - RIGHT) / max(len(labels), 1)
    drawn = []
    for each in series:
        points = [
            f"{_number(LEFT + gap * (place + 0.5))},{_number(_y(value, 1))}"
            for place, value in enumerate(each.values)
        ]
        drawn.append((each.kind, " ".join(points)))
    shapes = format_html_join("", '<polyline class="line {}" points="{}"/>', drawn)
    return _plot(title, labels, gap, [(0, "0 %"), (0.5, "50 %"), (1, "100 %")], shapes, series)


def _plot(
    title: str,
    labels: Sequence[str],
    gap: float,
    scale: Sequence[tuple[float, str]],
    shapes: SafeString,
    series: Sequence[Series],
) -> SafeString:
    every = max(1, -(-len(labels) // LABELS))
    marks = [
        (_number(LEFT + gap * (place + 0.5)), HEIGHT - 10, label)
        for place, label in enumerate(labels)
        if place % every == 0
    ]
    top = scale[-1][0]
    levels = [(_number(_y(part, top)), words) for part, words in scale]
    grid = format_html_join(
        "",
        '<path class="grid" d="M{} {}H{}"/><text class="level" x="{}" y="{}">{}</text>',
        [(LEFT, y, WIDTH - RIGHT, LEFT - 6, float(y) + 4, words) for y, words in levels],
    )
    under = format_html_join("", '<text class="mark" x="{}" y="{}">{}</text>', marks)
    key = format_html_join(
        "", '<li><span class="swatch {}"></span>{}</li>', [(each.kind, each.label) for each in series]
    )
    return format_html(
        '<div class="plot" role="region" tabindex="0" aria-label="{}"><svg viewBox="0 0 {} {}" role="img" '
        'aria-label="{}">{}{}{}</svg></div><ul class="key">{}</ul>',
        _("Plot: %(title)s") % {"title": title}, WIDTH, HEIGHT, title, grid, shapes, under, key,
    )  # fmt: skip


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value / top if top else 0)


def _nice(value: float) -> float:
    """The next round number, so that the middle of the scale is a whole one."""
    size = 2.0
    while size < value:
        size *= 2.5 if str(size)[0] == "2" else 2
    return size


def _number(value: float) -> str:
    return f"{value:.1f}"
