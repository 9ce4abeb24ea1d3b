"""Makes the vendor's fields from the card's lines."""

from ocr_integration.contract import FieldDetail
from ocr_integration.engine import confidence, latin, names, number
from ocr_integration.engine.addresses import Addresses
from ocr_integration.engine.layout import Layout
from ocr_integration.engine.rows import Line

EMPTY = FieldDetail(text="", unconstrained="", confidence=0.0, box=())


def sex_of(number: str) -> str:
    """男 or 女, as the century digit states."""
    return "女" if number[7] in "02468" else "男"


def fields(layout: Layout, addresses: Addresses) -> dict[str, FieldDetail]:
    """The six fields, '' where the card has none. Sex and birthday are the number's: the card prints neither."""
    read = layout.number
    sure = confidence.of_number(read)
    box = read.line.box
    found = {
        "ID": FieldDetail(read.text, read.unconstrained, sure, box),
        "Sex": FieldDetail(sex_of(read.text), "", sure, box),
        "Birthday": FieldDetail(number.birthday_of(read.text), "", sure, box),
        "DateOfIssue": EMPTY,
        "Name": _latin(layout.name) if layout.kind.latin_name else _name(layout.name),
        "Address": _address(layout.address, addresses),
    }
    if layout.issued is not None:
        date = layout.issued
        found["DateOfIssue"] = FieldDetail(
            date.text, date.unconstrained, confidence.of_date(date), date.line.box
        )
    return found


def _name(row: list[Line]) -> FieldDetail:
    """The name; where hangul and brackets stand too far apart to be one line they are put together."""
    read = [(line, line.strip) for line in row if line.strip is not None]
    found = next((found for line, strip in read if (found := names.read(line, strip))), None)
    if found is None:
        return EMPTY
    apart = next(
        ((line, strip) for line, strip in read if line.text.startswith("(") and line is not found.line), None
    )
    if apart is not None and "(" not in found.text:
        found = names.joined(found, *apart)
    return FieldDetail(found.text, " ".join(line.text for line in row), confidence.of_name(found), _hull(row))


def _latin(row: list[Line]) -> FieldDetail:
    found = latin.read(row)
    if found is None:
        return EMPTY
    return FieldDetail(found.text, found.unconstrained, confidence.of_name(found), _hull(row))


def _address(rows: list[list[Line]], addresses: Addresses) -> FieldDetail:
    lines = [line for row in rows for line in row if line.strip is not None and line.text]
    if not lines:
        return EMPTY
    read = addresses.read([line.strip for line in lines if line.strip is not None])
    return FieldDetail(read.text, read.plain, confidence.of_address(read), _hull(lines))


def _hull(lines: list[Line]) -> tuple[tuple[float, float], ...]:
    """The upright box around some lines, in shares of the card."""
    points = [point for line in lines for point in line.box]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    return ((left, top), (right, top), (right, bottom), (left, bottom))
