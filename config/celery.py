"""The Celery application. Messages are doorbells: the rows of the database are the queue."""

import os
from typing import Any

from celery import Celery, bootsteps, signals
from django.core.management.base import SystemCheckError

from config import env, start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class SignsAtStop(bootsteps.StartStopStep):
    """A worker that is told to stop signs how far the audit chain has come: no entry waits for the next start."""

    def include_if(self, worker: Any) -> bool:
        return "kyc.tasks.sign_audit" in worker.app.tasks

    def stop(self, worker: Any) -> None:
        worker.app.tasks["kyc.tasks.sign_audit"]()


@signals.worker_init.connect
@signals.beat_init.connect
def refuse_unsafe(**_: Any) -> None:
    """Celery goes on after a receiver's exception: SystemExit alone ends it."""
    try:
        start.refuse_unsafe()
    except SystemCheckError as e:
        raise SystemExit(str(e)) from None


if env.text("OTEL_EXPORTER_OTLP_ENDPOINT"):
    from config import tracing

    tracing.start()

app = Celery("sinwon")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(SignsAtStop)
