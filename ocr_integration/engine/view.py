"""The picture as it is read: decoded at the size that shows the card well, and the ways to flatten it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ocr_integration.engine import askew, locate, picture, quads, rectify, refine
from ocr_integration.engine.arrays import Image
from ocr_integration.engine.detect import Detector
from ocr_integration.engine.rectify import Flat

WHOLE_SIDE = 736
SURE_OUTLINE = 0.5
"""Score from which an outline is tried before anything else."""
FINE = 1000.0
"""A card this many pixels wide shows all that the recogniser can use."""


@dataclass(frozen=True, slots=True)
class View:
    """The picture as it is read, its outlines, and how many pixels sent make one of it."""

    image: Image
    outlines: list[locate.Outline]
    scale: float

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture as it is read."""
        return self.image.shape[1], self.image.shape[0]


def view_of(data: bytes) -> View:
    """Decodes at half size where that shows the card well enough. Raises Unreadable."""
    longer = max(picture.size_of(data))
    half = longer >= picture.REDUCE_FROM
    image = picture.decode(data, half=half)
    found = locate.outlines(image)
    if half and not (found and found[0].score > SURE_OUTLINE and quads.sides(found[0].corners)[0] > FINE):
        small = max(image.shape[:2])
        image = picture.decode(data)
        ratio = np.float32(max(image.shape[:2]) / small)
        found = [locate.Outline(outline.corners * ratio, outline.score) for outline in found]
    return View(image, found, longer / max(image.shape[:2]))


def ways_to_flatten(view: View, detector: Detector) -> Iterator[Flat]:
    """Likeliest first: a sure outline, outlines around the text, the text alone, the whole picture."""
    image, found = view.image, view.outlines
    sure = [outline for outline in found[:2] if outline.score > SURE_OUTLINE]
    whole = rectify.flatten(image, rectify.whole(image), located=rectify.card_shaped(image))
    if whole.located and (not sure or quads.area(sure[0].corners) < 0.5 * quads.area(whole.corners)):
        yield whole
    for outline in sure[:1]:
        yield _within(image, outline)
    text = askew.text_of(detector.lines(image, side=WHOLE_SIDE))
    if text is not None:
        for outline in askew.holding(found[len(sure[:1]) :], *text)[:2]:
            yield _within(image, outline)
        for corners in askew.around(*text):
            yield rectify.flatten(image, corners, located=False)
    for outline in sure[1:]:
        yield _within(image, outline)
    yield whole


def _within(image: Image, outline: locate.Outline) -> Flat:
    return rectify.flatten(image, refine.sharpened(image, outline.corners), located=True)
