"""From the strings of a reading to facts, and from an officer's typing to the canonical text of a field."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

from kyc.domain import addresses, dates, names, rrn
from kyc.domain.addresses import Address
from kyc.domain.errors import Fault, UnparsableError
from kyc.domain.names import PersonName
from kyc.domain.rrn import Rrn, Sex

T = TypeVar("T")


class Field(StrEnum):
    """The fields of a card, in the card's own order. Sex and birthday stand in the number."""

    NAME = "name"
    RRN = "rrn"
    SEX = "sex"
    BIRTHDAY = "birthday"
    ADDRESS = "address"
    ISSUED = "issued"


@dataclass(frozen=True, slots=True)
class RawFields:
    """The six strings as a reader gave them, '' where it gave none. Its repr shows no personal data."""

    name: str = field(default="", repr=False)
    rrn: str = field(default="", repr=False)
    sex: str = field(default="", repr=False)
    birthday: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    issued: str = field(default="", repr=False)

    @classmethod
    def of(cls, texts: Mapping[Field, str | None]) -> "RawFields":
        """From a mapping by field; a missing or null value is ''."""
        return cls(**{str(name): texts.get(name) or "" for name in Field})

    def text(self, name: Field) -> str:
        """The string of one field."""
        value: str = getattr(self, name)
        return value


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What the strings say, None where they cannot be understood. Its repr shows no personal data."""

    name: PersonName | None = field(default=None, repr=False)
    rrn: Rrn | None = field(default=None, repr=False)
    sex: Sex | None = field(default=None, repr=False)
    birthday: date | None = field(default=None, repr=False)
    address: Address | None = field(default=None, repr=False)
    issued: date | None = field(default=None, repr=False)

    def text(self, name: Field) -> str:
        """The canonical text of one field, '' where there is none. Dates are ISO 8601."""
        value = getattr(self, name)
        return "" if value is None else str(value)


class FieldError(ValueError):
    """A typed value that its field cannot hold. `code` is stable: `<field>.<fault>`, as `rrn.form`."""

    def __init__(self, name: Field, fault: Fault) -> None:
        self.field = name
        self.fault = fault
        self.code = f"{name}.{fault}"
        super().__init__(self.code)


_PARSERS: Mapping[Field, Callable[[str], PersonName | Rrn | Sex | date | Address]] = {
    Field.NAME: names.parse,
    Field.RRN: rrn.parse,
    Field.SEX: rrn.parse_sex,
    Field.BIRTHDAY: dates.parse,
    Field.ADDRESS: addresses.parse,
    Field.ISSUED: dates.parse,
}


def _parsed(parser: Callable[[str], T], text: str) -> T | None:
    try:
        return parser(text)
    except UnparsableError:
        return None


def parse_facts(raw: RawFields, *, latin: bool = False) -> CardFacts:
    """The facts in a reading; `latin`: the name stands in Latin capitals.

    Never raises: what cannot be parsed is None, and `findings` says so.
    """
    return CardFacts(
        name=_parsed(names.parse_latin if latin else names.parse, raw.name),
        rrn=_parsed(rrn.parse, raw.rrn),
        sex=_parsed(rrn.parse_sex, raw.sex),
        birthday=_parsed(dates.parse, raw.birthday),
        address=_parsed(addresses.parse, raw.address),
        issued=_parsed(dates.parse, raw.issued),
    )


def normalise(name: Field, text: str, *, latin: bool = False) -> str:
    """The canonical text of one value: `홍길동 (洪吉童)`, `820701-2345678`, `female`, `1982-07-01`.

    `latin`: a name is one in Latin capitals. Doing it twice changes nothing. Raises `FieldError` if the field cannot
    hold the text.
    """
    try:
        parser = names.parse_latin if latin and name is Field.NAME else _PARSERS[name]
        return str(parser(text))
    except UnparsableError as error:
        raise FieldError(name, error.fault) from error
