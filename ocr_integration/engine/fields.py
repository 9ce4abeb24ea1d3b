"""Makes the vendor's fields from the card's lines."""

from ocr_integration.contract import FieldDetail
from ocr_integration.engine import confidence, names
from ocr_integration.engine.addresses import Addresses
from ocr_integration.engine.layout import Layout
from ocr_integration.engine.rows import Line

EMPTY = FieldDetail(text="", unconstrained="", confidence=0.0, box=())
CENTURIES = {"9": 18, "0": 18, "1": 19, "2": 19, "5": 19, "6": 19, "3": 20, "4": 20, "7": 20, "8": 20}


def birthday_of(number: str) -> str:
    """The birthday that a resident number states, as printed: dd/mm/yyyy, possible or not."""
    return f"{number[4:6]}/{number[2:4]}/{CENTURIES[number[7]]}{number[:2]}"


def sex_of(number: str) -> str:
    """男 or 女, as the century digit states."""
    return "女" if number[7] in "02468" else "男"


def fields(layout: Layout, addresses: Addresses) -> dict[str, FieldDetail]:
    """The six fields. Sex and birthday are the number's: the card prints neither."""
    number = layout.number
    sure = confidence.of_number(number)
    box = number.line.box
    found = {
        "ID": FieldDetail(number.text, number.unconstrained, sure, box),
        "Sex": FieldDetail(sex_of(number.text), "", sure, box),
        "Birthday": FieldDetail(birthday_of(number.text), "", sure, box),
        "DateOfIssue": EMPTY,
        "Name": _name(layout.name),
        "Address": _address(layout.address, addresses),
    }
    if layout.issued is not None:
        date = layout.issued
        found["DateOfIssue"] = FieldDetail(
            date.text, date.unconstrained, confidence.of_date(date), date.line.box
        )
    return found


def _name(row: list[Line]) -> FieldDetail:
    """The name; where hangul and hanja stand too far apart to be one line they are put together."""
    parts = [found for line in row if line.strip is not None and (found := names.read(line, line.strip))]
    if not parts:
        return EMPTY
    text = parts[0].text
    plain = " ".join(line.text for line in row)
    if "(" not in text:
        later = next((line for line in row[1:] if "(" in line.text or names.hanja(line.text[:1])), None)
        within = "".join(c for c in later.text if names.hanja(c)) if later else ""
        text = f"{text} ({within})" if within else text
    return FieldDetail(text, plain, confidence.of_name(parts), _hull(row))


def _address(rows: list[list[Line]], addresses: Addresses) -> FieldDetail:
    lines = [line for row in rows for line in row if line.strip is not None and line.text]
    if not lines:
        return EMPTY
    read = addresses.read([line.strip for line in lines if line.strip is not None])
    return FieldDetail(
        read.text, read.plain, confidence.of_address(read.score, known=read.known), _hull(lines)
    )


def _hull(lines: list[Line]) -> tuple[tuple[float, float], ...]:
    """The upright box around some lines, in shares of the card."""
    points = [point for line in lines for point in line.box]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    return ((left, top), (right, top), (right, bottom), (left, bottom))
