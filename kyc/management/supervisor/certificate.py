"""A self-signed certificate, so that a phone in the same network may use its camera in a demonstration."""

import ipaddress
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kyc.management.supervisor.address import is_ip

LIFETIME = timedelta(days=365)
RENEW_BEFORE = timedelta(days=7)


def ensure(folder: Path, names: list[str]) -> tuple[Path, Path]:
    """The files of certificate and key in the folder (both 0600), made anew when they do not fit."""
    certificate, key = folder / "tls.crt", folder / "tls.key"
    if not (key.exists() and _fits(certificate, names)):
        secret = ec.generate_private_key(ec.SECP256R1())
        made = _sign(secret, names)
        _write(
            key,
            secret.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ),
        )
        _write(certificate, made.public_bytes(serialization.Encoding.PEM))
    return certificate, key


def _general_names(names: list[str]) -> set[x509.GeneralName]:
    return {x509.IPAddress(ipaddress.ip_address(n)) if is_ip(n) else x509.DNSName(n) for n in names}


def _fits(file: Path, names: list[str]) -> bool:
    try:
        certificate = x509.load_pem_x509_certificate(file.read_bytes())
        known = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
        return False
    fresh = certificate.not_valid_after_utc - datetime.now(UTC) > RENEW_BEFORE
    return fresh and _general_names(names) <= set(known)


def _sign(key: ec.EllipticCurvePrivateKey, names: list[str]) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sinwon on this machine")])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.SubjectAlternativeName(_general_names(names)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )


def _write(file: Path, content: bytes) -> None:
    """Replaces the file in one step; nobody but the owner can read it at any moment."""
    part = file.with_suffix(file.suffix + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(content)
    part.replace(file)
