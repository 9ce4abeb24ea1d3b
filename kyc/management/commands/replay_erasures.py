"""`manage.py replay_erasures EXPORT`: after a backup was restored, erases again what had been erased since."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kyc.domain.actors import Actor, Kind
from kyc.services import replay
from kyc.vault.signing import SigningKeyMissing

COMMAND = Actor(Kind.SYSTEM, "replay_erasures")


class Command(BaseCommand):
    help = "Run it before anything else starts on a restored database; EXPORT is the newest that `export_audit` wrote."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("export", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = replay.erasures(_lines(options["export"]), by=COMMAND)
        except (replay.NotOfThisChain, SigningKeyMissing) as e:
            raise CommandError(f"Nothing was erased: {e}.") from e
        except (OSError, ValueError) as e:
            raise CommandError(f"{options['export']} cannot be read: {type(e).__name__}.") from e
        for case_id in done.erased:
            self.stdout.write(f"{case_id} erased again")
        for case_id, why in done.failed:
            self.stderr.write(f"{case_id} not erased: {why}")
        self.stdout.write(
            f"{len(done.erased)} erased again, {len(done.failed)} failed, {done.unknown} not in this backup."
        )
        if done.failed:
            raise SystemExit(1)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for text in file:
            line = json.loads(text)
            if not isinstance(line, dict):
                raise ValueError("this is no line of an export")  # noqa: TRY004 - one kind for whoever reads
            yield line
