"""Who sells in a shop, so that a test finds something in it."""

from typing import Protocol

from crossdock.model.catalog import Variant
from crossdock.model.names import FulfillmentOrderId, LocationId, OrderId


class Counter(Protocol):
    """What a shop's people and customers do, in the few acts that the suite needs."""

    async def location(self) -> LocationId:
        """Return a location that ships."""
        ...

    async def offer(self, sku: str, units: int) -> Variant:
        """Sell a tracked product of one variant, with so many units at that location."""
        ...

    async def stock_elsewhere(self, variant: Variant, units: int) -> LocationId:
        """Open another location that ships, with so many units of the variant, and return it."""
        ...

    async def buy(self, variant: Variant, units: int) -> OrderId:
        """Let a customer buy and pay, and wait until the order is routed."""
        ...

    async def assign_to_service(self, order: OrderId, variant: Variant) -> FulfillmentOrderId:
        """Have a fulfillment service of this app ship an order of one variant, unrequested."""
        ...

    async def request(self, fulfillment_order: FulfillmentOrderId) -> None:
        """Let the merchant request it of the service."""
        ...

    async def call_back(self, fulfillment_order: FulfillmentOrderId) -> None:
        """Let the merchant request the cancellation of what the service accepted."""
        ...

    async def authorize(self, variant: Variant, units: int) -> OrderId:
        """Let a customer buy, and authorize the payment of ten a unit."""
        ...
