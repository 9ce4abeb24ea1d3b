"""Time stamps of an authority (RFC 3161): that a text existed at an hour, said by somebody who is not us."""

from datetime import UTC, datetime
from pathlib import Path

import requests
from cryptography import x509
from rfc3161_client import (
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

PATIENCE = (5, 10)  # seconds to connect, and for each read
LARGEST = 64 * 1024
ASKS, ANSWERS = "application/timestamp-query", "application/timestamp-reply"


class NoStamp(Exception):
    """The authority gave no time stamp that holds. Says why, without its own words."""


def stamp(text: bytes, *, url: str, roots: Path) -> bytes:
    """The authority's answer over `text` (DER), verified before it is kept. Raises NoStamp."""
    asked = TimestampRequestBuilder().data(text).build()
    try:
        with requests.post(
            url,
            data=asked.as_bytes(),
            headers={"Content-Type": ASKS, "Accept": ANSWERS},
            timeout=PATIENCE,
            allow_redirects=False,
            stream=True,
        ) as answer:
            if answer.status_code != 200:
                raise NoStamp(f"the authority answered {answer.status_code}")
            token = answer.raw.read(LARGEST, decode_content=True)
    except requests.RequestException as e:
        raise NoStamp(f"the authority does not answer: {type(e).__name__}") from e
    _verify(token, text, roots, VerifierBuilder.from_request(asked))
    return bytes(token)


def time_of(token: bytes, text: bytes, *, roots: Path) -> datetime:
    """When the authority saw `text`. Raises NoStamp where the token is not of this text, or leads to no known root."""
    return _verify(token, text, roots, VerifierBuilder())


def _verify(token: bytes, text: bytes, roots: Path, builder: VerifierBuilder) -> datetime:
    try:
        for root in x509.load_pem_x509_certificates(roots.read_bytes()):
            builder = builder.add_root_certificate(root)
        answer = decode_timestamp_response(token)
        builder.build().verify_message(answer, text)
    except OSError as e:
        raise NoStamp(f"no roots at {roots}: set TSA_ROOTS") from e
    except (ValueError, VerificationError) as e:
        raise NoStamp(f"the time stamp does not hold: {type(e).__name__}") from e
    return answer.tst_info.gen_time.astimezone(UTC)
