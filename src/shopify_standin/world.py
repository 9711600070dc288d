"""Everything one shop holds. A domain module keeps its objects in tables here and nowhere else."""

import contextlib
import uuid
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shopify_standin.agenda import Agenda
from shopify_standin.clock import Clock
from shopify_standin.house.bucket import Bucket
from shopify_standin.house.counters import Counters
from shopify_standin.ids import Ids
from shopify_standin.model.bulk import BulkOperation, Upload
from shopify_standin.model.credit import StoreCreditAccount
from shopify_standin.model.customers import Customer
from shopify_standin.model.drafts import Draft
from shopify_standin.model.edits import Edit
from shopify_standin.model.gift_cards import GiftCard
from shopify_standin.model.goods import InventoryItem, Level, Product, Variant
from shopify_standin.model.images import MediaImage
from shopify_standin.model.metafields import Metafield, MetafieldDefinition
from shopify_standin.model.notices import Delivery, Job, Subscription
from shopify_standin.model.places import Location, Shop
from shopify_standin.model.policies import ShopPolicy
from shopify_standin.model.products import Collection, ProductOperation, Publication
from shopify_standin.model.refunds import Refund
from shopify_standin.model.returning import Return, ReturnLine, ReverseDelivery, ReverseLine, ReverseOrder
from shopify_standin.model.sales import LineItem, Order, Transaction
from shopify_standin.model.shipping import (
    Fulfillment,
    FulfillmentEvent,
    FulfillmentLine,
    FulfillmentOrder,
    FulfillmentOrderLine,
    FulfillmentService,
    Hold,
    MerchantRequest,
)
from shopify_standin.model.shipping_rates import CarrierService
from shopify_standin.model.transfers import Shipment, ShipmentLine, Transfer, TransferLine
from shopify_standin.table import Table

_NAMESPACE = uuid.UUID("6b1f0c0e-9b0a-4f5e-8f0e-2d1c5a4b3e21")


@dataclass(slots=True)
class Settings:
    """What a test may change about the shop's behaviour."""

    fulfillment_order_delay: timedelta | None = None
    """
    How long after its order a fulfillment order comes. None: at once for `orderCreate`, as recorded in
    2026-04, and `ROUTING_DELAY` after a customer's purchase.
    """
    job_delay: timedelta = timedelta()
    """How long after its answer the job of `orderCancel` runs."""
    bulk_delay: timedelta = timedelta(seconds=1)
    """How long a bulk operation runs, and how long one that is asked to stop goes on."""
    search_delay: timedelta = timedelta()
    """How long searches do not find what was made or changed: the index of a real shop lags by an unknown time."""
    foreign_uploads: bool = True
    """Whether a staged upload path of another shop stands for an empty file."""


@dataclass
class World:
    """One shop: its objects, its clock, and what is still to happen."""

    shop: Shop
    clock: Clock = field(default_factory=Clock)
    ids: Ids = field(default_factory=Ids)
    settings: Settings = field(default_factory=Settings)
    agenda: Agenda = field(default_factory=Agenda)
    counters: Counters = field(default_factory=Counters)
    locations: Table[Location] = field(default_factory=Table)
    products: Table[Product] = field(default_factory=lambda: Table("handle", ordered=("updated_at",)))
    images: Table[MediaImage] = field(default_factory=Table)
    publications: Table[Publication] = field(default_factory=Table)
    collections: Table[Collection] = field(default_factory=lambda: Table("handle"))
    product_operations: Table[ProductOperation] = field(default_factory=Table)
    variants: Table[Variant] = field(
        default_factory=lambda: Table("barcode_key", "product_id", ordered=("updated_at",))
    )
    items: Table[InventoryItem] = field(default_factory=lambda: Table("sku_key", ordered=("updated_at",)))
    levels: Table[Level] = field(default_factory=lambda: Table("item_id", "location_id"))
    customers: Table[Customer] = field(default_factory=lambda: Table("email", "phone"))
    gift_cards: Table[GiftCard] = field(default_factory=Table)
    credit_accounts: Table[StoreCreditAccount] = field(default_factory=lambda: Table("owner"))
    orders: Table[Order] = field(default_factory=lambda: Table("name_key", "customer_id", ordered=("updated_at",)))
    lines: Table[LineItem] = field(default_factory=Table)
    transactions: Table[Transaction] = field(default_factory=Table)
    edits: Table[Edit] = field(default_factory=Table)
    drafts: Table[Draft] = field(default_factory=Table)
    refunds: Table[Refund] = field(default_factory=Table)
    returns: Table[Return] = field(default_factory=Table)
    return_lines: Table[ReturnLine] = field(default_factory=Table)
    reverse_orders: Table[ReverseOrder] = field(default_factory=Table)
    reverse_lines: Table[ReverseLine] = field(default_factory=Table)
    reverse_deliveries: Table[ReverseDelivery] = field(default_factory=Table)
    fulfillment_orders: Table[FulfillmentOrder] = field(default_factory=Table)
    fulfillment_order_lines: Table[FulfillmentOrderLine] = field(default_factory=Table)
    holds: Table[Hold] = field(default_factory=Table)
    merchant_requests: Table[MerchantRequest] = field(default_factory=Table)
    carrier_services: Table[CarrierService] = field(default_factory=Table)
    policies: Table[ShopPolicy] = field(default_factory=Table)
    transfers: Table[Transfer] = field(default_factory=Table)
    transfer_lines: Table[TransferLine] = field(default_factory=Table)
    shipments: Table[Shipment] = field(default_factory=Table)
    shipment_lines: Table[ShipmentLine] = field(default_factory=Table)
    services: Table[FulfillmentService] = field(default_factory=Table)
    fulfillments: Table[Fulfillment] = field(default_factory=Table)
    fulfillment_lines: Table[FulfillmentLine] = field(default_factory=Table)
    metafields: Table[Metafield] = field(default_factory=lambda: Table("place", "owner", "meaning"))
    metafield_definitions: Table[MetafieldDefinition] = field(default_factory=lambda: Table("place"))
    fulfillment_events: Table[FulfillmentEvent] = field(default_factory=Table)
    subscriptions: Table[Subscription] = field(default_factory=lambda: Table("topic"))
    bulk_operations: Table[BulkOperation] = field(default_factory=Table)
    uploads: dict[str, Upload] = field(default_factory=dict)
    """By the key under which they were handed out."""
    jobs: dict[str, Job] = field(default_factory=dict)
    idempotency: dict[str, Any] = field(default_factory=dict)
    buckets: dict[str, Bucket] = field(default_factory=dict)
    outbox: deque[Delivery] = field(default_factory=deque)
    """Deliveries not yet taken up by the sender."""
    deliveries: deque[Delivery] = field(default_factory=lambda: deque(maxlen=20_000))
    """All deliveries with their fate, oldest first."""

    def now(self) -> datetime:
        """The present moment of this shop."""
        return self.clock.now()

    def uuid(self, kind: str) -> str:
        """A repeatable UUID, the next of its kind."""
        return str(uuid.uuid5(_NAMESPACE, f"{kind}/{self.ids.next(kind)}"))

    def bucket(self, client_id: str) -> Bucket:
        """The points that an app has here, whichever of its tokens it shows."""
        if client_id not in self.buckets:
            self.buckets[client_id] = Bucket.of_plan(self.shop.plan, self.now())
        return self.buckets[client_id]

    @contextlib.contextmanager
    def silence(self) -> Iterator[None]:
        """Within the block nobody hears of what happens."""
        heard, self.subscriptions = self.subscriptions, Table("topic")
        try:
            yield
        finally:
            self.subscriptions = heard

    def available(self, item_id: int) -> int:
        """Units of an item that can be sold, over all locations."""
        return sum(level.available for level in self.levels.where("item_id", item_id) if level.is_active)
