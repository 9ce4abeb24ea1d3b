"""Writes the disclosure register: who is about to see what of whose case, and why. Before a byte leaves."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.contrib.auth.models import User
from django.db import DatabaseError, transaction

from kyc.domain import rrn
from kyc.domain.actors import Actor
from kyc.models import Case, Disclosure
from kyc.services import moderation
from kyc.services.officers import actor

logger = logging.getLogger(__name__)

Shown = tuple[Case, Disclosure.What]


class RegisterDown(Exception):
    """The register could not be read or written, so nothing is shown: answer 503."""


class Archived(Exception):
    """The relationship is over and only a law keeps the case: those who review open it no more."""


def look(
    shown: Sequence[Shown], *, by: User, reason: str, address: str | None, archive: bool = False
) -> None:
    """An officer looks at parts of one case; `archive`: in the archive, where nobody else looks.

    Raises Archived, TooMany where it is one case too many, RegisterDown.
    """
    require_look(shown, by=by, archive=archive)
    write(shown, by=actor(by), account=by, reason=reason, address=address)


def require_look(shown: Sequence[Shown], *, by: User, archive: bool = False) -> None:
    """Whether `look` would let them: for who opens much before it registers. Raises Archived, TooMany."""
    case, what = shown[-1]  # the last is the gravest
    if case.archived and not archive:
        raise Archived("only a law keeps this case")
    with _or_down("read"):
        moderation.require_measure(account=by, case_id=case.pk, what=what)


def hand_over(shown: Sequence[Shown], *, by: Actor, reason: str, address: str | None, counted: bool) -> None:
    """A host's system takes parts of one case out; `counted` against its measure. As `look`, of an archive never.

    Raises Archived, TooMany, RegisterDown.
    """
    case = shown[0][0]
    if case.archived:
        raise Archived("only a law keeps this case")
    if counted:
        with _or_down("read"):
            moderation.require_host_measure(by=by, case_id=case.pk)
    write(shown, by=by, account=None, reason=reason, address=address)


def export(
    cases: Sequence[Case], *, by: User, reason: str, address: str | None, whats: Sequence[Disclosure.What]
) -> None:
    """Many cases leave in an officer's file, all of them or none. Raises TooMany, RegisterDown."""
    shown, ids = [(case, what) for case in cases for what in whats], {case.pk for case in cases}
    try:
        with _or_down("read"), transaction.atomic():
            # One file after the other: two at the same moment would each find the whole measure left. The row's key
            # stays free, so that what the officer opens meanwhile on the screen does not wait for it.
            User.objects.select_for_update(no_key=True).get(pk=by.pk)
            moderation.require_export_measure(account=by, cases=ids, numbers=Disclosure.What.NUMBER in whats)
            write(shown, by=actor(by), account=by, reason=reason, address=address)
    except moderation.TooMany as e:
        moderation.record(actor(by), e.limit, e.most)  # of what was begun above nothing stays
        raise


def write(
    shown: Sequence[Shown], *, by: Actor, account: User | None, reason: str, address: str | None
) -> None:
    """One row for each part of each case. Raises RegisterDown."""
    said = rrn.mask_all(reason.replace("\0", ""))[:200]
    rows = [
        Disclosure(by=account, actor=str(by), case_id=case.pk, what=what, reason=said, address=address)
        for case, what in shown
    ]
    with _or_down("written"):
        Disclosure.objects.bulk_create(rows, batch_size=500)


@contextmanager
def _or_down(done: str) -> Iterator[None]:
    """RegisterDown for the database's errors, whose own text may quote a row and stays out of the log."""
    try:
        yield
    except (DatabaseError, ValueError) as e:
        logger.critical("the disclosure register cannot be %s: %s", done, type(e).__name__)
        raise RegisterDown(f"the disclosure register cannot be {done}") from e
