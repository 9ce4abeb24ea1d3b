"""`manage.py submit FILE…`: staff-assisted intake, a case for each picture, through the services of the web pages."""

import contextlib
import json
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from kyc import imaging, tasks
from kyc.domain.actors import Actor, Kind
from kyc.domain.lifecycle import State
from kyc.domain.sources import Source
from kyc.management.progress import Progress
from kyc.models import Case, Document
from kyc.selectors import values
from kyc.services import disclosure, health, intake, recognition
from kyc.services.pictures import StorageDown
from kyc.wording_findings import FINDINGS
from kyc.wording_pictures import PROBLEMS

COMMAND = Actor(Kind.SYSTEM, "submit")
WAITING = (State.QUEUED, State.READING)


class Command(BaseCommand):
    help = "Opens a case for each picture and prints case, state, fields (numbers masked) and findings."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--wait", action="store_true", help="wait until each card was read")
        parser.add_argument(
            "--timeout", type=float, default=300, metavar="SECONDS", help="how long to wait in all"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
        parser.add_argument(
            "--reveal", metavar="REASON", help="show full numbers; registered as a disclosure"
        )
        parser.add_argument(
            "--basis", default=settings.LEGAL_BASIS, help="the statute (default: the deployment's)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        progress = Progress(len(options["files"]))
        entries: list[tuple[str, Document | str]] = []
        for name in options["files"]:
            progress.step(name)
            entries.append((name, self._submit(Path(name), options["basis"])))
        if options["wait"]:
            try:
                self._wait([d for _, d in entries if isinstance(d, Document)], progress, options["timeout"])
            except recognition.ReaderDidNotStart as e:  # the cases wait: what stands is printed all the same
                self.stderr.write(str(e))
        progress.end()
        told = [self._tell(name, entry, options["reveal"]) for name, entry in entries]
        for line in told:
            self.stdout.write(json.dumps(line, ensure_ascii=False) if options["json"] else _plain(line))
        stuck = options["wait"] and any(line.get("state") in WAITING for line in told)
        if stuck or any("error" in line for line in told):
            raise SystemExit(1)

    def _submit(self, path: Path, basis: str) -> Document | str:
        """The document, or the code of what is wrong with the file."""
        try:
            picture = intake.clean(path.read_bytes())
        except OSError:
            return "file.unreadable"
        except imaging.PictureRefused as e:
            return f"picture.{e.problem}"
        except StorageDown:
            return "storage.down"
        case = intake.open_case(by=COMMAND, channel=Case.Channel.STAFF, legal_basis=basis)
        try:
            document = intake.submit_picture(case=case, picture=picture, by=COMMAND, source=Source.STAFF)
        except StorageDown:
            return "storage.down"
        tasks.enqueue(document)
        return document

    def _wait(self, documents: list[Document], progress: Progress, timeout: float) -> None:
        """Until each card was read; where no worker runs this process reads them itself."""
        with contextlib.nullcontext() if health.alive("worker") else recognition.running():
            until = time.monotonic() + timeout
            while waiting := _waiting(documents):
                if time.monotonic() > until:
                    return
                progress.say(f"{len(documents) - len(waiting)}/{len(documents)} read")
                if health.alive("worker"):
                    time.sleep(0.2)
                    continue
                for document in waiting:
                    recognition.read(document_id=document.id)
                time.sleep(0.1)

    def _tell(self, name: str, entry: Document | str, reveal: str | None) -> dict[str, Any]:
        if isinstance(entry, str):
            return {"file": name, "error": {"code": entry, "message": _error_words(entry)}}
        case = Case.objects.get(pk=entry.case_id)
        fields = disclosure.current_of(
            case=case, by=COMMAND, reason=reveal or "submit command", address=None, reveal=bool(reveal)
        )
        return {
            "file": name,
            "case": str(case.id),
            "state": case.state,
            "fields": {field.value: text for field, text in fields.items()},
            "findings": _findings(case),
        }


def _waiting(documents: list[Document]) -> list[Document]:
    states = dict(
        Case.objects.filter(documents__in=documents, state__in=WAITING).values_list("documents__id", "state")
    )
    return [document for document in documents if document.id in states]


def _findings(case: Case) -> list[dict[str, Any]]:
    reading = values.newest_reading(case)
    found = reading.findings.order_by("code") if reading else []
    with translation.override("en"):  # as the rest that the command prints
        return [
            {"code": f.code, "severity": f.severity, "fields": f.fields, "text": str(FINDINGS[f.code].title)}
            for f in found
        ]


def _error_words(code: str) -> str:
    group, _, problem = code.partition(".")
    if group == "picture":
        return str(PROBLEMS[imaging.PictureProblem(problem)])
    return {"file.unreadable": "the file cannot be read"}.get(
        code, "the picture could not be stored; try again"
    )


def _plain(line: dict[str, Any]) -> str:
    if "error" in line:
        return f"{line['file']}: {line['error']['message']} ({line['error']['code']})"
    rows = [f"{line['file']}: case {line['case']}, {line['state']}"]
    rows += [f"  {field}: {text}" for field, text in line["fields"].items()]
    rows += [f"  ! {f['severity']} {f['code']}: {f['text']}" for f in line["findings"]]
    return "\n".join(rows)
