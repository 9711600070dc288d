"""What a backend can do beyond the least: its manifest says so, and decisions go by it."""

from enum import StrEnum


class Capability(StrEnum):
    """Something that a backend can do beyond the least."""

    SHORT_SHIP = "short_ship"
    SEVERAL_PACKAGES = "several_packages"
    SEVERAL_WAREHOUSES = "several_warehouses"

    MONEY = "money"
    """Keep what an order costs, to the cent, and what is to be collected for it."""

    REDACT = "redact"
    """Say and forget what is held of the people behind orders: the port `PersonalData`."""

    AMEND_PARTICULARS = "amend_particulars"
    """
    Change where to and how an accepted order ships, and what is written on it, until it is packed.

    With `MONEY`, what it costs is written on it, too: prices change though no goods do, also while they are picked.
    """

    AMEND_LINES = "amend_lines"
    """Change what an accepted order holds, until somebody picks it."""

    STOP = "stop"
    """Cancel an accepted order, until it is packed."""

    HOLDS = "holds"
    """Say of an accepted order that it does not go on, and why."""

    LATE_TRACKING = "late_tracking"
    """Say or correct a package's tracking after it left."""

    CANCELLED_PACKAGES = "cancelled_packages"
    """Take a package back that has left; its units ship again in another one of the same order."""

    DELIVERY_EVENTS = "delivery_events"
    """Say what happened to packages on their way."""

    RETURNS = "returns"
    """Take announcements of goods that come back, and say what came back and what became of it."""

    CREDITS = "credits"
    """Keep a credit document for each refund: the port `Credits`."""

    REFUND_REQUESTS = "refund_requests"
    """Ask that a customer is given money back: the port `RefundRequests`."""
