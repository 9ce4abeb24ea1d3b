"""Heartbeats: when each part of the product last said that it works."""

from django.db import models


class Heartbeat(models.Model):
    part = models.CharField(primary_key=True, max_length=80)
    at = models.DateTimeField()

    class Meta:
        db_table = "kyc_heartbeat"

    def __str__(self) -> str:
        return self.part
