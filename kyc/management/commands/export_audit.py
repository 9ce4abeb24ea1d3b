"""`manage.py export_audit FILE`: the audit chain with its checkpoints, for whoever checks it without us."""

import json
import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kyc.services import audit
from kyc.vault.signing import SigningKeyMissing


class Command(BaseCommand):
    help = "Signs the end of the audit chain and writes it as JSON lines to a new private file (0600)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            audit.sign()
            written = self._write(options["file"])
        except (SigningKeyMissing, OSError) as e:
            raise CommandError(f"Nothing was exported. {e}") from e
        except audit.ChainBroken as e:
            self._write(options["file"])
            raise CommandError(
                f"Exported as it is, but its end was not signed: the chain is broken at {e}."
            ) from e
        self.stdout.write(
            f"{written} lines in {options['file']}. Check them with tools/verify_audit_export.py."
        )

    def _write(self, name: str) -> int:
        count = 0
        with os.fdopen(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            for line in audit.export():
                file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
                count += 1
        return count
