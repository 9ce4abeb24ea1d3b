"""The error table is the vendor's, and an error's text is safe to log."""

import json
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_integration import contract
from ocr_integration.contract import Action, CardReading, FieldDetail, OcrError, action_for

GIVEN = json.loads((Path(__file__).parent / "contract.json").read_text())
THEN = {
    "retry": Action.RETRY,
    "ask for another picture": Action.RETAKE,
    "halt": Action.HALT,
    "halt and alert the operator": Action.HALT,
    "defect": Action.DEFECT,
    "defect: send to manual review": Action.DEFECT,
}
ROWS = {code: row["then"] for code, row in GIVEN["action_errors"].items()} | GIVEN["common_errors"]


@pytest.mark.parametrize(("code", "then"), sorted(ROWS.items()))
def test_every_code_of_the_contract_has_its_action(code: str, then: str) -> None:
    assert code in contract.ERRORS
    assert action_for(code) is THEN[then]


def test_the_constants_are_the_contracts() -> None:
    assert (GIVEN["service"], GIVEN["version"]) == (contract.SERVICE, contract.VERSION)
    assert (GIVEN["action"], GIVEN["region"]) == (contract.ACTION, contract.REGION)
    assert GIVEN["public_endpoint"] == contract.PUBLIC_ENDPOINT
    assert GIVEN["requests_per_second"] == contract.REQUESTS_PER_SECOND
    assert GIVEN["signature"]["clock_skew_seconds"] == contract.CLOCK_SKEW_SECONDS
    assert GIVEN["signature"]["body_limit_mb"] * 2**20 == contract.MAX_BODY_BYTES


@pytest.mark.parametrize(
    ("code", "action"),
    [
        ("FailedOperation.Unheard", Action.RETRY),
        ("FailedOperation.OcrFailed.Deeper", Action.RETAKE),
        ("InvalidParameterValue.Unheard", Action.DEFECT),
        ("AuthFailure.Unheard", Action.HALT),
        ("FailedOperationX", Action.HALT),
        ("Unheard", Action.HALT),
        ("", Action.HALT),
        (".", Action.HALT),
    ],
)
def test_an_unknown_code_follows_its_longest_known_prefix_else_halts(code: str, action: Action) -> None:
    assert action_for(code) is action


@given(st.text())
def test_no_code_whatever_brings_text_of_the_servers_into_an_error(text: str) -> None:
    error = OcrError(text, reason=text)
    assert isinstance(error.action, Action)
    assert error.code.isascii()
    assert str(error) == f"{error.code}: {contract.meaning_of(error.code)}"


def test_an_error_survives_pickling() -> None:
    error = pickle.loads(
        pickle.dumps(OcrError("FailedOperation.OcrFailed", request_id="a", reason="no_card"))
    )
    assert (error.code, error.request_id, error.reason) == ("FailedOperation.OcrFailed", "a", "no_card")
    assert error.action is Action.RETAKE


def test_neither_a_reading_nor_a_field_shows_its_text() -> None:
    reading = CardReading("홍길동", "820701-2345678", "女", "", "서울", "", b"", "id-1", 0.1, b"{}", None)
    assert repr(reading) == "<CardReading id-1>"
    assert "홍길동" not in repr(FieldDetail("홍길동", "홍길동", 0.5, ()))
