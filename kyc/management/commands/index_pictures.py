"""`manage.py index_pictures`: pictures from before the index of likeness are put into it."""

from typing import Any

from django.core.management.base import BaseCommand

from kyc.services import likeness


class Command(BaseCommand):
    help = (
        "Adds every picture that can be opened and is not yet in the index that finds the same picture again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        added, left = likeness.index_missing()
        self.stdout.write(f"{added} added, {left} could not be opened.")
