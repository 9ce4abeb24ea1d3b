"""`manage.py officer NAME --role ROLE`: makes one officer, or gives a new password; shown once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kyc.domain.actors import Actor, Kind
from kyc.domain.roles import Role
from kyc.services import officers, second_factor

COMMAND = Actor(Kind.SYSTEM, "officer")


class Command(BaseCommand):
    help = (
        "Makes an officer of one role, or gives an existing one a new password; --reset-second-factor after a lost "
        "telephone. Recorded in the audit chain."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--role", required=True, choices=[role.value for role in Role])
        parser.add_argument("--reason", default="by command", help="stands in the register of rights")
        parser.add_argument("--reset-second-factor", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        account, password = officers.create(
            name=options["name"], role=Role(options["role"]), by=COMMAND, reason=options["reason"]
        )
        if options["reset_second_factor"]:
            second_factor.reset(account=account, by=COMMAND)
        self.stdout.write(f"{account.get_username()} {password}")
