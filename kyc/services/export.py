"""Export: what an officer's role may see of many cases, as rows of a table. Registered before anything is opened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone

from kyc.domain.facts import Field
from kyc.domain.roles import Verb
from kyc.models import AuditEntry, Case, Decision, Finding, Reading
from kyc.selectors import second
from kyc.services import takeout
from kyc.services.officers import actor, allowed, require

MOST = 2000
LEAST_REASON = 5
CASE_COLUMNS = (
    "case", "state", "channel", "opened", "due", "risk", "findings", "readers", "given_to",
    "outcome", "decided", "decided_by", "seconded_by",
)  # fmt: skip


class ExportRefused(Exception):
    """Nothing leaves; `code` has words in `kyc.wording_export`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` are codes; each row holds a text for each of them. Its repr shows no personal data."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[str]]

    def __repr__(self) -> str:
        return f"Table({len(self.rows)} rows)"


def columns(by: User) -> tuple[str, ...]:
    """What this officer's export holds: values only for who may see them, the drill's mark only for who audits."""
    values = tuple(field.value for field in Field) if allowed(by, Verb.SEE_PICTURE) else ()
    return CASE_COLUMNS + values + (("drill",) if allowed(by, Verb.SEE_REGISTERS) else ())


def table(*, cases: QuerySet[Case], by: User, reason: str, address: str | None, numbers: bool) -> Table:
    """The rows, after each case stands in the register. Raises NotAllowed, ExportRefused, TooMany, RegisterDown."""
    require(by, Verb.EXPORT)
    if numbers:
        require(by, Verb.REVEAL_NUMBER)
    if len("".join(reason.split())) < LEAST_REASON:
        raise ExportRefused("no_reason")
    chosen = list(cases.select_related("assigned_to")[: MOST + 1])
    if not chosen:
        raise ExportRefused("nothing")
    if len(chosen) > MOST:
        raise ExportRefused("too_many")
    values = takeout.exported(cases=chosen, by=by, reason=reason, address=address, numbers=numbers)
    AuditEntry.append("cases.exported", by=actor(by), data={"cases": len(chosen), "numbers": numbers})
    wanted, told = columns(by), _told(chosen, by)
    rows = []
    for case in chosen:
        known = told[case.pk] | {field.value: text for field, text in values.get(case.pk, {}).items()}
        rows.append([known.get(column, "") for column in wanted])
    return Table(wanted, rows)


def _told(cases: Sequence[Case], by: User) -> dict[UUID, dict[str, str]]:
    ids = [case.pk for case in cases]
    codes = _grouped(Finding.objects.filter(case__in=ids).order_by("code").values_list("case_id", "code"))
    read = Reading.objects.filter(document__case__in=ids, error_code="").order_by("reader")
    readers = _grouped(read.values_list("document__case_id", "reader"))
    decided = {
        decision.case_id: decision
        for decision in Decision.objects.filter(case__in=ids, withdrawn_at=None)
        .exclude(case__in=second.hidden(cases, account_id=by.pk))
        .select_related("by", "seconded_by")
        .order_by("at")
    }
    return {
        case.pk: _case(case)
        | {"findings": codes.get(case.pk, ""), "readers": readers.get(case.pk, "")}
        | _decision(decided.get(case.pk))
        for case in cases
    }


def _case(case: Case) -> dict[str, str]:
    return {
        "case": str(case.pk),
        "state": case.state,
        "channel": case.channel,
        "opened": _moment(case.created_at),
        "due": _moment(case.due_at) if case.turn_at else "",
        "risk": case.get_risk_display().lower(),
        "given_to": case.assigned_to.get_username() if case.assigned_to else "",
        "drill": "yes" if case.drill else "",
    }


def _decision(decision: Decision | None) -> dict[str, str]:
    if decision is None:
        return {}
    return {
        "outcome": decision.outcome,
        "decided": _moment(decision.at),
        "decided_by": decision.by.get_username(),
        "seconded_by": decision.seconded_by.get_username() if decision.seconded_by else "",
    }


def _grouped(pairs: Iterable[tuple[UUID, str]]) -> dict[UUID, str]:
    found: dict[UUID, list[str]] = {}
    for case_id, text in pairs:
        found.setdefault(case_id, []).append(text)
    return {case_id: " ".join(dict.fromkeys(texts)) for case_id, texts in found.items()}


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
