"""How many requests a key may make in a minute: counted in its row, so that every process knows."""

import time
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Case, F, Value, When

from kyc.models import ApiKey

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Measure:
    """`left` of `most` requests until `seconds` from now; below zero where it was one too many."""

    most: int
    left: int
    seconds: int


def count(key: ApiKey) -> Measure:
    """Counts one request of the key; `left` is negative where it must not be answered."""
    now = time.time()
    window = int(now // MINUTE)
    ApiKey.objects.filter(pk=key.pk).update(
        used=Case(When(window=window, then=F("used") + 1), default=Value(1)), window=window
    )
    used = ApiKey.objects.values_list("used", flat=True).get(pk=key.pk)
    return Measure(
        most=settings.API_REQUESTS_A_MINUTE,
        left=settings.API_REQUESTS_A_MINUTE - used,
        seconds=max(1, int((window + 1) * MINUTE - now)),
    )
