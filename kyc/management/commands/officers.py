"""`manage.py officers`: demo officers with random passwords and second factors. For the embedded default only."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kyc.domain.roles import Role
from kyc.services import demo

ALL = "all"


class Command(BaseCommand):
    help = "Makes the demo officers, or gives them new passwords and second factors; prints them once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-missing", action="store_true", help="make only those that do not exist")
        parser.add_argument(
            "--code",
            nargs="?",
            const=ALL,
            metavar="NAME",
            help="print the current code of a demo officer, or of all, and do nothing else",
        )
        parser.add_argument(
            "--remove", action="store_true", help="switch the demo officers off, in any deployment"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"]:
            names = ", ".join(demo.remove()) or "nobody"
            self.stdout.write(f"Switched off: {names}.")
            return
        try:
            demo.require_demo()
        except demo.NoDemo as e:
            raise CommandError(str(e)) from e
        if options["code"]:
            self._codes(options["code"])
        else:
            self._make(only_missing=options["if_missing"])

    def _make(self, *, only_missing: bool) -> None:
        known = set(demo.existing().values_list("username", flat=True)) if only_missing else set()
        roles = [role for role in Role if role.value not in known]
        if not roles:
            return
        self.stdout.write(
            "Officers of this demo (shown once; `make officers` gives new ones). Each signs in with the"
        )
        self.stdout.write(
            "password, then a code: let an authenticator app read the address, or ask `make code`."
        )
        for role in roles:
            made = demo.make(role)
            self.stdout.write(f"  {made.name:<13} {made.password}")
            self.stdout.write(f"  {'':<13} {made.otpauth}")
            self.stdout.write(
                f"  {'':<13} code now: {made.code} (for {demo.seconds_left()} s; then `make code`)"
            )

    def _codes(self, name: str) -> None:
        accounts = demo.existing().order_by("username")
        wanted = accounts if name == ALL else accounts.filter(username=name)
        if not wanted:
            names = ", ".join(accounts.values_list("username", flat=True)) or "none yet: `make officers`"
            raise CommandError(f"There is no demo officer {name}. There are: {names}.")
        for account in wanted:
            code = (
                demo.code_of(account)
                or f"none: used already, or another app was set up; in {demo.seconds_left()} s"
            )
            self.stdout.write(f"{account.get_username():<13} {code}")
