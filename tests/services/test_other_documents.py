"""A foreigner's card from the picture to the approval, through the real reader, and what its officer sees."""

import random

import cv2
import numpy as np
import pytest
from django.conf import LazySettings
from django.test import Client

from kyc.domain.facts import Field
from kyc.domain.lifecycle import State
from kyc.domain.provenance import Step
from kyc.domain.roles import Role
from kyc.forms import ClaimsForm
from kyc.models import AuditEntry, Case, FieldValue
from kyc.selectors import values
from kyc.services import basis, custody, holding, intake, recognition, refusals, review
from tests.officers import factories
from tests.specimens import foreigner
from tests.specimens.foreigner import Foreigner

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(reader: None) -> tuple[Case, Foreigner]:
    """A case whose customer sent a foreigner's card, read by the real reader."""
    front = foreigner.draw(random.Random(5), np.random.default_rng(5))
    _, picture = cv2.imencode(".jpg", front.picture, [cv2.IMWRITE_JPEG_QUALITY, 92])
    document = intake.submit_document(case=intake.open_case(), upload=picture.tobytes())
    recognition.read(document_id=document.id)
    return Case.objects.get(pk=document.case_id), front.holder


def test_a_foreigners_card_is_read_reviewed_and_approved_without_an_address(
    sent: tuple[Case, Foreigner], settings: LazySettings
) -> None:
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    case, holder = sent
    assert (case.status, case.card) == (State.IN_REVIEW, "foreigner")
    assert case.findings.count() == 0
    assert AuditEntry.objects.get(action="reading.saved").data["card"] == "foreigner"
    officer = factories.officer(Role.REVIEWER)
    factories.identified(case)
    page = factories.browser(officer).get(f"/admin/kyc/case/{case.pk}/change/").content.decode()
    assert "foreigner&#x27;s residence card" in page
    assert 'id="field-name"' in page
    assert 'id="field-address"' not in page
    holding.claim(case=case, by=officer)
    factories.look(case, officer)
    for field in basis.fields_of(case):
        if field is not Field.NAME:
            review.confirm(case=case, field=field, by=officer)
    with pytest.raises(refusals.FieldsOpen):
        review.approve(case=case, by=officer)
    review.correct(case=case, field=Field.NAME, text=holder.name.lower(), by=officer)
    review.approve(case=case, by=officer)
    case.refresh_from_db()
    assert case.status is State.APPROVED
    kept = FieldValue.objects.filter(case=case, step=Step.APPROVED)
    assert {row.field: custody.open_value(case.key(), row) for row in kept} == {
        "name": holder.name,
        "rrn": holder.number,
        "sex": "female" if holder.female else "male",
        "birthday": holder.birthday.isoformat(),
        "issued": holder.issued.isoformat(),
    }


def test_its_customer_is_asked_for_no_address_and_for_a_latin_name(sent: tuple[Case, Foreigner]) -> None:
    case, holder = sent
    card = basis.card_of(case)
    assert set(ClaimsForm(card=card).fields) == {"name", "rrn", "sex", "birthday", "issued"}
    assert ClaimsForm({"name": holder.name.title()}, card=card).is_valid()
    assert not ClaimsForm({"name": "홍길동"}, card=card).is_valid()


def test_a_later_reading_does_not_change_the_document_that_officers_have(
    sent: tuple[Case, Foreigner],
) -> None:
    case, _ = sent
    document = values.newest_document(case)
    assert document is not None
    resident = factories.answer(factories.CLEAN)
    recognition.settlement._keep_card(case, resident)
    case.refresh_from_db()
    assert case.card == "foreigner"


def test_the_first_page_offers_it_where_the_local_reader_reads(
    client: Client, settings: LazySettings
) -> None:
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    assert "외국인등록증" in client.get("/", headers={"accept-language": "en"}).content.decode()
    settings.OCR_READERS = ["tencent"]
    assert "외국인등록증" not in client.get("/", headers={"accept-language": "en"}).content.decode()
