"""What the law lets a person, or a store that left, ask of the hub."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from crossdock.model.names import OrderId, ShopDomain

ANSWERED_WITHIN = timedelta(days=30)
"""How long there is to do what was asked (Shopify docs, 2026-07)."""

REINSTALLED_WITHIN = timedelta(hours=48)
"""How long a store that left keeps its rows, in case it comes back (Shopify docs, 2026-07)."""


class Wish(StrEnum):
    """What is asked for."""

    EXPORT = "export"
    """To be told all that is held of a customer."""

    ERASE = "erase"
    """That a customer be forgotten."""

    ERASE_STORE = "erase_store"
    """That all of a store be forgotten, after it left."""

    @property
    def label(self) -> str:
        """The wish as a person reads it."""
        return _LABELS[self]


_LABELS = {
    Wish.EXPORT: "Tell what is held of a customer",
    Wish.ERASE: "Forget a customer",
    Wish.ERASE_STORE: "Forget the store",
}


class Standing(StrEnum):
    """How far a request has come."""

    OPEN = "open"
    """The hub goes on with it by itself, except that an export is handed over by a person."""

    BY_HAND = "by_hand"
    """What the hub could do is done; a person has to do the rest."""

    DONE = "done"
    DECLINED = "declined"
    """Nothing was done, and nothing will be; what was said tells why."""


@dataclass(frozen=True, slots=True)
class Person:
    """
    Whom a request is about, by all that identifies one customer of a store; any of it may be missing.

    `customer` is the customer's gid, `orders` are those that the request names.
    """

    customer: str | None = None
    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    orders: tuple[OrderId, ...] = ()


@dataclass(frozen=True, slots=True)
class PrivacyRequest:
    """
    One request, as it stands. Once it is done, `person` holds no more than gids.

    `said` is what is left to do, or what was done, without any person's data.
    """

    id: int
    store: ShopDomain
    wish: Wish
    person: Person
    received_at: datetime
    due_at: datetime
    standing: Standing
    said: str | None
    done_at: datetime | None
