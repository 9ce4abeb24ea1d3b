"""`manage.py verify_audit`: walks the audit chain and its checkpoints, says where it was changed, and signs its end."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kyc.services import anchoring, audit
from kyc.services.audit import Break
from kyc.vault.signing import SigningKeyMissing


class Command(BaseCommand):
    help = (
        "Checks every entry's number, hash, link and checkpoint; names the first break and late checkpoints."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--max-gap",
            type=float,
            default=audit.MAX_GAP.total_seconds(),
            help="most seconds an entry may wait for a checkpoint; 0: any time",
        )
        parser.add_argument("--anchors", action="store_true", help="also compare what was kept off the host")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            checked, broken = audit.verify()
            late = audit.late(timedelta(seconds=options["max_gap"])) if options["max_gap"] else []
        except SigningKeyMissing as e:
            raise CommandError(str(e)) from e
        held, differing = _anchors() if options["anchors"] else (0, [])
        self._tell([broken] if broken else [], "The chain is broken at entry")
        self._tell(differing, "What was kept off the host differs at entry")
        self._tell(late, "Late: entry")
        if broken or late or differing:
            raise SystemExit(1)
        anchors = f", {held} anchors agree" if options["anchors"] else ""
        self.stdout.write(f"{checked} entries, unbroken{anchors}.")
        try:
            audit.sign()
        except SigningKeyMissing as e:
            self.stderr.write(f"The end of the chain was not signed. {e}")

    def _tell(self, breaks: list[Break], words: str) -> None:
        for found in breaks:
            self.stderr.write(f"{words} {found.sequence}: {found.what}.")


def _anchors() -> tuple[int, list[Break]]:
    try:
        return anchoring.verify()
    except Exception as e:  # whatever the store's library raises
        raise CommandError(f"The place off the host cannot be read: {type(e).__name__}") from e
