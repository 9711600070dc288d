"""How far an order has come, in one word that pages and the command line show."""

from enum import StrEnum


class OrderState(StrEnum):
    """The state of a whole order, seen over all its fulfillment orders. For people; no decision reads it."""

    WAITING = "waiting"
    """Known, and not yet at a backend: not paid, on hold at Shopify, or to be looked at in a moment."""

    AT_WAREHOUSE = "at_warehouse"
    """A backend has accepted all that it was asked for; nothing has left yet."""

    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    """All that was asked for has left, and Shopify knows."""

    SHORT = "short"
    """The backend has shipped what it could and has given up on the rest."""

    HELD = "held"
    """A person has to act first; the hold says how."""

    SKIPPED = "skipped"
    """The connection's rules leave this order alone."""

    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """The state as a person reads it."""
        return _LABELS[self]


_LABELS = {
    OrderState.WAITING: "Waiting",
    OrderState.AT_WAREHOUSE: "At the warehouse",
    OrderState.PARTLY_SHIPPED: "Partly shipped",
    OrderState.SHIPPED: "Shipped",
    OrderState.SHORT: "Short",
    OrderState.HELD: "Held",
    OrderState.SKIPPED: "Skipped",
    OrderState.CANCELLED: "Cancelled",
}
