"""The parts of the product: how each is started, and how one knows that it works."""

import os
import sys

from django.conf import settings

from kyc.management.supervisor import certificate, readiness
from kyc.management.supervisor.address import Address
from kyc.management.supervisor.part import Part


def all_parts(address: Address, listener: int) -> list[Part]:
    """What this deployment runs on this machine, the web first; `listener` is the descriptor of the web's socket."""
    local_reader = "local" in settings.OCR_READERS and not settings.OCR_LOCAL_ENDPOINT
    return [_web(address, listener), _worker(), _beat(), *([_reader()] if local_reader else [])]


def _python(module: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", module, *arguments)


def _web(address: Address, listener: int) -> Part:
    # The supervisor owns the socket: while the web restarts, callers wait instead of being refused.
    options = [
        "--bind",
        f"fd://{listener}",
        "--workers",
        "1",
        "--threads",
        os.environ.get("WEB_THREADS", "8"),
    ]
    if address.https:
        crt, key = certificate.ensure(settings.VAR, address.names)
        options += ["--certfile", str(crt), "--keyfile", str(key)]
    options += ["--timeout", "60", "--graceful-timeout", "2", "--log-level", "warning", "--no-control-socket"]
    hosts = [*settings.ALLOWED_HOSTS, *(f"[{n}]" if ":" in n else n for n in address.names)]
    return Part(
        name="web",
        command=_python("gunicorn", "config.wsgi", *options),
        answers=lambda _: readiness.web_answers(address),
        keep=(listener,),
        environment={"ALLOWED_HOSTS": ",".join(dict.fromkeys(hosts))},
    )


def _worker() -> Part:
    # The broker is ours alone: workers need not watch each other.
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    concurrency = os.environ.get("WORKER_CONCURRENCY", "2")
    return Part(
        name="worker",
        command=_python("celery", "-A", "config", "worker", "-c", concurrency, "-l", "INFO", *quiet),
        answers=lambda since: readiness.heard_since("worker", since),
    )


def _beat() -> Part:
    return Part(
        name="beat",
        command=_python(
            "celery", "-A", "config", "beat", "-s", str(settings.VAR / "beat"), "-l", "WARNING",
            "-S", "config.beat:Scheduler",
        ),
        answers=lambda since: readiness.heard_since("beat", since),
    )  # fmt: skip


def _reader() -> Part:
    address_file = settings.OCR_LOCAL_ADDRESS_FILE
    # A port of its own choice, written down for the others once the model is loaded.
    where = ("--host", "127.0.0.1", "--port", "0", "--port-file", str(address_file))
    return Part(
        name="reader",
        command=_python("ocr_integration.server", *where, "--keys", str(settings.OCR_LOCAL_KEYS)),
        answers=lambda _: readiness.reader_answers(address_file),
        before=lambda: address_file.unlink(missing_ok=True),
    )
