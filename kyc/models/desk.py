"""What an officer keeps at their own desk: filters of the queue under a name."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """One officer's filters. `query` holds known filters with known values alone, never what somebody typed."""

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="views")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=300)
    first = models.BooleanField(default=False, help_text=_("the queue opens with it"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["officer", "name"], name="one_view_a_name"),
            models.UniqueConstraint(
                fields=["officer"], condition=models.Q(first=True), name="one_first_view_an_officer"
            ),
        ]

    def __str__(self) -> str:
        return self.name
