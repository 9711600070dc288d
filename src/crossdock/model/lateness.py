"""How long an order may stay in a state before it stands out as late. For people; no decision reads it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from crossdock.model.state import OrderState

LATE_AFTER: Final[Mapping[OrderState, timedelta]] = {
    OrderState.HELD: timedelta(hours=4),
    OrderState.WAITING: timedelta(days=1),
    OrderState.SHORT: timedelta(days=1),
    OrderState.AT_WAREHOUSE: timedelta(days=2),
    OrderState.PARTLY_SHIPPED: timedelta(days=3),
}
"""
The defaults. A person should have come to a hold within half a working day; what waits for payment, or for a word on
what is missing, should have moved by the next day; a warehouse ships by the day after the next. What has come to its
end (shipped, skipped, cancelled) is never late.
"""


def is_late(state: OrderState, since: datetime, now: datetime) -> bool:
    """Tell whether an order that has been in `state` since `since` stands out."""
    most = LATE_AFTER.get(state)
    return most is not None and now - since > most
