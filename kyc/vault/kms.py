"""AWS KMS, which unwraps the deployment's keysets: once a process, never once a row. Named by settings, like a storage.

Credentials come as boto3 finds them (the role of the machine, the environment), with kms:Encrypt and kms:Decrypt.
"""

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError
from django.conf import settings
from tink import TinkError, aead
from tink.integration import awskms

PREFIX = "aws-kms://"
# A service that does not answer stops the start in seconds, with a sentence.
PATIENCE = Config(connect_timeout=3, read_timeout=5, retries={"total_max_attempts": 3, "mode": "standard"})


class _Answering(aead.Aead):  # type: ignore[misc] # Tink brings no types
    """Tink's own KMS primitive, with network faults as the TinkError that its callers expect."""

    def __init__(self, key: aead.Aead) -> None:
        self._key = key

    def encrypt(self, plaintext: bytes, associated_data: bytes) -> bytes:
        try:
            return bytes(self._key.encrypt(plaintext, associated_data))
        except BotoCoreError as e:
            raise TinkError(f"AWS KMS does not answer: {type(e).__name__}") from e

    def decrypt(self, ciphertext: bytes, associated_data: bytes) -> bytes:
        try:
            return bytes(self._key.decrypt(ciphertext, associated_data))
        except BotoCoreError as e:
            raise TinkError(f"AWS KMS does not answer: {type(e).__name__}") from e


def service() -> aead.Aead:
    """Envelope encryption under KEYRING_KMS_KEY: one call to the service for each sealing or opening of the file."""
    arn = settings.KEYRING_KMS_KEY
    client = boto3.client(
        "kms",
        region_name=arn.split(":")[3],
        endpoint_url=settings.KEYRING_KMS_ENDPOINT or None,
        config=PATIENCE,
    )
    key = awskms.new_client(boto3_client=client, key_uri=PREFIX + arn).get_aead(PREFIX + arn)
    return aead.KmsEnvelopeAead(aead.aead_key_templates.AES256_GCM, _Answering(key))
