"""What a person may set for one connection about money that moves after an order was asked for."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from crossdock.kit.errors import UsageError


class CaptureAt(StrEnum):
    """When an authorized payment is captured."""

    OFF = "off"
    """A person or Shopify does."""

    FIRST_PACKAGE = "first_package"
    """All that is owed, as soon as Shopify knows of a first package that left."""

    ALL_SHIPPED = "all_shipped"
    """Once everything that ships has left, and Shopify knows."""


class Uncredited(StrEnum):
    """What is done about a refund where the backend takes no credit documents."""

    NOTE = "note"
    """The order's time line says so."""

    ASK = "ask"
    """Hold the order until a person says that it is booked."""


@dataclass(frozen=True, slots=True)
class MoneyRules:
    """
    How money moves.

    `refunds_from`: refunds made before are no matter of the hub. `refund_limit` is how much of one
    order, in the shop's currency, a backend may have refunded without a person; 0 lets a person decide about each.
    """

    capture: CaptureAt = CaptureAt.OFF
    uncredited: Uncredited = Uncredited.NOTE
    refunds_from: datetime | None = None
    refund_limit: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        """Refuse a limit that cannot be."""
        if self.refund_limit < 0:
            raise UsageError(f"money.refund_limit cannot be {self.refund_limit}. Give an amount of 0 or more.")

    @property
    def moves_money(self) -> bool:
        """Whether the hub captures or refunds without being asked each time."""
        return self.capture is not CaptureAt.OFF or self.refund_limit > 0
