"""An S3 bucket whose objects nobody may change or delete before their time, whoever holds the account (object lock)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from kyc.vault.s3 import PatientS3Storage


class LockedS3Storage(PatientS3Storage):
    """S3 refuses what is put here if the bucket was made without object lock: nothing is kept unlocked by mistake."""

    def get_default_settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = super().get_default_settings()
        return settings | {"retain_years": 1}

    def get_object_parameters(self, name: str) -> dict[str, Any]:
        until = datetime.now(UTC) + timedelta(days=366 * self.retain_years)
        parameters: dict[str, Any] = super().get_object_parameters(name)
        return parameters | {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": until}
