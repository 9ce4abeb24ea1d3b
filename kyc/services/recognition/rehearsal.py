"""Reading for a drill: the real reader reads a real picture, and then one of its strings is changed on purpose."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from kyc.domain.actors import Actor
from kyc.domain.facts import Field
from kyc.models import Case, Document
from kyc.services import custody, intake
from kyc.services.recognition import leases, settlement
from kyc.services.recognition.attempt import ask_reader
from kyc.services.recognition.readers import LOCAL
from kyc.services.recognition.settlement import WIRE_NAMES
from ocr_integration.contract import Action, CardReading, OcrError


def rehearse(*, case: Case, upload: bytes, planted: Mapping[Field, str], by: Actor) -> Document | None:
    """Submits a picture and reads it at once, with `planted` in the place of what the reader says.

    None where the reader could not read it: then nothing was planted. Raises what `intake.submit_document` raises,
    ReaderUnavailable, and throttle.NotNow.
    """
    with transaction.atomic():  # no worker hears of the job before it is taken
        document = intake.submit_document(case=case, upload=upload, by=by)
        lease = leases.take(document.id, LOCAL)
    if lease is None:
        return None
    try:
        answer = ask_reader(LOCAL, custody.open_picture(document))
    except OcrError as e:
        settlement.failed(lease, code=e.code, action=Action.DEFECT)
        return None
    settlement.succeeded(lease, _with(answer, planted))
    return document


def _with(answer: CardReading, planted: Mapping[Field, str]) -> CardReading:
    """As if the reader had seen it so: the string without its knowledge is changed as well, else a rule would tell."""
    texts: dict[str, Any] = {field.value: text for field, text in planted.items()}
    details = answer.details
    if details is not None:
        fields = dict(details.fields)
        for field, text in planted.items():
            if known := fields.get(WIRE_NAMES[field]):
                fields[WIRE_NAMES[field]] = dataclasses.replace(known, text=text, unconstrained=text)
        details = dataclasses.replace(details, fields=fields)
    return dataclasses.replace(answer, **texts, details=details)
