"""Tables as files: CSV and XLSX. No cell can run: a spreadsheet takes some beginnings of a text for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from enum import StrEnum

import xlsxwriter

# What Excel, LibreOffice or Google take for a formula's beginning, in either width (OWASP: CSV injection).
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
WIDEST = 60


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"

    @property
    def content_type(self) -> str:
        if self is Format.CSV:
            return "text/csv; charset=utf-8"
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def written(form: Format, head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The table in memory: nothing of it touches a disk."""
    return _csv(head, rows) if form is Format.CSV else _xlsx(head, rows)


def harmless(text: str) -> str:
    """With a mark before what would begin a formula, as spreadsheets themselves write such a text."""
    return "'" + text if text.startswith(_BEGINS_A_FORMULA) else text


def _csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(head)
    writer.writerows([harmless(text) for text in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")  # the mark lets Excel see hangul


def _xlsx(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    out = io.BytesIO()
    plain = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, plain) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        widths = [len(title) for title in head]
        for column, title in enumerate(head):
            sheet.write_string(0, column, title, bold)
        for line, row in enumerate(rows, start=1):
            for column, text in enumerate(row):
                sheet.write_string(line, column, harmless(text))
                widths[column] = max(widths[column], len(text))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(width + 2, WIDEST))
        sheet.freeze_panes(1, 0)
    return out.getvalue()
