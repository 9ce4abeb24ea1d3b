"""Resident memory of the web while officers work: gunicorn as the product starts it, asked over a real socket."""

import urllib.request

from django.conf import settings

from bench import meter, scratch  # noqa: F401 - the product's own folder comes before its models
from bench.pages import officer
from kyc.models import Case

WARM = 50


def of_web(pid: int, address: str, case: Case, requests: int) -> tuple[float, float]:
    """MB after WARM turns of queue, workbench and picture, and after `requests` more."""
    cookie = officer("reviewer").cookies[settings.SESSION_COOKIE_NAME].value
    document = case.documents.get()
    here = f"{address}/admin/kyc/case/"
    paths = (here, f"{here}{case.pk}/change/", f"{here}{case.pk}/picture/{document.pk}/")

    def turns(count: int) -> None:
        for turn in range(count):
            asked = urllib.request.Request(
                paths[turn % 3], headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"}
            )
            with urllib.request.urlopen(asked, timeout=30) as answer:
                assert answer.status == 200
                answer.read()

    turns(WARM)
    before = sum(map(meter.megabytes, meter.family(pid)))
    turns(requests)
    return before, sum(map(meter.megabytes, meter.family(pid)))
