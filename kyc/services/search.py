"""Search: by case id, or by an exact name or full number through the keyed index. Each search by person is recorded."""

from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import User

from kyc.domain import rrn
from kyc.domain.facts import Field
from kyc.domain.roles import Verb
from kyc.models import AuditEntry, Case
from kyc.selectors import queue
from kyc.services import custody, pace
from kyc.services.officers import actor, allowed, require

LONGEST = 100
MOST_SHOWN = 50


class Kind(StrEnum):
    """What the text was taken for."""

    CASE = "case"
    NUMBER = "number"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Found:
    kind: Kind
    cases: tuple[Case, ...]


def find(*, text: str, by: User) -> Found:
    """The cases that the text names, newest first. Raises NotAllowed, and TooFast where too many numbers met no case.

    Names and numbers are for those who may see them; for others the text can only be a case id.
    """
    require(by, Verb.SEE_CASES)
    text = text.strip()[:LONGEST]
    if cases := tuple(queue.by_id(text)[:MOST_SHOWN]):
        return Found(Kind.CASE, cases)
    if not text or not allowed(by, Verb.SEE_PICTURE):
        return Found(Kind.CASE, ())
    field = Field.RRN if _is_number(text) else Field.NAME
    if field is Field.RRN:
        pace.search(by=by)
    index = custody.lookup(field, text)
    # Who reviews does not find by a name what only a law keeps.
    found = queue.by_lookup(index).filter(relationship_ended_on=None) if index else ()
    cases = tuple(found[:MOST_SHOWN])
    if field is Field.RRN and cases:
        pace.search_found(by=by)
    kind = Kind.NUMBER if field is Field.RRN else Kind.NAME
    AuditEntry.append("case.searched", by=actor(by), data={"by": kind.value, "found": len(cases)})
    return Found(kind, cases)


def _is_number(text: str) -> bool:
    try:
        rrn.parse(text)
    except rrn.RrnError:
        return False
    return True
