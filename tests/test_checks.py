"""What would be unsafe refuses the start, each with a sentence that names the setting."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection

from config import mail, storage
from kyc.models import append_only
from kyc.vault.files import write_once

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parent.parent
STATUTE = "an Act"
POSTGRESQL = {"ENGINE": "django.db.backends.postgresql", "NAME": "x", "HOST": "db.internal", "OPTIONS": {}}


def _pictures(url: str, **options: Any) -> dict[str, Any]:
    entry = storage.backend(url)
    entry["OPTIONS"] |= options
    return {"STORAGES": {"pictures": entry}}


UNSAFE: dict[str, tuple[dict[str, Any], str, str]] = {
    "an unknown reader": ({"OCR_READERS": ["oracle"]}, "kyc.E001", "OCR_READERS"),
    "egress without a basis": ({"OCR_READERS": ["tencent"]}, "kyc.E002", "OCR_EGRESS_LEGAL_BASIS"),
    "an unknown ground for four eyes": ({"FOUR_EYES": ["mood"]}, "kyc.E003", "FOUR_EYES"),
    "no keyring": ({"KEYRING": Path("/nowhere/keyring.json")}, "kyc.E004", "KEYRING"),
    "no audit key": ({"AUDIT_KEY": Path("/nowhere/audit.key")}, "kyc.E007", "No public key"),
    "debug with real cards": ({"DEBUG": True, "LEGAL_BASIS": STATUTE}, "kyc.E009", "DEBUG"),
    "the demo deployed": ({"LEGAL_BASIS": "demo"}, "kyc.W001", "only invented cards"),
    "an open database": ({"DATABASES": {"default": POSTGRESQL}}, "kyc.E010", "sslmode=verify-full"),
    "a database that may be open": (
        {"DATABASES": {"default": POSTGRESQL | {"OPTIONS": {"sslmode": "prefer"}}}},
        "kyc.E010",
        "DATABASE_URL",
    ),
    "an open broker": ({"CELERY_BROKER_URL": "redis://broker.internal/0"}, "kyc.E011", "rediss://"),
    "one open broker of two": (
        {"CELERY_BROKER_URL": "amqps://a.internal//;amqp://10.0.0.2//"},
        "kyc.E011",
        "CELERY_BROKER_URL",
    ),
    "a far reader by http": ({"OCR_LOCAL_ENDPOINT": "10.0.0.5:9000"}, "kyc.E012", "OCR_LOCAL_ENDPOINT"),
    "an open store": (
        _pictures("s3://cards?region=a&endpoint=http://store.internal:9000"),
        "kyc.E013",
        "STORAGE_URL",
    ),
    "an open key service": (
        {"KEYRING_KMS_ENDPOINT": "http://kms.internal"},
        "kyc.E013",
        "KEYRING_KMS_ENDPOINT",
    ),
    "a public bucket": (_pictures("s3://cards?region=a", default_acl="public-read"), "kyc.E014", "private"),
    "a bucket without signed links": (
        _pictures("s3://cards?region=a", querystring_auth=False),
        "kyc.E014",
        "STORAGE_URL",
    ),
    "pictures among the static files": (_pictures(f"file://{ROOT}/static/cards"), "kyc.E014", "served"),
    "plain http for customers": (
        {"LEGAL_BASIS": STATUTE, "HTTPS": False, "ALLOWED_HOSTS": ["id.example.kr"]},
        "kyc.E015",
        "HTTPS=1",
    ),
    "masked cards without a reader of our own": (
        {"LEGAL_BASIS": "none", "OCR_READERS": ["tencent"]},
        "kyc.E017",
        "add `local`",
    ),
    "time stamps without roots": (
        {"TSA_URL": "https://tsa.example", "TSA_ROOTS": Path("/nowhere/roots.pem")},
        "kyc.E018",
        "TSA_ROOTS",
    ),
    "an open mail server": (
        mail.server("smtp://user:word@mail.internal") | {"EMAIL_FROM": "a@bank.example"},
        "kyc.E080",
        "smtps://",
    ),
    "mails in open files": ({"LEGAL_BASIS": STATUTE, "MAILS": True}, "kyc.E081", "EMAIL_URL"),
    "mails from nobody": (mail.server("smtps://mail.internal"), "kyc.E082", "EMAIL_FROM"),
    "a key that is no ARN": ({"KEYRING_KMS_KEY": "alias/cards"}, "kyc.E019", "full ARN"),
}


def _set(settings: LazySettings, monkeypatch: pytest.MonkeyPatch, name: str, value: Any) -> None:
    if name == "DATABASES":  # Django warns of a whole new one
        monkeypatch.setitem(settings.DATABASES, "default", value["default"])
    else:
        setattr(settings, name, settings.STORAGES | value if name == "STORAGES" else value)


def _told() -> dict[str, str]:
    return {
        str(message.id): message.msg
        for message in run_checks(tags=["security"], include_deployment_checks=True)
    }


@pytest.mark.parametrize("name", UNSAFE)
def test_what_is_unsafe_refuses_the_start_in_a_sentence(
    name: str, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed, code, words = UNSAFE[name]
    for setting, value in changed.items():
        _set(settings, monkeypatch, setting, value)
    told = _told()
    assert code in told
    assert words in " ".join(
        message.msg
        for message in run_checks(tags=["security"], include_deployment_checks=True)
        if message.id == code
    )
    assert told[code].endswith(".")


@pytest.mark.parametrize(
    "part",
    [
        "gunicorn config.wsgi -b 127.0.0.1:0",
        "celery -A config worker -c 1",
        "celery -A config beat -s {}/beat",
    ],
)
def test_no_part_starts_with_settings_that_are_unsafe(part: str, tmp_path: Path) -> None:
    """Neither gunicorn nor Celery checks anything by itself."""
    environment = os.environ | {"SINWON_VAR": str(tmp_path), "OCR_READERS": "tencent"}
    done = subprocess.run(
        [sys.executable, "-m", *part.format(tmp_path).split()],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode != 0
    assert "OCR_EGRESS_LEGAL_BASIS is empty" in done.stderr + done.stdout


SAFE: dict[str, dict[str, Any]] = {
    "this machine": {},
    "an encrypted database": {"DATABASES": {"default": POSTGRESQL | {"OPTIONS": {"sslmode": "verify-full"}}}},
    "a database on a socket": {"DATABASES": {"default": POSTGRESQL | {"HOST": "/run/postgresql"}}},
    "an encrypted broker": {"CELERY_BROKER_URL": "rediss://broker.internal/0"},
    "a broker on this machine": {"CELERY_BROKER_URL": "redis://127.0.0.1:6379/0"},
    "a reader on this machine": {"OCR_LOCAL_ENDPOINT": "[::1]:9000"},
    "an encrypted mail server": mail.server("smtp+tls://user:word@mail.internal")
    | {"EMAIL_FROM": "Bank <no-reply@bank.example>"},
    "a mail server on this machine": mail.server("smtp://localhost:1025") | {"EMAIL_FROM": "a@bank.example"},
    "a private bucket": _pictures("s3://cards?region=a"),
    "real cards on this machine alone": {
        "LEGAL_BASIS": STATUTE,
        "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"],
        "MAILS": False,
    },
}


@pytest.mark.parametrize("name", SAFE)
def test_what_is_safe_is_not_complained_of(
    name: str, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for setting, value in SAFE[name].items():
        _set(settings, monkeypatch, setting, value)
    assert [code for code in _told() if code.startswith("kyc.E")] == []


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("smtps://u%40x:p%2Fw@mail.example", ("mail.example", 465, "u@x", "p/w", True, False)),
        ("smtp+tls://mail.example:2525", ("mail.example", 2525, "", "", False, True)),
        ("smtp://127.0.0.1:25", ("127.0.0.1", 25, "", "", False, False)),
    ],
)
def test_one_variable_names_the_mail_server(url: str, told: tuple[Any, ...]) -> None:
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_SSL", "USE_TLS")
    assert tuple(mail.server(url)[f"EMAIL_{name}"] for name in names) == told


@pytest.mark.parametrize(
    "url", ["mail.example", "smtp:", "https://secret@mail.example", "smtp://secret@mail.example:x"]
)
def test_a_mail_server_that_cannot_be_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL") as told:
        mail.server(url)
    assert "secret@" not in str(told.value)


def test_a_secret_that_others_can_read_is_told(settings: LazySettings, tmp_path: Path) -> None:
    write_once(tmp_path / "reader.keys", "{}")
    settings.OCR_LOCAL_KEYS = tmp_path / "reader.keys"
    assert "kyc.E016" not in _told()
    settings.OCR_LOCAL_KEYS.chmod(0o640)
    assert "reader.keys" in _told()["kyc.E016"]


@pytest.mark.django_db
def test_a_dropped_trigger_is_told_where_the_database_is_checked() -> None:
    assert not [m for m in run_checks(tags=["database"], databases=["default"]) if m.id == "kyc.E005"]
    append_only.remove(connection)
    (told,) = (m for m in run_checks(tags=["database"], databases=["default"]) if m.id == "kyc.E005")
    assert "kyc_auditentry_no_update" in told.msg
    assert "kyc_anchor_no_delete" in told.msg


def test_the_example_of_a_deployment_is_clean(tmp_path: Path) -> None:
    lines = (ROOT / "deploy" / "example.env").read_text().splitlines()
    told = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    environment = os.environ | told | {"SINWON_VAR": str(tmp_path)}
    for words in (["init"], ["check", "--deploy", "--fail-level", "WARNING"]):
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_migrating_refuses_a_database_without_the_triggers() -> None:
    append_only.remove(connection)
    with pytest.raises(SystemCheckError, match="Triggers on evidence are missing"):
        call_command("migrate", skip_checks=False, verbosity=0)


def test_a_database_from_before_a_table_was_guarded_is_migrated(tmp_path: Path) -> None:
    """Its check comes before its migration, and would name triggers that were never there."""
    environment = os.environ | {"SINWON_VAR": str(tmp_path)}
    for words in (["init"], ["migrate", "kyc", "0081"], ["migrate"], ["check", "--database", "default"]):
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
