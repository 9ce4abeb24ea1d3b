"""The picture as it is read: decoded at the size that shows the card well, and the ways to flatten it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ocr_integration.engine import askew, locate, picture, quads, rectify, refine
from ocr_integration.engine.arrays import Image
from ocr_integration.engine.corners import CornerFinder, Outline, Sighting
from ocr_integration.engine.detect import Detector
from ocr_integration.engine.rectify import Flat

WHOLE_SIDE = 736
SURE, AGREED = 0.6, 0.9
"""How hot the least of four corners must be, and how well they must agree with the area seen, to be tried at once."""
FILLED = 0.8
"""How much of a picture of a card's shape the card must seem to cover to be taken for a scan."""
SEEN, EVEN, AGREEMENT = 0.5, 0.1, 4
"""How an outline's score and its agreement (a power) with the area seen weigh."""
CLEAR, COVERING = 0.5, 0.85
"""An outline is tried for its own score, or because it covers the area seen."""
FINE = 1000.0
"""A card this many pixels wide shows all that the recogniser can use."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """The picture as it is read, the card as it is seen there, and how many pixels sent make one of it."""

    image: Image
    sighting: Sighting
    scale: float

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture as it is read."""
        return self.image.shape[1], self.image.shape[0]


def view_of(data: bytes, finder: CornerFinder) -> View:
    """Decodes at half size where that shows the card well enough. Raises Unreadable."""
    longer = max(picture.size_of(data))
    half = longer >= picture.REDUCE_FROM
    image = picture.decode(data, half=half)
    seen = finder.look(image)
    if half and not (
        seen.outline and seen.sure(SURE, AGREED) and quads.sides(seen.outline.corners)[0] > FINE
    ):
        small = max(image.shape[:2])
        image = picture.decode(data)
        seen = seen.enlarged(max(image.shape[:2]) / small)
    return View(image, seen, longer / max(image.shape[:2]))


def ways_to_flatten(view: View, detector: Detector) -> Iterator[Flat]:
    """Likeliest first: a scan cut to its edge, the corners seen, other outlines, the text alone, the whole picture."""
    image, seen = view.image, view.sighting
    whole, scan = rectify.whole(image), rectify.card_shaped(image)
    if scan and seen.agreement(whole) > FILLED:
        yield rectify.flatten(image, whole, located=True)
    if seen.outline is not None and seen.sure(SURE, AGREED):
        yield _within(image, seen.outline)
    outlines = _ranked(seen, locate.outlines(image))
    for outline in outlines[:1]:
        yield _within(image, outline)
    text = askew.text_of(detector.lines(image, side=WHOLE_SIDE))
    if text is not None:
        for outline in askew.holding(outlines[1:], *text)[:1]:
            yield _within(image, outline)
        for corners in askew.around(*text):
            yield rectify.flatten(image, corners, located=False)
    yield rectify.flatten(image, whole, located=scan)


def _ranked(seen: Sighting, outlines: list[Outline]) -> list[Outline]:
    """Outlines from edges, and the one that was seen but not surely, by their own score and how they cover the card."""
    unsure = [] if seen.outline is None else [replace(seen.outline, score=SEEN * seen.outline.score)]
    known = [(outline, seen.agreement(outline.corners)) for outline in [*outlines, *unsure]]
    tried = [(one, agreed) for one, agreed in known if one.score > CLEAR or agreed > COVERING]
    return [
        one for one, agreed in sorted(tried, key=lambda pair: -(pair[0].score + EVEN) * pair[1] ** AGREEMENT)
    ]


def _within(image: Image, outline: Outline) -> Flat:
    return rectify.flatten(image, refine.sharpened(image, outline.corners), located=True)
