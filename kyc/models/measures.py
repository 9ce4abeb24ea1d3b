"""What is counted: a day's figures, and how often each reader was right. No personal data stands in any of them."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kyc.domain.facts import Field
from kyc.domain.measures import Measure, Source
from kyc.models.case import Case
from kyc.models.reading import Reading


class DayFigure(models.Model):
    """One counted thing of one finished day. `key` is what it was counted by, `total` a sum where there is one."""

    day = models.DateField()
    measure = models.CharField(max_length=16, choices=[(m.value, m.value) for m in Measure])
    key = models.CharField(max_length=100, blank=True)
    count = models.PositiveIntegerField(default=0)
    total = models.FloatField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "measure", "key"], name="one_figure_a_day_and_key")
        ]
        indexes = [models.Index(fields=["measure", "day"])]

    def __str__(self) -> str:
        return f"{self.day} {self.measure} {self.key}"


class Judgement(models.Model):
    """Whether one reader read one field right, and how sure it was: judged by the value that people settled on."""

    reading = models.ForeignKey(Reading, models.PROTECT, related_name="judgements")
    field = models.CharField(max_length=10, choices=[(f.value, f.value) for f in Field])
    source = models.CharField(max_length=8, choices=[(s.value, s.value) for s in Source])
    right = models.BooleanField()
    confidence = models.FloatField(null=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reading", "field", "source"], name="one_judgement_a_field_and_source"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reading_id} {self.field} {self.source}"


class Plant(models.Model):
    """A wrong reading that a drill put into one field of one invented case; the truth is sealed under its key."""

    class Verdict(models.TextChoices):
        WAITING = "waiting", _("waits")
        CAUGHT = "caught", _("caught")
        MISTYPED = "mistyped", _("seen, and typed wrong")
        MISSED = "missed", _("missed")

    case = models.ForeignKey(Case, models.PROTECT, related_name="plants")
    field = models.CharField(max_length=10, choices=[(f.value, f.value) for f in Field])
    sealed_truth = models.BinaryField()
    sealed_planted = models.BinaryField()
    verdict = models.CharField(max_length=8, choices=Verdict.choices, default=Verdict.WAITING.value)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="drilled")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "field"], name="one_plant_a_field")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.field}"
