"""Reads pictures of lines: with our recogniser, or with the one for hanja."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from ocr_integration.engine.arrays import Floats, Image
from ocr_integration.engine.weights import Weights, session

HEIGHT = 48
STRIDE = 8
LEAST = 64
"""Narrower lines are padded to this width."""
MOST = 1200


class Alphabet(tuple[str, ...]):
    """The letters that a recogniser tells apart, each at its class; class 0, the blank, is empty."""

    @cached_property
    def classes(self) -> Mapping[str, int]:
        """Each letter's class."""
        return {letter: i for i, letter in enumerate(self) if letter}


@dataclass(frozen=True, slots=True)
class Strip:
    """What the recogniser sees in one line: probabilities (steps, letters), class 0 the blank."""

    odds: Floats
    letters: Alphabet


class Recogniser:
    """Reads pictures of lines with one model."""

    def __init__(self, weights: Weights, *, threads: int = 1) -> None:
        self._net = session(weights, threads=threads)
        self._input = self._net.get_inputs()[0].name
        known = self._net.get_modelmeta().custom_metadata_map["character"].split("\n")
        self.letters = Alphabet(["", *known])

    def read(self, lines: Sequence[Image]) -> list[Strip]:
        """One strip a line. Lines of about one width share a forward pass."""
        greys = [_resized(line) for line in lines]
        strips: list[Strip | None] = [None] * len(lines)
        for group in _by_width([grey.shape[1] for grey in greys]):
            width = max(LEAST, *(-(-greys[i].shape[1] // STRIDE) * STRIDE for i in group))
            x = np.zeros((len(group), 1, HEIGHT, width), np.float32)
            for row, i in enumerate(group):
                x[row, 0, :, : greys[i].shape[1]] = greys[i].astype(np.float32) / 127.5 - 1
            (odds,) = self._net.run(None, {self._input: np.repeat(x, 3, axis=1)})
            for row, i in enumerate(group):
                steps = min(odds.shape[1], -(-greys[i].shape[1] // STRIDE) + 1)
                strips[i] = Strip(np.asarray(odds[row, :steps], np.float32), self.letters)
        return [strip for strip in strips if strip is not None]


def _resized(line: Image) -> Image:
    """The line in grey, 48 pixels high."""
    grey = cv2.cvtColor(line, cv2.COLOR_BGR2GRAY) if line.ndim == 3 else line
    height, width = grey.shape[:2]
    wide = min(MOST, max(16, round(width * HEIGHT / height)))
    if (height, width) == (HEIGHT, wide):
        return np.asarray(grey, np.uint8)
    kind = cv2.INTER_AREA if height > HEIGHT else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, (wide, HEIGHT), interpolation=kind), np.uint8)


def _by_width(widths: Sequence[int]) -> list[list[int]]:
    """Indices grouped so that padding wastes less than a fifth of a pass."""
    groups: list[list[int]] = []
    for i in sorted(range(len(widths)), key=lambda i: -widths[i]):
        if groups and max(LEAST, widths[groups[-1][0]]) <= 1.2 * max(LEAST, widths[i]):
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups
