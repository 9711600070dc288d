"""An order as Shopify tells it, reduced to what a system that ships or books it needs."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from crossdock.model.extras import NO_EXTRAS, Extras
from crossdock.model.money import Money
from crossdock.model.names import (
    FulfillmentHoldId,
    FulfillmentId,
    FulfillmentOrderId,
    FulfillmentOrderLineId,
    InventoryItemId,
    LineItemId,
    LocationId,
    OrderId,
    Sku,
    Units,
    VariantId,
)
from crossdock.model.order_money import OrderMoney
from crossdock.model.payment import Payments
from crossdock.model.point import Point


@dataclass(frozen=True, slots=True)
class Address:
    """Where goods or bills go. `country` is the ISO 3166 code of two letters; empty fields are None."""

    first_name: str | None
    last_name: str | None
    company: str | None
    address1: str | None
    address2: str | None
    city: str | None
    zip: str | None
    province_code: str | None
    country: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class OrderLine:
    """What was bought. `variant` is None where the product was deleted; `sku` and `title` are snapshots."""

    id: LineItemId
    variant: VariantId | None
    sku: Sku | None
    title: str
    quantity: Units
    current_quantity: Units
    requires_shipping: bool
    unit_price: Money


@dataclass(frozen=True, slots=True)
class FulfillmentOrderLine:
    """Units of one order line that one location is to ship."""

    id: FulfillmentOrderLineId
    line_item: LineItemId
    variant: VariantId | None
    inventory_item: InventoryItemId | None
    sku: Sku | None
    title: str
    total: Units
    remaining: Units


@dataclass(frozen=True, slots=True)
class FulfillmentHold:
    """A hold on a fulfillment order: `ours` where the hub put it there. `reason` is what was written with it."""

    id: FulfillmentHoldId
    ours: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class FulfillmentOrder:
    """
    Shopify's unit of work for one location.

    `status` and `request_status` keep Shopify's spelling (`OPEN`, `IN_PROGRESS`, …; unknown values pass through).
    `supported_actions` says what Shopify allows now and is what the hub goes by (Shopify docs, 2026-07).
    `location` is None where the location was deleted.
    """

    id: FulfillmentOrderId
    status: str
    request_status: str
    location: LocationId | None
    location_name: str
    supported_actions: frozenset[str]
    fulfill_by: datetime | None
    lines: tuple[FulfillmentOrderLine, ...]
    method: str | None = None
    """How the customer gets it, in Shopify's spelling (`SHIPPING`, `PICK_UP`, …); None where Shopify does not say."""
    holds: tuple[FulfillmentHold, ...] = ()
    at_service: bool = False
    """Whether its location is a fulfillment service's, where a merchant requests what is to ship."""

    @property
    def held(self) -> bool:
        """Whether somebody else wants it held; our own hold only shows what the backend does."""
        return self.status == "ON_HOLD" and not (self.holds and all(hold.ours for hold in self.holds))

    def can(self, action: str) -> bool:
        """Tell whether Shopify allows `action` on it now."""
        return action in self.supported_actions


@dataclass(frozen=True, slots=True)
class Fulfillment:
    """
    A fulfillment that Shopify holds already.

    `status` keeps Shopify's spelling (`SUCCESS`, `CANCELLED`, …). Shopify makes URLs by itself for carriers it knows.
    """

    id: FulfillmentId
    name: str
    status: str
    tracking_company: str | None
    tracking_numbers: tuple[str, ...]
    lines: tuple[tuple[LineItemId, Units], ...]
    tracking_urls: tuple[str, ...] = ()

    @property
    def cancelled(self) -> bool:
        """Whether it stands no longer."""
        return self.status == "CANCELLED"

    @property
    def units(self) -> Counter[LineItemId]:
        """How many units it has of each line; one that is split over fulfillment orders is in `lines` for each."""
        units: Counter[LineItemId] = Counter()
        for line, many in self.lines:
            units[line] += many
        return units


@dataclass(frozen=True, slots=True)
class Order:
    """
    An order with its lines, fulfillment orders and fulfillments, as of one read.

    `financial_status` and `fulfillment_status` keep Shopify's spelling, upper case; the first may be None.
    """

    id: OrderId
    name: str
    created_at: datetime
    updated_at: datetime
    cancelled_at: datetime | None
    closed_at: datetime | None
    financial_status: str | None
    fulfillment_status: str
    test: bool
    email: str | None
    phone: str | None
    note: str | None
    tags: tuple[str, ...]
    attributes: tuple[tuple[str, str | None], ...]
    money: OrderMoney
    payments: Payments
    shipping_method: str | None
    shipping_code: str | None
    shipping_address: Address | None
    billing_address: Address | None
    lines: tuple[OrderLine, ...]
    fulfillment_orders: tuple[FulfillmentOrder, ...]
    fulfillments: tuple[Fulfillment, ...]
    return_status: str = "NO_RETURN"
    risk: str = "NONE"
    """What Shopify's fraud analysis advises, in its spelling: `ACCEPT`, `INVESTIGATE`, `CANCEL`, `NONE`."""
    """What has become of its returns, in Shopify's spelling."""
    goes_to: Point | None = None
    """Where Shopify thinks that the shipping address is."""
    extras: Extras = NO_EXTRAS
    """What was read beyond the order itself, because a mapping asks for it."""

    @property
    def total(self) -> Money:
        """What it comes to now, after edits and refunds, in shop money."""
        return Money(self.money.totals.total.shop, self.money.currencies.shop)
