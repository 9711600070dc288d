"""What is taken off at Shopify because the backend does not ship it: an order, or units of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NewType

from crossdock.model.names import LineItemId, OrderId, Units

JobId = NewType("JobId", str)
"""`gid://shopify/Job/…`: something that Shopify does after it has answered."""


@dataclass(frozen=True, slots=True)
class Cancellation:
    """
    An order that Shopify was asked to cancel, by the hub's clock `ago`.

    `job` is None while it is not known whether Shopify heard. `done` says that the job has come to its end, be it that
    the order is cancelled or that Shopify gave up.
    """

    job: JobId | None
    ago: timedelta = field(default=timedelta.max, compare=False)
    done: bool = False


@dataclass(frozen=True, slots=True)
class Removal:
    """
    Units to take out of an order: by line, how many are to be left of it, fulfilled ones included.

    It says what is to be, not what to do: a repeat changes nothing.
    """

    order: OrderId
    left: Mapping[LineItemId, Units]
    restock: bool
    notify_customer: bool
