"""Whoever points the official SDK at our server meets the vendor's protocol, limits and errors."""

import base64
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile

from ocr_integration.contract import Action, OcrError
from ocr_integration.gateway import Reader, read_card
from tests.wire.conftest import NARROW, SINGLE, WIDE
from tests.wire.servers import ReaderProcess
from tests.wire.signing import Request

ACTION = "RecognizeKoreanIDCardOCR"
CARDS = json.loads((Path(__file__).parents[1] / "cards" / "truth.json").read_text())
TRUTH = {row["file"]: row for row in CARDS}
GIF = base64.b64encode(b"GIF89a" + bytes(100)).decode()
NO_PICTURE = "FailedOperation.ImageDecodeFailed"


def sdk(address: str, **profile: Any) -> CommonClient:
    """The official client, as its documentation shows it."""
    method = profile.pop("method", "POST")
    pair = profile.pop("pair", WIDE)
    region = profile.pop("region", "ap-singapore")
    version = profile.pop("version", "2018-11-19")
    http = HttpProfile(protocol="http", endpoint=address, reqMethod=method, reqTimeout=30)
    made = ClientProfile(httpProfile=http)
    made.unsignedPayload = profile.pop("unsigned", False)
    return CommonClient("ocr", version, Credential(*pair), region, made)


def code_of(client: CommonClient, params: dict[str, Any], action: str = ACTION) -> str:
    with pytest.raises(TencentCloudSDKException) as caught:
        client.call_json(action, params)
    assert caught.value.get_request_id()
    return str(caught.value.get_code())


def test_the_official_sdk_reads_a_card(reader_process: ReaderProcess, card: bytes) -> None:
    params = {"ImageBase64": base64.b64encode(card).decode(), "ReturnHeadImage": "true"}
    answer = sdk(reader_process.address).call_json(ACTION, params)["Response"]
    truth = TRUTH["photo-002.jpg"]
    assert set(answer) == {"ID", "Address", "Name", "DateOfIssue", "Photo", "Sex", "Birthday", "RequestId"}
    assert answer["ID"] == truth["ID"]
    assert base64.b64decode(answer["Photo"]).startswith(b"\xff\xd8\xff")


def test_the_gateway_reads_a_card_with_what_only_our_reader_tells(local_reader: Reader, card: bytes) -> None:
    reading = read_card(card, reader=local_reader)
    assert reading.rrn == TRUTH["photo-002.jpg"]["ID"]
    assert reading.photo.startswith(b"\xff\xd8\xff")
    assert reading.details is not None
    assert reading.details.fields["ID"].text == reading.rrn
    assert reading.details.geometry is not None
    assert "Photo" not in json.loads(reading.raw)
    assert 0 < reading.duration < 30


def test_a_picture_without_a_card_is_a_retake_with_its_reason(local_reader: Reader, blank: bytes) -> None:
    with pytest.raises(OcrError) as caught:
        read_card(blank, reader=local_reader)
    assert (caught.value.code, caught.value.action) == ("FailedOperation.OcrFailed", Action.RETAKE)
    assert caught.value.reason
    assert caught.value.request_id


def test_an_unreadable_picture_tells_its_reason_only_to_who_asks(
    ask: Callable[..., Any], blank: bytes
) -> None:
    text = base64.b64encode(blank).decode()
    assert set(ask(ImageBase64=text)) == {"Error", "RequestId"}
    assert ask(ImageBase64=text, ReturnSinwon=True)["Sinwon"]["Reason"]


@pytest.mark.parametrize(
    "way", [{}, {"method": "GET"}, {"unsigned": True}], ids=["post", "get", "unsigned payload"]
)
def test_every_way_to_send_is_understood(reader_process: ReaderProcess, way: dict[str, Any]) -> None:
    assert (
        code_of(sdk(reader_process.address, **way), {"ImageBase64": GIF, "ReturnHeadImage": True})
        == NO_PICTURE
    )


@pytest.mark.parametrize(
    ("way", "action", "code"),
    [
        ({"pair": ("AKIDNOBODY", "secret")}, ACTION, "AuthFailure.SecretIdNotFound"),
        ({"pair": (WIDE[0], "wrong")}, ACTION, "AuthFailure.SignatureFailure"),
        ({"version": "2017-01-01"}, ACTION, "NoSuchVersion"),
        ({}, "DescribeInstances", "InvalidAction"),
        ({"region": "ap-guangzhou"}, ACTION, "UnsupportedRegion"),
        ({"region": ""}, ACTION, "MissingParameter"),
    ],
)
def test_the_sdk_meets_each_code(
    reader_process: ReaderProcess, way: dict[str, Any], action: str, code: str
) -> None:
    assert code_of(sdk(reader_process.address, **way), {"ImageBase64": GIF}, action) == code


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({}, "MissingParameter"),
        ({"ImageBase64": ""}, "MissingParameter"),
        ({"ImageBase64": None, "ImageUrl": None}, "MissingParameter"),
        ({"ImageBase64": 5}, "InvalidParameter"),
        ({"ImageBase64": ["a"]}, "InvalidParameter"),
        ({"ImageBase64": "not base64!"}, "InvalidParameterValue.InvalidParameterValueLimit"),
        ({"ImageBase64": "줄"}, "InvalidParameterValue.InvalidParameterValueLimit"),
        ({"ImageBase64": "QUJD"}, NO_PICTURE),
        ({"ImageBase64": GIF}, NO_PICTURE),
        ({"ImageBase64": GIF, "ReturnHeadImage": "true"}, NO_PICTURE),
        ({"ImageBase64": GIF, "ReturnHeadImage": False}, NO_PICTURE),
        ({"ImageBase64": GIF, "ReturnHeadImage": "yes"}, "InvalidParameterValue.InvalidParameterValueLimit"),
        ({"ImageBase64": GIF, "ReturnHeadImage": 1}, "InvalidParameter"),
        ({"ImageBase64": GIF, "Unheard": 1}, "UnknownParameter"),
        ({"ImageBase64": "/9j/AAAA"}, "InvalidParameter.EngineImageDecodeFailed"),
        ({"ImageUrl": "ftp://a/b"}, "InvalidParameterValue.InvalidParameterValueLimit"),
        ({"ImageUrl": "http://127.0.0.1/a", "ImageBase64": GIF}, "FailedOperation.DownLoadError"),
    ],
)
def test_each_fault_of_a_parameter_has_its_code(
    ask: Callable[..., Any], params: dict[str, Any], code: str
) -> None:
    assert ask(**params)["Error"]["Code"] == code


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"a"', b"\xff\xfe", b"[" * 100_000, b'{"a":' + b"9" * 5000 + b"}"]
)
def test_a_body_that_is_no_json_object_is_refused(signed: Callable[..., Request], body: bytes) -> None:
    assert signed(body=body).code() == "InvalidParameter"


def test_a_body_that_does_not_say_it_is_json_is_refused(signed: Callable[..., Request]) -> None:
    assert signed(content_type="multipart/form-data; boundary=a").code() == "InvalidRequest"


@pytest.mark.parametrize("header", ["X-TC-Version", "X-TC-Action", "X-TC-Region"])
def test_a_missing_common_header_is_a_missing_parameter(signed: Callable[..., Request], header: str) -> None:
    assert signed(changes={header: None}).code() == "MissingParameter"


def test_seven_megabytes_after_base64_pass_and_one_more_byte_does_not(ask: Callable[..., Any]) -> None:
    limit = 7 * 2**20
    assert ask(ImageBase64="R0lG" * (limit // 4))["Error"]["Code"] == NO_PICTURE
    assert ask(ImageBase64="R0lG" * (limit // 4) + "A")["Error"]["Code"] == "LimitExceeded.TooLargeFileError"


def test_checks_come_in_the_vendors_order(signed: Callable[..., Request]) -> None:
    """Each request has every fault that comes later, too."""
    wrong_region = {"X-TC-Region": "moon"}
    wrong_action = wrong_region | {"X-TC-Action": "Nothing"}
    wrong_version = wrong_action | {"X-TC-Version": "1"}
    assert (
        signed(body=b"[]", changes={"Authorization": None, **wrong_version}).code()
        == "AuthFailure.InvalidAuthorization"
    )
    assert signed(body=b"[]", secret_key="x", changes=wrong_version).code() == "AuthFailure.SignatureFailure"
    assert signed(body=b"[]", changes=wrong_version).code() == "NoSuchVersion"
    assert signed(body=b"[]", changes=wrong_action).code() == "InvalidAction"
    assert signed(body=b"[]", changes=wrong_region).code() == "UnsupportedRegion"
    assert signed(body=b"[]").code() == "InvalidParameter"


def test_the_quota_comes_after_the_parameters_and_before_the_picture(reader_process: ReaderProcess) -> None:
    picture = json.dumps({"ImageBase64": GIF}).encode()
    wrong = [Request(reader_process.address, *SINGLE, body=b"{}").code() for _ in range(3)]
    assert wrong == ["MissingParameter"] * 3
    codes = [Request(reader_process.address, *SINGLE, body=picture).code() for _ in range(2)]
    assert codes == [NO_PICTURE, "RequestLimitExceeded"]
    assert Request(reader_process.address, *SINGLE, body=b"{}").code() == "MissingParameter"


def test_twenty_requests_a_second_pass_and_the_next_ones_do_not(reader_process: ReaderProcess) -> None:
    def one(_: int) -> tuple[float, str]:
        request = Request(reader_process.address, *NARROW, body=json.dumps({"ImageBase64": GIF}).encode())
        return time.monotonic(), request.code()

    with ThreadPoolExecutor(8) as pool:
        started = time.monotonic()
        answers = list(pool.map(one, range(60)))
        took = time.monotonic() - started
    passed = [code for _, code in answers if code == NO_PICTURE]
    assert {code for _, code in answers} == {NO_PICTURE, "RequestLimitExceeded"}
    assert 20 <= len(passed) <= 20 * (1 + int(took + 1))
    time.sleep(1)
    assert one(0)[1] == NO_PICTURE
