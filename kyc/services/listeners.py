"""Where hosts listen, in an administrator's hand: addresses, their secrets, and messages sent anew."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from kyc.domain.roles import Verb
from kyc.models import AuditEntry, Host, OutboxMessage, WebhookEndpoint
from kyc.services import webhooks
from kyc.services.hosts import HostRefused
from kyc.services.officers import actor, require

OVERLAP = timedelta(hours=24)


@transaction.atomic
def add(*, host: Host, url: str, by: User, sandbox: bool = False) -> tuple[WebhookEndpoint, str]:
    """The address and its secret, which is shown once. Raises NotAllowed, HostRefused."""
    require(by, Verb.MANAGE_HOSTS)
    url = url.strip()
    if len(url) > 500 or webhooks.may_go_to(url) is None:
        raise HostRefused("webhook_address")
    if sandbox and not settings.SANDBOX:
        raise HostRefused("sandbox_off")
    endpoint = WebhookEndpoint.objects.create(host=host, url=url, sandbox=sandbox)
    told = {"host": str(host.pk), "endpoint": str(endpoint.pk), "sandbox": sandbox}
    AuditEntry.append("host.webhook_added", by=actor(by), data=told)
    return endpoint, webhooks.secret_of(endpoint, endpoint.generation)


@transaction.atomic
def rotate(*, endpoint: WebhookEndpoint, by: User) -> str:
    """A new secret; for OVERLAP messages bear a signature of the old one too. Raises NotAllowed."""
    require(by, Verb.MANAGE_HOSTS)
    endpoint.generation += 1
    endpoint.previous_until = timezone.now() + OVERLAP
    endpoint.save(update_fields=["generation", "previous_until"])
    AuditEntry.append("host.webhook_rotated", by=actor(by), data={"endpoint": str(endpoint.pk)})
    return webhooks.secret_of(endpoint, endpoint.generation)


@transaction.atomic
def switch(*, endpoint: WebhookEndpoint, on: bool, by: User) -> None:
    """Off: nothing is written for it any more, and what waits goes on waiting. Raises NotAllowed."""
    require(by, Verb.MANAGE_HOSTS)
    endpoint.active = on
    endpoint.save(update_fields=["active"])
    told = {"endpoint": str(endpoint.pk), "on": on}
    AuditEntry.append("host.webhook_switched", by=actor(by), data=told)


@transaction.atomic
def replay(*, message: OutboxMessage, by: User) -> None:
    """Sends a message again, dead or delivered, under the same id: for three days once more. Raises NotAllowed."""
    require(by, Verb.MANAGE_HOSTS)
    OutboxMessage.objects.filter(pk=message.pk).update(
        due_at=timezone.now(), attempts=0, dead_at=None, delivered_at=None, lease=None, lease_until=None
    )
    AuditEntry.append("host.message_replayed", by=actor(by), data={"message": str(message.pk)})
