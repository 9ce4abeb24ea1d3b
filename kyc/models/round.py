"""Rounds: a check of everything that takes longer than one task may, and goes on where it stopped."""

from django.db import models


class Round(models.Model):
    """`reached`: the place behind which the next run begins; empty where it begins at the first."""

    name = models.CharField(primary_key=True, max_length=40)
    reached = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return self.name
