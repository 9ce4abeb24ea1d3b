"""Who did something: a customer, an officer, or the product itself. Written into every audit entry."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    CUSTOMER = "customer"
    OFFICER = "officer"
    HOST = "host"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """`name` is an officer's account id, a host's key, or the part of the product that acted; a customer needs none."""

    kind: Kind
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" if self.name else str(self.kind)


CUSTOMER = Actor(Kind.CUSTOMER)
SYSTEM = Actor(Kind.SYSTEM)


def host(key_id: UUID) -> Actor:
    """Another system, by the key it used."""
    return Actor(Kind.HOST, str(key_id))


def officer(account_id: int | str) -> Actor:
    return Actor(Kind.OFFICER, str(account_id))
