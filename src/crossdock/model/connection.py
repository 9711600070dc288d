"""One store tied to one backend, and the rules that a person set for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, LocationId, ShopDomain, WarehouseCode


class Field(StrEnum):
    """A field of an order that a connection may demand before the order goes to the backend."""

    SHIPPING_ADDRESS = "shipping_address"
    BILLING_ADDRESS = "billing_address"
    EMAIL = "email"
    PHONE = "phone"
    SKU = "sku"


@dataclass(frozen=True, slots=True)
class OrderRules:
    """
    Which orders go to the backend, and how they are called there.

    `name` takes `{name}` (Shopify's order name), `suffix` takes `{n}` and is added from the second request of an
    order on. States are Shopify's spelling, upper case. Orders placed before `placed_from` are left alone.
    """

    financial: frozenset[str] = frozenset({"PAID", "PARTIALLY_REFUNDED"})
    fulfillment: frozenset[str] = frozenset(
        {
            "UNFULFILLED",
            "PARTIALLY_FULFILLED",
            "OPEN",
            "IN_PROGRESS",
            "PENDING_FULFILLMENT",
            "REQUEST_DECLINED",
            # A part of such an order may be free to go; its fulfillment orders say which.
            "ON_HOLD",
            "SCHEDULED",
        }
    )
    required: frozenset[Field] = frozenset({Field.SHIPPING_ADDRESS, Field.SKU})
    name: str = "{name}"
    suffix: str = "-{n}"
    test_orders: bool = True
    placed_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class InventoryRules:
    """How stock is published. `buffer` is kept back from every level, in units."""

    buffer: int = 0


@dataclass(frozen=True, slots=True)
class FulfillmentRules:
    """How shipments are told to Shopify. `notify_customer` lets Shopify send its shipping mail."""

    notify_customer: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """All that a person may set for one connection."""

    orders: OrderRules = field(default_factory=OrderRules)
    inventory: InventoryRules = field(default_factory=InventoryRules)
    fulfillments: FulfillmentRules = field(default_factory=FulfillmentRules)


@dataclass(frozen=True, slots=True)
class Connection:
    """One store tied to one backend. `warehouses` maps each Shopify location to the warehouses that serve it."""

    id: ConnectionId
    store: ShopDomain
    backend: str
    flows: frozenset[Flow]
    rules: Rules
    warehouses: Mapping[LocationId, tuple[WarehouseCode, ...]]
