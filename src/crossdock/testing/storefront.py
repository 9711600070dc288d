"""A store that lives in memory, held to the same suite as the real adapter, and able to fail at will."""

import itertools
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from crossdock.kit.clock import Clock, SystemClock
from crossdock.kit.errors import HubError, Refused, TryAgain
from crossdock.model.catalog import Location, Variant
from crossdock.model.extras import NO_EXTRAS, Extras, LineExtras, Metafields, Owner, Wishes
from crossdock.model.money import Money
from crossdock.model.names import (
    ExchangeLineId,
    FulfillmentHoldId,
    FulfillmentId,
    FulfillmentLineId,
    FulfillmentOrderId,
    FulfillmentOrderLineId,
    InventoryItemId,
    LineItemId,
    LocationId,
    OrderId,
    PaymentId,
    RefundId,
    ReturnId,
    ReturnLineId,
    ReverseDeliveryId,
    ReverseLineId,
    ReverseOrderId,
    Sku,
    Units,
    VariantId,
)
from crossdock.model.order import Fulfillment, FulfillmentHold, FulfillmentOrder, FulfillmentOrderLine, Order, OrderLine
from crossdock.model.relocation import Move
from crossdock.model.request import DeliveryEvent, Tracking
from crossdock.model.returning import (
    Disposal,
    Disposed,
    ExchangeLine,
    Owed,
    Refund,
    Return,
    Returnable,
    ReturnLine,
    ReturnTracking,
    ReverseDelivery,
    ReverseLine,
)
from crossdock.model.service_request import Reply, Say, awaits_word, is_called_back
from crossdock.model.settlement import PaidBack, Settlement
from crossdock.model.stock import AdjustAvailable, InventoryLevel, Level, SetAvailable
from crossdock.model.withdrawal import JobId, Removal
from crossdock.ports.storefront import FulfillmentDraft, RowRefused, Shop, Subscription, Updated
from crossdock.testing.builders import a_fulfillment_order, a_fulfillment_order_line, a_line, a_variant, an_order
from crossdock.testing.till import Till

PAGE = 100

_UNREQUESTED = frozenset({"REQUEST_FULFILLMENT", "CREATE_FULFILLMENT", "MOVE", "HOLD"})
_ACCEPTED = frozenset({"REQUEST_CANCELLATION", "CREATE_FULFILLMENT"})
_AFTER = {
    Say.ACCEPT: ("IN_PROGRESS", "ACCEPTED", _ACCEPTED),
    Say.REJECT: ("OPEN", "REJECTED", _UNREQUESTED),
    Say.REFUSE: ("IN_PROGRESS", "CANCELLATION_REJECTED", _ACCEPTED),
    Say.CLOSE: ("INCOMPLETE", "CLOSED", _UNREQUESTED),
}
"""A fulfillment order after a service's answer: status, request status and supported actions (recorded 2026-04)."""

EXCHANGE_PRICE = Decimal(10)
"""What a unit costs that a customer gets instead of another."""

IdT = TypeVar("IdT", bound=str)


async def _go_on(_call: str) -> None:
    """Let a call go on at once."""


class FakeStorefront:
    """
    A shop without a web: implements `Storefront`, and the counter at which a test sells.

    `before` is awaited at the start of each call with its name, so that a test can let something happen meanwhile,
    or make it fail. Nothing else is awaited: the rest of each call is one act to every other task.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self.before: Callable[[str], Awaitable[None]] = _go_on
        self.calls: Counter[str] = Counter()
        self.writes: list[Sequence[SetAvailable]] = []
        """Every batch of levels that was asked for, refused ones too."""
        self._clock = clock or SystemClock()
        self._numbers = itertools.count(1)
        self._locations: dict[LocationId, Location] = {}
        self._variants: dict[VariantId, Variant] = {}
        self._variants_updated: dict[VariantId, datetime] = {}
        self._orders: dict[OrderId, Order] = {}
        self._extras: dict[OrderId, Extras] = {}
        self._available: dict[Level, int] = {}
        self._committed: Counter[Level] = Counter()
        self._poisoned: dict[InventoryItemId, str] = {}
        self._written: dict[str, tuple[list[SetAvailable] | list[AdjustAvailable], str]] = {}
        self._faults: list[tuple[str, HubError, bool]] = []
        self._subscriptions: dict[str, Subscription] = {}
        self._drafts: dict[FulfillmentId, FulfillmentDraft] = {}
        self._events: dict[FulfillmentId, list[DeliveryEvent]] = {}
        self._jobs: dict[JobId, tuple[OrderId, bool]] = {}
        self.slow_jobs = False
        """Whether cancellations wait for `end_jobs`."""
        self.cancellations: list[tuple[OrderId, bool, bool, bool]] = []
        """Every cancellation that began: the order, and whether it restocks, refunds and writes to the customer."""
        self.till = Till(self._clock)
        """What customers paid, and what went back to them."""
        self._returns: dict[ReturnId, Return] = {}
        self._to_exchange: dict[ExchangeLineId, Variant] = {}
        self.refunds: list[tuple[ReturnId, Money]] = []
        """Every refund that was made."""
        self.prepared: list[FulfillmentOrderId] = []
        """Every time that goods were said to wait for their customer."""
        self.replies: list[Reply] = []
        """Every answer to a merchant's request that was taken."""
        self.mails: list[FulfillmentId] = []
        """Every time that the customer was written to about a fulfillment."""

    # --- what a test makes go wrong -------------------------------------------------------------------------------

    def lose_next_question(self, call: str) -> None:
        """Let the next `call` (a method's name) raise TryAgain before anything is done."""
        self._faults.append((call, TryAgain(f"The fake store did not hear {call}. Ask again."), False))

    def lose_next_answer(self, call: str) -> None:
        """Let the next `call` raise TryAgain after all is done."""
        self._faults.append((call, TryAgain(f"The fake store's answer to {call} got lost. Ask again."), True))

    def refuse_next(self, call: str, error: HubError) -> None:
        """Let the next `call` raise `error` before anything is done."""
        self._faults.append((call, error, False))

    def poison(self, item: InventoryItemId, message: str) -> None:
        """Refuse every level of an item from now on."""
        self._poisoned[item] = message

    # --- what a test does at the counter --------------------------------------------------------------------------

    def add_location(self, location: Location) -> None:
        """Open a location."""
        self._locations[location.id] = location

    def add_variant(self, variant: Variant, stock: Mapping[LocationId, int] | None = None) -> None:
        """Sell a variant, or change it; `stock` sets its levels."""
        self._variants[variant.id] = variant
        self._variants_updated[variant.id] = self._clock.now()
        for location, units in (stock or {}).items():
            self._available[variant.inventory_item, location] = units

    def put(self, order: Order) -> None:
        """Have an order, as it is given, whatever the stock."""
        self._orders[order.id] = order

    def add_extras(self, order: OrderId, extras: Extras) -> None:
        """Have metafields, a customer and properties for an order."""
        self._extras[order] = extras

    def forget(self, order: OrderId) -> None:
        """Show an order no longer."""
        del self._orders[order]

    def touch(self, order: OrderId, updated_at: datetime) -> None:
        """Say that an order changed at that time."""
        self._orders[order] = replace(self._orders[order], updated_at=updated_at)

    def buy(self, location: LocationId, *wanted: tuple[Variant, int]) -> OrderId:
        """Let a customer buy and pay; all is to ship from one location, and available goes down to below zero."""
        number = 1000 + next(self._numbers)
        lines = [
            a_line(next(self._numbers), sku=variant.sku, quantity=units, variant=int(variant.id.rsplit("/", 1)[-1]))
            for variant, units in wanted
        ]
        fo = a_fulfillment_order(
            *(a_fulfillment_order_line(line) for line in lines),
            number=number,
            location=int(location.rsplit("/", 1)[-1]),
        )
        place = self._locations.get(location)
        if place is not None and place.is_service:
            fo = replace(fo, at_service=True, supported_actions=_UNREQUESTED)
        now = self._clock.now()
        order = an_order(number=number, lines=lines, fulfillment_orders=[fo], updated_at=now)
        self._orders[order.id] = replace(order, created_at=now)
        for variant, units in wanted:
            self._available[variant.inventory_item, location] -= units
            self._committed[variant.inventory_item, location] += units
        return order.id

    def show_payments(self, id_: OrderId) -> None:
        """Let the order show what is in the till."""
        order = self._orders[id_]
        self._orders[id_] = replace(order, payments=self.till.shown(order), updated_at=self._clock.now())

    def put_on_hold(self, id_: FulfillmentOrderId, reason: str, *, ours: bool = False) -> None:
        """Let a person, or this very app, put a hold on a fulfillment order; an app has one."""
        part = self._part(id_)
        if ours and any(one.ours for one in part.holds):
            return
        made = FulfillmentHold(FulfillmentHoldId(f"gid://shopify/FulfillmentHold/{next(self._numbers)}"), ours, reason)
        can = part.supported_actions - {"CREATE_FULFILLMENT"} | {"RELEASE_HOLD"}
        self._put_part(replace(part, status="ON_HOLD", holds=(*part.holds, made), supported_actions=can))

    def open_service(self, id_: LocationId) -> None:
        """Let a location be a fulfillment service's; what ships from there has to be requested."""
        self._locations[id_] = replace(self._locations[id_], is_service=True)

    def assign_to_service(self, id_: FulfillmentOrderId) -> None:
        """Have a fulfillment service ship it, unrequested."""
        self._put_part(replace(self._part(id_), at_service=True, supported_actions=_UNREQUESTED))

    def request(self, id_: FulfillmentOrderId) -> None:
        """Let the merchant request a fulfillment order of the service."""
        asked = frozenset({"CANCEL_FULFILLMENT_ORDER"})
        self._put_part(replace(self._part(id_), status="OPEN", request_status="SUBMITTED", supported_actions=asked))

    def call_back(self, id_: FulfillmentOrderId) -> None:
        """Let the merchant request the cancellation of what the service accepted."""
        part = self._part(id_)
        can = frozenset({"CREATE_FULFILLMENT"})
        self._put_part(replace(part, request_status="CANCELLATION_REQUESTED", supported_actions=can))

    def cancel(self, id_: OrderId, *, restock: bool = True) -> None:
        """Cancel an order and put what was not fulfilled back."""
        order = self._orders[id_]
        for fo in order.fulfillment_orders:
            for line in fo.lines:
                self._uncommit(fo, line, line.remaining, restock=restock)
        closed = tuple(
            replace(
                fo,
                status="CLOSED",
                supported_actions=frozenset(),
                lines=tuple(replace(line, remaining=Units(0)) for line in fo.lines),
            )
            for fo in order.fulfillment_orders
        )
        now = self._clock.now()
        self._orders[id_] = replace(order, cancelled_at=now, updated_at=now, fulfillment_orders=closed)

    def edit(self, id_: OrderId, line: FulfillmentOrderLineId, remaining: int) -> None:
        """Let so many units of a line be still to ship; what is taken away is for sale again, what is added is not."""
        order = self._orders[id_]
        parts = []
        for fo in order.fulfillment_orders:
            for one in fo.lines:
                if one.id == line:
                    self._uncommit(fo, one, one.remaining - remaining, restock=True)
            lines = (replace(one, remaining=Units(remaining)) if one.id == line else one for one in fo.lines)
            parts.append(replace(fo, lines=tuple(lines)))
        self._orders[id_] = replace(order, fulfillment_orders=tuple(parts), updated_at=self._clock.now())

    def send_back(
        self, id_: OrderId, units: int, *, status: str = "OPEN", instead: tuple[Variant, int] | None = None
    ) -> ReturnId:
        """
        Let a customer return so many units of an order's first fulfilled line; `status` as Shopify spells it.

        `instead` is what they want for it; whatever it is, a unit costs 10.
        """
        line = self._fulfilled(self._orders[id_])[0]
        made = self._return(id_, [(line[0], Units(units))], "", status)
        if instead is not None:
            variant, wanted = instead
            exchange = ExchangeLineId(f"gid://shopify/ExchangeLineItem/{next(self._numbers)}")
            self._to_exchange[exchange] = variant
            lines = (ExchangeLine(exchange, Units(wanted), Units(wanted)),)
            self._returns[made] = replace(self._returns[made], exchanges=lines)
        return made

    def label(self, id_: ReturnId, tracking: ReturnTracking) -> ReverseDeliveryId:
        """Let somebody at the shop send a label for a return, which is then on its way in one parcel."""
        return self._parcel(self._returns[id_], self._returns[id_].reverse_lines[0].order, tracking)

    def unlabel(self, id_: ReturnId) -> None:
        """Let no parcel of a return be known any more."""
        self._returns[id_] = replace(self._returns[id_], deliveries=())

    def turn(self, id_: ReturnId, status: str) -> None:
        """Let a return have this status."""
        self._returns[id_] = replace(self._returns[id_], status=status)
        self._show_status(self._returns[id_].order)

    def shorten(self, id_: ReturnId, units: int) -> None:
        """Let a return be of so many units of its first line."""
        found = self._returns[id_]
        first, *others = found.lines
        self._returns[id_] = replace(found, lines=(replace(first, units=Units(units)), *others))

    def returned(self, id_: ReturnId) -> Return:
        """Return a return as it stands."""
        return self._returns[id_]

    def now(self) -> datetime:
        """Return the store's time."""
        return self._clock.now()

    def order(self, id_: OrderId) -> Order:
        """Return an order as it stands."""
        return self._orders[id_]

    def available(self, variant: Variant, location: LocationId) -> int:
        """Return what can still be sold."""
        return self._available[variant.inventory_item, location]

    def committed(self, variant: Variant, location: LocationId) -> int:
        """Return what is sold and not fulfilled."""
        return self._committed[variant.inventory_item, location]

    # --- the port -------------------------------------------------------------------------------------------------

    async def shop(self) -> Shop:
        """Return what the store says of itself."""
        await self._begin("shop")
        return Shop("fake.myshopify.com", "Fake", "EUR", "Basic")

    async def locations(self) -> tuple[Location, ...]:
        """Return all places that the store has."""
        await self._begin("locations")
        return tuple(self._locations.values())

    async def orders(self, ids: Sequence[OrderId]) -> Mapping[OrderId, Order]:
        """Return the orders, whole, as of now."""
        await self._begin("orders")
        return {id_: self._orders[id_] for id_ in ids if id_ in self._orders}

    async def extras(self, orders: Sequence[Order], wishes: Wishes) -> Mapping[OrderId, Extras]:
        """Return what these orders were given beyond themselves, as far as it is wished for."""
        await self._begin("extras")
        return {order.id: _wished(self._extras.get(order.id, NO_EXTRAS), wishes) for order in orders}

    async def orders_of(self, fulfillment_orders: Sequence[FulfillmentOrderId]) -> Mapping[FulfillmentOrderId, OrderId]:
        """Return which order each fulfillment order belongs to."""
        await self._begin("orders_of")
        return {
            fo.id: order.id
            for order in self._orders.values()
            for fo in order.fulfillment_orders
            if fo.id in fulfillment_orders
        }

    async def orders_updated(self, since: datetime, after: str | None = None) -> Updated[OrderId]:
        """Return a page of the orders changed at or after `since`, by `updated_at`."""
        await self._begin("orders_updated")
        return _page([(order.id, order.updated_at) for order in self._orders.values()], since, after)

    async def variants(self, ids: Sequence[VariantId]) -> Mapping[VariantId, Variant]:
        """Return the variants, as of now."""
        await self._begin("variants")
        return {id_: self._variants[id_] for id_ in ids if id_ in self._variants}

    async def variants_of(self, products: Sequence[str]) -> Mapping[str, tuple[VariantId, ...]]:
        """Return the variants of each product: here the one that has the product's number."""
        await self._begin("variants_of")
        found = {product: VariantId(product.replace("/Product/", "/ProductVariant/")) for product in products}
        return {product: (variant,) for product, variant in found.items() if variant in self._variants}

    async def variants_updated(self, since: datetime, after: str | None = None) -> Updated[VariantId]:
        """Return a page of the variants changed at or after `since`."""
        await self._begin("variants_updated")
        return _page(list(self._variants_updated.items()), since, after)

    async def levels(self, items: Sequence[InventoryItemId]) -> Sequence[InventoryLevel]:
        """Return the items' levels at every location that stocks them, as of now."""
        await self._begin("levels")
        return [
            InventoryLevel(item, location, Units(available), Units(self._committed[item, location]))
            for (item, location), available in self._available.items()
            if item in items
        ]

    async def set_available(self, writes: Sequence[SetAvailable], key: str, reference: str) -> Sequence[RowRefused]:
        """Set levels, all or none; return the refused rows. A key that was used answers as it did."""
        await self._begin("set_available")
        self.writes.append(writes)
        if self._is_repeat(key, (list(writes), reference)):
            return []
        refused = [row for index, write in enumerate(writes) if (row := self._row(index, write)) is not None]
        if not refused:
            for write in writes:
                self._available[write.item, write.location] = write.quantity
            self._written[key] = (list(writes), reference)
        self._end("set_available")
        return refused

    async def adjust_available(
        self, changes: Sequence[AdjustAvailable], key: str, reference: str
    ) -> Sequence[RowRefused]:
        """Add to levels, all or none; return the refused rows. A key that was used answers as it did."""
        await self._begin("adjust_available")
        if self._is_repeat(key, (list(changes), reference)):
            return []
        rows = [self._row(index, change) for index, change in enumerate(changes)]
        refused = [row for row in rows if row is not None]
        if not refused:
            for change in changes:
                self._available[change.item, change.location] += change.units
            self._written[key] = (list(changes), reference)
        self._end("adjust_available")
        return refused

    async def create_fulfillment(self, draft: FulfillmentDraft) -> FulfillmentId:
        """Note that a package left; a repeat is another package, as at Shopify."""
        await self._begin("create_fulfillment")
        orders = {
            order.id: order
            for order in self._orders.values()
            if any(fo.id in draft.lines for fo in order.fulfillment_orders)
        }
        if len(orders) != 1:
            raise Refused("The fake store: fulfillment order does not exist, or they are of several orders.")
        (order,) = orders.values()
        fulfillment = self._fulfillment(order, draft)
        self._orders[order.id] = replace(
            order,
            updated_at=self._clock.now(),
            fulfillment_orders=tuple(self._less(fo, draft) for fo in order.fulfillment_orders),
            fulfillments=(*order.fulfillments, fulfillment),
        )
        self._drafts[fulfillment.id] = draft
        self._mail(fulfillment.id, wanted=draft.notify_customer)
        self._end("create_fulfillment")
        return fulfillment.id

    async def correct_tracking(self, fulfillment: FulfillmentId, tracking: Tracking, *, notify_customer: bool) -> None:
        """Replace a fulfillment's tracking; a repeat may write to the customer again, as at Shopify."""
        await self._begin("correct_tracking")
        order, found = self._found(fulfillment)
        self._put_fulfillment(
            order,
            replace(
                found,
                tracking_company=tracking.carrier,
                tracking_numbers=() if tracking.number is None else (tracking.number,),
                tracking_urls=() if tracking.url is None else (tracking.url,),
            ),
        )
        self._mail(fulfillment, wanted=notify_customer)
        self._end("correct_tracking")

    async def cancel_fulfillment(self, fulfillment: FulfillmentId) -> None:
        """Take a fulfillment back; one that is cancelled already is no error."""
        await self._begin("cancel_fulfillment")
        order, found = self._found(fulfillment)
        if not found.cancelled:
            self._put_fulfillment(order, replace(found, status="CANCELLED"))
            self._give_back(order.id, self._drafts[fulfillment])
        self._end("cancel_fulfillment")

    async def hold(self, fulfillment_order: FulfillmentOrderId, reason: str) -> None:
        """Put the app's hold on a fulfillment order."""
        await self._begin("hold")
        self.put_on_hold(fulfillment_order, reason, ours=True)
        self._end("hold")

    async def release_hold(self, fulfillment_order: FulfillmentOrderId, holds: Sequence[FulfillmentHoldId]) -> None:
        """Take these holds off."""
        await self._begin("release_hold")
        part = self._part(fulfillment_order)
        left = tuple(one for one in part.holds if one.id not in holds)
        if left:
            self._put_part(replace(part, holds=left))
        else:
            can = part.supported_actions - {"RELEASE_HOLD"} | {"CREATE_FULFILLMENT"}
            self._put_part(replace(part, status="OPEN", holds=(), supported_actions=can))
        self._end("release_hold")

    async def report_progress(self, fulfillment_order: FulfillmentOrderId) -> None:
        """Say that work has begun."""
        await self._begin("report_progress")
        part = self._part(fulfillment_order)
        can = (part.supported_actions | {"MARK_AS_OPEN"}) - {"MOVE"}
        self._put_part(replace(part, status="IN_PROGRESS", supported_actions=can))
        self._end("report_progress")

    async def take_progress_back(self, fulfillment_order: FulfillmentOrderId) -> None:
        """Say that nobody works on it any more."""
        await self._begin("take_progress_back")
        part = self._part(fulfillment_order)
        if not part.can("MARK_AS_OPEN"):
            raise Refused("The fake store: expected fulfillment order status to be valid.")
        can = (part.supported_actions - {"MARK_AS_OPEN"}) | {"MOVE"}
        self._put_part(replace(part, status="OPEN", supported_actions=can))
        self._end("take_progress_back")

    async def prepared_for_pickup(self, fulfillment_order: FulfillmentOrderId) -> None:
        """Say that the goods wait for the customer."""
        await self._begin("prepared_for_pickup")
        if self._part(fulfillment_order).method != "PICK_UP":
            raise Refused("The fake store: invalid fulfillment_order_id provided.")
        self.prepared.append(fulfillment_order)
        self._end("prepared_for_pickup")

    async def reply(self, said: Reply) -> None:
        """Answer a merchant's request; once, as at Shopify."""
        await self._begin("reply")
        part = self._part(said.fulfillment_order)
        waits = {
            Say.ACCEPT: awaits_word(part),
            Say.REJECT: awaits_word(part),
            Say.AGREE: is_called_back(part),
            Say.REFUSE: is_called_back(part),
            Say.CLOSE: part.at_service and part.status == "IN_PROGRESS",
        }
        if not waits[said.say]:
            raise TryAgain("The fake store: expected fulfillment order request status to be another.")
        self.replies.append(said)
        if said.say is Say.AGREE:
            self._give_up(part)
        else:
            status, request_status, can = _AFTER[said.say]
            self._put_part(replace(part, status=status, request_status=request_status, supported_actions=can))
        self._end("reply")

    async def delivery_events(
        self, fulfillments: Sequence[FulfillmentId]
    ) -> Mapping[FulfillmentId, Sequence[DeliveryEvent]]:
        """Return what was reported of packages on their way."""
        await self._begin("delivery_events")
        return {id_: list(self._events.get(id_, ())) for id_ in fulfillments if id_ in self._drafts}

    async def report_event(self, fulfillment: FulfillmentId, event: DeliveryEvent) -> None:
        """Note what happened to a package; a repeat is another event, as at Shopify."""
        await self._begin("report_event")
        self._found(fulfillment)
        kept = replace(event, happened_at=event.happened_at.replace(microsecond=0))
        self._events.setdefault(fulfillment, []).append(kept)
        self._end("report_event")

    async def cancel_order(self, order: OrderId, *, restock: bool, refund: bool, notify_customer: bool) -> JobId:
        """Begin to cancel an order; `end_jobs` ends it, at once unless `slow_jobs`."""
        await self._begin("cancel_order")
        found = self._orders[order]
        if found.cancelled_at is not None:
            raise TryAgain("The fake store: cannot cancel an order that has already been canceled.")
        if any(not one.cancelled for one in found.fulfillments):
            raise Refused("The fake store: cannot cancel an order that has outstanding fulfillments.")
        job = JobId(f"gid://shopify/Job/{next(self._numbers)}")
        self._jobs[job] = (order, restock)
        self.cancellations.append((order, restock, refund, notify_customer))
        if not self.slow_jobs:
            self.end_jobs()
        self._end("cancel_order")
        return job

    async def jobs_done(self, jobs: Sequence[JobId]) -> Collection[JobId]:
        """Return those of the jobs that have come to an end."""
        await self._begin("jobs_done")
        return {job for job in jobs if job not in self._jobs}

    async def remove_units(self, removal: Removal) -> None:
        """Take units out of an order, from the newest fulfillment order on."""
        await self._begin("remove_units")
        order = self._orders[removal.order]
        if order.cancelled_at is not None:
            raise Refused("The fake store: the order cannot be edited.")
        off = {
            line.id: line.current_quantity - removal.left.get(line.id, line.current_quantity) for line in order.lines
        }
        parts = [self._without(fo, off, restock=removal.restock) for fo in reversed(order.fulfillment_orders)]
        if any(off.values()):
            raise Refused("The fake store: units that were fulfilled cannot be removed.")
        lines = tuple(
            replace(line, current_quantity=removal.left.get(line.id, line.current_quantity)) for line in order.lines
        )
        self._orders[order.id] = replace(
            order, lines=lines, fulfillment_orders=tuple(reversed(parts)), updated_at=self._clock.now()
        )
        self._end("remove_units")

    async def move_fulfillment_order(self, move: Move) -> None:
        """Move a fulfillment order whole, which keeps its id, or units of it, which makes a new one."""
        await self._begin("move_fulfillment_order")
        part = self._part(move.fulfillment_order)
        order = next(one for one in self._orders.values() if part in one.fulfillment_orders)
        if move.to not in self._locations or not self._locations[move.to].active:
            raise Refused("The fake store: location not found.")
        if part.location == move.to or not part.can("MOVE"):
            raise TryAgain("The fake store: cannot change location.")
        units = dict(move.lines) if move.lines is not None else {line.id: line.remaining for line in part.lines}
        items = [line.inventory_item for line in part.lines if units.get(line.id) and line.inventory_item]
        if any((item, move.to) not in self._available for item in items):
            raise Refused("The fake store: no items are stocked at this location. Stock them there.")
        if any(units.get(line.id, Units(0)) > line.remaining for line in part.lines):
            raise TryAgain("The fake store: invalid fulfillment order line item quantity requested.")
        self._let_move(order, part, move.to, units)
        self._end("move_fulfillment_order")

    async def returns(self, orders: Sequence[OrderId]) -> Mapping[OrderId, Sequence[Return]]:
        """Return all returns of these orders, whole, as of now."""
        await self._begin("returns")
        found = {id_: [one for one in self._returns.values() if one.order == id_] for id_ in orders}
        return {id_: some for id_, some in found.items() if some}

    async def returnable(self, order: OrderId) -> Sequence[Returnable]:
        """Return what of an order's fulfillments no return speaks for."""
        await self._begin("returnable")
        return [
            Returnable(line, one.variant, Units(left))
            for line, one, units in self._fulfilled(self._orders[order])
            if (left := units - self._spoken_for(line)) > 0
        ]

    async def create_return(
        self, order: OrderId, lines: Sequence[tuple[FulfillmentLineId, Units]], note: str
    ) -> ReturnId:
        """Create an approved return; a repeat is another one, as at Shopify, while units are left."""
        await self._begin("create_return")
        shipped = {line: units for line, _, units in self._fulfilled(self._orders[order])}
        if any(units > shipped.get(line, 0) - self._spoken_for(line) for line, units in lines):
            raise TryAgain("The fake store: return line item has an invalid quantity.")
        made = self._return(order, lines, note, "OPEN")
        self._end("create_return")
        return made

    async def approve_return(self, id_: ReturnId) -> None:
        """Approve a requested return."""
        await self._begin("approve_return")
        if self._returns[id_].status != "REQUESTED":
            raise TryAgain("The fake store: return is not approvable.")
        self.turn(id_, "OPEN")
        self._end("approve_return")

    async def dispose(self, disposals: Sequence[Disposal]) -> None:
        """Note what became of units; a repeat is another disposition, as at Shopify, while units are left."""
        await self._begin("dispose")
        for disposal in disposals:
            self._dispose(disposal)
        self._end("dispose")

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
        await self._begin("suggested_outcome")
        found = self._returns[id_]
        prices = {line.id: line.unit_price for line in self._orders[found.order].lines}
        prices_of = {line.id: prices[line.line_item] for line in found.lines}
        amount = sum(prices_of[line].amount * units for line, units in lines)
        amount -= EXCHANGE_PRICE * sum(units for _, units in exchanges)
        if not amount:
            return None
        money = Money(Decimal(abs(amount)), self._orders[found.order].total.currency)
        if amount < 0:
            return Owed(money)
        return Refund(money, ((PaymentId("gid://shopify/OrderTransaction/1"), money),))

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
        await self._begin("process_return")
        found, asked, instead = self._returns[id_], dict(lines), dict(exchanges)
        if (
            found.status != "OPEN"
            or any(asked.get(one.id, 0) > one.units - one.processed for one in found.lines)
            or any(instead.get(line.id, 0) > line.left for line in found.exchanges)
        ):
            raise TryAgain("The fake store: return status is invalid, or its line has an invalid quantity.")
        done = (replace(one, processed=Units(one.processed + asked.get(one.id, 0))) for one in found.lines)
        left = (replace(line, left=Units(line.left - instead.get(line.id, 0))) for line in found.exchanges)
        self._returns[id_] = replace(found, lines=tuple(done), exchanges=tuple(left))
        for exchange, units in exchanges:
            self._sell_more(found.order, self._to_exchange[exchange], units)
        if refund is not None:
            self.refunds.append((id_, refund.amount))
        self._end("process_return")

    async def create_reverse_delivery(self, order: ReverseOrderId, tracking: ReturnTracking) -> None:
        """Note a parcel; a repeat is another one, as at Shopify."""
        await self._begin("create_reverse_delivery")
        found = next(one for one in self._returns.values() if order in {way.order for way in one.reverse_lines})
        self._parcel(found, order, ReturnTracking(number=tracking.number, url=tracking.url))
        self._end("create_reverse_delivery")

    async def track_reverse_delivery(self, id_: ReverseDeliveryId, tracking: ReturnTracking) -> None:
        """Make number and address of a parcel what they are."""
        await self._begin("track_reverse_delivery")
        found = next(one for one in self._returns.values() if id_ in {parcel.id for parcel in one.deliveries})
        parcels = (
            replace(one, tracking=replace(one.tracking, number=tracking.number, url=tracking.url))
            if one.id == id_
            else one
            for one in found.deliveries
        )
        self._returns[found.id] = replace(found, deliveries=tuple(parcels))
        self._end("track_reverse_delivery")

    async def close_return(self, id_: ReturnId) -> None:
        """Close a return; one that is closed already is no error."""
        await self._begin("close_return")
        self.turn(id_, "CLOSED")
        self._end("close_return")

    async def settlement(self, order: OrderId) -> Settlement | None:
        """Return an order's payments and refunds, whole, as of now."""
        await self._begin("settlement")
        return self.till.settlement(self._orders[order]) if order in self._orders else None

    async def capture(self, order: OrderId, authorization: PaymentId, money: Money) -> None:
        """Capture so much of an authorization; a repeat captures again."""
        await self._begin("capture")
        self.till.capture(self._orders[order], authorization, money)
        self.show_payments(order)
        self._end("capture")

    async def refund(self, what: PaidBack, key: str) -> RefundId:
        """Give money back for no goods, once per key."""
        await self._begin("refund")
        made = self.till.refund(self._orders[what.order], what, key)
        self.show_payments(what.order)
        self._end("refund")
        return made

    async def subscriptions(self) -> tuple[Subscription, ...]:
        """Return the webhook subscriptions."""
        await self._begin("subscriptions")
        return tuple(self._subscriptions.values())

    async def subscribe(self, topic: str, uri: str) -> Subscription:
        """Create a subscription; where it is there already, return it."""
        await self._begin("subscribe")
        known = [one for one in self._subscriptions.values() if (one.topic, one.uri) == (topic, uri)]
        made = known[0] if known else Subscription(f"subscription-{next(self._numbers)}", topic, uri)
        self._subscriptions[made.id] = made
        return made

    async def unsubscribe(self, subscription: Subscription) -> None:
        """Delete a subscription; one that is gone already is no error."""
        await self._begin("unsubscribe")
        self._subscriptions.pop(subscription.id, None)

    def end_jobs(self, *, well: bool = True) -> None:
        """Let what was begun come to its end; not `well` where Shopify gives up on it."""
        for order, restock in self._jobs.values():
            if well and self._orders[order].cancelled_at is None:
                self.cancel(order, restock=restock)
        self._jobs.clear()

    # --- behind the counter ---------------------------------------------------------------------------------------

    def _without(self, fo: FulfillmentOrder, off: dict[LineItemId, int], *, restock: bool) -> FulfillmentOrder:
        lines = []
        for line in fo.lines:
            taken = min(line.remaining, off.get(line.line_item, 0))
            off[line.line_item] = off.get(line.line_item, 0) - taken
            self._uncommit(fo, line, taken, restock=restock)
            lines.append(replace(line, total=Units(line.total - taken), remaining=Units(line.remaining - taken)))
        if any(line.remaining for line in lines):
            return replace(fo, lines=tuple(lines))
        return replace(fo, lines=tuple(lines), status="CLOSED", supported_actions=frozenset())

    async def _begin(self, call: str) -> None:
        self.calls[call] += 1
        await self.before(call)
        self._fail(call, after=False)

    def _end(self, call: str) -> None:
        self._fail(call, after=True)

    def _fail(self, call: str, *, after: bool) -> None:
        due = next((fault for fault in self._faults if fault[0] == call), None)
        if due is not None and due[2] is after:
            self._faults.remove(due)
            raise due[1]

    def _fulfilled(self, order: Order) -> list[tuple[FulfillmentLineId, OrderLine, int]]:
        """The fulfilled lines of an order, each with its units; one of the fake store is named after both."""
        lines = {line.id: line for line in order.lines}
        return [
            (FulfillmentLineId(f"{one.id}/{line}"), lines[line], units)
            for one in order.fulfillments
            if not one.cancelled
            for line, units in one.lines
        ]

    def _let_move(
        self, order: Order, part: FulfillmentOrder, to: LocationId, units: Mapping[FulfillmentOrderLineId, Units]
    ) -> None:
        """What was sold moves along: it is not for sale at the new location, and is again at the old one."""
        name = self._locations[to].name
        for line in part.lines:
            asked = units.get(line.id, Units(0))
            self._uncommit(part, line, asked, restock=True)
            self._uncommit(replace(part, location=to), line, -asked, restock=True)
        if all(units.get(line.id) == line.remaining == line.total for line in part.lines):
            parts = [replace(part, location=to, location_name=name)]
        else:
            number = next(self._numbers)
            moved = (
                replace(line, id=FulfillmentOrderLineId(f"{line.id}{number}"), total=some, remaining=some)
                for line in part.lines
                if (some := units.get(line.id))
            )
            new_id = FulfillmentOrderId(f"{part.id}{number}")
            new = replace(part, id=new_id, location=to, location_name=name, lines=tuple(moved))
            parts = [self._reduced(part, units), new]
        changed = [one for fo in order.fulfillment_orders for one in (parts if fo.id == part.id else [fo])]
        self._orders[order.id] = replace(order, updated_at=self._clock.now(), fulfillment_orders=tuple(changed))

    def _reduced(self, part: FulfillmentOrder, units: Mapping[FulfillmentOrderLineId, Units]) -> FulfillmentOrder:
        lines = tuple(
            replace(line, total=Units(line.total - gone), remaining=Units(line.remaining - gone))
            for line in part.lines
            for gone in [units.get(line.id, 0)]
        )
        if any(line.remaining for line in lines):
            return replace(part, lines=lines)
        return replace(part, lines=lines, status="CLOSED", supported_actions=frozenset())

    def _spoken_for(self, line: FulfillmentLineId) -> int:
        living = (one for one in self._returns.values() if one.status not in {"DECLINED", "CANCELED"})
        return sum(row.units for one in living for row in one.lines if row.fulfillment_line == line)

    def _return(
        self, id_: OrderId, wanted: Sequence[tuple[FulfillmentLineId, Units]], note: str, status: str
    ) -> ReturnId:
        number, order = next(self._numbers), self._orders[id_]
        shipped = {line: one for line, one, _ in self._fulfilled(order)}
        lines, ways = [], []
        for line, units in wanted:
            row, one = next(self._numbers), shipped[line]
            returned = ReturnLineId(f"gid://shopify/ReturnLineItem/{row}")
            way = ReverseLineId(f"gid://shopify/ReverseFulfillmentOrderLineItem/{row}")
            lines.append(
                ReturnLine(
                    returned, line, one.id, one.variant, one.sku, one.title, units, Units(0), "changed-my-mind", note
                )
            )
            reverse = ReverseOrderId(f"gid://shopify/ReverseFulfillmentOrder/{number}")
            ways.append(ReverseLine(way, reverse, line, units, ()))
        made = ReturnId(f"gid://shopify/Return/{number}")
        count = sum(one.order == id_ for one in self._returns.values()) + 1
        self._returns[made] = Return(made, f"{order.name}-R{count}", id_, status, tuple(lines), tuple(ways))
        self._show_status(id_)
        return made

    def _parcel(self, found: Return, order: ReverseOrderId, tracking: ReturnTracking) -> ReverseDeliveryId:
        made = ReverseDeliveryId(f"gid://shopify/ReverseDelivery/{next(self._numbers)}")
        parcels = (*found.deliveries, ReverseDelivery(made, order, tracking))
        self._returns[found.id] = replace(found, deliveries=parcels)
        return made

    def _sell_more(self, id_: OrderId, variant: Variant, units: Units) -> None:
        """Make units a new line of an order, to ship from where its first goods did."""
        order, number = self._orders[id_], next(self._numbers)
        line = a_line(number, sku=variant.sku, quantity=units, variant=int(variant.id.rsplit("/", 1)[-1]))
        place = order.fulfillment_orders[0].location
        assert place is not None
        location = int(place.rsplit("/", 1)[-1])
        fo = a_fulfillment_order(a_fulfillment_order_line(line), number=number, location=location)
        self._uncommit(fo, fo.lines[0], -units, restock=True)
        self._orders[id_] = replace(
            order,
            lines=(*order.lines, line),
            fulfillment_orders=(*order.fulfillment_orders, fo),
            fulfillment_status="PARTIALLY_FULFILLED",
            updated_at=self._clock.now(),
        )

    def _show_status(self, id_: OrderId) -> None:
        states = {one.status for one in self._returns.values() if one.order == id_}
        shown = (("REQUESTED", "RETURN_REQUESTED"), ("OPEN", "IN_PROGRESS"), ("CLOSED", "RETURNED"))
        status = next((name for state, name in shown if state in states), "NO_RETURN")
        self._orders[id_] = replace(self._orders[id_], return_status=status, updated_at=self._clock.now())

    def _dispose(self, disposal: Disposal) -> None:
        found = next(one for one in self._returns.values() if disposal.line in {way.id for way in one.reverse_lines})
        ways = []
        for way in found.reverse_lines:
            if way.id != disposal.line:
                ways.append(way)
                continue
            if disposal.units > way.total - sum(done.units for done in way.disposed):
                raise TryAgain("The fake store: cannot dispose more items than are returned.")
            new = Disposed(disposal.type, disposal.location, disposal.units)
            ways.append(replace(way, disposed=(*way.disposed, new)))
            line = next(one for one in found.lines if one.fulfillment_line == way.fulfillment_line)
            if disposal.type == "RESTOCKED" and disposal.location is not None and line.variant is not None:
                self._available[self._variants[line.variant].inventory_item, disposal.location] += disposal.units
        self._returns[found.id] = replace(found, reverse_lines=tuple(ways))

    def _is_repeat(self, key: str, said: tuple[list[SetAvailable] | list[AdjustAvailable], str]) -> bool:
        """Tell whether this very call was made; the reference is part of it, as at Shopify."""
        if self._written.get(key, said) != said:
            raise HubError("The fake store: one key for two different stock updates. Please report this.")
        return key in self._written

    def _row(self, index: int, write: SetAvailable | AdjustAvailable) -> RowRefused | None:
        level = (write.item, write.location)
        if write.item in self._poisoned:
            return RowRefused(index, "INVALID_INVENTORY_ITEM", self._poisoned[write.item], stale=False)
        if level not in self._available:
            return RowRefused(index, "INVALID_INVENTORY_ITEM", "The inventory item is not stocked there.", stale=False)
        if isinstance(write, SetAvailable) and self._available[level] != write.change_from:
            return RowRefused(index, "CHANGE_FROM_QUANTITY_STALE", "The quantity has changed.", stale=True)
        return None

    def _fulfillment(self, order: Order, draft: FulfillmentDraft) -> Fulfillment:
        contents: Counter[FulfillmentOrderLine] = Counter()
        for fo in order.fulfillment_orders:
            wanted: Counter[FulfillmentOrderLineId] = Counter()
            for line_id, units in draft.lines.get(fo.id, ()):
                wanted[line_id] += units
            if wanted and not fo.can("CREATE_FULFILLMENT"):
                raise Refused(f"The fake store: {fo.id} has an unfulfillable status= {fo.status.lower()}.")
            known = {line.id: line for line in fo.lines}
            for line_id, asked in wanted.items():
                line = known.get(line_id)
                if line is None or not 0 < asked <= line.remaining:
                    raise Refused("The fake store: invalid fulfillment order line item quantity requested.")
                contents[line] += asked
        for fo in order.fulfillment_orders:
            for line in fo.lines:
                self._uncommit(fo, line, contents[line], restock=False)
        number = len(order.fulfillments) + 1
        return Fulfillment(
            id=FulfillmentId(f"gid://shopify/Fulfillment/{next(self._numbers)}"),
            name=f"{order.name}-F{number}",
            status="SUCCESS",
            tracking_company=draft.tracking_company,
            tracking_numbers=() if draft.tracking_number is None else (draft.tracking_number,),
            lines=tuple((line.line_item, Units(units)) for line, units in contents.items() if units),
            tracking_urls=() if draft.tracking_url is None else (draft.tracking_url,),
        )

    def _found(self, id_: FulfillmentId) -> tuple[Order, Fulfillment]:
        for order in self._orders.values():
            for fulfillment in order.fulfillments:
                if fulfillment.id == id_:
                    return order, fulfillment
        raise TryAgain("The fake store: fulfillment not found.")

    def _put_fulfillment(self, order: Order, changed: Fulfillment) -> None:
        fulfillments = tuple(changed if one.id == changed.id else one for one in order.fulfillments)
        self._orders[order.id] = replace(order, updated_at=self._clock.now(), fulfillments=fulfillments)

    def _part(self, id_: FulfillmentOrderId) -> FulfillmentOrder:
        for order in self._orders.values():
            for part in order.fulfillment_orders:
                if part.id == id_:
                    return part
        raise TryAgain("The fake store: fulfillment order does not exist.")

    def _put_part(self, changed: FulfillmentOrder) -> None:
        for id_, order in self._orders.items():
            if any(part.id == changed.id for part in order.fulfillment_orders):
                parts = tuple(changed if part.id == changed.id else part for part in order.fulfillment_orders)
                self._orders[id_] = replace(order, updated_at=self._clock.now(), fulfillment_orders=parts)
                return

    def _give_up(self, part: FulfillmentOrder) -> None:
        """Close a fulfillment order; what was left of it waits in a new one to be requested."""
        number = next(self._numbers)
        left = [(line, line.remaining) for line in part.lines if line.remaining]
        new = tuple(replace(line, id=FulfillmentOrderLineId(f"{line.id}{number}"), total=units) for line, units in left)
        made = replace(
            part,
            id=FulfillmentOrderId(f"{part.id}{number}"),
            status="OPEN",
            request_status="UNSUBMITTED",
            supported_actions=_UNREQUESTED,
            lines=new,
        )
        rest = tuple(replace(line, total=Units(line.total - line.remaining), remaining=Units(0)) for line in part.lines)
        closed = replace(
            part, status="CLOSED", request_status="CANCELLATION_ACCEPTED", supported_actions=frozenset(), lines=rest
        )
        self._put_part(closed)
        order = next(one for one in self._orders.values() if closed in one.fulfillment_orders)
        self._orders[order.id] = replace(order, fulfillment_orders=(*order.fulfillment_orders, made))

    def _mail(self, fulfillment: FulfillmentId, *, wanted: bool) -> None:
        if wanted:
            self.mails.append(fulfillment)

    def _give_back(self, id_: OrderId, draft: FulfillmentDraft) -> None:
        """Units go back to their fulfillment order while it is open, else into a new one."""
        order = self._orders[id_]
        parts: list[FulfillmentOrder] = []
        for fo in order.fulfillment_orders:
            units = Counter[FulfillmentOrderLineId]()
            for line_id, back in draft.lines.get(fo.id, ()):
                units[line_id] += back
            for line in fo.lines:
                self._uncommit(fo, line, -units[line.id], restock=False)
            reopened = tuple(replace(line, remaining=Units(line.remaining + units[line.id])) for line in fo.lines)
            if not units or fo.status != "CLOSED":
                parts.append(replace(fo, lines=reopened))
                continue
            number = next(self._numbers)
            new_lines = tuple(
                replace(
                    line,
                    id=FulfillmentOrderLineId(f"{line.id}{number}"),
                    total=Units(units[line.id]),
                    remaining=Units(units[line.id]),
                )
                for line in fo.lines
                if units[line.id]
            )
            new = replace(
                fo,
                id=FulfillmentOrderId(f"{fo.id}{number}"),
                status="OPEN",
                supported_actions=frozenset({"CREATE_FULFILLMENT"}),
                lines=new_lines,
            )
            parts += [fo, new]
        self._orders[id_] = replace(order, fulfillment_orders=tuple(parts))

    def _less(self, fo: FulfillmentOrder, draft: FulfillmentDraft) -> FulfillmentOrder:
        gone: Counter[FulfillmentOrderLineId] = Counter()
        for line_id, units in draft.lines.get(fo.id, ()):
            gone[line_id] += units
        lines = tuple(replace(line, remaining=Units(line.remaining - gone[line.id])) for line in fo.lines)
        if any(line.remaining for line in lines):
            return replace(fo, lines=lines)
        return replace(fo, lines=lines, status="CLOSED", supported_actions=frozenset())

    def _uncommit(self, fo: FulfillmentOrder, line: FulfillmentOrderLine, units: int, *, restock: bool) -> None:
        if line.inventory_item is None or fo.location is None:
            return
        level = (line.inventory_item, fo.location)
        if level in self._available:
            self._committed[level] -= units
            self._available[level] += units if restock else 0


def _page(found: Sequence[tuple[IdT, datetime]], since: datetime, after: str | None) -> Updated[IdT]:
    # Whole seconds, as Shopify keeps and compares them.
    floor = since.replace(microsecond=0)
    rest = sorted(((id_, at) for id_, at in found if at >= floor), key=lambda one: (one[1], one[0]))
    start = int(after or 0)
    end = start + PAGE
    return Updated(tuple(rest[start:end]), str(end) if end < len(rest) else None)


def a_sold_variant(
    store: FakeStorefront, number: int, sku: str, location: LocationId, units: int, barcode: str | None = None
) -> Variant:
    """Have the store sell a variant with so many units at one location."""
    variant = a_variant(number, sku=Sku(sku), barcode=barcode)
    store.add_variant(variant, {location: units})
    return variant


def _wished(extras: Extras, wishes: Wishes) -> Extras:
    """Return what is wished for of the extras, as Shopify would: nothing else."""
    customer = extras.customer if wishes.customer else None
    return Extras(
        _named(extras.metafields, wishes.keys(Owner.ORDER)),
        customer and replace(customer, metafields=_named(customer.metafields, wishes.keys(Owner.CUSTOMER))),
        {
            id_: LineExtras(
                line.properties if wishes.properties else (),
                _named(line.product, wishes.keys(Owner.PRODUCT)),
                _named(line.variant, wishes.keys(Owner.VARIANT)),
            )
            for id_, line in extras.lines.items()
        },
    )


def _named(metafields: Metafields, keys: Collection[str]) -> Metafields:
    found = {
        namespace: {key: value for key, value in values.items() if f"{namespace}.{key}" in keys}
        for namespace, values in metafields.items()
    }
    return {namespace: values for namespace, values in found.items() if values}
