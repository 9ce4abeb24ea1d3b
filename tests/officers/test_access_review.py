"""The monthly review of the register: its figures, what it points at, and a signature that stays."""

import uuid
from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kyc.domain.roles import Role
from kyc.models import AccessReview, AuditEntry, Disclosure
from kyc.selectors import access as figures_of
from kyc.services import access
from kyc.services.officers import NotAllowed, actor
from tests.officers import factories

pytestmark = pytest.mark.django_db
MONTH = figures_of.first_of(figures_of.first_of(timezone.localdate()) - timedelta(days=40))
LIST = "admin:kyc_accessreview_changelist"


def _at(day: int, hour: int = 10) -> datetime:
    return datetime(MONTH.year, MONTH.month, day, hour, tzinfo=timezone.get_default_timezone())


def _weekday(after: int = 1) -> int:
    return next(day for day in range(after, after + 7) if date(MONTH.year, MONTH.month, day).weekday() < 5)


def _look(by: User, count: int = 1, *, at: datetime | None = None, what: str = "fields") -> None:
    Disclosure.objects.bulk_create(
        Disclosure(
            by=by,
            actor=str(actor(by)),
            case_id=uuid.uuid4(),
            what=what,
            reason="review",
            at=at or _at(_weekday()),
        )
        for _ in range(count)
    )


@pytest.fixture
def auditor(db: None) -> User:
    return factories.officer(Role.AUDITOR, "auditor")


def test_the_figures_tell_who_saw_how_much_and_what_is_out_of_line(reviewer: User, approver: User) -> None:
    quiet = factories.officer(Role.REVIEWER, "quiet")
    _look(quiet, 4)
    _look(approver, 6, at=_at(_weekday(), 23))
    _look(reviewer, 40)
    _look(reviewer, 1, what="export")
    worked = uuid.uuid4()
    Disclosure.objects.create(
        by=quiet, actor=str(actor(quiet)), case_id=worked, what="picture", at=_at(_weekday())
    )
    entry = AuditEntry.append("case.claimed", by=actor(quiet), case_id=worked)
    people = {person["name"]: person for person in figures_of.figures(MONTH)["people"]}
    assert people["quiet"]["looks"] == 5
    assert people["quiet"]["outliers"] == ["unworked"], "a step of another month does not count"
    assert entry.at.month != MONTH.month
    assert people["approver"]["odd_hours"] == 6
    assert set(people["approver"]["outliers"]) == {"odd_hours", "unworked"}
    assert set(people["reviewer"]["outliers"]) == {"many", "unworked", "export"}
    assert people["reviewer"]["what"] == {"fields": 40, "export": 1}


def test_a_month_is_signed_once_with_a_note_and_stays_as_it_was(auditor: User, reviewer: User) -> None:
    _look(reviewer, 3)
    client = factories.browser(auditor)
    page = reverse("admin:kyc_accessreview_month", args=[MONTH.year, MONTH.month])
    assert "reviewer" in client.get(page).content.decode()
    empty = client.post(page, {"note": " "})
    assert empty.status_code == 422
    assert "the note is what you sign" in empty.content.decode()
    assert client.post(page, {"note": "looked at 531004-1980189"}).status_code == 302
    review = AccessReview.objects.get()
    assert (review.by, review.note, review.figures["looks"]) == (auditor, "looked at 531004-1******", 3)
    assert AuditEntry.objects.get(action="access.reviewed").data["looks"] == 3
    assert "already" in client.post(page, {"note": "again"}).content.decode()
    _look(reviewer, 5)
    assert "<td>3</td>" in client.get(page).content.decode(), "what was signed is shown, not what came later"
    for change in (
        lambda: AccessReview.objects.update(note="nothing"),
        lambda: AccessReview.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            change()


def test_an_overdue_review_shows_on_the_auditors_first_page_and_on_no_others(
    auditor: User, reviewer: User, client: Client
) -> None:
    _look(reviewer)
    assert access.unsigned() == access.overdue() == [MONTH]
    address = reverse("admin:kyc_accessreview_month", args=[MONTH.year, MONTH.month])
    assert address in factories.browser(auditor).get("/admin/").content.decode()
    assert address not in client.get("/admin/").content.decode()
    assert "overdue" in factories.browser(auditor).get(reverse(LIST)).content.decode()
    access.sign(month=MONTH, by=auditor, note="seen")
    assert address not in factories.browser(auditor).get("/admin/").content.decode()


def test_only_an_auditor_signs_and_only_what_is_over(auditor: User, approver: User, reviewer: User) -> None:
    _look(reviewer)
    with pytest.raises(NotAllowed):
        access.sign(month=MONTH, by=approver, note="seen")
    for month, code in (
        (figures_of.first_of(timezone.localdate()), "not_over"),
        (date(2020, 1, 1), "nothing"),
    ):
        with pytest.raises(access.NotSigned) as refused:
            access.sign(month=month, by=auditor, note="seen")
        assert refused.value.code == code
    assert factories.browser(auditor).get("/admin/kyc/accessreview/2026-13/").status_code == 404
