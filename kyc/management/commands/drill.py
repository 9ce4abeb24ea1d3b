"""`manage.py drill make FOLDER | report | end`: invented cases with planted wrong readings, to see who notices."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from kyc import imaging
from kyc.domain.facts import Field
from kyc.services import drill, recognition
from kyc.services.pictures import StorageDown

# As `tests/cards/truth.json` and the reader's answers name the fields.
NAMES = {
    "Name": Field.NAME,
    "ID": Field.RRN,
    "Sex": Field.SEX,
    "Birthday": Field.BIRTHDAY,
    "Address": Field.ADDRESS,
    "DateOfIssue": Field.ISSUED,
}
HEAD = f"{'':<14}{'caught':>8}{'mistyped':>10}{'missed':>8}{'waiting':>9}   share caught (95 %)"


class Command(BaseCommand):
    help = "Puts invented cases with planted wrong readings into the queue, says who caught them, and takes them away."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        make = verbs.add_parser("make", help="a case for each card of a folder")
        make.add_argument("folder", type=Path, help="pictures of invented cards, with truth.json beside them")
        make.add_argument(
            "--percent", type=float, default=1.0, help="of a hundred cases so many are read wrong"
        )
        make.add_argument("--cases", type=int, help="at most so many (default: every card)")
        make.add_argument("--seed", type=int, default=0, help="another number makes another choice")
        report = verbs.add_parser("report", help="how many planted errors were caught, by field and officer")
        report.add_argument("--since", type=date.fromisoformat, metavar="YYYY-MM-DD")
        verbs.add_parser("end", help="erases every case of every drill; the report stays")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "make":
            self._make(options)
        elif options["verb"] == "report":
            self._report(options["since"])
        else:
            self.stdout.write(
                f"{drill.end()} cases erased. `manage.py drill report` still tells who caught what."
            )

    def _make(self, options: dict[str, Any]) -> None:
        if not 0 < options["percent"] <= 100:
            raise CommandError("--percent must be above 0 and at most 100.")
        cards = list(_cards(options["folder"]))[: options["cases"]]
        if not cards:
            raise CommandError(f"There is no card in {options['folder']}.")
        try:
            with recognition.running():
                made = drill.make(cards=cards, percent=options["percent"], seed=options["seed"])
        except (imaging.PictureRefused, StorageDown, recognition.ReaderDidNotStart) as e:
            raise CommandError(
                f"The drill stopped: {e}. `manage.py drill end` takes away what stands."
            ) from e
        unread = f", {made.unread} not read" if made.unread else ""
        self.stdout.write(f"{made.cases} cases, {made.planted} of them with a planted error{unread}.")

    def _report(self, since: date | None) -> None:
        at = datetime.combine(since, datetime.min.time(), timezone.get_default_timezone()) if since else None
        by_field, by_officer = drill.report(since=at)
        if not by_field:
            self.stdout.write("No error was planted yet. `manage.py drill make FOLDER` does.")
            return
        for title, lines in (("By field", by_field), ("By officer", by_officer)):
            self.stdout.write(f"{title}\n{HEAD}")
            for line in lines:
                low, high = line.share.interval
                met = (
                    f"{line.share.value:.0%} ({low:.0%} to {high:.0%})"
                    if line.share.value is not None
                    else "-"
                )
                counts = f"{line.caught:>8}{line.mistyped:>10}{line.missed:>8}{line.waiting:>9}"
                self.stdout.write(f"{line.label:<14}{counts}   {met}")


def _cards(folder: Path) -> Iterator[drill.Card]:
    try:
        told = json.loads((folder / "truth.json").read_text())
        for entry in told:
            truth = {field: str(entry.get(name) or "") for name, field in NAMES.items()}
            yield drill.Card((folder / entry["file"]).read_bytes(), truth)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as e:
        raise CommandError(
            f"{folder} needs a truth.json that names its cards, as tests/cards has one."
        ) from e
