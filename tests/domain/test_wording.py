"""Every code has words, and what is suspected never reaches the customer."""

import pytest
from django.utils import translation

from kyc import wording
from kyc.domain.errors import Fault
from kyc.domain.facts import Field
from kyc.domain.findings import CODES, Severity
from kyc.domain.lifecycle import State
from kyc.domain.reasons import RejectReason, RetakeReason
from kyc.domain.rrn import Sex
from kyc.wording_findings import FINDINGS, evidence_words


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (wording.STATES, State),
        (wording.STATES_FOR_CUSTOMER, State),
        (wording.SEVERITIES, Severity),
        (wording.FIELDS, Field),
        (wording.SEXES, Sex),
        (wording.RETAKE_FOR_CUSTOMER, RetakeReason),
        (wording.RETAKE_FOR_OFFICERS, RetakeReason),
        (wording.REJECT_FOR_CUSTOMER, RejectReason),
        (wording.REJECT_FOR_OFFICERS, RejectReason),
        (FINDINGS, CODES),
    ],
)
def test_every_code_has_words_and_no_words_are_left_over(table: dict[str, str], codes: list[str]) -> None:
    assert set(table) == set(codes)


def test_every_refusal_of_a_typed_value_has_words() -> None:
    assert all(str(wording.error_words(field, fault)) for field in Field for fault in Fault)


def test_a_suspicion_stays_inside() -> None:
    told = str(wording.REJECT_FOR_CUSTOMER[RejectReason.SUSPECTED_FORGERY])
    assert told == str(wording.REJECT_FOR_CUSTOMER[RejectReason.OTHER])
    assert "forge" not in told.lower()


def test_evidence_is_worded_and_empty_parts_are_left_out() -> None:
    with translation.override("en"):
        assert evidence_words({"missing": "road, number", "issued": ""}) == [("not found", "road, number")]
