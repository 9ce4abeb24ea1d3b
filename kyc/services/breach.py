"""The breach pack: whose data, which fields, when and by which account, from one command (PIPA 34: 72 hours).

The register answers what an account saw; a lost key or a stolen copy exposes whole cases.
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from kyc import spreadsheets
from kyc.domain.actors import Actor, officer
from kyc.domain.facts import Field
from kyc.domain.lifecycle import State
from kyc.models import AuditEntry, Case, Disclosure
from kyc.services import disclosure
from kyc.vault import rotation
from kyc.vault.keys import Refused

MASKED_NUMBER, PICTURE, PORTRAIT = "rrn_masked", "picture", "portrait"
FILE, EMAIL = "file", "email"
EVERYTHING = (PICTURE, PORTRAIT, *(field.value for field in Field))
# What a look of each kind shows. The picture shows the whole card.
SHOWS: Mapping[str, tuple[str, ...]] = {
    Disclosure.What.PICTURE: EVERYTHING,
    Disclosure.What.PORTRAIT: (PORTRAIT,),
    Disclosure.What.NUMBER: (Field.RRN.value,),
    Disclosure.What.FIELDS: (MASKED_NUMBER, *(field.value for field in Field if field is not Field.RRN)),
    Disclosure.What.EXPORT: (*EVERYTHING, EMAIL),
    Disclosure.What.FILE: (FILE,),
    Disclosure.What.CONTACT: (EMAIL,),
}
LOOKS = ("at", "account", "case", "what", "fields", "reason", "address")
CASES = ("case", "state", "opened", "fields", "looks", "first", "last", "name", "home")


@dataclass(frozen=True, slots=True)
class Scope:
    """What was exposed: looks of an account, or whole cases; `since` and `until` bound looks, or when cases began."""

    account: str = ""
    key: int | None = None
    cases: tuple[UUID, ...] = ()
    since: datetime | None = None
    until: datetime | None = None

    @property
    def by_looks(self) -> bool:
        return bool(self.account)


def pack(*, scope: Scope, by: Actor, names: str = "") -> bytes:
    """The zip: a summary, every look, every case, as CSV and JSON.

    `names` is the reference under which name and address of each person are opened, to tell them; each opening is
    registered. Raises RegisterDown.
    """
    looks = list(_looks(scope))
    cases = _of_looks(looks) if scope.by_looks else _of_cases(scope)
    if names:
        for row in cases:
            row |= _who(row["case"], by, names)
    summary = _summary(scope, looks, cases)
    AuditEntry.append(
        "breach.packed", by=by, data={"cases": len(cases), "looks": len(looks), "names": bool(names)}
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("summary.json", _json(summary))
        for name, columns, rows in (("looks", LOOKS, looks), ("cases", CASES, cases)):
            file.writestr(f"{name}.json", _json(rows))
            file.writestr(f"{name}.csv", _csv(columns, rows))
    return packed.getvalue()


def _looks(scope: Scope) -> Iterable[dict[str, Any]]:
    rows = Disclosure.objects.select_related("by").order_by("at")
    if scope.by_looks:
        rows = rows.filter(_account(scope.account))
        rows = rows.filter(at__gte=scope.since) if scope.since else rows
        rows = rows.filter(at__lt=scope.until) if scope.until else rows
    else:
        rows = rows.filter(case_id__in=scope.cases) if scope.cases else rows.none()
    for row in rows.iterator():
        yield {
            "at": row.at.isoformat(),
            "account": row.by.get_username() if row.by else row.actor,
            "case": str(row.case_id),
            "what": row.what,
            "fields": list(SHOWS[row.what]),
            "reason": row.reason,
            "address": row.address or "",
        }


def _account(name: str) -> Q:
    """By the name to sign in with, or a part of the product as the register writes it (`system:submit`)."""
    account = User.objects.filter(username=name).first()
    return Q(actor=str(officer(account.pk))) if account else Q(actor=name)


def _of_looks(looks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    known = {str(case.pk): case for case in Case.objects.filter(pk__in={row["case"] for row in looks})}
    found: dict[str, dict[str, Any]] = {}
    for row in looks:
        told = found.setdefault(
            row["case"], _case(known.get(row["case"]), row["case"]) | {"first": row["at"]}
        )
        told["fields"] = sorted({*told["fields"], *row["fields"]})
        told["looks"] += 1
        told["last"] = row["at"]
    return list(found.values())


def _of_cases(scope: Scope) -> list[dict[str, Any]]:
    """Whole cases: all that a case sealed is taken for exposed. Erased ones held nothing any more."""
    rows = Case.objects.exclude(state=State.ERASED).order_by("created_at")
    rows = rows.filter(pk__in=scope.cases) if scope.cases else rows
    rows = rows.filter(created_at__gte=scope.since) if scope.since else rows
    rows = rows.filter(created_at__lt=scope.until) if scope.until else rows
    wanted = (
        c
        for c in rows.iterator()
        if scope.key is None or rotation.sealed_by(bytes(c.sealed_key)) == scope.key
    )
    return [_case(case, str(case.pk)) | {"fields": sorted(EVERYTHING)} for case in wanted]


def _case(case: Case | None, case_id: str) -> dict[str, Any]:
    return {
        "case": case_id,
        "state": case.state if case else "unknown",
        "opened": case.created_at.isoformat() if case else "",
        "fields": [],
        "looks": 0,
    }


def _who(case_id: str, by: Actor, reference: str) -> dict[str, str]:
    case = Case.objects.filter(pk=case_id).first()
    if case is None:
        return {}
    try:
        told = disclosure.current_of(case=case, by=by, reason=reference, address=None)
    except Refused:
        return {"name": "", "home": ""}
    return {"name": told.get(Field.NAME, ""), "home": told.get(Field.ADDRESS, "")}


def _summary(scope: Scope, looks: Sequence[Any], cases: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "made": timezone.now().isoformat(),
        "account": scope.account,
        "key": scope.key,
        "since": scope.since.isoformat() if scope.since else None,
        "until": scope.until.isoformat() if scope.until else None,
        "persons": len(cases),
        "looks": len(looks),
        "fields": sorted({field for row in cases for field in row["fields"]}),
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name, "")) for name in columns] for row in rows)
    return "\ufeff" + out.getvalue()  # spreadsheets then read hangul


def _cell(value: Any) -> str:
    """No cell is a formula to a spreadsheet: a reason may be anything that somebody typed."""
    text = " ".join(value) if isinstance(value, list) else str(value)
    return spreadsheets.harmless(text)
