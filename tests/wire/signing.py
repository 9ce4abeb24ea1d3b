"""TC3-HMAC-SHA256 as the document describes it, written apart from the server's: to sign raw and crooked requests."""

import hashlib
import hmac
import http.client
import json
import time
from dataclasses import dataclass, field
from typing import Any

HEADERS = {
    "X-TC-Action": "RecognizeKoreanIDCardOCR",
    "X-TC-Version": "2018-11-19",
    "X-TC-Region": "ap-singapore",
}


@dataclass
class Request:
    """A request to sign and send. What a test does not say is right."""

    address: str
    secret_id: str
    secret_key: str
    body: bytes = b"{}"
    method: str = "POST"
    query: str = ""
    host: str = ""
    content_type: str = "application/json"
    service: str = "ocr"
    timestamp: int = 0
    date: str = ""
    signed_headers: str = "content-type;host"
    payload: bytes | None = None
    lower_case: bool = False
    changes: dict[str, str | None] = field(default_factory=dict)
    """Headers to set, or to leave out (None), after signing."""

    def headers(self) -> dict[str, str]:
        stamp = self.timestamp or int(time.time())
        date = self.date or time.strftime("%Y-%m-%d", time.gmtime(stamp))
        host = self.host or self.address
        values = {
            "content-type": self.content_type,
            "host": host,
            **{k.lower(): v for k, v in HEADERS.items()},
        }
        names = self.signed_headers.split(";")
        canonical = "".join(f"{n}:{values[n].lower() if self.lower_case else values[n]}\n" for n in names)
        payload = self.payload if self.payload is not None else (b"" if self.method == "GET" else self.body)
        digest = hashlib.sha256(payload).hexdigest()
        request = f"{self.method}\n/\n{self.query}\n{canonical}\n{self.signed_headers}\n{digest}"
        scope = f"{date}/{self.service}/tc3_request"
        text = f"TC3-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
        key = b"TC3" + self.secret_key.encode()
        for part in (date, self.service, "tc3_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        authorization = (
            f"TC3-HMAC-SHA256 Credential={self.secret_id}/{scope}, "
            f"SignedHeaders={self.signed_headers}, Signature={signature}"
        )
        made: dict[str, str | None] = {
            "Host": host,
            "Content-Type": self.content_type,
            "Authorization": authorization,
            "X-TC-Timestamp": str(stamp),
            **HEADERS,
            **self.changes,
        }
        return {name: value for name, value in made.items() if value is not None}

    def send(self) -> dict[str, Any]:
        """The `Response` object; the envelope's form is checked on the way."""
        connection = http.client.HTTPConnection(self.address, timeout=30)
        path = f"/?{self.query}" if self.query else "/"
        connection.request(self.method, path, None if self.method == "GET" else self.body, self.headers())
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        assert answer.status == 200, (answer.status, data)
        assert answer.getheader("Content-Type") == "application/json"
        response: dict[str, Any] = json.loads(data)["Response"]
        assert response["RequestId"]
        return response

    def code(self) -> str:
        """The error's code, '' for a success."""
        return str(self.send().get("Error", {}).get("Code", ""))
