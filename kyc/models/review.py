"""What people made of a reading: the values of each field, step by step, and the decisions."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kyc.domain.facts import Field
from kyc.domain.provenance import Outcome, Step
from kyc.models.case import Case
from kyc.models.reading import Reading


class FieldValue(models.Model):
    """One row a field and step, never overwritten. `lookup` is a keyed index of a name or number, to search by."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="values")
    reading = models.ForeignKey(Reading, models.PROTECT, null=True, related_name="values")
    field = models.CharField(max_length=10, choices=[(f.value, f.value) for f in Field])
    step = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Step])
    sealed = models.BinaryField()
    lookup = models.BinaryField(max_length=32, null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("value")
        verbose_name_plural = _("values")
        indexes = [
            models.Index(fields=["case", "field", "at"]),
            models.Index(fields=["lookup"], name="value_lookup", condition=models.Q(lookup__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.step}"

    @property
    def identity(self) -> str:
        return f"value:{self.id}"


class Decisions(models.QuerySet["Decision"]):
    def waiting(self) -> Self:
        """Proposals that a second officer has yet to answer; `Decision.waits` says it of one."""
        return self.filter(needs_second=True, withdrawn_at=None, seconded_by=None)


class Decision(models.Model):
    """What an officer decided and why; `seconded_by` is the different officer who agreed, where four eyes are asked.

    A proposal that was sent back stays, with `withdrawn_at`. At most one decision of a case is in force.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=10, choices=[(o.value, o.value) for o in Outcome])
    reasons = models.JSONField(default=list, help_text=_("reason codes"))
    sealed_comment = models.BinaryField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="decisions")
    at = models.DateTimeField(default=timezone.now, db_index=True)
    needs_second = models.BooleanField(default=False)
    grounds = models.JSONField(default=list, help_text=_("why a second officer must agree"))
    blind = models.BooleanField(
        default=False, help_text=_("hidden from the second officer until they formed a view")
    )
    seconded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="seconded_decisions"
    )
    seconded_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True, help_text=_("sent back by the second officer"))

    objects = Decisions.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes = [
            models.Index(fields=["case", "at"]),
            models.Index(
                fields=["case", "by"],
                name="decision_waits",
                condition=models.Q(needs_second=True, withdrawn_at=None, seconded_by=None),
            ),
            models.Index(
                fields=["seconded_at"],
                name="decision_seconded",
                condition=models.Q(seconded_at__isnull=False),
            ),
            models.Index(
                fields=["withdrawn_at"],
                name="decision_withdrawn",
                condition=models.Q(withdrawn_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(seconded_by=None) | ~models.Q(seconded_by=models.F("by")),
                name="nobody_seconds_their_own",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(withdrawn_at=None, outcome__in=["approve", "reject"]),
                name="one_final_decision_a_case",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.at:%Y-%m-%d %H:%M}"

    @property
    def waits(self) -> bool:
        """Whether a second officer has yet to answer."""
        return self.needs_second and self.withdrawn_at is None and self.seconded_by_id is None
