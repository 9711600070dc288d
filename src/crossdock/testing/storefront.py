"""A store that lives in memory, held to the same suite as the real adapter, and able to fail at will."""

import itertools
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from crossdock.kit.clock import Clock, SystemClock
from crossdock.kit.errors import HubError, Refused, TryAgain
from crossdock.model.catalog import Location, Variant
from crossdock.model.names import (
    FulfillmentId,
    FulfillmentOrderId,
    FulfillmentOrderLineId,
    InventoryItemId,
    LocationId,
    OrderId,
    Sku,
    Units,
    VariantId,
)
from crossdock.model.order import Fulfillment, FulfillmentOrder, FulfillmentOrderLine, Order
from crossdock.model.request import DeliveryEvent, Tracking
from crossdock.model.stock import AdjustAvailable, InventoryLevel, Level, SetAvailable
from crossdock.ports.storefront import FulfillmentDraft, RowRefused, Shop, Subscription, Updated
from crossdock.testing.builders import a_fulfillment_order, a_fulfillment_order_line, a_line, a_variant, an_order

PAGE = 100

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
        self._available: dict[Level, int] = {}
        self._committed: Counter[Level] = Counter()
        self._poisoned: dict[InventoryItemId, str] = {}
        self._written: dict[str, tuple[list[SetAvailable] | list[AdjustAvailable], str]] = {}
        self._faults: list[tuple[str, HubError, bool]] = []
        self._subscriptions: dict[str, Subscription] = {}
        self._drafts: dict[FulfillmentId, FulfillmentDraft] = {}
        self._events: dict[FulfillmentId, list[DeliveryEvent]] = {}
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
        now = self._clock.now()
        order = an_order(number=number, lines=lines, fulfillment_orders=[fo], updated_at=now)
        self._orders[order.id] = replace(order, created_at=now)
        for variant, units in wanted:
            self._available[variant.inventory_item, location] -= units
            self._committed[variant.inventory_item, location] += units
        return order.id

    def cancel(self, id_: OrderId) -> None:
        """Cancel an order and put what was not fulfilled back."""
        order = self._orders[id_]
        for fo in order.fulfillment_orders:
            for line in fo.lines:
                self._uncommit(fo, line, line.remaining, restock=True)
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

    # --- behind the counter ---------------------------------------------------------------------------------------

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
