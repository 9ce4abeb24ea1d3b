"""Where things stand in a picture, by what its readers said: the card's corners, each field, the number's zone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kyc.domain.facts import Field
from kyc.imaging.crops import Quad, usable
from kyc.models import Document, Reading

# Where every card prints its number, generously: 30 of 30 sample cards lie between 0.34 and 0.49 of the height.
USUAL: Quad = ((0.02, 0.31), (0.64, 0.31), (0.64, 0.52), (0.02, 0.52))


@dataclass(frozen=True, slots=True)
class Places:
    """`corners` are pixels of the picture, `boxes` and `zones` shares of the flattened card.

    `guessed` where no reader gave the number's own box: the zone is the usual one, or the whole picture.
    """

    corners: Quad | None = None
    boxes: Mapping[Field, Quad] = field(default_factory=dict)

    @property
    def guessed(self) -> bool:
        return self.corners is None or Field.RRN not in self.boxes

    @property
    def zones(self) -> tuple[Quad, ...]:
        """What must be covered: the number's box; the usual zone too where the box is missing or lies elsewhere."""
        box = self.boxes.get(Field.RRN)
        if box is None:
            return (USUAL,)
        across = sum(point[0] for point in box) / 4
        down = sum(point[1] for point in box) / 4
        near = USUAL[0][0] <= across <= USUAL[1][0] and USUAL[0][1] <= down <= USUAL[2][1]
        return (box,) if near else (box, USUAL)


def of(readings: Iterable[Reading]) -> Places:
    """From the first reading that knows where the card lies, one with the number's box before others."""
    known = [places for reading in readings if (places := _of(reading)).corners is not None]
    return min(known, key=lambda places: places.guessed, default=Places())


def of_document(document: Document) -> Places:
    return of(document.readings.filter(error_code="").order_by("-at"))


def _of(reading: Reading) -> Places:
    geometry, told = reading.details.get("geometry", {}), reading.details.get("fields", {})
    corners = geometry.get("corners")
    boxes = {name: box for name in Field if usable(box := told.get(name.value, {}).get("box"))}
    # Where no card was located the corners are the picture's own: they say nothing of where a number stands.
    tells = geometry.get("located", False) or Field.RRN in boxes
    return Places(corners if tells and usable(corners) and _spans(corners) else None, boxes)


def _spans(corners: Quad) -> bool:
    """Whether the corners span an area: a degenerate outline would cover nothing."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
    return abs((cx - ax) * (dy - by) - (dx - bx) * (cy - ay)) > 200.0
