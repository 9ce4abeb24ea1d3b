"""Giving cases to an officer, and having them read by another reader."""

from collections import Counter
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kyc import tasks, wording_queue, wording_review
from kyc.admin.bulk import chosen
from kyc.admin.requests import officer_of
from kyc.domain.roles import Verb
from kyc.models import Case
from kyc.services import assignment, recognition
from kyc.services.officers import allowed

if TYPE_CHECKING:
    from kyc.admin.pages import ReadOnlyAdmin

EVERYBODY = "everybody"


class Steps:
    def __init__(self, admin: "ReadOnlyAdmin") -> None:
        self.admin = admin

    def assign(self, request: HttpRequest) -> HttpResponse:
        _may(request)
        if request.method != "POST":
            return chosen.back(request)
        cases, asked = chosen.ticked(request.POST), request.POST.get("officer", "")
        to = User.objects.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 10 else None
        if not cases:
            messages.warning(request, wording_queue.NOTHING_CHOSEN)
        elif to is None and asked != EVERYBODY:
            messages.warning(request, wording_queue.NO_OFFICER)
        else:
            self._assign(request, cases, to)
        return chosen.back(request)

    def _assign(self, request: HttpRequest, cases: list[UUID], to: User | None) -> None:
        try:
            outcome = assignment.assign(cases=cases, to=to, by=officer_of(request))
        except assignment.CannotReview:
            messages.warning(request, wording_queue.NO_OFFICER)
            return
        given = {"count": outcome.done, "officer": to.get_username() if to else ""}
        words = (
            ngettext(
                "%(count)d case given to %(officer)s.", "%(count)d cases given to %(officer)s.", outcome.done
            )
            if to
            else ngettext(
                "%(count)d case is open to everybody.", "%(count)d cases are open to everybody.", outcome.done
            )
        )
        _tell(request, words % given, outcome.done, outcome.skipped)

    def reread(self, request: HttpRequest) -> HttpResponse:
        _may(request)
        if request.method != "POST":
            return chosen.back(request)
        cases, reader = chosen.ticked(request.POST), request.POST.get("reader", "")
        if not cases:
            messages.warning(request, wording_queue.NOTHING_CHOSEN)
        elif reader not in settings.OCR_READERS:
            messages.warning(request, wording_queue.NO_READER)
        else:
            self._reread(request, cases, reader)
        return chosen.back(request)

    def _reread(self, request: HttpRequest, cases: list[UUID], reader: str) -> None:
        queued, skipped = 0, Counter[str]()
        for case in Case.objects.filter(pk__in=cases):
            try:
                document = recognition.reread(case=case, reader=reader, by=officer_of(request))
            except recognition.RereadRefused as e:
                skipped[e.code] += 1
                continue
            tasks.enqueue(document)
            queued += 1
        words = ngettext(
            "%(count)d case is read by: %(reader)s. It stays where it is, and so does what officers typed.",
            "%(count)d cases are read by: %(reader)s. They stay where they are, and so does what officers typed.",
            queued,
        ) % {"count": queued, "reader": wording_review.reader(reader)}
        _tell(request, words, queued, skipped)


def _may(request: HttpRequest) -> None:
    if not allowed(request.user, Verb.ASSIGN):
        raise PermissionDenied


def _tell(request: HttpRequest, words: str, done: int, skipped: Counter[str]) -> None:
    if done:
        messages.success(request, words)
    if skipped:
        messages.warning(
            request, wording_queue.skipped(skipped) + ("" if done else " " + _("Nothing was changed."))
        )
