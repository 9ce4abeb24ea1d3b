"""The keyring sealed by AWS KMS: one call a process, no keyset on the disk, and everything refused that is not ours."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from botocore.client import BaseClient
from django.conf import LazySettings
from django.core.management import call_command

from kyc.vault import fields, keyfile
from kyc.vault.keys import KeyringMissing, Refused, key_service, keyring, load_keyring
from tests.aws import Aws


@pytest.fixture
def sealed(aws: Aws, settings: LazySettings, tmp_path: Path) -> Path:
    """A deployment whose keyring KMS seals."""
    settings.KEYRING_KMS_KEY, settings.KEYRING_KMS_ENDPOINT = aws.key(), aws.endpoint
    settings.KEYRING_SERVICE = "kyc.vault.kms.service"
    settings.VAR = tmp_path
    for name in ("KEYRING", "AUDIT_KEY", "OCR_LOCAL_KEYS"):
        setattr(settings, name, tmp_path / f"{name.lower()}.json")
    call_command("init", verbosity=0)
    return Path(settings.KEYRING)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What botocore sent, by operation: counted at the outermost edge, everything else is real."""
    real: Callable[..., Any] = BaseClient._make_api_call
    calls: list[str] = []

    def counted(self: BaseClient, operation: str, arguments: dict[str, Any]) -> Any:
        calls.append(operation)
        return real(self, operation, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", counted)
    return calls


def test_the_service_is_asked_once_a_process_and_never_for_a_row(sealed: Path, asked: list[str]) -> None:
    for _ in range(50):
        case_id = uuid4()
        wrapped = keyring().new_case_key(case_id)
        key = keyring().case_key(case_id, wrapped)
        assert (
            fields.open_text(key, fields.seal_text(key, "x", identity="value:1"), identity="value:1") == "x"
        )
        assert keyring().index("rrn", "1")
    assert asked == ["Decrypt"]


def test_no_key_lies_open_in_the_file(sealed: Path) -> None:
    told = json.loads(sealed.read_text())
    assert set(told) == {"sealed"}
    assert sealed.stat().st_mode & 0o777 == 0o600
    with pytest.raises(KeyringMissing, match="KEYRING_KMS_KEY"):
        load_keyring(sealed)


def test_moved_tampered_cut_or_plain_values_are_refused_as_with_a_local_keyring(sealed: Path) -> None:
    case_id, other = uuid4(), uuid4()
    wrapped = keyring().new_case_key(case_id)
    key = keyring().case_key(case_id, wrapped)
    value = key.seal(b"text", identity="value:1")
    flipped = bytes([*value[:-1], value[-1] ^ 1])
    for text, identity in (
        (value, "value:2"),
        (flipped, "value:1"),
        (value[:-1], "value:1"),
        (b"text", "value:1"),
    ):
        with pytest.raises(Refused):
            key.open(text, identity=identity)
    for text, owner in ((wrapped, other), (wrapped[:-1], case_id), (b"", case_id)):
        with pytest.raises(Refused):
            keyring().case_key(owner, text)


def test_a_keyring_of_another_kms_key_or_a_changed_one_is_told_in_a_sentence(
    sealed: Path, aws: Aws, settings: LazySettings
) -> None:
    told = json.loads(sealed.read_text())
    sealed.write_text(json.dumps({"sealed": told["sealed"][:-8] + "AAAAAAA="}))
    with pytest.raises(KeyringMissing, match="key service does not open"):
        load_keyring(sealed, key_service())
    sealed.write_text(json.dumps(told))
    settings.KEYRING_KMS_KEY = aws.key()
    with pytest.raises(KeyringMissing, match="the key that sealed it"):
        load_keyring(sealed, key_service())


def test_a_service_that_does_not_answer_is_told_in_seconds(sealed: Path, settings: LazySettings) -> None:
    settings.KEYRING_KMS_ENDPOINT = "http://127.0.0.1:9"
    with pytest.raises(KeyringMissing, match="key service does not open"):
        load_keyring(sealed, key_service())


def test_a_plain_keyring_is_refused_where_kms_is_asked_for_until_it_is_sealed(
    sealed: Path, tmp_path: Path, db: None, settings: LazySettings
) -> None:
    plain = tmp_path / "plain.json"
    keyfile.create(plain)
    settings.KEYRING = plain
    case_id = uuid4()
    before = load_keyring(plain).new_case_key(case_id)
    with pytest.raises(KeyringMissing, match="rotate_keys seal"):
        load_keyring(plain, key_service())
    call_command("rotate_keys", "seal", verbosity=0)
    assert set(json.loads(plain.read_text())) == {"sealed"}
    assert keyring().case_key(case_id, before)
