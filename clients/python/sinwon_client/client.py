"""The calls of the API, one method each. A refusal is a `Problem` with its code and its sentence."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

AGAIN = frozenset({429, 500, 502, 503, 504})


class Problem(Exception):
    """The API refused. `code` is stable; `title` and `title_ko` say why; `told` is the whole answer."""

    def __init__(self, status: int, told: Mapping[str, Any]) -> None:
        self.status, self.told = status, told
        self.code = str(told.get("code", "unknown"))
        self.title, self.title_ko = str(told.get("title", "")), str(told.get("title_ko", ""))
        super().__init__(f"{status} {self.code}: {self.title}")


@dataclass(frozen=True, slots=True)
class Verification:
    """How a verification stands; `url` is the customer's private link, None for a key that may not open one."""

    id: str
    reference: str
    state: str
    locale: str
    legal_basis: str
    sandbox: bool
    requirements: Mapping[str, Any]
    created_at: str
    changed_at: str
    url: str | None
    embed_url: str | None

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        """Fields that a later version adds are passed over."""
        return cls(**{name: told[name] for name in cls.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class Page:
    items: Sequence[Verification]
    next: str | None


class Client:
    """`base` is the deployment's address. What changes something is sent with an Idempotency-Key, so that it can be
    sent again when the answer was lost, which happens up to `tries` times in all."""

    def __init__(self, base: str, key: str, *, timeout: float = 20.0, tries: int = 3) -> None:
        self._base, self._key = base.rstrip("/") + "/api/v1", key
        self._timeout, self._tries = timeout, tries

    def create(
        self,
        reference: str,
        *,
        locale: str = "ko",
        return_address: str = "",
        legal_basis: str = "",
        methods: int = 0,
        second_officer: bool = False,
        sandbox_outcome: str | None = None,
        idempotency_key: str = "",
    ) -> Verification:
        """Give your own `idempotency_key` (an order's number) to open one verification even if you crash in between."""
        body = {
            "reference": reference,
            "locale": locale,
            "return_address": return_address,
            "legal_basis": legal_basis,
            "requirements": {"methods": methods, "second_officer": second_officer},
            "sandbox_outcome": sandbox_outcome,
        }
        return Verification.read(self._post("/verifications", body, idempotency_key))

    def get(self, verification_id: str) -> Verification:
        return Verification.read(self._call("GET", f"/verifications/{verification_id}"))

    def page(self, *, state: str = "", reference: str = "", cursor: str = "", size: int = 50) -> Page:
        query = {"state": state, "reference": reference, "cursor": cursor, "size": str(size)}
        asked = urllib.parse.urlencode({name: text for name, text in query.items() if text})
        told = self._call("GET", f"/verifications?{asked}")
        return Page([Verification.read(one) for one in told["items"]], told["next"])

    def all(self, *, state: str = "", reference: str = "") -> Iterator[Verification]:
        """Every one, the newest first, page by page."""
        page = self.page(state=state, reference=reference, size=100)
        yield from page.items
        while page.next:
            page = self.page(state=state, reference=reference, cursor=page.next, size=100)
            yield from page.items

    def upload(self, verification_id: str, picture: bytes, *, notices_shown: bool) -> Verification:
        """On the customer's behalf; `notices_shown` says that you showed them the notices."""
        boundary = uuid.uuid4().hex
        flag = "true" if notices_shown else "false"
        body = b"".join(
            (
                f'--{boundary}\r\nContent-Disposition: form-data; name="notices_shown"\r\n\r\n{flag}\r\n'.encode(),
                f'--{boundary}\r\nContent-Disposition: form-data; name="picture"; filename="card"\r\n'.encode(),
                b"Content-Type: application/octet-stream\r\n\r\n",
                picture,
                f"\r\n--{boundary}--\r\n".encode(),
            )
        )
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        told = self._call("POST", f"/verifications/{verification_id}/picture", body, headers)
        return Verification.read(told["verification"])

    def record_method(self, verification_id: str, method: str, reference: str) -> Verification:
        body = {"method": method, "reference": reference}
        return Verification.read(self._post(f"/verifications/{verification_id}/methods", body))

    def ask_again(self, verification_id: str, *reasons: str) -> Verification:
        return Verification.read(
            self._post(f"/verifications/{verification_id}/ask-again", {"reasons": list(reasons)})
        )

    def withdraw(self, verification_id: str) -> Verification:
        return Verification.read(self._post(f"/verifications/{verification_id}/withdraw"))

    def end_relationship(self, verification_id: str, on: str) -> Verification:
        """`on` as in 2026-11-25."""
        return Verification.read(self._post(f"/verifications/{verification_id}/end", {"on": on}))

    def erase(self, verification_id: str) -> Verification:
        return Verification.read(self._post(f"/verifications/{verification_id}/erase"))

    def fields(self, verification_id: str) -> Mapping[str, str]:
        """The approved fields, the number masked."""
        fields: Mapping[str, str] = self._call("GET", f"/verifications/{verification_id}/fields")["fields"]
        return fields

    def number(self, verification_id: str, reason: str) -> Mapping[str, str]:
        """The approved fields with the whole number; the reason stands in the operator's register."""
        told = self._read(f"/verifications/{verification_id}/number", {"reason": reason})
        fields: Mapping[str, str] = told["fields"]
        return fields

    def evidence(
        self, verification_id: str, reason: str, *, numbers: bool = False, pictures: bool = False
    ) -> Mapping[str, Any]:
        body = {"reason": reason, "numbers": numbers, "pictures": pictures}
        return self._read(f"/verifications/{verification_id}/evidence", body)

    def evidence_pdf(
        self,
        verification_id: str,
        reason: str,
        *,
        numbers: bool = False,
        pictures: bool = False,
        locale: str = "ko",
    ) -> bytes:
        """The same as a document for people, with the JSON inside."""
        body = {"reason": reason, "numbers": numbers, "pictures": pictures, "locale": locale}
        headers = {"Content-Type": "application/json", "Accept": "application/pdf"}
        path = f"/verifications/{verification_id}/evidence.pdf"
        return self._fetch("POST", path, json.dumps(body).encode(), headers)

    def _post(self, path: str, body: Mapping[str, Any] | None = None, token: str = "") -> Mapping[str, Any]:
        headers = {"Content-Type": "application/json", "Idempotency-Key": token or uuid.uuid4().hex}
        return self._call("POST", path, json.dumps(body or {}).encode(), headers)

    def _read(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """A look with a reason: it changes nothing, and needs no Idempotency-Key."""
        return self._call("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})

    def _call(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Mapping[str, Any]:
        told: Mapping[str, Any] = json.loads(self._fetch(method, path, body, headers or {}))
        return told

    def _fetch(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> bytes:
        for tried in range(1, self._tries + 1):
            try:
                return self._once(method, path, body, headers)
            except Problem as e:
                if e.status not in AGAIN or tried == self._tries:
                    raise
                wait = float(e.told.get("retry_after", 0)) or 0.5 * 2**tried
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                if tried == self._tries:
                    raise
                wait = 0.5 * 2**tried
            time.sleep(min(wait, 60.0))
        raise AssertionError("unreachable: tries is at least one")

    def _once(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> bytes:
        said = {"Authorization": f"Bearer {self._key}", "Accept": "application/json", **headers}
        request = urllib.request.Request(self._base + path, data=body, headers=said, method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as answer:  # noqa: S310
                return bytes(answer.read())
        except urllib.error.HTTPError as e:
            raise Problem(e.code, _told(e)) from None


def _told(error: urllib.error.HTTPError) -> Mapping[str, Any]:
    try:
        told: dict[str, Any] = json.loads(error.read())
    except ValueError:  # a proxy's page, not ours
        told = {}
    after = error.headers.get("Retry-After", "")
    return told | ({"retry_after": int(after)} if after.isdecimal() else {})
