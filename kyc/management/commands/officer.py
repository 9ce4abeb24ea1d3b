"""`manage.py officer NAME --role ROLE`: makes one officer, or gives a new password; shown once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kyc.domain.actors import Actor, Kind
from kyc.domain.roles import Role
from kyc.services import officers

COMMAND = Actor(Kind.SYSTEM, "officer")


class Command(BaseCommand):
    help = (
        "Makes an officer of one role, or gives an existing one a new password. Recorded in the audit chain."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--role", required=True, choices=[role.value for role in Role])

    def handle(self, *args: Any, **options: Any) -> None:
        account, password = officers.create(name=options["name"], role=Role(options["role"]), by=COMMAND)
        self.stdout.write(f"{account.get_username()} {password}")
