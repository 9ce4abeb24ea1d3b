"""An S3 bucket whose objects nobody may change or delete before their time, whoever holds the account (object lock)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.config import Config
from storages.backends.s3 import S3Storage

# The worker signs and anchors when it stops: a store that is silent must not hold it for minutes.
PATIENCE = Config(connect_timeout=3, read_timeout=10, retries={"total_max_attempts": 2, "mode": "standard"})


class LockedS3Storage(S3Storage):  # type: ignore[misc] # django-storages brings no types
    """S3 refuses what is put here if the bucket was made without object lock: nothing is kept unlocked by mistake."""

    def get_default_settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = super().get_default_settings()
        return settings | {"retain_years": 1, "client_config": PATIENCE}

    def get_object_parameters(self, name: str) -> dict[str, Any]:
        until = datetime.now(UTC) + timedelta(days=366 * self.retain_years)
        parameters: dict[str, Any] = super().get_object_parameters(name)
        return parameters | {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": until}
