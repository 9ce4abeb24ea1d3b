"""What a person is given who asks for all that is kept of them (PIPA 35): a zip of JSON and pictures.

Left out: officers' comments and what the findings compared, which serve the fight against forgery; their codes stand.
"""

import io
import json
import zipfile
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User

from kyc.domain.actors import Actor
from kyc.domain.facts import Field
from kyc.models import Case, Decision, Disclosure
from kyc.services import opening, retention, takeout

FORMAT = "sinwon-subject-1"


def export(*, case: Case, account: User | None, by: Actor, reason: str, address: str | None) -> bytes:
    """The zip. It is registered before anything is opened. Raises as `takeout.whole` does."""
    opened = takeout.whole(case=case, account=account, by=by, reason=reason, address=address)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("data.json", json.dumps(_told(case, opened), ensure_ascii=False, indent=1))
        for kind, pictures in (("picture", opened.pictures), ("portrait", opened.portraits)):
            for number, data in enumerate(pictures.values(), 1):
                file.writestr(f"{kind}-{number}.jpg", data)
    return packed.getvalue()


def _told(case: Case, opened: takeout.Whole) -> dict[str, Any]:
    until = retention.kept_until(case) if case.changed_at and case.status in retention.FINISHED else None
    return {
        "format": FORMAT,
        "case": str(case.pk),
        "operator": settings.OPERATOR_NAME,
        "legal_basis": case.legal_basis,
        "state": case.state,
        "card": case.card,
        "begun": _moment(case.created_at),
        "last_changed": _moment(case.changed_at),
        "kept_until": until.isoformat() if until else None,
        "email": opened.email,
        "fields": {name.value: [_value(shown) for shown in opened.values[name]] for name in Field},
        "findings": sorted(set(case.findings.values_list("code", flat=True))),
        "notices": [_text(text) for text in case.notices.order_by("at")],
        "consents": [
            _text(text) | {"granted": text.granted, "withdrawn": _moment(text.withdrawn_at)}
            for text in case.consents.order_by("at")
        ],
        "decisions": [_decision(decision) for decision in case.decisions.order_by("at")],
        "read_by": sorted(set(case.documents.values_list("readings__reader", flat=True)) - {None}),
        "seen": [_look(row) for row in Disclosure.objects.filter(case_id=case.pk).order_by("at")],
    }


def _value(shown: opening.ShownValue) -> dict[str, Any]:
    return {"step": shown.step.value, "text": shown.text, "at": _moment(shown.at), "reader": shown.reader}


def _text(text: Any) -> dict[str, Any]:
    return {
        "code": text.code,
        "version": text.version,
        "sha256": text.sha256,
        "locale": text.locale,
        "at": _moment(text.at),
        "address": text.address,
    }


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "outcome": decision.outcome,
        "reasons": decision.reasons,
        "at": _moment(decision.at),
        "second_officer": decision.seconded_by_id is not None,
        "sent_back": decision.withdrawn_at is not None,
    }


def _look(row: Disclosure) -> dict[str, Any]:
    """When what was seen: by an officer or by the product, never by whom."""
    return {"at": _moment(row.at), "what": row.what, "by": row.actor.partition(":")[0]}


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
