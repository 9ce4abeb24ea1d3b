"""System checks: a bad or missing setting stops the start with a sentence that names it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004
from django.db import DatabaseError, connections

from kyc import branding
from kyc.domain.evidence import Method
from kyc.models import append_only
from kyc.services import demo
from kyc.services.policy import Disagreement, Ground
from kyc.services.recognition import readers
from kyc.vault.keys import KeyringMissing, key_service, load_keyring
from kyc.vault.signing import SigningKeyMissing, load_public_key


@register(Tags.security)
def readers_are_known(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    unknown = [name for name in settings.OCR_READERS if name not in readers.KNOWN]
    if unknown or not settings.OCR_READERS:
        return [Error(f"OCR_READERS must name local, tencent or both, not {unknown}.", id="kyc.E001")]
    return []


@register(Tags.security)
def pictures_stay_unless_told(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """PIPA 28-8: no picture leaves unless the deployment says where to and on what basis."""
    if readers.TENCENT not in settings.OCR_READERS:
        return []
    needed = (
        "OCR_ENDPOINT",
        "OCR_SECRET_ID",
        "OCR_SECRET_KEY",
        "OCR_EGRESS_REGION",
        "OCR_EGRESS_LEGAL_BASIS",
    )
    return [
        Error(f"OCR_READERS names tencent, but {name} is empty: no picture leaves without it.", id="kyc.E002")
        for name in needed
        if not getattr(settings, name)
    ]


@register(Tags.compatibility)
def brand_can_be_shown(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Name, logo, texts and notices are whole in every language, and letters stand out from their ground."""
    if not settings.BRAND:
        return []
    try:
        branding.load(Path(settings.BRAND))
    except branding.BrandWrong as e:
        return [Error(str(e), id="kyc.E050")]
    return []


@register(Tags.security)
def live_only_has_a_way_round(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Who has no camera must be able to go somewhere: nobody is trapped."""
    if settings.LIVE_CAMERA_ONLY and not settings.OPERATOR_COUNTER:
        hint = "Say where staff take the picture instead (they use the page “At the counter”)."
        return [Error("LIVE_CAMERA_ONLY is on, but OPERATOR_COUNTER is empty.", hint=hint, id="kyc.E051")]
    return []


@register(Tags.security)
def four_eyes_are_known(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    named = set(settings.FOUR_EYES) | set(settings.FOUR_EYES_BLIND)
    unknown = sorted(named - {ground.value for ground in Ground})
    if unknown:
        said = f"FOUR_EYES or FOUR_EYES_BLIND names unknown grounds: {', '.join(unknown)}."
        return [Error(said, id="kyc.E003")]
    return []


@register(Tags.security)
def second_looks_are_possible(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    problems: list[CheckMessage] = []
    if settings.FOUR_EYES_SHARE > 100:
        problems.append(Error("FOUR_EYES_SHARE is a share in percent: 0 to 100.", id="kyc.E030"))
    if settings.FOUR_EYES_DISAGREEMENT not in set(Disagreement):
        problems.append(Error("FOUR_EYES_DISAGREEMENT must be send_back or third.", id="kyc.E031"))
    if len(Method) < settings.APPROVAL_METHODS:
        said = f"APPROVAL_METHODS must be at most {len(Method)}: there are no more kinds of identification."
        problems.append(Error(said, id="kyc.E032"))
    return problems


@register(Tags.security, deploy=True)
def keys_are_there(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    try:
        load_keyring(settings.KEYRING, key_service())
    except KeyringMissing as e:
        return [Error(str(e), id="kyc.E004")]
    return []


@register(Tags.security, deploy=True)
def audit_key_is_there(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    try:
        load_public_key(settings.AUDIT_KEY)
    except SigningKeyMissing as e:
        return [Error(str(e), id="kyc.E007")]
    return []


@register(Tags.security, deploy=True)
def demo_is_not_deployed(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.LEGAL_BASIS == settings.DEMO_BASIS:
        hint = "Set LEGAL_BASIS to the statute under which you process resident numbers (PIPA 24-2)."
        return [Warning("LEGAL_BASIS is `demo`: only invented cards may be taken.", hint=hint, id="kyc.W001")]
    return []


@register(Tags.security, deploy=True)
def demo_officers_are_gone(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Their passwords and second factors were printed on a screen."""
    if settings.LEGAL_BASIS == settings.DEMO_BASIS:
        return []
    try:
        names = demo.still_active()
    except DatabaseError:  # nothing is migrated yet, or the database is not there: other checks say so
        return []
    if names:
        hint = "Run `manage.py officers --remove`."
        return [Error(f"Demo officers may still sign in: {', '.join(names)}.", hint=hint, id="kyc.E008")]
    return []


@register(Tags.security)
def debug_is_for_invented_cards(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Django's debug page shows what was posted: a typed number too."""
    if settings.DEBUG and settings.LEGAL_BASIS != settings.DEMO_BASIS:
        return [
            Error(
                "DEBUG is on where real cards are taken: its error page shows what was typed.", id="kyc.E009"
            )
        ]
    return []


@register(Tags.database)
def evidence_only_grows(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """The triggers that refuse changes of evidence stand in every migrated database."""
    problems: list[CheckMessage] = []
    for alias in kwargs.get("databases") or ():
        connection = connections[alias]
        if "kyc_auditentry" in connection.introspection.table_names() and (
            gone := append_only.missing(connection)
        ):
            hint = "Find out who dropped them, run `manage.py verify_audit`, then `manage.py guard_evidence`."
            problems.append(
                Error(f"Triggers on evidence are missing: {', '.join(gone)}.", hint=hint, id="kyc.E005")
            )
    return problems
