"""What three parties say of one order: Shopify, the hub and the warehouse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crossdock.model.connection import OrderRules
from crossdock.model.names import FulfillmentId, OrderId, PackageId, RequestKey
from crossdock.model.order import Order
from crossdock.model.request import WorkOrder
from crossdock.store.requests import Asked


@dataclass(frozen=True, slots=True)
class Account:
    """
    One order, told three times.

    `order` is None where Shopify does not show it. `seen_as_of` is Shopify's `updated_at` when the hub last looked,
    None where it never did. `asked` and `told` are the hub's record: what it asked of the warehouse, and which
    fulfillment stands for which package. `work` is what the warehouse has. A held order is explained already.
    """

    id: OrderId
    order: Order | None
    seen_as_of: datetime | None
    asked: Sequence[Asked]
    told: Mapping[PackageId, FulfillmentId]
    work: Mapping[RequestKey, WorkOrder]
    held: bool
    """By the orders flow."""
    shipping_held: bool
    """By the fulfillments flow."""
    rules: OrderRules

    @property
    def title(self) -> str:
        """What people call it."""
        if self.order is not None:
            return self.order.name
        return self.asked[0].name if self.asked else self.id
