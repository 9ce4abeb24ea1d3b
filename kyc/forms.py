"""The customer's forms: they check shape alone; services decide."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kyc import notices, wording
from kyc.domain import facts
from kyc.domain.cards import CardType
from kyc.domain.facts import Field, FieldError
from kyc.domain.sources import FROM_CUSTOMERS, Source
from kyc.wording_pictures import NOTHING_CHOSEN

YES, NO = "yes", "no"
LONGEST_CLAIM = 200


class PictureForm(forms.Form):
    """One picture. Whether it is one is judged by intake: an empty file comes through, to be answered in words."""

    picture = forms.FileField(allow_empty_file=True, error_messages={"required": NOTHING_CHOSEN})

    def upload(self) -> bytes:
        return bytes(self.cleaned_data["picture"].read())


class PartForm(forms.Form):
    """One part of a picture that was announced; without `part` the browser asks from where to go on."""

    mark = forms.CharField(max_length=64)
    size = forms.IntegerField(min_value=0)
    offset = forms.IntegerField(min_value=0)
    source = forms.ChoiceField(choices=[(source.value, source.value) for source in FROM_CUSTOMERS])
    part = forms.FileField(required=False, allow_empty_file=True)

    def announced(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {
            "mark": told["mark"],
            "size": told["size"],
            "offset": told["offset"],
            "source": Source(told["source"]),
        }

    def data_sent(self) -> bytes:
        file = self.cleaned_data["part"]
        return bytes(file.read()) if file else b""


class QuestionsForm(forms.Form):
    """A yes or no for each optional purpose; no answer is a no."""

    def __init__(self, *args: Any, questions: Sequence[notices.Text], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in questions:
            self.fields[question.code] = forms.ChoiceField(
                choices=[(YES, _("Yes, I agree")), (NO, _("No, I do not"))],
                required=False,
                label=question.title,
            )

    def granted(self, code: str) -> bool:
        return bool(self.cleaned_data.get(code) == YES)


class ClaimsForm(forms.Form):
    """What the customer says stands on the card, field by field; an empty field claims nothing."""

    def __init__(self, *args: Any, card: CardType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.card = card
        for name in card.fields:
            self.fields[name.value] = forms.CharField(required=False, max_length=LONGEST_CLAIM, strip=True)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in self.card.fields:
            text = cleaned.get(name.value)
            if text:
                try:
                    cleaned[name.value] = facts.normalise(name, text, latin=self.card.latin_names)
                except FieldError as e:
                    self.add_error(name.value, forms.ValidationError(wording.error_words(name, e.fault)))
        return cleaned

    def claims(self) -> dict[Field, str]:
        return {
            name: self.cleaned_data[name.value]
            for name in self.card.fields
            if self.cleaned_data.get(name.value)
        }
