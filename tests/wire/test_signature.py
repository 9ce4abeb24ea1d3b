"""The signature is verified in full: whatever is changed after signing is refused, with the vendor's code."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_integration.server.signature import Refused, Signed, verify
from tests.wire.signing import Request

KEYS = {"AKID": "secret", "OTHER": "another"}
NOW = 1_800_000_000


def parts(request: Request, **changes: object) -> Signed:
    headers = {name.lower(): value for name, value in request.headers().items()}
    given_parts: dict[str, object] = {
        "method": request.method,
        "path": "/",
        "query": request.query,
        "headers": headers,
        "body": b"" if request.method == "GET" else request.body,
    }
    return Signed(**(given_parts | changes))  # type: ignore[arg-type]


def made(**said: object) -> Request:
    right: dict[str, object] = {
        "secret_id": "AKID",
        "secret_key": "secret",
        "timestamp": NOW,
        "body": b'{"a":1}',
    }
    return Request("127.0.0.1:9000", **(right | said))  # type: ignore[arg-type]


def code_of(signed: Signed, now: float = NOW) -> str:
    try:
        verify(signed, KEYS, now)
    except Refused as refused:
        return refused.code
    return ""


def test_the_documents_example_verifies() -> None:
    """Source: Tencent Cloud API, Signature v3, worked example (Python), with its published result."""
    body = b'{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}'
    authorization = (
        "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, "
        "SignedHeaders=content-type;host, "
        "Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
    )
    headers = {
        "authorization": authorization,
        "content-type": "application/json; charset=utf-8",
        "host": "cvm.tencentcloudapi.com",
        "x-tc-timestamp": "1551113065",
    }
    keys = {"AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE": "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"}
    assert verify(Signed("POST", "/", "", headers, body), keys, 1551113065) in keys


@pytest.mark.parametrize(
    "said",
    [
        {},
        {
            "method": "GET",
            "query": "ImageUrl=http%3A%2F%2Fa&b=",
            "content_type": "application/x-www-form-urlencoded",
        },
        {"payload": b"UNSIGNED-PAYLOAD", "changes": {"X-TC-Content-SHA256": "UNSIGNED-PAYLOAD"}},
        {"service": "127"},
        {"signed_headers": "content-type;host;x-tc-action", "lower_case": True},
        {"content_type": "application/json; charset=utf-8"},
    ],
    ids=["post", "get", "unsigned payload", "old scope", "lower case", "charset"],
)
def test_every_way_in_which_an_sdk_signs_is_accepted(said: dict[str, object]) -> None:
    assert code_of(parts(made(**said))) == ""


@pytest.mark.parametrize("skew", [-300, 300])
def test_the_clock_may_differ_by_five_minutes(skew: int) -> None:
    assert code_of(parts(made()), NOW + skew) == ""


@pytest.mark.parametrize("skew", [-301, 301, 10**9])
def test_but_no_more(skew: int) -> None:
    assert code_of(parts(made()), NOW + skew) == "AuthFailure.SignatureExpire"


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "GET"},
        {"path": "/x"},
        {"query": "a=1"},
        {"body": b'{"a":2}'},
        {"body": b""},
    ],
)
def test_what_is_changed_after_signing_is_refused(changes: dict[str, object]) -> None:
    assert code_of(parts(made(), **changes)) == "AuthFailure.SignatureFailure"


@pytest.mark.parametrize("header", ["host", "content-type"])
def test_a_signed_header_changed_is_refused(header: str) -> None:
    signed = parts(made())
    assert code_of(parts(made(), headers={**signed.headers, header: "x"})) == "AuthFailure.SignatureFailure"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"secret_key": "wrong"}, "AuthFailure.SignatureFailure"),
        ({"secret_key": "another"}, "AuthFailure.SignatureFailure"),
        ({"secret_id": "OTHER"}, "AuthFailure.SignatureFailure"),
        ({"secret_id": "NOBODY"}, "AuthFailure.SecretIdNotFound"),
        ({"date": "2020-01-01"}, "AuthFailure.SignatureFailure"),
        ({"service": "cvm"}, "AuthFailure.SignatureFailure"),
        ({"changes": {"X-TC-Timestamp": str(NOW + 1)}}, "AuthFailure.SignatureFailure"),
        ({"changes": {"X-TC-Timestamp": "now"}}, "InvalidParameterValue"),
        ({"changes": {"X-TC-Timestamp": "9" * 30}}, "InvalidParameterValue"),
        ({"changes": {"X-TC-Timestamp": None}}, "MissingParameter"),
        ({"changes": {"X-TC-Token": "token"}}, "AuthFailure.TokenFailure"),
        ({"changes": {"Authorization": None}}, "AuthFailure.InvalidAuthorization"),
        ({"changes": {"Authorization": ""}}, "AuthFailure.InvalidAuthorization"),
        ({"changes": {"Authorization": "SKIP"}}, "AuthFailure.InvalidAuthorization"),
        ({"signed_headers": "host"}, "AuthFailure.InvalidAuthorization"),
        ({"signed_headers": "content-type"}, "AuthFailure.InvalidAuthorization"),
        ({"signed_headers": "host;content-type"}, "AuthFailure.InvalidAuthorization"),
    ],
)
def test_each_fault_of_a_signature_has_its_code(said: dict[str, object], code: str) -> None:
    assert code_of(parts(made(**said))) == code


@given(st.text(max_size=300))
def test_no_authorization_whatever_does_anything_but_be_refused(text: str) -> None:
    assert code_of(Signed("POST", "/", "", {"authorization": text, "host": text}, b"")).startswith(
        "AuthFailure."
    )


@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=1))
def test_no_flipped_byte_of_a_body_passes(position: int, byte: bytes) -> None:
    request = made(body=b'{"ImageBase64":"abcdefgh"}')
    at = position % len(request.body)
    changed = request.body[:at] + byte + request.body[at + 1 :]
    expected = "" if changed == request.body else "AuthFailure.SignatureFailure"
    assert code_of(parts(request, body=changed)) == expected


def test_the_server_verifies_with_its_own_clock(signed: Callable[..., Request]) -> None:
    assert signed(timestamp=int(time.time()) - 400).code() == "AuthFailure.SignatureExpire"
    assert signed(timestamp=int(time.time()) - 200).code() == "MissingParameter"
