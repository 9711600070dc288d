"""What the hub has done so far about an order's money: what it tried, and which refunds it is done with."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from crossdock.model.names import RefundId


class Say(StrEnum):
    """What a person says to a refund that a backend asks for."""

    APPROVE = "approve"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class KnownMove:
    """
    One capture of an authorization, or one refund that a backend asked for, as far as the hub has dealt with it.

    `key` is the authorization's id, or the backend's own name for the refund. `what` was tried or asked last;
    `telling` says that its end is not known, `ago` how long since that began, by the hub's clock. `refused` is what
    Shopify said to it, if it said no, and `refusals` how often it did.
    """

    key: str
    what: str
    telling: bool = False
    ago: timedelta = field(default=timedelta.max, compare=False)
    refused: str | None = None
    refusals: int = 0
    refund: RefundId | None = None
    answer: Say | None = None


class Dealt(StrEnum):
    """How the hub has dealt with a refund."""

    TOLD = "told"
    """The backend has a credit document."""

    NOTED = "noted"
    """The backend takes none, and the order's time line says so."""

    WAITS = "waits"
    """The backend takes none, and a person is asked to book it."""

    BOOKED = "booked"
    """A person booked it."""
