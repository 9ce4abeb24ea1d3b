"""`manage.py breach_pack FILE --account NAME …`: whose data, which fields, when and by which account."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from kyc.domain.actors import Actor, Kind
from kyc.services import breach, register

COMMAND = Actor(Kind.SYSTEM, "breach_pack")


class Command(BaseCommand):
    help = "Writes a new zip (0600) of CSV and JSON: what an account saw, or what a key or cases exposed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--account", metavar="NAME", default="", help="all that it saw, by the register")
        what.add_argument("--key", type=int, metavar="ID", help="all cases under a key (`rotate_keys show`)")
        what.add_argument(
            "--case", type=UUID, action="append", default=[], help="this case; may be given again"
        )
        what.add_argument(
            "--opened", action="store_true", help="all cases that were opened between --from and --to"
        )
        parser.add_argument("--from", type=_moment, dest="since", help="day or moment, inclusive")
        parser.add_argument("--to", type=_moment, dest="until", help="day or moment, exclusive")
        parser.add_argument(
            "--names",
            metavar="REFERENCE",
            default="",
            help="with names and addresses, to tell the persons; registered",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        scope = breach.Scope(
            account=options["account"],
            key=options["key"],
            cases=tuple(options["case"]),
            since=options["since"],
            until=options["until"],
        )
        try:
            with os.fdopen(
                os.open(options["file"], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
            ) as file:
                file.write(breach.pack(scope=scope, by=COMMAND, names=options["names"]))
        except register.RegisterDown as e:
            options["file"].unlink(missing_ok=True)
            raise CommandError("The register cannot be written, so no name was opened.") from e
        except OSError as e:
            raise CommandError(f"{options['file']} was not written: {e.strerror or type(e).__name__}.") from e
        self.stdout.write(
            f"{options['file']} written. It names persons' cases: keep it as you keep the cases."
        )


def _moment(text: str) -> datetime:
    day = parse_date(text)
    at = datetime(day.year, day.month, day.day) if day else parse_datetime(text)  # noqa: DTZ001 - made aware below
    if at is None:
        raise ValueError(text)
    return timezone.make_aware(at) if timezone.is_naive(at) else at
