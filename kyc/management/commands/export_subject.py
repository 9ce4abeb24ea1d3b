"""`manage.py export_subject CASE FILE --reason …`: all that is kept of a person, for that person, as a private zip."""

import os
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kyc.domain.actors import Actor, Kind
from kyc.models import Case
from kyc.services import register, subject, takeout
from kyc.vault.keys import KeyringMissing, Refused

COMMAND = Actor(Kind.SYSTEM, "export_subject")


class Command(BaseCommand):
    help = (
        "Writes a new zip (0600) with every value, notice, decision and picture of a case; it is registered."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("case", type=UUID)
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--reason", required=True, help="the request, by its reference; stands in the register"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        case = Case.objects.filter(pk=options["case"]).first()
        if case is None:
            raise CommandError("There is no such case.")
        if options["file"].exists():
            raise CommandError(f"{options['file']} exists already.")
        try:
            packed = subject.export(
                case=case, account=None, by=COMMAND, reason=options["reason"], address=None
            )
            with os.fdopen(
                os.open(options["file"], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
            ) as file:
                file.write(packed)
        except takeout.BlindLookOpen as e:
            raise CommandError("A blind second look is open: export the case once it is decided.") from e
        except register.RegisterDown as e:
            raise CommandError("The register cannot be written, so nothing was exported.") from e
        except (Refused, KeyringMissing) as e:
            raise CommandError("The data of this case cannot be opened: it was erased or changed.") from e
        except OSError as e:
            raise CommandError(f"Nothing was exported: {type(e).__name__}.") from e
        self.stdout.write(f"{options['file']}: {len(packed)} bytes. Hand it over encrypted, then delete it.")
