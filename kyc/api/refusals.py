"""Every exception that may come out of an endpoint, and the problem that answers it."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from kyc.api.access import Refusal, with_measure
from kyc.api.cursors import BadCursor
from kyc.domain.lifecycle import IllegalMove
from kyc.imaging import PictureRefused
from kyc.problems import fault, in_language, problem
from kyc.services import destruction, moderation, register, repeats, retention, verifications
from kyc.services.pictures import StorageDown
from kyc.uploads import was_too_large
from kyc.vault.keys import KeyringMissing
from kyc.vault.keys import Refused as Gone
from kyc.wording_pictures import PROBLEMS as PICTURES

logger = logging.getLogger(__name__)

Answerer = Callable[[Any], HttpResponse]


def _refusal(e: Refusal) -> HttpResponse:
    return problem(e.code, headers=e.headers, **e.facts)


def _invalid(e: ValidationError) -> HttpResponse:
    return problem("invalid", errors=[fault(_where(one["loc"]), one["type"]) for one in e.errors])


def _where(place: tuple[object, ...]) -> tuple[object, ...]:
    """Without the name of the function's parameter, which is nobody's business."""
    return (place[0], *place[2:]) if len(place) > 2 and place[0] == "body" else place


def _picture(e: PictureRefused) -> HttpResponse:
    words = PICTURES[e.problem]
    return problem(
        "picture", reason=e.problem.value, detail=in_language(words, "en"), detail_ko=in_language(words, "ko")
    )


def _kept(e: retention.ErasureRefused) -> HttpResponse:
    return problem(f"kept_{e.obstacle}", until=e.until.isoformat() if e.until else None)


def _moved(e: IllegalMove) -> HttpResponse:
    return problem("wrong_state", state=e.origin.value)


def _http(e: HttpError) -> HttpResponse:
    return problem("not_json" if e.status_code == 400 else "not_understood")


def _code(code: str) -> Answerer:
    return lambda e: problem(code)


ANSWERS: tuple[tuple[type[Exception], Answerer], ...] = (
    (Refusal, _refusal),
    (AuthenticationError, lambda e: problem("key_missing", headers={"WWW-Authenticate": "Bearer"})),
    (ValidationError, _invalid),
    (HttpError, _http),
    (Http404, _code("not_found")),
    (MultiPartParserError, _code("not_understood")),
    (SuspiciousOperation, _code("not_understood")),
    (RequestDataTooBig, _code("too_large")),
    (verifications.Refused, lambda e: problem(e.code)),
    (repeats.OtherRequest, _code("key_reused")),
    (IllegalMove, _moved),
    (PictureRefused, _picture),
    (StorageDown, _code("storage_down")),
    (retention.ErasureRefused, _kept),
    (retention.WrongDate, _code("wrong_date")),
    (BadCursor, _code("cursor")),
    (destruction.NotDestroyed, _code("storage_down")),
    (register.RegisterDown, _code("register_down")),
    (register.Archived, _code("archived")),
    (moderation.TooMany, lambda e: problem("too_many_cases", headers={"Retry-After": "3600"})),
    (Gone, _code("gone")),
    (KeyringMissing, _code("storage_down")),
    (OSError, _code("storage_down")),
)


def attach(api: NinjaAPI) -> None:
    for kind, answer in ANSWERS:
        api.add_exception_handler(kind, _handler(answer))
    api.add_exception_handler(Exception, _defect)


def _handler(answer: Answerer) -> Callable[[HttpRequest, Any], HttpResponse]:
    def answered(request: HttpRequest, e: Any) -> HttpResponse:
        return with_measure(request, problem("too_large") if was_too_large(request) else answer(e))

    return answered


def _defect(request: HttpRequest, e: Any) -> HttpResponse:
    """A fault of ours. Its text may quote a row: only its kind and place are logged."""
    trace = e.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace is not None else "?"
    logger.critical("the API failed: %s at %s", type(e).__name__, place)
    return with_measure(request, problem("server"))
