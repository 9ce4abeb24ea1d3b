"""`manage.py rotate_keys STEP`: changes the key that seals cases and second factors, while the product runs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kyc.domain.actors import Actor, Kind
from kyc.management.progress import Progress
from kyc.services import rotation
from kyc.vault.keys import KeyringMissing
from kyc.vault.rotation import NotRotated

COMMAND = Actor(Kind.SYSTEM, "rotate_keys")
STEPS = {
    "add": "a new key that opens but seals nothing yet; copy the keyring to every machine then",
    "promote": "the newest key seals from now on",
    "rewrap": "seals all cases and second factors anew, while the product runs; may be stopped and begun again",
    "retire": "removes the old keys, only when nothing needs them",
    "seal": "writes a plain keyring anew, sealed by the key service that KEYRING_KMS_KEY names",
    "show": "how many cases and second factors each key seals",
}


class Command(BaseCommand):
    help = "Steps, in this order: " + "; ".join(f"{name}: {words}" for name, words in STEPS.items())

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("step", choices=STEPS)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(getattr(self, f"_{options['step']}")())
        except (KeyringMissing, NotRotated, rotation.StillUsed, OSError) as e:
            raise CommandError(f"Nothing was changed: {e}.") from e

    def _add(self) -> str:
        return f"Key {rotation.add(by=COMMAND)} added. Back the keyring up, copy it to every machine, then promote."

    def _promote(self) -> str:
        return f"Key {rotation.promote(by=COMMAND)} seals new cases. Now rewrap the others."

    def _rewrap(self) -> str:
        progress = Progress(0)
        count = rotation.rewrap(by=COMMAND, told=lambda done: progress.say(f"{done} cases"))
        progress.end()
        if count.refused:
            raise CommandError(f"{_anew(count)}; {count.refused} could not be opened.")
        return f"{_anew(count)}."

    def _retire(self) -> str:
        gone = rotation.retire(by=COMMAND)
        return f"Retired: {', '.join(map(str, gone))}." if gone else "There is no old key."

    def _seal(self) -> str:
        rotation.seal(by=COMMAND)
        return "Written anew. Destroy every plain copy."

    def _show(self) -> str:
        return (
            "\n".join(f"{key} {count}" for key, count in sorted(rotation.uses().items()))
            or "Nothing is sealed."
        )


def _anew(count: rotation.Rewrapped) -> str:
    return f"{count.done} cases and {count.factors} second factors sealed anew"
