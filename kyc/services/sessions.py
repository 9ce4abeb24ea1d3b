"""Where officers are signed in: seen by themselves and ended, by themselves or by an administrator."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from kyc.domain.actors import Actor
from kyc.domain.devices import device
from kyc.models import AuditEntry, OfficerSession


def begin(*, account: User, address: str | None, user_agent: str) -> OfficerSession:
    return OfficerSession.objects.create(account=account, address=address, device=device(user_agent))


def seen(*, session_id: UUID | None, address: str | None) -> None:
    if session_id is not None:
        OfficerSession.objects.filter(pk=session_id).update(seen_at=timezone.now(), address=address)


def stands(*, session_id: UUID | None, account: User) -> bool:
    """False once it was ended elsewhere."""
    return session_id is not None and OfficerSession.objects.filter(pk=session_id, account=account).exists()


def over(*, session_id: UUID | None) -> None:
    """Forgets a session that ended by itself or was signed out of."""
    if session_id is not None:
        OfficerSession.objects.filter(pk=session_id).delete()


def of(account: User) -> QuerySet[OfficerSession]:
    """Those that still go on, the last used first."""
    now = timezone.now()
    return OfficerSession.objects.filter(
        account=account,
        seen_at__gt=now - timedelta(minutes=settings.OFFICER_IDLE_MINUTES),
        began_at__gt=now - timedelta(hours=settings.OFFICER_SESSION_HOURS),
    ).order_by("-seen_at")


@transaction.atomic
def end(*, account: User, by: Actor, only: UUID | None = None, but: UUID | None = None) -> int:
    """Ends one session of an account, or all but one, or all; out at the next request. How many."""
    rows = OfficerSession.objects.filter(account=account)
    if only is not None:
        rows = rows.filter(pk=only)
    if but is not None:
        rows = rows.exclude(pk=but)
    count = rows.delete()[0]
    if count:
        AuditEntry.append("session.ended", by=by, data={"account": account.pk, "count": count})
    return count


def tidy() -> int:
    """Removes those that are over since long."""
    oldest = timezone.now() - timedelta(hours=settings.OFFICER_SESSION_HOURS)
    return OfficerSession.objects.filter(began_at__lt=oldest).delete()[0]
