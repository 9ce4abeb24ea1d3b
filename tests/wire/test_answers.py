"""A reading is built from any answer that is one, and an error from any that is not."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocr_integration.answers import MAX_RAW, reading_of
from ocr_integration.contract import CardReading, OcrError

GIVEN = json.loads((Path(__file__).parent / "contract.json").read_text())
JPEG = b"\xff\xd8\xff\xe0rest"


def reading(**response: Any) -> CardReading:
    return reading_of({"Response": response}, duration=0.1, details=True)


def test_the_official_example_is_read() -> None:
    read = reading_of(json.loads(json.dumps(GIVEN["official_example_response"])), duration=0.1, details=False)
    assert (read.name, read.rrn, read.sex) == ("홍길동 (洪吉童)", "820701-2345678", "女")
    assert (read.birthday, read.issued) == ("01/07/1982", "01/01/8207")
    assert read.photo == b""  # the example's own is cut short
    assert read.request_id == "8b03725a-d5b3-4dfa-81b5-55214271a69a"


@pytest.mark.parametrize("number", range(len(GIVEN["dirty_responses"])))
def test_dirty_answers_keep_their_strings_and_lose_their_nulls(number: int) -> None:
    given_response = GIVEN["dirty_responses"][number]
    read = reading(**given_response)
    assert read.name == given_response["Name"]
    assert read.issued == (given_response["DateOfIssue"] or "")
    assert read.request_id == given_response.get("RequestId")


def test_the_raw_answer_is_whole_but_for_the_photo() -> None:
    read = reading(Name="홍길동", Unheard={"a": [1]}, Photo=base64.b64encode(JPEG).decode())
    assert read.photo == JPEG
    assert json.loads(read.raw) == {"Name": "홍길동", "Unheard": {"a": [1]}}


@pytest.mark.parametrize("value", [None, 1, 1.5, True, [], {}, "x" * 1001])
def test_what_is_no_text_of_a_card_is_empty(value: object) -> None:
    assert reading(Name=value, ID=value).name == ""


def test_what_a_database_cannot_hold_is_left_out() -> None:
    read = reading(Name="홍\x00길\ud800동", Address="\x1b[31m서울")
    assert read.name == "홍길동"
    assert read.address == "[31m서울"
    assert json.loads(read.raw)["Name"] == "홍\x00길\ud800동"


@pytest.mark.parametrize("value", [None, 7, "", "not base64!", "AAAA", base64.b64encode(b"GIF89a").decode()])
def test_what_is_no_jpeg_is_no_photo(value: object) -> None:
    assert reading(Photo=value).photo == b""


@pytest.mark.parametrize("value", [None, 5, "", "with space", "x" * 101, "줄"])
def test_a_wrong_request_id_is_none(value: object) -> None:
    assert reading(Name="a", RequestId=value).request_id is None


def test_an_answer_of_endless_other_keys_is_refused() -> None:
    with pytest.raises(OcrError, match="ResponseSizeLimitExceeded"):
        reading(Other="x" * MAX_RAW)


@pytest.mark.parametrize("answer", [None, [], "", 1, {}, {"Response": None}, {"Response": []}, {"Error": {}}])
def test_what_is_no_answer_is_malformed(answer: object) -> None:
    with pytest.raises(OcrError, match=r"Gateway\.MalformedAnswer"):
        reading_of(answer, duration=0, details=False)


@pytest.mark.parametrize("stated", [None, "text", [], {}, {"Code": 5}, {"Code": "two words"}, {"Code": ""}])
def test_an_error_without_a_code_is_malformed(stated: object) -> None:
    with pytest.raises(OcrError, match=r"Gateway\.MalformedAnswer"):
        reading(Error=stated)


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
values = st.recursive(scalars, lambda v: st.lists(v) | st.dictionaries(st.text(), v), max_leaves=10)


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine draws slowly
@given(st.dictionaries(st.sampled_from([*GIVEN["response"], "Error", "Sinwon", "Other"]), values))
def test_no_response_whatever_raises_anything_but_an_ocr_error(response: dict[str, Any]) -> None:
    try:
        read = reading(**response)
    except OcrError:
        return
    "".join([read.name, read.rrn, read.sex, read.birthday, read.address, read.issued]).encode()
    read.raw.decode()
