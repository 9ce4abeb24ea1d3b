"""`manage.py read_card FILE…`: what the reader says of each picture, one JSON object a line. No case is opened."""

import json
import os
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from kyc import imaging
from kyc.management.progress import Progress
from kyc.services import recognition
from kyc.services.recognition import CardReading, OcrError, throttle
from kyc.wording_pictures import PROBLEMS

LONGEST_WAIT = 15.0  # seconds


TOLD_BEST_HERE = (
    imaging.PictureProblem.EMPTY,
    imaging.PictureProblem.TOO_LARGE,
    imaging.PictureProblem.TOO_MANY_PIXELS,
    imaging.PictureProblem.TOO_SMALL,
    imaging.PictureProblem.HEIC,
)


class Command(BaseCommand):
    help = "Reads cards through the gateway and prints one JSON object a line; starts the local reader if none runs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--photo", metavar="DIR", help="write each portrait to DIR/<name>.jpg")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(options["photo"]) if options["photo"] else None
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        try:
            with recognition.running():
                failed = self._all(options["files"], folder)
        except recognition.ReaderDidNotStart as e:
            raise CommandError(str(e)) from e
        if failed:
            raise SystemExit(1)

    def _all(self, names: list[str], folder: Path | None) -> int:
        """How many could not be read."""
        progress, failed = Progress(len(names)), 0
        for name in names:
            progress.step(name)
            told = self._read(name, folder)
            failed += "error" in told
            progress.end()
            self.stdout.write(json.dumps({"file": name} | told, ensure_ascii=False))
            self.stdout.flush()
        return failed

    def _read(self, name: str, folder: Path | None) -> dict[str, Any]:
        try:
            reading = _patiently(_picture(Path(name)), photo=folder is not None)
            if folder and reading.photo:
                _write_private(folder / f"{Path(name).stem}.jpg", reading.photo)
        except imaging.PictureRefused as e:
            with translation.override("en"):
                return _error(f"Picture.{e.problem}", str(PROBLEMS[e.problem]))
        except OSError as e:
            return _error("File.Unreadable", e.strerror or "the file cannot be read")
        except OcrError as e:
            return _error(e.code, e.message, e.request_id)
        except recognition.ReaderUnavailable as e:
            return _error(e.code, "no reader can be reached now")
        except throttle.NotNow as e:
            return _error("Sinwon.Waiting", f"the reader must not be called for {e.seconds:.0f} seconds")
        return _wire(reading)


def _patiently(picture: bytes, *, photo: bool) -> CardReading:
    """Waits once where the account must: a reader that was down a moment ago is left alone for some seconds."""
    try:
        return recognition.ask(picture, photo=photo)
    except throttle.NotNow as e:
        if e.seconds > LONGEST_WAIT:
            raise
        time.sleep(e.seconds)
        return recognition.ask(picture, photo=photo)


def _picture(path: Path) -> bytes:
    """The picture as the product would send it; what is no picture goes as it is, for the reader's own verdict.

    Raises PictureRefused where its reason says more than the reader's code could.
    """
    data = path.read_bytes()
    try:
        return imaging.reencode(data, max_bytes=settings.UPLOAD_MAX_BYTES).jpeg
    except imaging.PictureRefused as e:
        if e.problem in TOLD_BEST_HERE:
            raise
        return data


def _wire(reading: CardReading) -> dict[str, Any]:
    return {
        "Name": reading.name,
        "ID": reading.rrn,
        "Sex": reading.sex,
        "Birthday": reading.birthday,
        "Address": reading.address,
        "DateOfIssue": reading.issued,
        "RequestId": reading.request_id,
    }


def _error(code: str, message: str, request_id: str | None = None) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}, "RequestId": request_id}


def _write_private(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
