"""`manage.py doctor`: asks every part whether it works, and says what is wrong in a sentence."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kyc.services import examination


class Command(BaseCommand):
    help = "Checks database, keys, store, broker, worker, beat, readers, queue and disk. Status 1 if anything is wrong."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one object: part, and what is wrong with it")

    def handle(self, *args: Any, **options: Any) -> None:
        answers = examination.everything()
        if options["json"]:
            self.stdout.write(json.dumps({answer.part: answer.wrong for answer in answers}))
        else:
            for answer in answers:
                self.stdout.write(f"{answer.part:<12} {answer.wrong or 'works'}")
        if not all(answer.good for answer in answers):
            raise SystemExit(1)
