"""`manage.py retain CASE`: what starts, stops or ends the keeping of one case."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kyc.domain.actors import Actor, Kind
from kyc.domain.lifecycle import IllegalMove
from kyc.domain.retention import Reason
from kyc.models import Case
from kyc.services import destruction, retention

COMMAND = Actor(Kind.SYSTEM, "retain")


class Command(BaseCommand):
    help = "Says that a relationship ended, sets or lifts a legal hold, or erases one case where no law keeps it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("case", type=UUID)
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument(
            "--ended-on", type=date.fromisoformat, metavar="YYYY-MM-DD", help="relationship ended"
        )
        what.add_argument(
            "--hold", metavar="REFERENCE", help="keep it whatever the periods say; names the order"
        )
        what.add_argument("--lift-hold", metavar="REFERENCE")
        asked = [Reason.ASKED.value, Reason.ORDERED.value]
        what.add_argument("--erase", choices=asked, metavar="REASON", help=" or ".join(asked))

    def handle(self, *args: Any, **options: Any) -> None:
        case = Case.objects.filter(pk=options["case"]).first()
        if case is None:
            raise CommandError("There is no such case.")
        try:
            self._do(case, options)
        except (IllegalMove, retention.ErasureRefused, retention.WrongDate) as e:
            raise CommandError(f"Nothing was changed: {e}.") from e
        self.stdout.write("Done.")

    def _do(self, case: Case, options: dict[str, Any]) -> None:
        if options["ended_on"]:
            retention.relationship_ended(case=case, on=options["ended_on"], by=COMMAND)
        elif options["erase"]:
            retention.erase(case=case, by=COMMAND, reason=Reason(options["erase"]))
            destruction.scrub()
        else:
            reference = options["hold"] or options["lift_hold"] or ""
            retention.hold(case=case, on=bool(options["hold"]), by=COMMAND, reference=reference)
