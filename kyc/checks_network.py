"""System checks of what leaves this machine and what others on it could read: a bad one refuses the start."""

import ipaddress
import stat
from collections.abc import Iterator, Sequence
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004

from kyc.services.recognition import readers

ENCRYPTED_BROKERS = ("rediss", "amqps", "sqs")
ENCRYPTED_DATABASE = ("require", "verify-ca", "verify-full")
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def is_near(host: str | None) -> bool:
    """Whether it is this machine: a loopback address, `localhost`, a socket's path, or nothing at all."""
    if not host or host == "localhost" or host.startswith("/"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@register(Tags.security)
def database_is_encrypted(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    database = settings.DATABASES["default"]
    if not str(database["ENGINE"]).endswith("postgresql") or is_near(str(database.get("HOST", ""))):
        return []
    if database.get("OPTIONS", {}).get("sslmode") in ENCRYPTED_DATABASE:
        return []
    return [
        Error(
            "DATABASE_URL names a database on another machine without encryption: add ?sslmode=verify-full.",
            id="kyc.E010",
        )
    ]


@register(Tags.security)
def broker_is_encrypted(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            "CELERY_BROKER_URL names a broker on another machine without encryption: use rediss:// or amqps://.",
            id="kyc.E011",
        )
        for url in str(settings.CELERY_BROKER_URL).split(";")
        if not is_near(urlsplit(url).hostname)
        and urlsplit(url).scheme.partition("+")[0] not in ENCRYPTED_BROKERS
    ]


@register(Tags.security)
def reader_is_near(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Our own reader speaks plain http."""
    if readers.LOCAL not in settings.OCR_READERS:
        return []
    if is_near(urlsplit(f"//{settings.OCR_LOCAL_ENDPOINT}").hostname):
        return []
    return [
        Error(
            "OCR_LOCAL_ENDPOINT names a reader on another machine, which pictures would reach by plain http: run it "
            "beside the worker, or name a tunnel's end on this machine.",
            id="kyc.E012",
        )
    ]


@register(Tags.security)
def services_are_encrypted(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """The object store, the place of the anchors and the key service."""
    return [
        Error(f"{name} names a plain http address on another machine: use https.", id="kyc.E013")
        for name, address in _services()
        if urlsplit(address).scheme == "http" and not is_near(urlsplit(address).hostname)
    ]


def _services() -> Iterator[tuple[str, str]]:
    for name, alias in (("STORAGE_URL", "pictures"), ("ANCHOR_URL", "anchors")):
        options = settings.STORAGES.get(alias, {}).get("OPTIONS", {})
        yield name, options.get("endpoint_url") or ""
    yield "KEYRING_KMS_ENDPOINT", settings.KEYRING_KMS_ENDPOINT


@register(Tags.security)
def pictures_are_private(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Sealed or not: no picture lies where a web server serves it, or a stranger's link reaches it."""
    options = settings.STORAGES["pictures"].get("OPTIONS", {})
    if "bucket_name" in options:
        public = str(options.get("default_acl") or "").startswith("public") or options.get("custom_domain")
        if public or not options.get("querystring_auth", True):
            return [Error("STORAGE_URL makes pictures public: keep the bucket private.", id="kyc.E014")]
        return []
    where = Path(options.get("location", "/nowhere")).absolute()
    served = [Path(settings.STATIC_ROOT), *map(Path, settings.STATICFILES_DIRS)]
    if any(where == folder or folder in where.parents for folder in (path.absolute() for path in served)):
        return [Error("STORAGE_URL puts pictures into a folder that is served to everybody.", id="kyc.E014")]
    return []


@register(Tags.security)
def customers_come_by_https(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.HTTPS or settings.LEGAL_BASIS == settings.DEMO_BASIS:
        return []
    if all(is_near(host) for host in settings.ALLOWED_HOSTS):
        return []
    return [
        Error(
            "HTTPS is off, but ALLOWED_HOSTS names more than this machine: cards would travel openly. Set HTTPS=1.",
            id="kyc.E015",
        )
    ]


@register(Tags.security, deploy=True)
def secrets_are_for_this_account_alone(
    app_configs: Sequence[Any] | None, **kwargs: Any
) -> list[CheckMessage]:
    paths = (settings.KEYRING, settings.AUDIT_KEY, settings.OCR_LOCAL_KEYS, settings.VAR / "secret_key")
    return [
        Error(f"{path} can be read by other accounts of this machine: chmod 600.", id="kyc.E016")
        for path in paths
        if path.exists() and path.stat().st_mode & OTHERS
    ]


@register(Tags.security)
def masked_cards_have_a_reader(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Only our own reader may look whether a card is masked: nobody else may see one that is not."""
    if settings.LEGAL_BASIS != settings.NO_BASIS or readers.LOCAL in settings.OCR_READERS:
        return []
    return [
        Error(
            "LEGAL_BASIS names no statute, so every picture must be checked by the local reader first: add `local` to "
            "OCR_READERS.",
            id="kyc.E017",
        )
    ]


@register(Tags.security, deploy=True)
def time_stamps_lead_to_a_root(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    if not settings.TSA_URL or settings.TSA_ROOTS.exists():
        return []
    return [
        Error(
            f"TSA_URL is set, but there are no roots at {settings.TSA_ROOTS}: set TSA_ROOTS.", id="kyc.E018"
        )
    ]


@register(Tags.security)
def kms_key_is_an_arn(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    if not settings.KEYRING_KMS_KEY or settings.KEYRING_KMS_KEY.startswith("arn:aws:kms:"):
        return []
    return [
        Error("KEYRING_KMS_KEY must be the key's full ARN: arn:aws:kms:REGION:ACCOUNT:key/ID.", id="kyc.E019")
    ]


@register(Tags.security)
def frames_are_named_origins(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """A frame's cookies are partitioned, which browsers do for https alone."""
    wrong = [origin for origin in settings.FRAME_ORIGINS if not _is_origin(origin)]
    if wrong:
        said = f"FRAME_ORIGINS must name origins as in https://bank.example, not {wrong[0]!r}."
        return [Error(said, id="kyc.E070")]
    if settings.FRAME_ORIGINS and not settings.HTTPS:
        return [
            Error("FRAME_ORIGINS needs HTTPS=1: browsers keep a frame's cookies no other way.", id="kyc.E071")
        ]
    return []


def _is_origin(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme == "https" and bool(parts.hostname) and text == f"https://{parts.netloc}"


@register(Tags.security)
def mails_are_encrypted(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """A mail carries a customer's address and a link: to another machine by TLS alone, and never into open files."""
    by_smtp = settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")
    problems: list[CheckMessage] = []
    if by_smtp and not (is_near(settings.EMAIL_HOST) or settings.EMAIL_USE_SSL or settings.EMAIL_USE_TLS):
        said = "EMAIL_URL names a mail server on another machine without encryption: use smtps:// or smtp+tls://."
        problems.append(Error(said, id="kyc.E080"))
    if settings.MAILS and not by_smtp and settings.LEGAL_BASIS != settings.DEMO_BASIS:
        said = "EMAIL_URL writes customers' addresses into open files: outside the demo name an SMTP server, or none."
        problems.append(Error(said, id="kyc.E081"))
    if by_smtp and parseaddr(settings.EMAIL_FROM)[1].count("@") != 1:
        said = (
            "EMAIL_FROM must be the address that mails to customers come from: Bank <no-reply@bank.example>."
        )
        problems.append(Error(said, id="kyc.E082"))
    return problems


@register(Tags.security)
def sandbox_is_no_place_for_customers(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """A sandbox beside real cases is possible and never the default: it must be asked for by name."""
    if not settings.SANDBOX or settings.LEGAL_BASIS == settings.DEMO_BASIS:
        return []
    return [
        Warning(
            "SANDBOX is on where real customers come: its cases are marked and count nowhere, but switch it off when "
            "your hosts' tests are done.",
            id="kyc.W070",
        )
    ]
