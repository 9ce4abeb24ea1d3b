"""The Celery application. Messages are doorbells: the rows of the database are the queue."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("sinwon")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
