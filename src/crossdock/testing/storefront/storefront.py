"""The `Storefront` port over a shop that lives in memory."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from crossdock.kit.clock import Clock
from crossdock.model.catalog import Location, Variant
from crossdock.model.extras import NO_EXTRAS, Extras, Wishes
from crossdock.model.money import Money
from crossdock.model.names import (
    ExchangeLineId,
    FulfillmentHoldId,
    FulfillmentId,
    FulfillmentLineId,
    FulfillmentOrderId,
    InventoryItemId,
    OrderId,
    PaymentId,
    RefundId,
    ReturnId,
    ReturnLineId,
    ReverseDeliveryId,
    ReverseOrderId,
    Units,
    VariantId,
)
from crossdock.model.order import Order
from crossdock.model.relocation import Move
from crossdock.model.request import DeliveryEvent, Tracking
from crossdock.model.returning import Disposal, Owed, Refund, Return, Returnable, ReturnTracking
from crossdock.model.service_request import Reply
from crossdock.model.settlement import PaidBack, Settlement
from crossdock.model.stock import AdjustAvailable, InventoryLevel, SetAvailable
from crossdock.model.withdrawal import JobId, Removal
from crossdock.ports.storefront import FulfillmentDraft, RowRefused, Shop, Subscription, Updated
from crossdock.testing.storefront.extras import wished
from crossdock.testing.storefront.pages import page
from crossdock.testing.storefront.shop import FakeShop
from crossdock.testing.storefront.wire import Wire


class FakeStorefront(FakeShop, Wire):
    """A shop and the wire to it: implements `Storefront`, as Shopify does what it promises there."""

    def __init__(self, clock: Clock | None = None) -> None:
        FakeShop.__init__(self, clock)
        Wire.__init__(self)

    async def shop(self) -> Shop:
        """Return what the store says of itself."""
        async with self._call("shop"):
            return Shop("fake.myshopify.com", "Fake", "EUR", "Basic")

    async def locations(self) -> tuple[Location, ...]:
        """Return all places that the store has."""
        async with self._call("locations"):
            return self._catalog.locations()

    async def orders(self, ids: Sequence[OrderId]) -> Mapping[OrderId, Order]:
        """Return the orders, whole, as of now."""
        async with self._call("orders"):
            return {id_: self._orders[id_] for id_ in ids if id_ in self._orders}

    async def extras(self, orders: Sequence[Order], wishes: Wishes) -> Mapping[OrderId, Extras]:
        """Return what these orders were given beyond themselves, as far as it is wished for."""
        async with self._call("extras"):
            return {order.id: wished(self._extras.get(order.id, NO_EXTRAS), wishes) for order in orders}

    async def orders_of(self, fulfillment_orders: Sequence[FulfillmentOrderId]) -> Mapping[FulfillmentOrderId, OrderId]:
        """Return which order each fulfillment order belongs to."""
        async with self._call("orders_of"):
            parts = ((part.id, order.id) for order in self._orders for part in order.fulfillment_orders)
            return {part: order for part, order in parts if part in fulfillment_orders}

    async def orders_updated(self, since: datetime, after: str | None = None) -> Updated[OrderId]:
        """Return a page of the orders changed at or after `since`, by `updated_at`."""
        async with self._call("orders_updated"):
            return page([(order.id, order.updated_at) for order in self._orders], since, after)

    async def variants(self, ids: Sequence[VariantId]) -> Mapping[VariantId, Variant]:
        """Return the variants, as of now."""
        async with self._call("variants"):
            return self._catalog.variants(ids)

    async def variants_of(self, products: Sequence[str]) -> Mapping[str, tuple[VariantId, ...]]:
        """Return the variants of each product: here the one that has the product's number."""
        async with self._call("variants_of"):
            return self._catalog.variants_of(products)

    async def variants_updated(self, since: datetime, after: str | None = None) -> Updated[VariantId]:
        """Return a page of the variants changed at or after `since`."""
        async with self._call("variants_updated"):
            return page(self._catalog.changed(), since, after)

    async def levels(self, items: Sequence[InventoryItemId]) -> Sequence[InventoryLevel]:
        """Return the items' levels at every location that stocks them, as of now."""
        async with self._call("levels"):
            return self._levels.of(items)

    async def set_available(self, writes: Sequence[SetAvailable], key: str, reference: str) -> Sequence[RowRefused]:
        """Set levels, all or none; return the refused rows. A key that was used answers as it did."""
        async with self._call("set_available"):
            self.writes.append(writes)
            return self._levels.write(writes, key, reference)

    async def adjust_available(
        self, changes: Sequence[AdjustAvailable], key: str, reference: str
    ) -> Sequence[RowRefused]:
        """Add to levels, all or none; return the refused rows. A key that was used answers as it did."""
        async with self._call("adjust_available"):
            return self._levels.write(changes, key, reference)

    async def create_fulfillment(self, draft: FulfillmentDraft) -> FulfillmentId:
        """Note that a package left; a repeat is another package, as at Shopify."""
        async with self._call("create_fulfillment"):
            return self._packages.create(draft)

    async def correct_tracking(self, fulfillment: FulfillmentId, tracking: Tracking, *, notify_customer: bool) -> None:
        """Replace a fulfillment's tracking; a repeat may write to the customer again, as at Shopify."""
        async with self._call("correct_tracking"):
            self._packages.correct_tracking(fulfillment, tracking, notify_customer=notify_customer)

    async def cancel_fulfillment(self, fulfillment: FulfillmentId) -> None:
        """Take a fulfillment back; one that is cancelled already is no error."""
        async with self._call("cancel_fulfillment"):
            self._packages.cancel(fulfillment)

    async def hold(self, fulfillment_order: FulfillmentOrderId, reason: str) -> None:
        """Put the app's hold on a fulfillment order."""
        async with self._call("hold"):
            self._fulfillment_orders.hold(fulfillment_order, reason, ours=True)

    async def release_hold(self, fulfillment_order: FulfillmentOrderId, holds: Sequence[FulfillmentHoldId]) -> None:
        """Take these holds off."""
        async with self._call("release_hold"):
            self._fulfillment_orders.release(fulfillment_order, holds)

    async def report_progress(self, fulfillment_order: FulfillmentOrderId) -> None:
        """Say that work has begun."""
        async with self._call("report_progress"):
            self._fulfillment_orders.report_progress(fulfillment_order)

    async def take_progress_back(self, fulfillment_order: FulfillmentOrderId) -> None:
        """Say that nobody works on it any more."""
        async with self._call("take_progress_back"):
            self._fulfillment_orders.take_progress_back(fulfillment_order)

    async def prepared_for_pickup(self, fulfillment_order: FulfillmentOrderId) -> None:
        """Say that the goods wait for the customer."""
        async with self._call("prepared_for_pickup"):
            self._fulfillment_orders.prepare(fulfillment_order)

    async def reply(self, said: Reply) -> None:
        """Answer a merchant's request; once, as at Shopify."""
        async with self._call("reply"):
            self._service.answer(said)

    async def delivery_events(
        self, fulfillments: Sequence[FulfillmentId]
    ) -> Mapping[FulfillmentId, Sequence[DeliveryEvent]]:
        """Return what was reported of packages on their way."""
        async with self._call("delivery_events"):
            return self._packages.events(fulfillments)

    async def report_event(self, fulfillment: FulfillmentId, event: DeliveryEvent) -> None:
        """Note what happened to a package; a repeat is another event, as at Shopify."""
        async with self._call("report_event"):
            self._packages.report(fulfillment, event)

    async def cancel_order(self, order: OrderId, *, restock: bool, refund: bool, notify_customer: bool) -> JobId:
        """Begin to cancel an order; it ends at once unless it was slowed down."""
        async with self._call("cancel_order"):
            return self._withdrawals.begin(order, restock=restock, refund=refund, notify_customer=notify_customer)

    async def jobs_done(self, jobs: Sequence[JobId]) -> Collection[JobId]:
        """Return those of the jobs that have come to an end."""
        async with self._call("jobs_done"):
            return self._withdrawals.done(jobs)

    async def remove_units(self, removal: Removal) -> None:
        """Take units out of an order, from the newest fulfillment order on."""
        async with self._call("remove_units"):
            self._withdrawals.remove(removal)

    async def move_fulfillment_order(self, move: Move) -> None:
        """Move a fulfillment order whole, which keeps its id, or units of it, which makes a new one."""
        async with self._call("move_fulfillment_order"):
            self._moves.move(move)

    async def returns(self, orders: Sequence[OrderId]) -> Mapping[OrderId, Sequence[Return]]:
        """Return all returns of these orders, whole, as of now."""
        async with self._call("returns"):
            return {id_: some for id_ in orders if (some := self._returns.of(id_))}

    async def returnable(self, order: OrderId) -> Sequence[Returnable]:
        """Return what of an order's fulfillments no return speaks for."""
        async with self._call("returnable"):
            return self._returns.returnable(order)

    async def create_return(
        self, order: OrderId, lines: Sequence[tuple[FulfillmentLineId, Units]], note: str
    ) -> ReturnId:
        """Create an approved return; a repeat is another one, as at Shopify, while units are left."""
        async with self._call("create_return"):
            return self._returns.create(order, lines, note)

    async def approve_return(self, id_: ReturnId) -> None:
        """Approve a requested return."""
        async with self._call("approve_return"):
            self._returns.approve(id_)

    async def dispose(self, disposals: Sequence[Disposal]) -> None:
        """Note what became of units; a repeat is another disposition, as at Shopify, while units are left."""
        async with self._call("dispose"):
            for disposal in disposals:
                self._returns.dispose(disposal)

    async def suggested_outcome(
        self,
        id_: ReturnId,
        lines: Sequence[tuple[ReturnLineId, Units]],
        exchanges: Sequence[tuple[ExchangeLineId, Units]] = (),
        *,
        shipping: bool,
    ) -> Refund | Owed | None:
        """Return what the units cost, less what is sent instead; shipping is free in the fake store."""
        del shipping
        async with self._call("suggested_outcome"):
            return self._outcomes.suggested(id_, lines, exchanges)

    async def process_return(
        self,
        id_: ReturnId,
        lines: Sequence[tuple[ReturnLineId, Units]],
        refund: Refund | None,
        exchanges: Sequence[tuple[ExchangeLineId, Units]] = (),
        *,
        shipping: bool,
    ) -> None:
        """Undo the sale of units and send others; a repeat does it again, as at Shopify, while units are left."""
        del shipping
        async with self._call("process_return"):
            self._outcomes.process(id_, lines, refund, exchanges)

    async def create_reverse_delivery(self, order: ReverseOrderId, tracking: ReturnTracking) -> None:
        """Note a parcel; a repeat is another one, as at Shopify."""
        async with self._call("create_reverse_delivery"):
            self._reverse_deliveries.create(order, tracking)

    async def track_reverse_delivery(self, id_: ReverseDeliveryId, tracking: ReturnTracking) -> None:
        """Make number and address of a parcel what they are."""
        async with self._call("track_reverse_delivery"):
            self._reverse_deliveries.track(id_, tracking)

    async def close_return(self, id_: ReturnId) -> None:
        """Close a return; one that is closed already is no error."""
        async with self._call("close_return"):
            self._returns.turn(id_, "CLOSED")

    async def settlement(self, order: OrderId) -> Settlement | None:
        """Return an order's payments and refunds, whole, as of now."""
        async with self._call("settlement"):
            return self.till.settlement(self._orders[order]) if order in self._orders else None

    async def capture(self, order: OrderId, authorization: PaymentId, money: Money) -> None:
        """Capture so much of an authorization; a repeat captures again."""
        async with self._call("capture"):
            self.till.capture(self._orders[order], authorization, money)
            self.show_payments(order)

    async def refund(self, what: PaidBack, key: str) -> RefundId:
        """Give money back for no goods, once per key."""
        async with self._call("refund"):
            made = self.till.refund(self._orders[what.order], what, key)
            self.show_payments(what.order)
            return made

    async def subscriptions(self) -> tuple[Subscription, ...]:
        """Return the webhook subscriptions."""
        async with self._call("subscriptions"):
            return self._subscriptions.all()

    async def subscribe(self, topic: str, uri: str) -> Subscription:
        """Create a subscription; where it is there already, return it."""
        async with self._call("subscribe"):
            return self._subscriptions.add(topic, uri)

    async def unsubscribe(self, subscription: Subscription) -> None:
        """Delete a subscription; one that is gone already is no error."""
        async with self._call("unsubscribe"):
            self._subscriptions.remove(subscription)
