"""What the chapters of the suite share: the fixtures, and an order to begin with."""

import itertools

import pytest

from crossdock.model.catalog import Variant
from crossdock.model.names import FulfillmentId, FulfillmentOrderId, Units
from crossdock.model.order import FulfillmentOrder, Order
from crossdock.model.stock import InventoryLevel
from crossdock.ports.storefront import FulfillmentDraft, Storefront
from crossdock.testing.storefront_conformance.counter import Counter

REFERENCE = "gid://crossdock/StockReading/1"
"""What a change of levels is written for."""

NOWHERE = FulfillmentId("gid://shopify/Fulfillment/404")

keys = (f"conformance-{number}" for number in itertools.count())
"""Idempotency keys, each another one."""


class Chapter:
    """Promises of `crossdock.ports.storefront` that flows rest on, one test each."""

    @pytest.fixture
    def storefront(self) -> Storefront:
        """Give an open storefront of an empty shop. To be overridden, sync or async."""
        raise NotImplementedError

    @pytest.fixture
    def counter(self) -> Counter:
        """Give the hands inside that shop. To be overridden, sync or async."""
        raise NotImplementedError


async def bought(storefront: Storefront, counter: Counter, units: int = 1) -> Order:
    """Return an order of so many cups, of which ten were there."""
    id_ = await counter.buy(await counter.offer("CUP", 10), units)
    return (await storefront.orders([id_]))[id_]


async def part_of(storefront: Storefront, id_: FulfillmentOrderId) -> FulfillmentOrder:
    """Return a fulfillment order as it stands."""
    order = (await storefront.orders_of([id_]))[id_]
    return next(part for part in (await storefront.orders([order]))[order].fulfillment_orders if part.id == id_)


async def level_of(storefront: Storefront, variant: Variant) -> InventoryLevel:
    """Return what there is of a variant that one location stocks."""
    (level,) = await storefront.levels([variant.inventory_item])
    return level


def a_draft(order: Order, units: int, tracking_number: str | None) -> FulfillmentDraft:
    """Return a package with so many units of an order's first line."""
    part = order.fulfillment_orders[0]
    lines = {part.id: ((part.lines[0].id, Units(units)),)}
    return FulfillmentDraft(lines, "DHL", tracking_number, None, notify_customer=False)
