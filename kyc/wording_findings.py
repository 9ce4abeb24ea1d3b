"""The words of every finding, for officers: what was noticed, what to check, what was compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Words:
    """`title` says what was noticed, `check` what the officer should do about it."""

    title: _StrPromise
    check: _StrPromise


FINDINGS: Mapping[str, Words] = {
    "name.missing": Words(_("No name was read"), _("Type the name from the picture.")),
    "name.unreadable": Words(
        _("The name could not be understood"),
        _("Type the name from the picture: hangul, and the hanja in brackets if there are any."),
    ),
    "name.unusual": Words(
        _("The name has an unusual length"), _("Count the syllables in the picture; long names do exist.")
    ),
    "name.hanja_length": Words(
        _("Hangul and hanja differ in length"), _("Compare each character with the picture.")
    ),
    "rrn.missing": Words(_("No resident number was read"), _("Type the number from the picture.")),
    "rrn.masked": Words(
        _("The resident number is hidden in part"),
        _("This is right where the number may not be taken. Do not ask for the rest without a legal basis."),
    ),
    "rrn.unreadable": Words(
        _("The resident number could not be understood"), _("Type the number from the picture.")
    ),
    "rrn.impossible_date": Words(
        _("The resident number starts with an impossible date"),
        _("Compare the first seven digits with the picture. If the card really says so, suspect a forgery."),
    ),
    "rrn.check_digit": Words(
        _("The check digit of the resident number does not fit"),
        _(
            "Compare every digit with the picture. On a card issued before 5 October 2020 this is a strong "
            "sign of a misread or a forgery; numbers given since then need not fit."
        ),
    ),
    "rrn.foreign": Words(
        _("This is the number of a foreigner"),
        _("Digits 5 to 8 after the hyphen stand on a foreigner's card. Check which document this is."),
    ),
    "rrn.native": Words(
        _("This is not the number of a foreigner"),
        _(
            "A foreigner's card has 5 to 8 after the hyphen. Compare the digits with the picture. If the card really "
            "says so, suspect a forgery."
        ),
    ),
    "rrn.future": Words(
        _("The resident number states a birthday in the future"),
        _("Compare the first seven digits with the picture."),
    ),
    "rrn.age": Words(
        _("The resident number states an age that nobody has"),
        _("Compare the digit after the hyphen with the picture: it states the century."),
    ),
    "rrn.underage": Words(
        _("The holder is under 17"),
        _("Nobody under 17 has a resident card. Compare the number."),
    ),
    "rrn.birthday": Words(
        _("The birthday does not agree with the resident number"),
        _("The number states the birthday. Compare both with the picture."),
    ),
    "rrn.sex": Words(
        _("The sex does not agree with the resident number"),
        _("The digit after the hyphen states the sex. Compare it with the picture and the portrait."),
    ),
    "sex.unreadable": Words(
        _("The sex could not be understood"),
        _("The digit after the hyphen states it: odd is male, even female."),
    ),
    "birthday.unreadable": Words(
        _("The birthday could not be understood"), _("The resident number states it.")
    ),
    "address.missing": Words(_("No address was read"), _("Type the address from the picture.")),
    "address.unreadable": Words(
        _("The address could not be understood"), _("Type the address from the picture.")
    ),
    "address.incomplete": Words(
        _("Part of the address could not be found"),
        _("Look for a misread syllable or a missing space. The value may also be right as it is."),
    ),
    "address.unknown_region": Words(
        _("The region of the address is unknown"),
        _("Compare it with the picture. A new region may be missing from our list."),
    ),
    "address.renamed": Words(
        _("The place has another name today"),
        _("A card keeps the name of its day. Confirm what stands on the card, not the new name."),
    ),
    "address.newer_than_card": Words(
        _("The place got its name only after the card was issued"),
        _("Compare the address and the date of issue with the picture: one of them is misread, or made up."),
    ),
    "issued.missing": Words(_("No date of issue was read"), _("Type the date from the picture.")),
    "issued.unreadable": Words(
        _("The date of issue could not be understood"), _("Type the date from the picture.")
    ),
    "issued.future": Words(
        _("The date of issue lies in the future"), _("Compare the date with the picture.")
    ),
    "issued.before_1999": Words(
        _("The date of issue is older than cards of this kind"),
        _("Cards of this kind have been issued since 1999. Compare the date with the picture."),
    ),
    "issued.too_early": Words(
        _("The card was issued before its holder turned 17"),
        _("Compare the date of issue and the resident number with the picture."),
    ),
    "reading.knowledge_changed": Words(
        _("The reader saw something else and corrected it"),
        _("The reader knows places and dates. Type what stands on the card, even where it seems wrong."),
    ),
    "readers.differ": Words(
        _("Two readers read this differently"),
        _("Compare both with the picture, character by character. Type what stands on the card."),
    ),
    "readers.agree": Words(
        _("Two readers read these the same"), _("This is a good sign, and no proof: look at the picture.")
    ),
}

EVIDENCE: Mapping[str, _StrPromise] = {
    "read": _("as read"),
    "seen": _("as seen before correction"),
    "stated": _("by the resident number"),
    "number": _("resident number"),
    "digits": _("digits that differ"),
    "issued": _("date of issue"),
    "birthday": _("birthday"),
    "hangul": _("hangul"),
    "hanja": _("hanja"),
    "missing": _("not found"),
    "now": _("today"),
    "since": _("since"),
    "local": _("Own reader"),
    "tencent": _("Tencent Cloud"),
}
"""The names of the parts of a finding's evidence."""

_VALUES: Mapping[str, _StrPromise] = {
    "male": _("Male"),
    "female": _("Female"),
    "region": _("region"),
    "district": _("district"),
    "road": _("road"),
    "number": _("number"),
}


def evidence_words(evidence: Mapping[str, str]) -> list[tuple[str, str]]:
    """A finding's evidence as pairs of label and text in the reader's language, without empty parts."""
    return [
        (str(EVIDENCE.get(key, key)), ", ".join(str(_VALUES.get(word, word)) for word in text.split(", ")))
        for key, text in evidence.items()
        if text
    ]
