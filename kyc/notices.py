"""The texts that a customer is shown before sending a picture, and the optional purposes that are asked for.

A statute's purpose is a notice, never a box to tick; consent is asked only for what is optional, each on its own
(PIPA 22, decree 17; transfer abroad: 28-8). A changed wording gets a new version: what was shown is kept by hash.
Counsel of each deployment confirms the texts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kyc import branding
from kyc.services.consents import CONTACT
from kyc.services.egress import ABROAD_READER, TRANSFER_ABROAD

NOTICE_VERSION = "2026-11-1"


@dataclass(frozen=True, slots=True)
class Text:
    """One text in the language of the request: `parts` are pairs of heading and words."""

    code: str
    version: str
    title: str
    parts: tuple[tuple[str, str], ...]

    @property
    def words(self) -> str:
        """Everything that was shown, as it is hashed."""
        return "\n".join([self.title, *(f"{heading}\n{words}" for heading, words in self.parts)])


def notices() -> list[Text]:
    """What is told to everybody."""
    return [_branded(_identity_notice())]


def questions() -> list[Text]:
    """What is asked, only where it is optional and used; no answer, or a no, changes nothing in the outcome."""
    return [_branded(_abroad_question())] if ABROAD_READER in settings.OCR_READERS else []


def contact() -> Text:
    """What an e-mail address is used for: who leaves one agrees, who leaves none loses nothing."""
    return Text(
        code=CONTACT,
        version="2026-11-1",
        title=_("E-mail for the answer"),
        parts=(
            (
                _("What for"),
                _(
                    "If you like, leave an e-mail address. We write when there is news: in a few words, without your "
                    "name, your number or your picture."
                ),
            ),
            (
                _("How long"),
                _(
                    "It is kept encrypted, used for this application alone, and destroyed with it. Without one you "
                    "find the answer behind your private link."
                ),
            ),
        ),
    )


def _branded(text: Text) -> Text:
    """With the operator's own words where their counsel wrote some, under a version of their own."""
    own = branding.brand().notices.get(text.code)
    if own is None:
        return text
    return replace(text, version=own.version, parts=own.parts[(get_language() or settings.LANGUAGE_CODE)[:2]])


def find(texts: Sequence[Text], code: str) -> Text:
    return next(text for text in texts if text.code == code)


def _contact() -> str:
    return branding.contact() or branding.name()


def _identity_notice() -> Text:
    return Text(
        code="identity",
        version=NOTICE_VERSION,
        title=_("How we use your resident card"),
        parts=(
            (_("Who"), branding.name()),
            (_("What for"), _("To confirm who you are, as the law requires before we may serve you.")),
            (_("Legal basis"), _legal_basis()),
            (_("What we use"), _what_we_use()),
            (
                _("How long"),
                _(
                    "As long as the law requires: as a rule five years after our business relationship ends. "
                    "Then it is destroyed for good. What you do not complete is not used."
                ),
            ),
            (
                _("Who decides"),
                _(
                    "A program reads your card, a person checks and decides. You can see what was read, "
                    "say what is wrong, and ask for an explanation."
                ),
            ),
            (
                _("Your rights"),
                _(
                    "You can withdraw at any time before the decision, and ask for access, correction or "
                    "erasure: %(contact)s"
                )
                % {"contact": _contact()},
            ),
        ),
    )


def _what_we_use() -> str:
    if settings.LEGAL_BASIS == settings.NO_BASIS:
        return _(
            "The picture of the front of your card, on which you cover the last seven digits of the number, and what "
            "else is printed on it: name, birthday, address, date of issue and portrait. It is stored encrypted. "
            "A picture on which the digits can be read is destroyed."
        )
    return _(
        "The picture of the front of your card and what is printed on it: name, resident number, "
        "sex, birthday, address, date of issue and portrait. It is stored encrypted."
    )


def _legal_basis() -> str:
    if settings.LEGAL_BASIS == settings.NO_BASIS:
        return _(
            "Your agreement to be identified. No statute lets us have your resident number: we do not take it."
        )
    if settings.LEGAL_BASIS == settings.DEMO_BASIS:
        return _("None: this is a demonstration. Use invented cards only, never a real one.")
    return str(settings.LEGAL_BASIS)


def _abroad_question() -> Text:
    region = settings.OCR_EGRESS_REGION or settings.OCR_REGION
    return Text(
        code=TRANSFER_ABROAD,
        version="2026-11-2",
        title=_("May a service abroad read your card as well?"),
        parts=(
            (_("What is sent"), _("The picture of your card.")),
            (_("Where to"), region),
            (_("To whom"), _("Tencent Cloud, card recognition service")),
            (_("When and how"), _("Once, when you send the picture, over an encrypted connection.")),
            (_("What for"), _("To read the letters on the card.")),
            (_("How long"), _("Only while the card is read.")),
            (_("Legal basis"), settings.OCR_EGRESS_LEGAL_BASIS),
            (
                _("If you say no"),
                _("Your picture stays with us: our own program or a person reads it. It may take longer."),
            ),
            (
                _("If you change your mind"),
                _(
                    "Take your yes back on the page of your application at any time: nothing more is sent then."
                ),
            ),
        ),
    )
