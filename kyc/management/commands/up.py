"""`manage.py up`: web, worker, beat and the local reader under one supervisor, until Ctrl-C."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections

from kyc.management.supervisor import address, lock
from kyc.management.supervisor.address import Address
from kyc.management.supervisor.product import all_parts
from kyc.management.supervisor.supervisor import Supervisor
from kyc.services import audit, health
from kyc.vault.signing import SigningKeyMissing


class Command(BaseCommand):
    help = "Starts every part of the product and keeps it running. HOST, PORT and HTTPS=1 say where."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            where = address.from_environment()
            self._look_at_the_database()
            with lock.held(settings.VAR / "up.lock", where.url) as abandoned:
                status = self._run(where, patience=3.0 if abandoned else 0.0)
        except lock.Taken as e:
            raise CommandError(
                f"Sinwon runs on {settings.VAR} already: {e or 'it is just starting'}. Stop that one first "
                "(Ctrl-C), or use another folder: SINWON_VAR=/some/where"
            ) from e
        except address.AddressError as e:
            raise CommandError(str(e)) from e
        if status:
            sys.exit(status)

    def _look_at_the_database(self) -> None:
        try:
            health.parts()
        except DatabaseError as e:
            raise CommandError(f"The database cannot be used ({e}). Run `make setup` first.") from e

    def _run(self, where: Address, *, patience: float) -> int:
        with where.listen(patience=patience) as listener:
            parts = all_parts(where, listener.fileno())
            self._say(f"Starting {', '.join(part.name for part in parts)} …")
            supervisor = Supervisor(
                parts,
                folder=settings.BASE_DIR,
                logs=settings.VAR / "log",
                say=self._say,
                ready=lambda: self._welcome(where),
            )
            status = supervisor.run()
        self._sign()
        return status

    def _sign(self) -> None:
        """What the web wrote while it stopped, after the worker signed: no entry waits for the next start."""
        try:
            audit.sign()
        except (audit.ChainBroken, SigningKeyMissing, DatabaseError) as e:
            self._say(f"The end of the audit chain was not signed: {e}")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _welcome(self, where: Address) -> None:
        connections.close_all()
        lines = [
            "",
            self.style.SUCCESS("Sinwon is ready."),
            "",
            f"  For customers   {where.url}/",
            f"  For officers    {where.url}/admin/",
            f"  Documentation   {where.url}/docs/",
            "",
        ]
        if settings.LEGAL_BASIS == settings.DEMO_BASIS:
            lines += [
                "Try it: as a customer, take one of the invented cards offered on the first page.",
                "Then sign in as `reviewer` on the officers' side, open the case, and confirm its fields.",
                "The officers' passwords were shown when they were made; `make officers` gives new ones, and",
                "`make code`, in another window, prints the code that they are asked for next.",
            ]
        if where.https:
            lines.append("The certificate is self-signed: the browser warns once, that is expected here.")
        elif where.everywhere:
            lines.append("A phone lets a page use its camera over HTTPS only: make run HOST=0.0.0.0 HTTPS=1")
        lines += [f"Logs: {settings.VAR / 'log'}. Ctrl-C stops everything.", ""]
        self._say("\n".join(lines))
