"""An S3 bucket that may be silent: whoever waits for it is told within seconds."""

from typing import Any

from botocore.config import Config
from storages.backends.s3 import S3Storage

# By itself the client waits a minute for each of five attempts: a customer's request, or the worker that signs and
# anchors when it stops, would be held for minutes.
PATIENCE = Config(connect_timeout=3, read_timeout=10, retries={"total_max_attempts": 2, "mode": "standard"})


class PatientS3Storage(S3Storage):  # type: ignore[misc] # django-storages brings no types
    """Every call to the bucket ends, well or not, within half a minute."""

    def get_default_settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = super().get_default_settings()
        return settings | {"client_config": PATIENCE}
