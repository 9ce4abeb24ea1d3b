"""Confirming and correcting: on purpose, through the domain's parsers, with all that was before kept."""

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from kyc.domain.facts import Field
from kyc.domain.provenance import Step
from kyc.domain.roles import Role
from kyc.models import Case, FieldValue
from kyc.selectors import values
from kyc.services import custody, holding, review
from tests.officers import factories

pytestmark = pytest.mark.django_db


def _send(client: Client, case: Case, form: dict[str, str]) -> HttpResponse:
    return client.post(reverse("admin:kyc_case_work", args=[case.pk]), form)


def _text(value: FieldValue) -> str:
    return custody.open_value(value.case.key(), value)


def test_ticked_fields_are_confirmed_and_no_other(client: Client, case: Case, reviewer: User) -> None:
    answer = _send(client, case, factories.page_form(case, do="save", agree_name="1", agree_sex="1"))
    assert answer.status_code == 302
    settled = values.human(case)
    assert set(settled) == {Field.NAME, Field.SEX}
    assert {(value.step, value.by_id) for value in settled.values()} == {(Step.CONFIRMED, reviewer.pk)}


def test_a_corrected_value_stands_beside_the_one_that_was_read(
    client: Client, case: Case, reviewer: User
) -> None:
    _send(client, case, factories.page_form(case, do="save", value_name="양선준(梁宣俊)"))
    steps = {value.step: value for value in case.values.filter(field=Field.NAME)}
    assert _text(steps[Step.READ]) == "양선준 (梁宣準)"
    assert _text(steps[Step.CORRECTED]) == "양선준 (梁宣俊)"
    page = client.get(reverse("admin:kyc_case_change", args=[case.pk])).content.decode()
    assert "양선준 (梁宣準)" in page
    assert "양선준 (梁宣俊)" in page
    assert "(reviewer)" in page


def test_a_field_of_its_own_is_saved_and_what_was_typed_elsewhere_stays_typed(
    client: Client, case: Case
) -> None:
    form = factories.page_form(
        case, do="field:issued", agree_issued="1", value_address="서울특별시 종로구 어디"
    )
    page = _send(client, case, form)
    assert set(values.human(case)) == {Field.ISSUED}
    assert page.status_code == 200
    assert "서울특별시 종로구 어디" in page.content.decode()
    assert "not saved yet" in page.content.decode()


def test_a_field_of_its_own_needs_a_tick_or_a_value(client: Client, case: Case) -> None:
    page = _send(client, case, factories.page_form(case, do="field:name"))
    assert page.status_code == 422
    assert "Tick that it agrees" in page.content.decode()
    assert not values.human(case)


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("rrn", "531004-198018", "Write six digits, a hyphen and seven digits."),
        ("rrn", "531304-1980189", "There is no such day."),
        ("issued", "2018-02-31", "There is no such day."),
        ("name", "Yang", "There is no hangul in this."),
        ("address", "", "This is empty."),
    ],
)
def test_a_value_that_its_field_cannot_hold_stays_typed_with_words_beside_it(
    client: Client, case: Case, field: str, typed: str, words: str
) -> None:
    form = factories.page_form(case, do="save", agree_sex="1", **{f"value_{field}": typed})
    page = _send(client, case, form)
    shown = page.content.decode()
    assert page.status_code == 422
    assert words in shown
    assert typed in shown
    assert set(values.human(case)) == {Field.SEX}, "the others are saved"
    assert "no-store" in page["Cache-Control"]


def test_a_value_that_changed_in_another_window_is_not_confirmed_unseen(
    client: Client, case: Case, reviewer: User
) -> None:
    stale = factories.page_form(case, do="save", agree_name="1")
    review.correct(case=case, field=Field.NAME, text="양선중", by=reviewer)
    page = _send(client, case, stale)
    assert page.status_code == 422
    assert "changed after you opened the page" in page.content.decode()
    assert values.human(case)[Field.NAME].step == Step.CORRECTED


def test_a_text_that_could_not_be_understood_cannot_be_confirmed(client: Client, reviewer: User) -> None:
    case = factories.reviewable(DateOfIssue="297802")
    holding.claim(case=case, by=reviewer)
    assert (
        'name="agree_issued"'
        not in client.get(reverse("admin:kyc_case_change", args=[case.pk])).content.decode()
    )
    page = _send(client, case, factories.page_form(case, do="save", agree_issued="1"))
    assert page.status_code == 422
    assert Field.ISSUED not in values.human(case)


def test_a_typed_number_that_contradicts_the_birthday_is_told_at_once(client: Client, case: Case) -> None:
    _send(client, case, factories.page_form(case, do="save", value_rrn="820701-2345678"))
    page = client.get(reverse("admin:kyc_case_change", args=[case.pk])).content.decode()
    assert "The birthday does not agree with the resident number" in page
    assert "in the value that was typed" in page


def test_quiet_where_all_is_fine_and_loud_where_eyes_are_needed(client: Client) -> None:
    fine = factories.reviewable()
    unsure = factories.reviewable("clean-005.jpg", confidence=0.4)
    pages = [
        client.get(reverse("admin:kyc_case_change", args=[case.pk])).content.decode()
        for case in (fine, unsure)
    ]
    assert "Needs your eyes" not in pages[0]
    assert pages[1].count("Needs your eyes") == len(Field)
    assert "unsure, 40 %" in pages[1]


def test_each_field_has_its_crop_of_the_picture(client: Client) -> None:
    case = factories.reviewable()
    page = client.get(reverse("admin:kyc_case_change", args=[case.pk])).content.decode()
    assert page.count('class="crop" src="data:image/jpeg;base64,') == len(factories.BOXES)


def test_what_another_officer_holds_can_be_read_and_not_changed(client: Client, case: Case) -> None:
    other = factories.officer(Role.REVIEWER, "other")
    page = factories.browser(other).get(reverse("admin:kyc_case_change", args=[case.pk])).content.decode()
    assert "reviewer holds this case" in page
    assert 'name="value_name"' not in page
    answer = _send(factories.browser(other), case, factories.page_form(case, do="save", value_name="김다른"))
    assert answer.status_code == 409
    assert "Another officer holds this case now" in answer.content.decode()
    assert "김다른" in answer.content.decode(), "what was typed is kept"
    assert not values.human(case)


def test_a_number_that_was_ticked_without_looking_is_not_confirmed_and_the_rest_is(
    client: Client, case: Case
) -> None:
    sent = factories.page_form(case, do="save", agree_name="1", agree_rrn="1")
    page = _send(client, case, sent).content.decode()
    assert "You have not looked at this number yet" in page
    assert set(values.human(case)) == {Field.NAME}
    client.post(reverse("admin:kyc_case_uncover", args=[case.pk]))
    sent = factories.page_form(case, do="save", agree_rrn="1")
    assert _send(client, case, sent).status_code == 302
    assert set(values.human(case)) == {Field.NAME, Field.RRN}
