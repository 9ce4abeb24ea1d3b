"""Everything that the page of one case shows, and what one officer may do on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from kyc import wording, wording_review
from kyc.admin import columns
from kyc.admin.workbench.evidence_form import TypedEvidence
from kyc.admin.workbench.evidence_shown import Evidence, FileShown
from kyc.admin.workbench.form import Typed
from kyc.admin.workbench.rows import FindingShown, Row
from kyc.domain.lifecycle import State
from kyc.domain.provenance import Outcome
from kyc.domain.reasons import RejectReason, RetakeReason
from kyc.domain.roles import Verb
from kyc.models import Case, Decision, Document, Reading, SecondLook
from kyc.selectors import queue
from kyc.selectors.places import Places
from kyc.services import policy
from kyc.services.officers import allowed


@dataclass(frozen=True, slots=True)
class DecisionShown:
    decision: Decision
    outcome: str
    reasons: list[str]
    standing: str
    comment: str = field(repr=False)
    grounds: list[str] = field(default_factory=list)
    looks: list["LookShown"] = field(default_factory=list)
    number: bool = False  # who agrees must have looked at the number


@dataclass(frozen=True, slots=True)
class LookShown:
    """A second officer's own view; `differing` are label, the first's value, theirs."""

    look: SecondLook
    outcome: str
    reasons: list[str]
    comment: str = field(repr=False)
    differing: list[tuple[str, str, str]] = field(repr=False)


@dataclass(slots=True)
class Page:
    """The context of `workbench.html`. `refusal` and `typed` are there after a step that was not taken."""

    case: Case
    viewer: User
    rows: list[Row] = field(default_factory=list, repr=False)
    findings: list[FindingShown] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    portrait: Reading | None = None
    decisions: list[DecisionShown] = field(default_factory=list, repr=False)
    proposal: DecisionShown | None = field(default=None, repr=False)
    waiting: Decision | None = None
    looks: list[SecondLook] = field(default_factory=list)
    settlers: frozenset[int] = frozenset()  # whose values the case stands on, where an approval waits
    evidence: Evidence = field(default_factory=Evidence)
    where: Places = field(default_factory=Places)
    grounds: list[str] = field(default_factory=list)
    typed: Typed = field(default_factory=Typed, repr=False)
    entered: TypedEvidence = field(default_factory=TypedEvidence, repr=False)
    refusal: str = ""
    gone: str = ""
    number: str = field(default="", repr=False)
    fleeting: bool = False  # the number vanishes by itself
    for_check: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def card(self) -> str:
        """What the document is called."""
        return str(wording.CARDS.get(self.case.card, self.case.card))

    @property
    def picture(self) -> Document | None:
        return self.documents[0] if self.documents else None

    @property
    def state(self) -> State:
        return self.case.status

    @property
    def chip(self) -> str:
        return columns.state_chip(self.case.status)

    @property
    def due(self) -> str:
        return columns.due(self.case.due_at) if self.in_review else ""

    @property
    def in_review(self) -> bool:
        return self.state in queue.REVIEWED

    @property
    def reviews(self) -> bool:
        return allowed(self.viewer, Verb.REVIEW)

    @property
    def sees_picture(self) -> bool:
        return allowed(self.viewer, Verb.SEE_PICTURE) and not self.gone

    @property
    def held(self) -> bool:
        """By anybody, now."""
        return self.case.claim_expires is not None and self.case.claim_expires > timezone.now()

    @property
    def mine(self) -> bool:
        return self.case.claimed_by_id == self.viewer.pk and not self.case.claimed_by_other(self.viewer.pk)

    @property
    def works(self) -> bool:
        """The officer holds the case and may confirm, correct and decide."""
        return self.reviews and self.mine and self.state is State.IN_REVIEW and not self.gone

    @property
    def may_take(self) -> bool:
        free = not self.case.claimed_by_other(self.viewer.pk)
        works = self.state is State.IN_REVIEW or self.may_second
        return self.reviews and free and not self.mine and works and not self.gone

    @property
    def own_proposal(self) -> bool:
        return self.waiting is not None and self.waiting.by_id == self.viewer.pk

    @property
    def looked(self) -> bool:
        """This officer's view of the proposal stands already."""
        return any(look.by_id == self.viewer.pk for look in self.looks)

    @property
    def may_second(self) -> bool:
        return self.answers and self.viewer.pk not in self.settlers

    @property
    def answers(self) -> bool:
        """May at least send it back: the one answer of an officer who settled a value of it."""
        return (
            self.waiting is not None
            and not self.own_proposal
            and not self.looked
            and allowed(self.viewer, Verb.SECOND)
            and not self.case.claimed_by_other(self.viewer.pk)
        )

    @property
    def own_values(self) -> str:
        return str(wording_review.REFUSALS["own_values"])

    @property
    def hides(self) -> bool:
        """What the first officer made of it is hidden: the policy says blind, and nobody has looked yet."""
        if self.waiting is None or not self.waiting.blind or self.looks or self.own_proposal:
            return False
        return allowed(self.viewer, Verb.SEE_PICTURE)

    @property
    def views(self) -> bool:
        """The officer forms their own view of it, in the form of a first review."""
        return self.hides and self.may_second and not self.gone

    @property
    def fills(self) -> bool:
        """There is a form with the fields."""
        return self.works or self.views

    @property
    def uncovers(self) -> bool:
        """Working on the number's field uncovers it."""
        return self.mine and self.in_review and self.sees_picture

    @property
    def sees_registers(self) -> bool:
        return allowed(self.viewer, Verb.SEE_REGISTERS)

    @property
    def retains(self) -> bool:
        return allowed(self.viewer, Verb.RETAIN)

    @property
    def opens_archive(self) -> bool:
        return self.case.archived and allowed(self.viewer, Verb.OPEN_ARCHIVE)

    @property
    def exports_subject(self) -> bool:
        return allowed(self.viewer, Verb.EXPORT_SUBJECT) and self.state is not State.ERASED

    @property
    def open_rows(self) -> list[Row]:
        return [row for row in self.rows if not row.settled]

    @property
    def files(self) -> list[FileShown]:
        """Of the methods and the notes."""
        kept = [row.file for row in self.evidence.methods] + [row.file for row in self.evidence.notes]
        return [file for file in kept if file is not None]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What was typed and is not in a form of this page any more, with labels."""
        if self.fills:
            return []
        entered = [
            (row.label, self.typed.of(row.field).text or "")
            for row in self.rows
            if self.typed.changed(row.field)
        ]
        beside = ((_("Comment"), self.typed.comment), (_("Note"), self.entered.note))
        return [*entered, *((label, text) for label, text in beside if text)]

    @property
    def reject_choices(self) -> list[dict[str, object]]:
        return [
            self._choice(reason, str(wording.REJECT_FOR_OFFICERS[reason]), reason in self.typed.reject)
            for reason in RejectReason
        ]

    @property
    def retake_choices(self) -> list[dict[str, object]]:
        return [
            self._choice(reason, str(wording.RETAKE_FOR_OFFICERS[reason]), reason in self.typed.retake)
            for reason in RetakeReason
        ]

    @property
    def rejection_needs_second(self) -> bool:
        return bool(policy.grounds(self.case, Outcome.REJECT))

    @property
    def reveal_choices(self) -> list[tuple[str, str]]:
        return [(code, str(words)) for code, words in wording_review.VIEW_REASONS.items()]

    @property
    def now(self) -> datetime:
        return timezone.now()

    def _choice(self, reason: RejectReason | RetakeReason, label: str, chosen: bool) -> dict[str, object]:
        """What stays inside, and apart from it what the customer reads, in the customer's own language."""
        with override(self.case.locale):
            customer = wording_review.for_customer(reason)
        return {"value": reason.value, "label": label, "chosen": chosen, "customer": customer}
