"""A case: one person's onboarding, from the first page to the decision."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kyc.domain.actors import Actor
from kyc.domain.cards import RESIDENT
from kyc.domain.lifecycle import WITH_OFFICERS, IllegalMove, State, check_move
from kyc.domain.risk import Risk
from kyc.models.audit import AuditEntry
from kyc.models.contact import MailMessage
from kyc.models.outbox import OutboxMessage
from kyc.vault.keys import CaseKey, keyring

_WITH_OFFICERS = sorted(state.value for state in WITH_OFFICERS)


class Case(models.Model):
    """The states and the moves between them are drawn in `kyc.domain.lifecycle`."""

    class Channel(models.TextChoices):
        CUSTOMER = "customer", _("customer")
        STAFF = "staff", _("staff")
        HOST = "host", _("another system")
        SANDBOX = "sandbox", _("sandbox: invented, nobody's")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(
        max_length=16, choices=[(s.value, s.value) for s in State], default=State.STARTED
    )
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.CUSTOMER)
    locale = models.CharField(max_length=8, default="ko")
    legal_basis = models.CharField(max_length=200)
    card = models.CharField(
        max_length=20,
        default=RESIDENT.code,
        db_default=RESIDENT.code,
        help_text=_("the document that it is of"),
    )
    sealed_key = models.BinaryField()
    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="later")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    due_at = models.DateTimeField(null=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="claims", db_index=False
    )
    claim_expires = models.DateTimeField(null=True)
    risk = models.PositiveSmallIntegerField(
        choices=[(r.value, r.name) for r in Risk], default=Risk.NONE.value
    )
    turn_at = models.DateTimeField(
        null=True, help_text=_("its place in the queue, while officers are needed")
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="assigned", db_index=False
    )
    resubmitted = models.BooleanField(
        default=False, help_text=_("another picture came, or it follows another case")
    )
    drill = models.BooleanField(default=False, help_text=_("invented, to test the officers: counts nowhere"))
    relationship_ended_on = models.DateField(null=True, db_index=True)
    legal_hold = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes = [
            models.Index(fields=["state", "created_at"]),
            models.Index(fields=["created_at"], name="case_created"),
            models.Index(fields=["risk", "created_at"], name="case_risk"),
            models.Index(
                fields=["risk", "turn_at"], name="case_risk_turn", condition=models.Q(turn_at__isnull=False)
            ),
            models.Index(
                fields=["created_at"], name="case_resubmitted", condition=models.Q(resubmitted=True)
            ),
            # Everything by which the queue narrows and counts: its page and its figures read open cases alone.
            models.Index(
                fields=[
                    "turn_at",
                    "state",
                    "claimed_by",
                    "claim_expires",
                    "assigned_to",
                    "risk",
                    "due_at",
                    "drill",
                    "id",
                ],
                name="case_turn",
                condition=models.Q(turn_at__isnull=False),
            ),
            # Without their empty rows: SQLite would look for a million unclaimed cases in them.
            models.Index(
                fields=["claimed_by"], name="case_claimed", condition=models.Q(claimed_by__isnull=False)
            ),
            models.Index(
                fields=["assigned_to"], name="case_assigned", condition=models.Q(assigned_to__isnull=False)
            ),
            models.Index(fields=["drill"], name="case_drill", condition=models.Q(drill=True)),
        ]
        # Without its turn a case that waits would be seen by nobody. `Case.move` takes the turn away again.
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state__in=_WITH_OFFICERS) | models.Q(turn_at__isnull=False),
                name="a_turn_while_officers_are_needed",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)[:8]

    @property
    def status(self) -> State:
        return State(self.state)

    @property
    def archived(self) -> bool:
        """Whether only a law keeps it any longer: its purpose is over, and reviewers open it no more (PIPA 21)."""
        return self.relationship_ended_on is not None and self.status is State.APPROVED

    @property
    def of_host(self) -> bool:
        """Whether another system opened it, and is to be told."""
        return self.channel in (self.Channel.HOST, self.Channel.SANDBOX)

    @property
    def is_somebodys(self) -> bool:
        """Whether a customer stands behind it: neither a drill nor the sandbox."""
        return not self.drill and self.channel != self.Channel.SANDBOX

    def key(self) -> CaseKey:
        """The case's key, unsealed. Raises `Refused` once the case is erased."""
        return keyring().case_key(self.id, bytes(self.sealed_key))

    def claimed_by_other(self, account_id: int | None) -> bool:
        """Whether another officer holds the case now."""
        held = self.claim_expires is not None and self.claim_expires > timezone.now()
        return held and self.claimed_by_id is not None and self.claimed_by_id != account_id

    def move(self, to: State, *, by: Actor, reason: str = "", **changes: Any) -> None:
        """The only line that writes a state, with its audit entry, all or nothing.

        `changes` are further columns set by the same update. Raises IllegalMove where the table has no such move or
        where somebody else moved the case since it was loaded.
        """
        origin = self.status
        check_move(origin, to)
        now = timezone.now()
        changes = self._queueing(to) | changes
        with transaction.atomic():
            moved = Case.objects.filter(pk=self.pk, state=origin).update(state=to, changed_at=now, **changes)
            if moved != 1:
                raise IllegalMove(State(Case.objects.values_list("state", flat=True).get(pk=self.pk)), to)
            data = {"from": origin.value, "to": to.value} | ({"reason": reason} if reason else {})
            AuditEntry.append("case.moved", by=by, case_id=self.pk, data=data)
            if self.of_host:
                OutboxMessage.tell(self.pk, to)
            if self.is_somebodys:
                MailMessage.tell(self.pk, origin, to)
        self.state, self.changed_at = to.value, now
        for name, value in changes.items():
            setattr(self, name, value)

    def _queueing(self, to: State) -> dict[str, Any]:
        """Whoever moves a case, it leaves its officer's hands, and has a turn exactly while officers are needed."""
        if to not in WITH_OFFICERS:
            return {"assigned_to": None, "turn_at": None}
        return {"assigned_to": None} | ({} if self.turn_at else {"turn_at": self.due_at or timezone.now()})
