"""Everything that the page of one case shows, and what one officer may do on it."""

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from kyc import wording, wording_review
from kyc.admin import columns
from kyc.admin.workbench.form import Typed
from kyc.admin.workbench.rows import FindingShown, Row
from kyc.domain.lifecycle import State
from kyc.domain.reasons import RejectReason, RetakeReason
from kyc.domain.roles import Verb
from kyc.models import Case, Decision, Document, Reading
from kyc.selectors import queue
from kyc.services import policy
from kyc.services.officers import allowed


@dataclass(frozen=True, slots=True)
class DecisionShown:
    decision: Decision
    outcome: str
    reasons: list[str]
    standing: str
    comment: str = field(repr=False)


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
    grounds: list[str] = field(default_factory=list)
    typed: Typed = field(default_factory=Typed, repr=False)
    refusal: str = ""
    gone: str = ""
    number: str = field(default="", repr=False)

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
        return self.reviews and free and not self.mine and self.state is State.IN_REVIEW

    @property
    def own_proposal(self) -> bool:
        return self.proposal is not None and self.proposal.decision.by_id == self.viewer.pk

    @property
    def may_second(self) -> bool:
        return (
            self.proposal is not None
            and not self.own_proposal
            and allowed(self.viewer, Verb.SECOND)
            and not self.case.claimed_by_other(self.viewer.pk)
        )

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
    def kept(self) -> list[tuple[str, str]]:
        """What was typed and is not in a form of this page any more, with labels."""
        if self.works:
            return []
        entered = [
            (row.label, self.typed.of(row.field).text or "")
            for row in self.rows
            if self.typed.changed(row.field)
        ]
        return [*entered, *([(_("Comment"), self.typed.comment)] if self.typed.comment else [])]

    @property
    def reject_choices(self) -> list[dict[str, object]]:
        return [
            _choice(reason, str(wording.REJECT_FOR_OFFICERS[reason]), reason in self.typed.reject)
            for reason in RejectReason
        ]

    @property
    def retake_choices(self) -> list[dict[str, object]]:
        return [
            _choice(reason, str(wording.RETAKE_FOR_OFFICERS[reason]), reason in self.typed.retake)
            for reason in RetakeReason
        ]

    @property
    def rejection_needs_second(self) -> bool:
        return policy.Ground.REJECTION in settings.FOUR_EYES

    @property
    def reveal_choices(self) -> list[tuple[str, str]]:
        return [(code, str(words)) for code, words in wording_review.VIEW_REASONS.items()]

    @property
    def now(self) -> datetime:
        return timezone.now()


def _choice(reason: RejectReason | RetakeReason, label: str, chosen: bool) -> dict[str, object]:
    return {
        "value": reason.value,
        "label": label,
        "chosen": chosen,
        "customer": wording_review.for_customer(reason),
    }
