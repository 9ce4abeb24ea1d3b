"""`manage.py method CASE KIND REFERENCE`: another system of the operator has identified the person beforehand."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kyc.domain.actors import Actor, Kind
from kyc.domain.evidence import RECORDED, Method
from kyc.domain.lifecycle import IllegalMove
from kyc.models import Case
from kyc.services import evidence

COMMAND = Actor(Kind.SYSTEM, "method")


class Command(BaseCommand):
    help = "Records a way of identification on a case, with the reference under which its evidence is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("case", type=UUID)
        parser.add_argument("kind", choices=[method.value for method in RECORDED])
        parser.add_argument(
            "reference", help="where the evidence is kept; never a name or a number of a person"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        case = Case.objects.filter(pk=options["case"]).first()
        if case is None:
            raise CommandError("There is no such case.")
        try:
            evidence.record_beforehand(
                case=case, kind=Method(options["kind"]), reference=options["reference"].strip(), by=COMMAND
            )
        except (IllegalMove, evidence.EvidenceMissing) as e:
            raise CommandError(f"Nothing was changed: {e or 'a reference is needed'}.") from e
        self.stdout.write("Done.")
