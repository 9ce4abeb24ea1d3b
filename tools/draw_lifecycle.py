"""Draws the states of a case and their moves as docs/plots/lifecycle.svg: `python -m tools.draw_lifecycle`.

The moves come from kyc/domain/lifecycle.py; only where a state stands on the sheet is decided here. A move that every
open state shares (to withdraw) and one that every final state shares (to erase) are drawn as one arrow from a frame.
"""

from html import escape
from itertools import pairwise
from pathlib import Path

from kyc.domain.lifecycle import FINAL, MOVES, OPEN, State

FILE = Path(__file__).resolve().parent.parent / "docs" / "plots" / "lifecycle.svg"
WIDTH, HEIGHT = 1040, 520
BOX = (128, 44)
CENTRES = {
    State.STARTED: (110, 110),
    State.QUEUED: (310, 110),
    State.READING: (510, 110),
    State.IN_REVIEW: (710, 110),
    State.SECOND_REVIEW: (920, 110),
    State.RETAKE: (510, 220),
    State.EXPIRED: (310, 350),
    State.WITHDRAWN: (510, 350),
    State.APPROVED: (710, 350),
    State.REJECTED: (920, 350),
    State.ERASED: (615, 470),
}
# How far a move's line leaves the straight one, to its left as one walks: for lines that would cross a box.
BENDS = {
    (State.QUEUED, State.IN_REVIEW): 70.0,
    (State.STARTED, State.EXPIRED): 20.0,
    (State.SECOND_REVIEW, State.RETAKE): 22.0,
}
BEND = 14.0
INK, LINE, OPEN_FILL, FINAL_FILL = "#18232b", "#52606b", "#e3f0ee", "#f1efe9"
FRAMES = {"open": (30, 20, 980, 236, OPEN), "final": (230, 294, 770, 94, FINAL - {State.ERASED})}
Point = tuple[float, float]


def shared(states: frozenset[State]) -> State | None:
    """The one state that each of `states` may move to, outside of them."""
    common = frozenset.intersection(*(MOVES[state] for state in states)) - states
    return min(common) if len(common) == 1 else None


def drawing() -> str:
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" font-family="sans-serif" font-size="15" role="img" '
        'aria-label="The states of a case and the moves between them">',
        '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
        f'orient="auto-start-reverse"><path d="M0 1L9 5L0 9z" fill="{LINE}"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    together: set[tuple[State, State]] = set()
    for word, (x, y, width, height, states) in FRAMES.items():
        target = shared(states)
        parts.append(
            f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="12" fill="none" stroke="{LINE}" '
            f'stroke-dasharray="6 5"/><text x="{x + 14}" y="{y + 20}" fill="{LINE}">{word}</text>'
        )
        if target is not None:
            together |= {(state, target) for state in states}
            middle = CENTRES[target][0]
            parts.append(_line((middle, y + height), (middle, CENTRES[target][1] - BOX[1] / 2)))
    for origin, moves in MOVES.items():
        parts += [_move(origin, to) for to in sorted(moves) if (origin, to) not in together]
    parts += [_box(state) for state in State]
    return "\n".join([*parts, "</svg>", ""])


def _box(state: State) -> str:
    (x, y), (width, height) = CENTRES[state], BOX
    fill = FINAL_FILL if state in FINAL else OPEN_FILL
    return (
        f'<rect x="{x - width / 2:g}" y="{y - height / 2:g}" width="{width}" height="{height}" rx="8" '
        f'fill="{fill}" stroke="{INK}"/>'
        f'<text x="{x}" y="{y + 5}" text-anchor="middle" fill="{INK}">{escape(state.value)}</text>'
    )


def _move(origin: State, to: State) -> str:
    """A curve from box to box: both ends are cut where the curve leaves or meets the box."""
    (x1, y1), (x2, y2) = CENTRES[origin], CENTRES[to]
    bend = BENDS.get((origin, to), BEND)
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    middle = (x1 + x2) / 2 + 2 * bend * (y2 - y1) / length, (y1 + y2) / 2 - 2 * bend * (x2 - x1) / length
    curve = [_at((x1, y1), middle, (x2, y2), step / 60) for step in range(61)]
    outside = [p for p in curve if not _inside(p, origin) and not _inside(p, to)]
    return _line(*outside)


def _at(a: Point, b: Point, c: Point, t: float) -> Point:
    """The point of a quadratic curve at `t`."""
    ax, ay = a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t
    bx, by = b[0] + (c[0] - b[0]) * t, b[1] + (c[1] - b[1]) * t
    return ax + (bx - ax) * t, ay + (by - ay) * t


def _inside(point: Point, state: State) -> bool:
    (x, y), (width, height) = CENTRES[state], BOX
    return abs(point[0] - x) <= width / 2 + 1 and abs(point[1] - y) <= height / 2 + 1


def _line(*points: Point) -> str:
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}" + "".join(
        f"L{x:.1f} {y:.1f}" for _, (x, y) in pairwise(points)
    )
    return f'<path d="{path}" fill="none" stroke="{LINE}" stroke-width="1.5" marker-end="url(#tip)"/>'


if __name__ == "__main__":
    FILE.write_text(drawing())
