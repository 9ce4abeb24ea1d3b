"""Related cases: the same number or the same picture, found through keyed indexes and compared on record."""

import io

import cv2
import numpy as np
import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from kyc.domain.actors import CUSTOMER, SYSTEM
from kyc.domain.evidence import CheckResult
from kyc.domain.lifecycle import State
from kyc.domain.retention import Reason
from kyc.imaging import likeness
from kyc.models import Case, Disclosure, PictureBand
from kyc.selectors import related, values
from kyc.services import evidence, intake, retention
from kyc.vault import storage
from tests.officers import factories

pytestmark = pytest.mark.django_db


def _page(client: Client, case: Case) -> str:
    return client.get(reverse("admin:kyc_case_change", args=[case.pk])).content.decode()


def _beside(one: Case, other: Case) -> str:
    return reverse("admin:kyc_case_beside", args=[one.pk, other.pk])


def _smaller(card: str) -> bytes:
    picture = cv2.imread(str(factories.CARDS / card))
    assert picture is not None
    half = cv2.resize(picture, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    return bytes(cv2.imencode(".jpg", half, [cv2.IMWRITE_JPEG_QUALITY, 70])[1].tobytes())


def test_the_same_number_is_found_in_another_picture(client: Client) -> None:
    case, other = factories.reviewable(), factories.reviewable("photo-003.jpg", ID=factories.NUMBER)
    page = _page(client, case)
    assert "same resident number" in page
    assert "same picture" not in page
    assert str(other) in page


def test_the_same_picture_is_found_though_it_was_made_smaller(client: Client) -> None:
    case = factories.reviewable("photo-003.jpg")
    again = intake.submit_document(case=intake.open_case(), upload=_smaller("photo-003.jpg"), by=CUSTOMER)
    stranger = factories.reviewable("photo-006.jpg")
    found = related.of(case, case.documents.get(), None)
    assert [(one.case.pk, one.same_picture, one.same_number) for one in found] == [
        (again.case_id, True, False)
    ]
    assert "same picture" in _page(client, case)
    assert "Related cases" not in _page(client, stranger)


def test_no_hash_of_a_picture_is_stored_that_could_be_compared_without_the_keyring() -> None:
    document = factories.queued("photo-003.jpg")
    bands = likeness.bands((factories.CARDS / "photo-003.jpg").read_bytes())
    stored = [bytes(row.lookup) for row in PictureBand.objects.filter(document=document).order_by("band")]
    assert len(set(stored)) == likeness.BANDS
    # A few bits may stand in sixteen bytes by chance; not, band by band, in the same place.
    packed = [np.packbits([int(bit) for bit in bits]).tobytes() for bits in bands]
    assert sum(lookup.startswith(bits) for lookup, bits in zip(stored, packed, strict=True)) < 2


def test_pictures_from_before_the_index_are_put_into_it_by_a_command() -> None:
    case, other = factories.reviewable("photo-003.jpg"), factories.reviewable("photo-003.jpg")
    PictureBand.objects.all().delete()
    assert not related.of(case, case.documents.get(), None)
    storage.delete(factories.queued("photo-006.jpg").storage_key)
    PictureBand.objects.filter(document__case__in=Case.objects.exclude(pk__in=[case.pk, other.pk])).delete()
    said = io.StringIO()
    call_command("index_pictures", stdout=said)
    assert said.getvalue() == "2 added, 1 could not be opened.\n"
    assert [one.case.pk for one in related.of(case, case.documents.get(), None)] == [other.pk]


def test_side_by_side_registers_the_look_at_both_cases(client: Client, reviewer: User) -> None:
    case, other = factories.reviewable(), factories.reviewable(DateOfIssue="03/11/2018")
    page = client.get(_beside(case, other)).content.decode()
    assert "differs" in page
    assert factories.NUMBER not in page
    seen = set(Disclosure.objects.values_list("case_id", "what", "reason"))
    assert seen == {
        (case.pk, "fields", f"related: {other.pk}"),
        (other.pk, "fields", f"related: {case.pk}"),
    }


def test_cases_with_nothing_in_common_are_not_shown_side_by_side(client: Client) -> None:
    case, other = factories.reviewable("photo-003.jpg"), factories.reviewable("photo-006.jpg")
    assert client.get(_beside(case, other)).status_code == 404
    assert not Disclosure.objects.exists()


def test_a_mismatch_of_the_same_person_elsewhere_is_told(client: Client, reviewer: User) -> None:
    case, other = factories.reviewable(), factories.confirmed(factories.reviewable(), reviewer)
    evidence.record_check(
        case=other, result=CheckResult.MISMATCH, reference="gov 1", checked_at=None, by=reviewer
    )
    assert "its authenticity check did not match" in _page(client, case)


def test_an_erased_case_is_related_to_nothing_any_more(client: Client) -> None:
    case, other = factories.reviewable(), factories.reviewable()
    assert related.of(case, case.documents.get(), None)
    Case.objects.filter(pk=other.pk).update(state=State.WITHDRAWN)
    retention.erase(case=Case.objects.get(pk=other.pk), by=SYSTEM, reason=Reason.ASKED)
    number = values.current(case)[factories.Field.RRN]
    assert not related.of(case, case.documents.get(), bytes(number.lookup or b""))
    assert client.get(_beside(case, other)).status_code == 404
