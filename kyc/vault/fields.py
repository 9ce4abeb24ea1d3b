"""Sealed text: what a row keeps instead of a name, a number or an address."""

from kyc.vault.keys import CaseKey, Refused


def seal_text(key: CaseKey, text: str, *, identity: str) -> bytes:
    return key.seal(text.encode(), identity=identity)


def open_text(key: CaseKey, sealed: bytes, *, identity: str) -> str:
    """Raises Refused where `sealed` is not what was sealed under this identity."""
    try:
        return key.open(sealed, identity=identity).decode()
    except UnicodeDecodeError as e:
        raise Refused(f"the sealed value of {identity} is not text") from e
