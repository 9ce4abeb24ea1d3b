"""Who saw what: written before a byte leaves, and nothing is shown where it cannot be written."""

import logging
import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse

from kyc.domain.roles import Role
from kyc.models import Case, Disclosure, Document
from kyc.vault import storage
from tests.officers import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def register_down(case: Case) -> Iterator[None]:
    """The database refuses new rows of the register."""
    does = (
        "FOR EACH ROW EXECUTE FUNCTION kyc_refuse_change()"
        if connection.vendor == "postgresql"
        else "BEGIN SELECT RAISE(ABORT, 'down'); END"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TRIGGER no_disclosure BEFORE INSERT ON kyc_disclosure {does}")
    yield
    with connection.cursor() as cursor:
        on = " ON kyc_disclosure" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER no_disclosure{on}")


@pytest.fixture
def register_gone(case: Case) -> Iterator[None]:
    """The database cannot read the register."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kyc_disclosure RENAME TO elsewhere")
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE elsewhere RENAME TO kyc_disclosure")


def _picture(case: Case) -> str:
    return reverse("admin:kyc_case_picture", args=[case.pk, case.documents.get().pk])


def _portrait(case: Case) -> str:
    return reverse("admin:kyc_case_portrait", args=[case.pk, case.documents.get().readings.get().pk])


def _change(case: Case) -> str:
    return reverse("admin:kyc_case_change", args=[case.pk])


def _seen() -> list[tuple[str, str]]:
    return list(Disclosure.objects.order_by("pk").values_list("what", "reason"))


def test_a_picture_is_registered_with_who_where_from_and_why(
    client: Client, case: Case, reviewer: User
) -> None:
    assert client.get(_picture(case), REMOTE_ADDR="10.1.2.3").status_code == 200
    row = Disclosure.objects.get()
    assert (row.by, row.what, row.case_id, row.address, row.reason) == (
        reviewer,
        "picture",
        case.pk,
        "10.1.2.3",
        "review",
    )


def test_a_picture_can_be_kept_by_nothing_and_run_nothing(client: Client, case: Case) -> None:
    for address in (_picture(case), _portrait(case)):
        answer = client.get(address)
        assert answer["Content-Type"] == "image/jpeg"
        assert answer.content.startswith(b"\xff\xd8\xff")
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "no-store" in answer["Cache-Control"]


def test_opening_a_case_registers_its_fields_and_the_crops(client: Client, case: Case) -> None:
    client.get(_change(case))
    assert _seen() == [("fields", "review"), ("picture", "review")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("register_down")
def test_nothing_is_shown_where_the_register_cannot_be_written(client: Client, case: Case) -> None:
    for address in (_change(case), _picture(case), _portrait(case)):
        answer = client.get(address)
        assert answer.status_code == 503
        assert "register of disclosures cannot be written" in answer.content.decode()
        assert factories.NAME not in answer.content.decode()
    sent = factories.page_form(case, do="reveal", reveal_reason="other", reveal_words="a test of it")
    answer = client.post(reverse("admin:kyc_case_work", args=[case.pk]), sent)
    assert answer.status_code == 503
    assert factories.NUMBER not in answer.content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("register_gone")
def test_nothing_is_shown_where_the_register_cannot_be_read(client: Client, case: Case) -> None:
    for address in (_change(case), _picture(case), _portrait(case)):
        assert client.get(address).status_code == 503


def test_a_number_is_masked_until_a_reason_is_given(client: Client, case: Case) -> None:
    address = reverse("admin:kyc_case_work", args=[case.pk])
    assert factories.NUMBER not in client.get(_change(case)).content.decode()
    refused = client.post(address, factories.page_form(case, do="reveal"))
    assert refused.status_code == 422
    assert factories.NUMBER not in refused.content.decode()
    unsaid = client.post(address, factories.page_form(case, do="reveal", reveal_reason="customer_call"))
    assert unsaid.status_code == 422
    assert factories.NUMBER not in unsaid.content.decode()
    sent = factories.page_form(
        case, do="reveal", reveal_reason="customer_call", reveal_words="they ask for it", value_name="김반쯤"
    )
    shown = client.post(address, sent)
    assert factories.NUMBER in shown.content.decode()
    assert "김반쯤" in shown.content.decode(), "what was typed stays"
    assert "no-store" in shown["Cache-Control"]
    assert ("number", "customer_call: they ask for it") in _seen()
    assert factories.NUMBER not in client.get(_change(case)).content.decode(), "the next page hides it again"


def test_an_auditor_can_reveal_nothing(case: Case) -> None:
    client = factories.browser(factories.officer(Role.AUDITOR))
    sent = {"do": "reveal", "reveal_reason": "customer_call", "reveal_words": "they ask"}
    answer = client.post(reverse("admin:kyc_case_work", args=[case.pk]), sent)
    assert answer.status_code == 409
    assert factories.NUMBER not in answer.content.decode()
    assert not Disclosure.objects.exists()


def test_officers_see_their_own_disclosures_and_auditors_all(
    client: Client, case: Case, approver: User
) -> None:
    client.get(_picture(case))
    factories.browser(approver).get(_picture(case))
    address = reverse("admin:kyc_disclosure_changelist")
    own = client.get(address).context["cl"].result_list
    every = factories.browser(factories.officer(Role.AUDITOR)).get(address, {"case": str(case.pk)})
    assert [row.who for row in own] == ["reviewer"]
    assert {row.who for row in every.context["cl"].result_list} == {"reviewer", "approver"}


def test_an_auditor_asks_what_one_officer_saw(
    client: Client, case: Case, reviewer: User, approver: User
) -> None:
    client.get(_picture(case))
    factories.browser(approver).get(_picture(case))
    auditor = factories.browser(factories.officer(Role.AUDITOR))
    answer = auditor.get(reverse("admin:kyc_disclosure_changelist"), {"officer": reviewer.pk})
    assert [row.who for row in answer.context["cl"].result_list] == ["reviewer"]


def test_a_missing_picture_leaves_the_fields_and_says_so(client: Client, case: Case) -> None:
    storage.delete(Document.objects.get().storage_key)
    page = client.get(_change(case))
    assert page.status_code == 200
    assert factories.NAME in page.content.decode()
    answer = client.get(_picture(case))
    assert answer.status_code == 503
    assert "cannot be fetched from the storage" in answer.content.decode()


def test_a_case_whose_key_is_gone_says_so(client: Client, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(sealed_key=b"")
    page = client.get(_change(case))
    assert page.status_code == 200
    assert "cannot be opened" in page.content.decode()
    assert client.get(_picture(case)).status_code == 410


def test_no_number_name_or_address_stands_in_any_address_or_log(
    client: Client, case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    work = reverse("admin:kyc_case_work", args=[case.pk])
    find = reverse("admin:kyc_case_find")
    answers = [
        client.post(find, {"text": factories.NUMBER}),
        client.post(find, {"text": factories.NAME}),
        client.post(find, {"text": "531004-1980180"}),
        client.post(
            work, factories.page_form(case, do="reveal", reveal_reason="other", reveal_words="to see")
        ),
        client.post(work, factories.page_form(case, do="save", value_rrn="531004-19801")),
        client.post(
            work, factories.ticked(case, do="approve", value_rrn="531004-1980190", comment=factories.NUMBER)
        ),
        client.get(_change(case)),
    ]
    written = caplog.text + " ".join(answer.get("Location", "") for answer in answers)
    links = re.findall(
        r'(?:href|src|action)="([^"]*)"', " ".join(answer.content.decode() for answer in answers)
    )
    for text in (written, *(link for link in links if not link.startswith("data:"))):
        assert "5310041980189" not in text.replace("-", "")
        assert "1980190" not in text
        assert factories.NAME not in text
        assert "수영구" not in text


def test_a_comment_with_a_number_in_it_is_shown_masked(client: Client, case: Case) -> None:
    work = reverse("admin:kyc_case_work", args=[case.pk])
    client.post(work, factories.ticked(case, do="approve", comment=f"compare {factories.NUMBER}"))
    page = client.get(_change(case)).content.decode()
    assert "compare 531004-1******" in page
