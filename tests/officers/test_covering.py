"""The number in pictures: covered in the bytes, uncovered by work on a held case or for a typed reason, on record."""

import base64
import json

import cv2
import numpy as np
import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from numpy.typing import NDArray

from kyc.domain.facts import Field
from kyc.domain.roles import Role
from kyc.models import Case, Disclosure
from kyc.services import holding, review
from tests.officers import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(reviewer: User) -> Case:
    case = factories.reviewable()
    holding.claim(case=case, by=reviewer)
    return case


def _pixels(jpeg: bytes) -> NDArray[np.uint8]:
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    return np.asarray(picture, np.uint8)


def _crop(data: str) -> NDArray[np.uint8]:
    """A crop of the page, without the strip that says who looks."""
    return _pixels(base64.b64decode(data.partition(",")[2]))[:-16]


def _picture(client: Client, case: Case, **asked: str) -> HttpResponse:
    return client.get(
        reverse("admin:kyc_case_picture", args=[case.pk, case.documents.get().pk]), asked, follow=True
    )


def _number_zone(flat: NDArray[np.uint8]) -> float:
    """How much stands out where the number is printed on a flattened card."""
    height, width = flat.shape
    left, top, right, bottom = factories.BOXES["ID"]
    zone = flat[
        int((top + 0.02) * height) : int((bottom - 0.02) * height), int(left * width) : int(right * width)
    ]
    return float((zone < 90).mean())


def _uncover(client: Client, case: Case, **sent: str) -> HttpResponse:
    return client.post(reverse("admin:kyc_case_uncover", args=[case.pk]), sent)


def _seen() -> list[tuple[str, str]]:
    return list(Disclosure.objects.order_by("pk").values_list("what", "reason"))


def test_the_number_is_covered_in_the_picture_and_uncovered_by_work(client: Client, case: Case) -> None:
    covered = _pixels(_picture(client, case, flat="1").content)
    told = json.loads(_uncover(client, case, flat="1").content)
    uncovered = _pixels(base64.b64decode(told["picture"].partition(",")[2]))
    assert covered.shape == uncovered.shape == (1021, 1619)
    assert _number_zone(uncovered) > 0.03
    assert _number_zone(covered) < 0.002
    assert told["number"] == factories.NUMBER
    assert list(told["reads"].values()) == [factories.NUMBER]
    assert told["seconds"] == 20
    assert _seen()[-1] == ("number", "review")


def test_the_crop_of_the_number_is_covered_too(client: Client, case: Case) -> None:
    page = client.get(reverse("admin:kyc_case_change", args=[case.pk]))
    crops = {row.field: row.crop for row in page.context["page"].rows}
    told = json.loads(_uncover(client, case).content)
    dark = {
        name: float((_crop(data) < 90).mean())
        for name, data in (("covered", crops["rrn"]), ("open", told["crops"]["rrn"]))
    }
    assert dark["open"] > 0.03
    assert dark["covered"] < 0.002
    assert factories.NUMBER not in page.content.decode()


def test_uncovering_gives_back_what_the_veil_takes_from_the_neighbours_crops(
    client: Client, case: Case
) -> None:
    page = client.get(reverse("admin:kyc_case_change", args=[case.pk]))
    before = {row.field: _crop(row.crop) for row in page.context["page"].rows if row.crop}
    after = {name: _crop(data) for name, data in json.loads(_uncover(client, case).content)["crops"].items()}
    assert "issued" in before
    assert "issued" not in after, "the veil does not reach there"
    foot, head = slice(-12, None), slice(0, 12)
    for name, hidden, plain in (("name", foot, head), ("address", head, foot)):
        changed = np.abs(before[name].astype(int) - after[name].astype(int))
        assert changed[hidden].mean() > 2 * changed[plain].mean() + 1, name


def test_without_script_every_uncovered_crop_vanishes_and_no_other(client: Client, case: Case) -> None:
    sent = factories.page_form(case, do="uncover")
    rows = client.post(reverse("admin:kyc_case_work", args=[case.pk]), sent).context["page"].rows
    fleeting = {row.field for row in rows if row.fleeting}
    assert {"name", "rrn", "address"} <= fleeting
    assert "issued" not in fleeting


@pytest.mark.parametrize("who", ["another", "nobody", "after"])
def test_only_who_holds_the_case_uncovers_without_a_typed_reason(
    client: Client, case: Case, reviewer: User, who: str
) -> None:
    asking = factories.browser(factories.officer(Role.REVIEWER, "other")) if who == "another" else client
    if who == "nobody":
        holding.release(case=case, by=reviewer)
    elif who == "after":
        Case.objects.update(state="approved")
    answer = _uncover(asking, case)
    assert answer.status_code == 409
    assert "typed reason" in json.loads(answer.content)["words"]
    assert not Disclosure.objects.filter(what="number").exists()


def test_who_seconds_a_corrected_number_uncovers_it_without_typing_why(
    case: Case, reviewer: User, approver: User
) -> None:
    for name in Field:
        if name is not Field.RRN:
            review.confirm(case=case, field=name, by=reviewer)
    review.correct(case=case, field=Field.RRN, text=factories.NUMBER, by=reviewer)
    review.approve(case=case, by=reviewer)
    holding.claim(case=case, by=approver)
    seconding = factories.browser(approver)
    page = seconding.get(reverse("admin:kyc_case_change", args=[case.pk])).content.decode()
    assert page.count('value="uncover"') == 1
    assert f'data-uncover="{reverse("admin:kyc_case_uncover", args=[case.pk])}"' in page
    assert json.loads(_uncover(seconding, case).content)["number"] == factories.NUMBER
    assert Disclosure.objects.filter(what="number", by=approver, reason="review").count() == 1


def test_an_auditor_and_a_stranger_uncover_nothing(case: Case) -> None:
    assert _uncover(factories.browser(factories.officer(Role.AUDITOR)), case).status_code == 403
    assert _uncover(Client(), case).status_code == 302
    assert not Disclosure.objects.exists()


def test_without_script_the_button_uncovers_for_a_moment_and_keeps_what_was_typed(
    client: Client, case: Case
) -> None:
    sent = factories.page_form(case, do="uncover", value_name="김반쯤")
    page = client.post(reverse("admin:kyc_case_work", args=[case.pk]), sent).content.decode()
    assert f'<mark class="fleeting">{factories.NUMBER}</mark>' in page
    assert "김반쯤" in page
    assert _seen().count(("number", "review")) == 1


def test_an_unknown_place_covers_the_whole_picture_and_says_so(client: Client, case: Case) -> None:
    document = case.documents.get()
    other = factories.queued("clean-005.jpg")  # nobody has read it
    Case.objects.filter(pk=other.case_id).update(state="in_review", turn_at=timezone.now())
    page = client.get(reverse("admin:kyc_case_change", args=[other.case_id])).content.decode()
    assert "the whole picture is covered" in page
    assert _pixels(_picture(client, other.case).content).std() < 20
    assert (
        "the whole picture is covered"
        not in client.get(reverse("admin:kyc_case_change", args=[document.case_id])).content.decode()
    )


def test_the_customers_words_are_shown_in_the_customers_language(client: Client, case: Case) -> None:
    page = client.get(reverse("admin:kyc_case_change", args=[case.pk])).content.decode()
    assert case.locale == "ko"
    assert 'class="to-customer" lang="ko"' in page
    assert "Not the latest card" in page
