"""Turns a strip of probabilities into text: greedily, within a grammar, or by scoring given texts."""

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ocr_integration.engine.arrays import Classes, Floats
from ocr_integration.engine.text import Alphabet, Strip

Grow = Callable[[str, str], float]
"""(text so far, next letter) -> its weight: 0 forbids, 1 is neutral, less is doubtful."""

BEAMS, CHOICES, FAINT = 12, 5, 5e-4
HINTED, FAINTEST = 4, 1e-7


@dataclass(frozen=True, slots=True)
class Glyph:
    """One letter as read: where (steps) and how probable at its peak."""

    letter: str
    start: int
    end: int
    odds: float


@dataclass(frozen=True, slots=True)
class Beam:
    """One possible text of a strip and the logarithm of its weighted probability."""

    text: str
    score: float


def glyphs(strip: Strip) -> list[Glyph]:
    """The likeliest letter at each step, repeats and blanks taken out."""
    best = strip.odds.argmax(1)
    found: list[Glyph] = []
    start = 0
    for step in range(1, len(best) + 1):
        if step < len(best) and best[step] == best[start]:
            continue
        if best[start]:
            peak = float(strip.odds[start:step, best[start]].max())
            found.append(Glyph(strip.letters[best[start]], start, step, peak))
        start = step
    return found


def greedy(strip: Strip) -> str:
    """The text of `glyphs`."""
    return "".join(glyph.letter for glyph in glyphs(strip)).strip()


def narrowed(strip: Strip, letters: str, *, silent: str = "", same: Mapping[str, str] | None = None) -> Strip:
    """The strip over a few letters: `silent` ones count as blank, `same` ones as the letter they stand for."""
    place = strip.letters.classes
    odds = np.zeros((len(strip.odds), len(letters) + 1), np.float32)
    odds[:, 0] = strip.odds[:, [0, *(place[c] for c in silent if c in place)]].sum(1)
    for i, letter in enumerate(letters):
        meant = [letter, *(other for other, own in (same or {}).items() if own == letter)]
        odds[:, i + 1] = strip.odds[:, [place[c] for c in meant if c in place]].sum(1)
    return Strip(odds, Alphabet(["", *letters]))


def unbroken(strip: Strip, letter: str) -> Strip:
    """The strip with a letter read several times on end, blanks between, as one long one: a wide dash."""
    place = strip.letters.classes[letter]
    best = strip.odds.argmax(1)
    seen = np.flatnonzero(best == place)
    odds = strip.odds.copy()
    for one, other in itertools.pairwise(seen):
        if not best[one + 1 : other].any():
            odds[one + 1 : other, place] += odds[one + 1 : other, 0]
            odds[one + 1 : other, 0] = 0
    return Strip(odds, strip.letters)


def search(
    strip: Strip, grow: Grow, *, beams: int = BEAMS, hints: frozenset[str] = frozenset()
) -> list[Beam]:
    """The likeliest texts that `grow` allows, best first: prefix beam search.

    Letters among `hints` are followed even where they are very faint."""
    held: dict[str, tuple[float, float]] = {"": (1.0, 0.0)}
    scale = 0.0
    for blank, choices in _steps(strip, hints):
        grown: dict[str, list[float]] = {}
        for text, (ended, open_) in held.items():
            _extend(grown, text, ended, open_, blank, choices, grow)
        best = sorted(grown.items(), key=lambda item: -(item[1][0] + item[1][1]))[:beams]
        total = best[0][1][0] + best[0][1][1] if best else 0.0
        if total <= 0.0:
            return []
        held = {text: (a / total, b / total) for text, (a, b) in best}
        scale += math.log(total)
    found = [Beam(text, math.log(a + b) + scale) for text, (a, b) in held.items() if a + b > 0]
    return sorted(found, key=lambda beam: -beam.score)


def _steps(strip: Strip, hints: frozenset[str]) -> list[tuple[float, list[tuple[str, float]]]]:
    """For each step the blank's probability and the few letters worth following."""
    place = strip.letters.classes
    hinted = np.array([place[letter] for letter in sorted(hints) if letter in place], np.int64)
    steps = []
    for row in strip.odds:
        likely = _top(row, np.flatnonzero(row[1:] > FAINT) + 1, CHOICES)
        faint = _top(row, hinted[row[hinted] > FAINTEST], HINTED) if row[0] < 1 - FAINT else likely[:0]
        choices = [
            (strip.letters[i], float(row[i])) for i in dict.fromkeys([*likely.tolist(), *faint.tolist()])
        ]
        steps.append((max(float(row[0]), 1e-6), choices))
    return steps


def _top(row: Floats, classes: Classes, most: int) -> Classes:
    return classes if len(classes) <= most else classes[np.argsort(-row[classes])[:most]]


def _extend(
    grown: dict[str, list[float]],
    text: str,
    ended: float,
    open_: float,
    blank: float,
    choices: list[tuple[str, float]],
    grow: Grow,
) -> None:
    """Adds to `grown` what one text becomes in one step."""
    own = grown.setdefault(text, [0.0, 0.0])
    own[0] += (ended + open_) * blank
    last = text[-1:]
    for letter, odds in choices:
        source = ended + open_
        if letter == last:
            own[1] += open_ * odds
            source = ended
        weight = grow(text, letter) if source > 0.0 else 0.0
        if weight > 0.0:
            grown.setdefault(text + letter, [0.0, 0.0])[1] += source * odds * weight


def scores(strip: Strip, texts: Sequence[str]) -> Floats:
    """Log probability of each text: the sum over all ways to write it. Unknown letters give -inf."""
    place = strip.letters.classes
    known = [[place[c] for c in text] if all(c in place for c in text) else None for text in texts]
    longest = max((len(classes) for classes in known if classes is not None), default=0)
    labels = np.zeros((len(texts), 2 * longest + 1), np.int64)
    for row, classes in enumerate(known):
        if classes:
            labels[row, 1 : 2 * len(classes) : 2] = classes
    skip = np.zeros(labels.shape, bool)
    skip[:, 3::2] = labels[:, 3::2] != labels[:, 1:-2:2]
    with np.errstate(divide="ignore"):
        emitted = np.log(np.maximum(strip.odds[:, labels], 1e-9))
    state = np.full(labels.shape, -np.inf)
    state[:, :2] = emitted[0, :, :2]
    for step in emitted[1:]:
        one = np.concatenate([np.full((len(texts), 1), -np.inf), state[:, :-1]], axis=1)
        two = np.concatenate([np.full((len(texts), 2), -np.inf), state[:, :-2]], axis=1)[:, : labels.shape[1]]
        state = np.logaddexp(np.logaddexp(state, one), np.where(skip, two, -np.inf)) + step
    result = np.full(len(texts), -np.inf)
    for row, classes in enumerate(known):
        if classes is not None:
            end = 2 * len(classes)
            result[row] = np.logaddexp(state[row, end], state[row, end - 1] if end else -np.inf)
    return result.astype(np.float32)


def quiet(strip: Strip) -> Strip:
    """The strip with spaces counted as blank: how wide a gap is says little."""
    odds = strip.odds.copy()
    space = strip.letters.classes[" "]
    odds[:, 0] += odds[:, space]
    odds[:, space] = 0
    return Strip(odds, strip.letters)
