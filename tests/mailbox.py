"""A mail server of the tests' own, by the real protocol: it keeps what it takes, and refuses or dawdles when told."""

import asyncio
import email
import logging
from email.message import Message
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.stack import free_port

logging.getLogger("mail.log").setLevel(logging.WARNING)  # the server's own, which tells every address


class MailServer:
    """`answers` are given to one mail after another, the last for ever: a status line, or seconds of silence first."""

    def __init__(self, *answers: str | float, password: str = "") -> None:
        self.answers: list[str | float] = list(answers) or ["250 OK"]
        self.taken: list[Message] = []
        self.asked = 0
        self.port = free_port()
        check = self._check(password) if password else None
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            authenticator=check,
            auth_require_tls=False,
        )
        self._controller.start()

    @property
    def settings(self) -> dict[str, Any]:
        """What `EMAIL_URL=smtp://127.0.0.1:PORT` sets."""
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": self.port,
            "EMAIL_FROM": "Bank <no-reply@bank.example>",
        }

    def stop(self) -> None:
        self._controller.stop(no_assert=True)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, float):
            await asyncio.sleep(answer)
            answer = "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.taken.append(email.message_from_bytes(bytes(envelope.content or b""), policy=default))
        return "250 OK"

    @staticmethod
    def _check(password: str) -> Any:
        def check(
            server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
        ) -> AuthResult:
            right = data.password == password.encode()
            return AuthResult(success=right, handled=right)

        return check
