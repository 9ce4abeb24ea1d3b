"""Which line of the card is what, told from the resident number's place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ocr_integration.engine import issued, kinds, latin, number
from ocr_integration.engine.kinds import Kind, likeness
from ocr_integration.engine.names import hangul
from ocr_integration.engine.number import Found
from ocr_integration.engine.rows import TALL, Line

DATE = re.compile(r"(?:\d{6}|(?:19|20)\d\d[.·,]?\d\d?[.·,]?\d\d?[.·,]?)")
COLUMN, BELOW = 650, 0.74
"""Fields stand left of the portrait (pixels of the flattened card), or below it (share of the card's height)."""
ABROAD = "재외국민"


@dataclass(frozen=True, slots=True)
class Layout:
    """The card's lines by meaning; `name` and `address` in reading order."""

    kind: Kind
    number: Found
    issued: Found | None
    name: list[Line] = field(default_factory=list)
    address: list[list[Line]] = field(default_factory=list)

    @property
    def clearness(self) -> float:
        """How sure the letters of the address (where there is none, of the name) and the date are, 0 to 1."""
        text = self._rows() if self.kind.address else self.name
        return min(_sureness(text), _sureness([self.issued.line] if self.issued else []))

    @property
    def whole(self) -> bool:
        """Whether every part that such a card prints was found."""
        return bool(self.issued and self.name and (self.address or not self.kind.address))

    def _rows(self) -> list[Line]:
        return [line for row in self.address for line in row]

    def fainter(self, sure: float) -> list[Line]:
        """The lines of name, address and date whose letters are less sure."""
        lines = [*self.name, *self._rows(), *([self.issued.line] if self.issued else [])]
        return [line for line in lines if line.sureness <= sure]

    def read_again(self, lines: Sequence[Line], again: Sequence[Line]) -> "Layout":
        """The same card, some of its lines read once more: of each the reading that shows more, more surely."""
        other = dict(zip(lines, again, strict=True))
        dated = [other[date.line]] if (date := self.issued) and date.line in other else []
        return replace(
            self,
            issued=_likelier(date, issued.find(dated, birthday=number.birthday_of(self.number.text))),
            name=[_clearer(line, other.get(line, line)) for line in self.name],
            address=[[_clearer(line, other.get(line, line)) for line in row] for row in self.address],
        )

    def joined(self, other: "Layout") -> "Layout":
        """The same card looked at twice: of each part the look that shows more of it, more surely."""
        return Layout(
            kind=self.kind,
            number=max(self.number, other.number, key=lambda found: found.score),
            issued=_likelier(self.issued, other.issued),
            name=self.name if _shows(self.name, other.name) else other.name,
            address=self.address if _shows(self._rows(), other._rows()) else other.address,
        )


def _sureness(lines: list[Line]) -> float:
    """How sure the letters of the faintest line are."""
    return min((line.sureness for line in lines), default=0.0)


def _shows(lines: list[Line], others: list[Line]) -> bool:
    """Whether `lines` show a text as well as `others` do: the letters seen, and how surely."""
    seen, also = (sum(len(line.text.replace(" ", "")) for line in each) for each in (lines, others))
    return _sureness(lines) * seen >= _sureness(others) * also


def _clearer(line: Line, again: Line) -> Line:
    return line if _shows([line], [again]) else again


def _likelier(*dates: Found | None) -> Found | None:
    """Of the dates read that one that is a day of the calendar, else the likelier."""
    found = [date for date in dates if date is not None]
    return max(found, key=lambda date: (issued.valid(date.text), date.score), default=None)


def arrange(kind: Kind, lines: list[Line], found: Found) -> Layout:
    """The layout around a number that was found."""
    anchor, height = found.line, found.line.height
    under = [line for line in lines if line.middle > anchor.middle + 0.5 * height]
    date = issued.find(under, birthday=number.birthday_of(found.text))
    name = latin.rows(under, anchor) if kind.latin_name else _name(lines, anchor)
    return Layout(kind, found, date, name, _address(under, anchor, date) if kind.address else [])


def _name(lines: list[Line], anchor: Line) -> list[Line]:
    """The row nearest above the number that holds hangul and is not the title."""
    above = [
        line for line in lines if line.middle < anchor.middle - 0.5 * anchor.height and _named(line, anchor)
    ]
    if not above:
        return []
    lowest = max(above, key=lambda line: line.middle)
    row = [
        line for line in above if abs(line.middle - lowest.middle) < 0.55 * max(line.height, lowest.height)
    ]
    return sorted(row, key=lambda line: line.left)


def _named(line: Line, anchor: Line) -> bool:
    letters = line.text.replace(" ", "")
    if kinds.titled(letters) >= 0.6 or likeness(letters, ABROAD) >= 0.75:
        return False
    in_column = line.left < anchor.right + anchor.height
    return in_column and sum(hangul(c) or "一" <= c <= "鿿" for c in letters) >= 1


def _address(under: list[Line], anchor: Line, date: Found | None) -> list[list[Line]]:
    """The rows between number and date that start at the left."""
    bottom = date.line.middle - 0.5 * date.line.height if date else anchor.middle + 6.5 * anchor.height
    body = [line for line in under if line.middle < bottom and _addressed(line, anchor)]
    rows: list[list[Line]] = []
    for line in sorted(body, key=lambda line: line.middle):
        if rows and abs(line.middle - rows[-1][-1].middle) < 0.5 * min(line.height, rows[-1][-1].height):
            rows[-1].append(line)
        else:
            rows.append([line])
    kept: list[list[Line]] = []
    for row in rows:
        row.sort(key=lambda line: line.left)
        if not kept or row[0].middle - kept[-1][0].middle < 2.2 * max(anchor.height, row[0].height):
            kept.append(row)
    return kept


def _addressed(line: Line, anchor: Line) -> bool:
    letters = line.text.replace(" ", "")
    if not letters or line.left > anchor.right or line.height > 1.6 * anchor.height:
        return False
    return likeness(letters, ABROAD) < 0.75 and DATE.fullmatch(letters) is None


def worth_reading(line: Line) -> bool:
    """Whether a line may hold a field at all: not the portrait's side, not specks."""
    (x0, y0), (x1, y1) = line.quad[0], line.quad[1]
    level = abs(y1 - y0) < 0.5 * (x1 - x0)
    beside = line.left < COLUMN or line.middle > BELOW * TALL
    return bool(level and beside and line.height > 11 and line.width > 1.3 * line.height)


def office(lines: list[Line]) -> list[Line]:
    """The lines that by their place can only name the issuing head, from the top: below what may be a date."""
    low = [line for line in lines if line.middle > 0.6 * TALL]
    dates = [line for line in low if 3.2 * line.height < line.width < 10 * line.height]
    if not dates:
        return []
    first = min(dates, key=lambda line: line.middle)
    below = [line for line in low if line.middle > first.middle + 0.6 * first.height]
    return sorted(below, key=lambda line: line.middle)
