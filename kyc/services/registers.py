"""Taking the disclosure register out of the product, as CSV: a reason is asked, and the audit chain says who did."""

import csv
from collections.abc import Iterator, Mapping

from django.contrib.auth.models import User
from django.db.models import QuerySet

from kyc import spreadsheets
from kyc.domain.roles import Verb
from kyc.models import AuditEntry, Disclosure
from kyc.services.officers import actor, require

COLUMNS = ("at", "officer", "actor", "case", "what", "reason", "address")
BOM = "\ufeff"  # or spreadsheets take Korean names for Latin ones
CHUNK = 2000


def export_disclosures(
    *, rows: QuerySet[Disclosure], by: User, reason: str, asked: Mapping[str, str]
) -> Iterator[str]:
    """Recorded first, then line by line. `asked` are the filters, ids and codes. Raises NotAllowed."""
    require(by, Verb.SEE_REGISTERS)
    data = {"reason": reason, "rows": rows.count(), **asked}
    AuditEntry.append("register.exported", by=actor(by), data=data)
    return _lines(rows.select_related("by").order_by("at", "pk"))


class _Line:
    """What the csv module writes into: it gives each line back."""

    def write(self, text: str) -> str:
        return text


def _lines(rows: QuerySet[Disclosure]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield BOM + writer.writerow(COLUMNS)  # writerow gives what write gave
    for row in rows.iterator(chunk_size=CHUNK):
        name = row.by.get_username() if row.by else ""
        told = (row.at.isoformat(), name, row.actor, row.case_id, row.what, row.reason, row.address or "")
        yield writer.writerow([spreadsheets.harmless(str(cell)) for cell in told])
