"""Where a customer wants the answer, the mails that go there, and the one-time codes that such a mail carries."""

import uuid
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kyc.domain import mails
from kyc.domain.lifecycle import State
from kyc.domain.mails import Event
from kyc.models.delivery import Delivery


class Contact(models.Model):
    """An e-mail address, sealed under the case's key; a new address is a new row, the old one is gone.

    `vouched` is the picture sent by the very browser that left the address: of that card alone does a code sent there
    show the fields. `site` is the origin that the customer came by, which the links in mails begin with.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField("kyc.Case", models.PROTECT, related_name="contact")
    sealed = models.BinaryField()
    site = models.CharField(max_length=300)
    vouched = models.ForeignKey("kyc.Document", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.case_id)[:8]

    @property
    def identity(self) -> str:
        return f"contact:{self.id}"


class AccessCode(models.Model):
    """A code for another device. The code itself is made of the keyring and this row's id, and is kept nowhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("kyc.Case", models.PROTECT, related_name="codes")
    document = models.ForeignKey("kyc.Document", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, db_index=True)
    until = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.case_id)[:8]


class MailMessage(Delivery):
    """One mail to one customer; it may be overtaken by what happened since."""

    case = models.ForeignKey("kyc.Case", models.PROTECT, related_name="mails")
    code = models.OneToOneField(AccessCode, models.CASCADE, null=True, related_name="mail")
    event = models.CharField(max_length=20, choices=[(event.value, event.value) for event in Event])
    overtaken_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails to customers")
        indexes = [
            models.Index(fields=["due_at"], name="mail_due", condition=models.Q(due_at__isnull=False)),
            models.Index(fields=["dead_at"], name="mail_dead", condition=models.Q(dead_at__isnull=False)),
            models.Index(fields=["at"], name="mail_at"),
        ]

    def __str__(self) -> str:
        return str(self.case_id)[:8]

    def overtaken(self) -> None:
        self._settled(overtaken_at=timezone.now(), due_at=None, problem="")

    @classmethod
    def tell(cls, case_id: UUID, origin: State, to: State) -> None:
        """In the transaction of the move: a mail, where the customer left an address and is to hear of it."""
        event = mails.event_of(origin, to)
        if event is None or not Contact.objects.filter(case_id=case_id).exists():
            return
        if cls.objects.filter(case_id=case_id, event=event, due_at__isnull=False).exists():
            return  # one that waits says the same
        cls.objects.create(case_id=case_id, event=event, due_at=timezone.now() + mails.wait_before(event))
