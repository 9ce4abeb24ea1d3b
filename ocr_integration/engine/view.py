"""The picture as it is read: decoded at the size that shows the card well, and the ways to flatten it."""

from collections.abc import Iterator
from dataclasses import dataclass

from ocr_integration.engine import askew, locate, picture, quads, rectify, refine
from ocr_integration.engine.arrays import Image
from ocr_integration.engine.corners import CornerFinder, Outline, Sighting
from ocr_integration.engine.detect import Detector
from ocr_integration.engine.rectify import Flat

WHOLE_SIDE = 736
SURE, AGREED = 0.8, 0.88
"""How hot the least of four corners must be, and how well they must agree with the area seen, to be tried at once."""
SURE_OUTLINE = 0.5
"""Score from which another outline is tried before the text is looked for."""
AGREEMENT = 6
"""Power with which an outline's agreement with the area seen weighs against its own score."""
FINE = 1000.0
"""A card this many pixels wide shows all that the recogniser can use."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """The picture as it is read, the card as it is seen there at a glance, and how many pixels sent make one of it."""

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
        seen.sure(SURE, AGREED) and seen.outline and quads.sides(seen.outline.corners)[0] > FINE
    ):
        small = max(image.shape[:2])
        image = picture.decode(data)
        seen = seen.enlarged(max(image.shape[:2]) / small)
    return View(image, seen, longer / max(image.shape[:2]))


def ways_to_flatten(view: View, detector: Detector) -> Iterator[Flat]:
    """Likeliest first: the corners seen, outlines that agree with the area seen, the text alone, the whole picture."""
    image, seen = view.image, view.sighting
    if seen.outline is not None and seen.sure(SURE, AGREED):
        yield _within(image, seen.outline)
    whole = rectify.flatten(image, rectify.whole(image), located=rectify.card_shaped(image))
    outlines = _agreeing(locate.outlines(image), seen)
    sure = [outline for outline in outlines[:2] if outline.score > SURE_OUTLINE]
    if whole.located and (not sure or quads.area(sure[0].corners) < 0.5 * quads.area(whole.corners)):
        yield whole
    for outline in sure[:1]:
        yield _within(image, outline)
    text = askew.text_of(detector.lines(image, side=WHOLE_SIDE))
    if text is not None:
        for outline in askew.holding(outlines[len(sure[:1]) :], *text)[:2]:
            yield _within(image, outline)
        for corners in askew.around(*text):
            yield rectify.flatten(image, corners, located=False)
    for outline in sure[1:]:
        yield _within(image, outline)
    yield whole


def _agreeing(outlines: list[Outline], seen: Sighting) -> list[Outline]:
    """The outlines, those first that also cover the area seen."""
    return sorted(outlines, key=lambda o: -(o.score + 0.3) * seen.agreement(o.corners) ** AGREEMENT)


def _within(image: Image, outline: Outline) -> Flat:
    return rectify.flatten(image, refine.sharpened(image, outline.corners), located=True)
