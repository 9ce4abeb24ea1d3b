"""The WSGI entry point: `gunicorn config.wsgi`."""

import os
from collections.abc import Callable
from typing import Any

from django.core.wsgi import get_wsgi_application

from config import env, start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application: Callable[..., Any] = get_wsgi_application()
start.refuse_unsafe()
if env.text("OTEL_EXPORTER_OTLP_ENDPOINT"):
    from config import tracing

    application = tracing.traced(application)
