"""What an officer sent: ticks, typed values, reasons and a comment, exactly as they were, so that nothing is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.http import QueryDict

from kyc.domain.facts import Field
from kyc.domain.reasons import RejectReason, RetakeReason

LONGEST_VALUE = 300
LONGEST_COMMENT = 2000
KEPT = ("value_", "was_", "seen_", "agree_")
# The inputs beside the fields that come back with a draft.
TEXTS = frozenset(
    {
        "comment",
        "reject_reason",
        "retake_reason",
        "proposal",
        "method_kind",
        "method_reference",
        "check_result",
        "check_reference",
        "check_at",
        "note",
    }
)


@dataclass(frozen=True, slots=True)
class TypedField:
    """One field's controls. `seen` is the value that the page showed, `was` what the input held at first;
    `text` is None where there was no input."""

    agrees: bool = False
    text: str | None = field(default=None, repr=False)
    was: str = field(default="", repr=False)
    seen: UUID | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """`do` is the button: `save`, `field:<name>`, `approve`, `reject`, `retake`, `escalate`, `second`, `send_back`,
    `view:<outcome>`, `reveal`, `uncover`, or one of the evidence's."""

    do: str = ""
    fields: Mapping[Field, TypedField] = field(default_factory=dict, repr=False)
    comment: str = field(default="", repr=False)
    reject: tuple[RejectReason, ...] = ()
    retake: tuple[RetakeReason, ...] = ()
    proposal: UUID | None = None

    @property
    def only(self) -> Field | None:
        """The one field that its own button was pressed for."""
        name = self.do.removeprefix("field:")
        return Field(name) if self.do.startswith("field:") and name in set(Field) else None

    def of(self, name: Field) -> TypedField:
        return self.fields.get(name, TypedField())

    def changed(self, name: Field) -> bool:
        """Whether the input holds something else than the page put there."""
        sent = self.of(name)
        return sent.text is not None and _plain(sent.text) != _plain(sent.was)


def parse(sent: QueryDict) -> Typed:
    """Never raises: what is not understood counts as not sent."""
    return Typed(
        do=sent.get("do", ""),
        fields={name: _field(sent, name) for name in Field},
        comment=sent.get("comment", "").strip()[:LONGEST_COMMENT],
        reject=tuple(reason for reason in RejectReason if reason.value in sent.getlist("reject_reason")),
        retake=tuple(reason for reason in RetakeReason if reason.value in sent.getlist("retake_reason")),
        proposal=_uuid(sent.get("proposal", "")),
    )


def draft(sent: QueryDict) -> dict[str, list[str]]:
    """What of a form comes back after signing in again; never its token or its button."""
    names = [name for name in sent if name.startswith(KEPT) or name in TEXTS]
    return {name: [text[:LONGEST_COMMENT] for text in sent.getlist(name)[:20]] for name in names}


def of_draft(kept: Mapping[str, Sequence[str]]) -> QueryDict:
    """As if it had just been sent."""
    sent = QueryDict(mutable=True)
    for name, texts in kept.items():
        sent.setlist(name, list(texts))
    return sent


def _field(sent: QueryDict, name: Field) -> TypedField:
    text = sent.get(f"value_{name}")
    return TypedField(
        agrees=f"agree_{name}" in sent,
        text=None if text is None else text[:LONGEST_VALUE],
        was=sent.get(f"was_{name}", "")[:LONGEST_VALUE],
        seen=_uuid(sent.get(f"seen_{name}", "")),
    )


def _plain(text: str) -> str:
    """Without what a browser does to line ends and edges."""
    return " ".join(text.split())


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
