"""The Celery application. Messages are doorbells: the rows of the database are the queue."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
TRANSPORT_ALIASES["sinwon-sqlite"] = "config.embedded_broker:Transport"

app = Celery("sinwon")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
