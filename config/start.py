"""What every way to start has in common: `manage.py` checks the settings by itself, gunicorn and Celery do not."""

from django.core.checks import Tags, run_checks
from django.core.management.base import SystemCheckError


def refuse_unsafe() -> None:
    """Raises SystemCheckError with a sentence for each setting that would be unsafe or cannot be.

    Settings alone: a database or key service that is down for a moment must not end what could wait for it.
    """
    told = run_checks(tags=[Tags.security, Tags.compatibility])
    wrong = [message for message in told if message.is_serious() and not message.is_silenced()]
    if wrong:
        raise SystemCheckError("The settings do not allow a start.\n" + "\n".join(map(str, wrong)))
