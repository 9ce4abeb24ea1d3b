"""Sealed values open where they belong and nowhere else."""

from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyc.vault import fields, keyfile
from kyc.vault.keys import CaseKey, KeyringMissing, Refused, keyring, load_keyring


@pytest.fixture
def key() -> CaseKey:
    case_id = uuid4()
    return keyring().case_key(case_id, keyring().new_case_key(case_id))


def test_a_sealed_value_opens_under_its_own_identity(key: CaseKey) -> None:
    assert (
        fields.open_text(key, fields.seal_text(key, "홍길동", identity="value:1"), identity="value:1")
        == "홍길동"
    )


def test_a_value_moved_to_another_row_is_refused(key: CaseKey) -> None:
    with pytest.raises(Refused):
        key.open(key.seal(b"text", identity="value:1"), identity="value:2")


def test_planted_plaintext_is_refused(key: CaseKey) -> None:
    with pytest.raises(Refused):
        key.open(b"820701-2******", identity="value:1")


@settings(max_examples=50)
@given(st.binary(max_size=64), st.integers(min_value=0, max_value=10_000))
def test_a_flipped_bit_or_a_cut_is_refused(plain: bytes, at: int) -> None:
    case_id = uuid4()
    key = keyring().case_key(case_id, keyring().new_case_key(case_id))
    sealed = key.seal(plain, identity="value:1")
    bit = at % (len(sealed) * 8)
    flipped = bytearray(sealed)
    flipped[bit // 8] ^= 1 << (bit % 8)
    for changed in (bytes(flipped), sealed[: at % len(sealed)]):
        with pytest.raises(Refused):
            key.open(changed, identity="value:1")


def test_a_case_key_of_another_case_is_refused() -> None:
    with pytest.raises(Refused):
        keyring().case_key(uuid4(), keyring().new_case_key(uuid4()))


def test_an_erased_key_opens_nothing() -> None:
    with pytest.raises(Refused):
        keyring().case_key(uuid4(), b"")


def test_the_index_is_keyed_and_kept_apart_by_purpose(tmp_path: Path) -> None:
    keyfile.create(tmp_path / "other.json")
    other = load_keyring(tmp_path / "other.json")
    assert keyring().index("rrn", "1") == keyring().index("rrn", "1")
    assert len({keyring().index("rrn", "1"), keyring().index("name", "1"), other.index("rrn", "1")}) == 3


def test_a_keyring_is_private_and_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "keyring.json"
    keyfile.create(path)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        keyfile.create(path)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"sealing": {}, "indexing": {}}', "\x00"])
def test_a_damaged_keyring_is_told_in_a_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keyring.json"
    path.write_text(content)
    with pytest.raises(KeyringMissing, match="backup"):
        load_keyring(path)


def test_a_missing_keyring_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(KeyringMissing, match=r"manage\.py init"):
        load_keyring(tmp_path / "none.json")
