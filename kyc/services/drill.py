"""Drills: invented cases with planted wrong readings stand in the queue like any other, to see who notices.

They are marked in the database alone (`Case.drill`), count in no figure, teach no reader, and are erased at the end.
"""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from kyc.domain import facts, planting
from kyc.domain.actors import Actor, Kind
from kyc.domain.evidence import Method
from kyc.domain.facts import Field, FieldError
from kyc.domain.lifecycle import FINAL, State
from kyc.domain.measures import Share
from kyc.domain.provenance import Outcome
from kyc.domain.reading_rules import essence
from kyc.domain.retention import Reason
from kyc.models import AuditEntry, Case, Decision, Plant
from kyc.selectors import values
from kyc.services import custody, destruction, evidence, intake, recognition, retention
from kyc.vault import fields as sealing

DRILL = Actor(Kind.SYSTEM, "drill")


@dataclass(frozen=True, slots=True)
class Card:
    """A picture of an invented card, and what stands on it."""

    picture: bytes
    truth: Mapping[Field, str]

    def __repr__(self) -> str:
        return f"Card({len(self.picture)} bytes)"


@dataclass(frozen=True, slots=True)
class Made:
    cases: int
    planted: int
    unread: int


@dataclass(frozen=True, slots=True)
class Line:
    """Of the errors planted in one field, or met by one officer: what became of them."""

    label: str
    caught: int
    mistyped: int
    missed: int
    waiting: int

    @property
    def share(self) -> Share:
        """How many of those that were met were caught."""
        return Share(self.caught, self.caught + self.mistyped + self.missed)


def make(*, cards: Iterable[Card], percent: float, seed: int) -> Made:
    """A case for each card; of a hundred cases `percent`, and at least one, are read wrong in one field."""
    rng, deck = random.Random(seed), list(cards)  # noqa: S311 - a choice, no secret
    wanted = min(len(deck), max(1, round(len(deck) * percent / 100)))
    chosen, planted, unread = set(rng.sample(range(len(deck)), wanted)), 0, 0
    for place, card in enumerate(deck):
        slip = _slip(card, rng) if place in chosen else None
        case = intake.open_case(by=DRILL, drill=True)
        _identify(case, rng)
        told = {slip[0]: slip[1]} if slip else {}
        read = recognition.rehearse(case=case, upload=card.picture, planted=told, by=DRILL)
        unread += read is None
        if slip and read:
            _keep(case, slip[0], card.truth[slip[0]], slip[1])
            planted += 1
    AuditEntry.append("drill.made", by=DRILL, data={"cases": len(deck), "planted": planted})
    return Made(len(deck), planted, unread)


def _identify(case: Case, rng: random.Random) -> None:
    """Another way of identification, as real cases bring it from elsewhere: approval asks for two."""
    reference = f"T{rng.randrange(10**8):08}"
    evidence.record_beforehand(case=case, kind=Method.EXISTING_ACCOUNT, reference=reference, by=DRILL)


def report(*, since: datetime | None = None) -> tuple[list[Line], list[Line]]:
    """By field, and by officer. What is decided is kept, so that it can be told after the drill was erased."""
    plants = Plant.objects.select_related("case", "by").order_by("at")
    if since is not None:
        plants = plants.filter(at__gte=since)
    by_field: dict[str, list[str]] = {}
    by_officer: dict[str, list[str]] = {}
    for found in plants:
        _settle(found)
        by_field.setdefault(found.field, []).append(found.verdict)
        if found.by is not None:
            by_officer.setdefault(found.by.get_username(), []).append(found.verdict)
    return _lines(by_field), _lines(by_officer)


def end() -> int:
    """Settles what was decided and erases every case of a drill; how many."""
    report()
    ended = 0
    for case in Case.objects.filter(drill=True, verification=None).exclude(state=State.ERASED):
        if case.status not in FINAL:
            case.move(State.WITHDRAWN, by=DRILL, claimed_by=None, claim_expires=None)
        retention.erase(case=case, by=DRILL, reason=Reason.DRILL)
        ended += 1
    destruction.scrub()
    AuditEntry.append("drill.ended", by=DRILL, data={"cases": ended})
    return ended


def _slip(card: Card, rng: random.Random) -> tuple[Field, str] | None:
    """A field of the card and its wrong reading."""
    for name in rng.sample(planting.FIELDS, len(planting.FIELDS)):
        if text := planting.plant(name, card.truth.get(name, ""), rng):
            return name, text
    return None


def _keep(case: Case, name: Field, truth: str, planted: str) -> None:
    key, found = case.key(), Plant(case=case, field=name)
    found.sealed_truth = sealing.seal_text(key, truth, identity=f"plant:{case.pk}:{name}:truth")
    found.sealed_planted = sealing.seal_text(key, planted, identity=f"plant:{case.pk}:{name}:planted")
    found.save(force_insert=True)


def _settle(found: Plant) -> None:
    """Writes what became of a planted error once somebody decided on its case."""
    case = found.case
    if found.verdict != Plant.Verdict.WAITING or case.status is State.ERASED:
        return
    decision: Decision | None = case.decisions.filter(withdrawn_at=None).order_by("-at").first()
    if decision is None:
        return
    found.verdict, found.by = _verdict(found, decision)
    found.save(update_fields=["verdict", "by"])


def _verdict(found: Plant, decision: Decision) -> tuple[str, User]:
    if (
        decision.outcome != Outcome.APPROVE
    ):  # who refuses the case or asks for another picture let nothing through
        return Plant.Verdict.CAUGHT, decision.by
    case, name = found.case, Field(found.field)
    key, value = case.key(), values.human(case).get(name)
    if value is None or value.by is None:
        return Plant.Verdict.MISSED, decision.by
    said, truth = essence(name, custody.open_value(key, value)), _opened(found, "truth")
    if said == _essence(name, truth):
        return Plant.Verdict.CAUGHT, value.by
    missed = said == _essence(name, _opened(found, "planted"))
    return Plant.Verdict.MISSED if missed else Plant.Verdict.MISTYPED, value.by


def _opened(found: Plant, what: str) -> str:
    sealed = found.sealed_truth if what == "truth" else found.sealed_planted
    identity = f"plant:{found.case_id}:{found.field}:{what}"
    return sealing.open_text(found.case.key(), bytes(sealed), identity=identity)


def _essence(name: Field, text: str) -> str:
    try:
        return essence(name, facts.normalise(name, text))
    except FieldError:
        return essence(name, text)


def _lines(verdicts: Mapping[str, list[str]]) -> list[Line]:
    kinds = Plant.Verdict
    return [
        Line(
            label,
            *(found.count(kind) for kind in (kinds.CAUGHT, kinds.MISTYPED, kinds.MISSED, kinds.WAITING)),
        )
        for label, found in sorted(verdicts.items())
    ]
