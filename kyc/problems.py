"""Answers that say what went wrong (RFC 9457), in English and in Korean at once: a host's logs have no language."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import JsonResponse
from django.utils.functional import Promise
from django.utils.translation import override

from kyc import wording_api

CONTENT_TYPE = "application/problem+json"


def problem(
    code: str,
    *,
    errors: Sequence[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
    **facts: Any,
) -> JsonResponse:
    """`facts` are further members, ids and codes alone."""
    status, words = wording_api.PROBLEMS[code]
    told: dict[str, Any] = {
        "type": f"urn:sinwon:problem:{code}",
        "code": code,
        "status": status,
        "title": in_language(words, "en"),
        "title_ko": in_language(words, "ko"),
        **facts,
    }
    if errors:
        told["errors"] = list(errors)
    return JsonResponse(
        told,
        status=status,
        content_type=CONTENT_TYPE,
        headers=dict(headers or {}),
        json_dumps_params={"ensure_ascii": False},
    )


def fault(where: Sequence[object], kind: str) -> dict[str, str]:
    """One field that is not as it must be. What was sent is not repeated."""
    words = wording_api.FAULTS.get(kind, wording_api.WRONG_TYPE)
    return {
        "where": ".".join(map(str, where)),
        "message": in_language(words, "en"),
        "message_ko": in_language(words, "ko"),
    }


def in_language(words: str | Promise, language: str) -> str:
    with override(language):
        return str(words)
