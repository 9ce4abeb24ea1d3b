"""`manage.py officers`: demo officers with random passwords, shown once. For the embedded default only."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kyc.domain.actors import Actor, Kind
from kyc.domain.roles import Role
from kyc.services import officers

COMMAND = Actor(Kind.SYSTEM, "officers")
DEMO = (Role.REVIEWER, Role.APPROVER, Role.AUDITOR)


class Command(BaseCommand):
    help = "Makes the demo officers reviewer, approver and auditor, or gives them new passwords; prints them once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-missing", action="store_true", help="do nothing where they exist")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.LEGAL_BASIS != settings.DEMO_BASIS:
            raise CommandError(
                "Demo officers exist only with LEGAL_BASIS=demo. Use `manage.py officer NAME --role ROLE`."
            )
        existing = User.objects.filter(username__in=[role.value for role in DEMO]).count()
        if options["if_missing"] and existing == len(DEMO):
            return
        self.stdout.write("Officers of this demo (shown once; `make officers` gives new passwords):")
        for role in DEMO:
            account, password = officers.create(name=role.value, role=role, by=COMMAND)
            self.stdout.write(f"  {account.get_username():<9} {password}")
