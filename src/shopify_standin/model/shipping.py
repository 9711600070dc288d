"""Fulfillment orders (what a location has to ship) and fulfillments (what it shipped)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from shopify_standin.ids import gid
from shopify_standin.model.places import Address


@dataclass(slots=True)
class FulfillmentService:
    """Somebody who stores and ships for the merchant; `id` 0 is the merchant, the `manual` service."""

    TYPE: ClassVar = "FulfillmentService"
    id: int
    handle: str
    service_name: str
    location_id: int
    app: str = ""
    """Client id of the app that runs it."""
    callback_url: str | None = None
    inventory_management: bool = False
    tracking_support: bool = False
    requires_shipping_method: bool = True

    @property
    def gid(self) -> str:
        """Global id; a service's own carries a query part (recorded 2026-04)."""
        return f"{gid('FulfillmentService', self.id)}?id=true" if self.id else "gid://shopify/FulfillmentService/manual"

    @property
    def kind(self) -> str:
        """MANUAL or THIRD_PARTY."""
        return "THIRD_PARTY" if self.id else "MANUAL"


@dataclass(slots=True)
class FulfillmentOrderLine:
    """Units of one order line in one fulfillment order."""

    TYPE: ClassVar = "FulfillmentOrderLineItem"
    id: int
    fulfillment_order_id: int
    line_item_id: int
    total: int
    remaining: int

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("FulfillmentOrderLineItem", self.id)


@dataclass(slots=True)
class Hold:
    """Why a fulfillment order waits."""

    TYPE: ClassVar = "FulfillmentHold"
    id: int
    fulfillment_order_id: int
    app: str
    """Client id of the app that put it; empty where Shopify did."""
    app_gid: str
    reason: str
    reason_notes: str | None = None
    handle: str = ""
    external_id: str | None = None
    """The app's own name for it, by which it can be released; not shown."""

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("FulfillmentHold", self.id)


@dataclass(slots=True)
class MerchantRequest:
    """What the merchant asked of a fulfillment service: to fulfill, or to cancel."""

    TYPE: ClassVar = "FulfillmentOrderMerchantRequest"
    id: int
    fulfillment_order_id: int
    kind: str
    sent_at: datetime
    message: str | None = None
    options: dict[str, bool] = field(default_factory=dict)

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("FulfillmentOrderMerchantRequest", self.id)


@dataclass(slots=True)
class AssignedLocation:
    """Where the goods are to leave from: a snapshot of the address, and the live location's id."""

    location_id: int
    name: str
    address: Address


@dataclass(slots=True)
class FulfillmentOrder:
    """Work for one location."""

    TYPE: ClassVar = "FulfillmentOrder"
    id: int
    order_id: int
    assigned: AssignedLocation
    created_at: datetime
    updated_at: datetime
    status: str = "OPEN"
    request_status: str = "UNSUBMITTED"
    method_type: str = "SHIPPING"
    delivery_method_id: int = 0
    presented_name: str | None = None
    service_code: str | None = None
    destination: Address | None = None
    destination_id: int = 0
    email: str | None = None
    fulfill_at: datetime | None = None
    fulfill_by: datetime | None = None
    lines: list[FulfillmentOrderLine] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    fulfillment_ids: list[int] = field(default_factory=list)
    requests: list[MerchantRequest] = field(default_factory=list)
    progress_reported: bool = False
    left_by_hold: list[int] = field(default_factory=list)
    """Fulfillment orders made of what partial holds did not hold; they come back when the last hold goes."""
    is_prepared: bool = False
    """Whether its goods wait at the counter."""

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("FulfillmentOrder", self.id)

    @property
    def remaining(self) -> int:
        """Units still to ship."""
        return sum(line.remaining for line in self.lines)

    @property
    def has_begun(self) -> bool:
        """Whether somebody works on it: progress was reported, a request accepted, or a part shipped."""
        shipped = any(line.remaining < line.total for line in self.lines)
        return self.progress_reported or shipped or self.request_status in {"ACCEPTED", "CANCELLATION_REJECTED"}

    @property
    def is_open(self) -> bool:
        """Whether something can still be shipped from it."""
        return self.status in {"OPEN", "IN_PROGRESS", "INCOMPLETE", "SCHEDULED", "ON_HOLD"}


@dataclass(slots=True)
class FulfillmentLine:
    """Units of one order line in one fulfillment."""

    TYPE: ClassVar = "FulfillmentLineItem"
    id: int
    fulfillment_id: int
    line_item_id: int
    fulfillment_order_line_id: int
    quantity: int

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("FulfillmentLineItem", self.id)


@dataclass(slots=True)
class FulfillmentEvent:
    """What happened to a shipment on its way."""

    TYPE: ClassVar = "FulfillmentEvent"
    id: int
    fulfillment_id: int
    status: str
    happened_at: datetime
    created_at: datetime
    message: str | None = None
    estimated_delivery_at: datetime | None = None
    address1: str | None = None
    city: str | None = None
    province: str | None = None
    country: str | None = None
    zip: str | None = None
    latitude: float | None = None
    longitude: float | None = None

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("FulfillmentEvent", self.id)


@dataclass(frozen=True, slots=True)
class Tracking:
    """One parcel's number; the company is the same for all parcels of a fulfillment."""

    number: str | None
    url: str | None
    company: str | None


@dataclass(slots=True)
class Fulfillment:
    """A shipment."""

    TYPE: ClassVar = "Fulfillment"
    id: int
    order_id: int
    location_id: int
    name: str
    created_at: datetime
    updated_at: datetime
    status: str = "SUCCESS"
    display_status: str = "FULFILLED"
    lines: list[FulfillmentLine] = field(default_factory=list)
    tracking: list[Tracking] = field(default_factory=list)
    events: list[FulfillmentEvent] = field(default_factory=list)
    origin: Address | None = None
    fulfillment_order_ids: list[int] = field(default_factory=list)
    notified: bool = False
    delivered_at: datetime | None = None
    estimated_delivery_at: datetime | None = None
    in_transit_at: datetime | None = None

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("Fulfillment", self.id)

    @property
    def total_quantity(self) -> int:
        """Units shipped."""
        return sum(line.quantity for line in self.lines)
