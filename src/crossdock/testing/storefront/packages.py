"""Packages as the store hears of them: fulfillments, their tracking, and what happened to them on their way."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from crossdock.kit.errors import Refused
from crossdock.model.names import FulfillmentId, FulfillmentOrderId, FulfillmentOrderLineId, Units
from crossdock.model.order import Fulfillment, FulfillmentOrder, FulfillmentOrderLine, Order
from crossdock.model.request import DeliveryEvent, Tracking
from crossdock.ports.storefront import FulfillmentDraft
from crossdock.testing.storefront.fulfillment_orders import left_with
from crossdock.testing.storefront.levels import Levels
from crossdock.testing.storefront.orders import Orders


class Packages:
    """Fulfillments of the store's orders, each with the draft that it was made of."""

    def __init__(self, levels: Levels, orders: Orders, numbers: Iterator[int]) -> None:
        self._levels = levels
        self._orders = orders
        self._numbers = numbers
        self._drafts: dict[FulfillmentId, FulfillmentDraft] = {}
        self._events: dict[FulfillmentId, list[DeliveryEvent]] = {}
        self.mails: list[FulfillmentId] = []
        """Every time that the customer was written to about a fulfillment."""

    def draft(self, id_: FulfillmentId) -> FulfillmentDraft:
        """Return what a fulfillment was made of."""
        return self._drafts[id_]

    def create(self, draft: FulfillmentDraft) -> FulfillmentId:
        """Note that a package left. Raises Refused where its units are not there to be fulfilled."""
        orders = [order for order in self._orders if any(fo.id in draft.lines for fo in order.fulfillment_orders)]
        if len(orders) != 1:
            raise Refused("The fake store: fulfillment order does not exist, or they are of several orders.")
        (order,) = orders
        made = self._fulfillment(order, draft)
        self._orders.change(
            replace(
                order,
                fulfillment_orders=tuple(_less(fo, draft) for fo in order.fulfillment_orders),
                fulfillments=(*order.fulfillments, made),
            )
        )
        self._drafts[made.id] = draft
        self._mail(made.id, wanted=draft.notify_customer)
        return made.id

    def correct_tracking(self, id_: FulfillmentId, tracking: Tracking, *, notify_customer: bool) -> None:
        """Replace a fulfillment's tracking."""
        _, found = self._orders.fulfillment(id_)
        self._orders.put_fulfillment(
            replace(
                found,
                tracking_company=tracking.carrier,
                tracking_numbers=() if tracking.number is None else (tracking.number,),
                tracking_urls=() if tracking.url is None else (tracking.url,),
            )
        )
        self._mail(id_, wanted=notify_customer)

    def cancel(self, id_: FulfillmentId) -> None:
        """Take a fulfillment back; one that is cancelled already stays so."""
        order, found = self._orders.fulfillment(id_)
        if not found.cancelled:
            self._orders.put_fulfillment(replace(found, status="CANCELLED"))
            self._give_back(self._orders[order.id], self._drafts[id_])

    def report(self, id_: FulfillmentId, event: DeliveryEvent) -> None:
        """Note what happened to a package, in whole seconds."""
        self._orders.fulfillment(id_)
        kept = replace(event, happened_at=event.happened_at.replace(microsecond=0))
        self._events.setdefault(id_, []).append(kept)

    def events(self, ids: Sequence[FulfillmentId]) -> Mapping[FulfillmentId, Sequence[DeliveryEvent]]:
        """Return what was reported of packages that left."""
        return {id_: list(self._events.get(id_, ())) for id_ in ids if id_ in self._drafts}

    def _fulfillment(self, order: Order, draft: FulfillmentDraft) -> Fulfillment:
        contents = _contents(order, draft)
        for fo in order.fulfillment_orders:
            for line in fo.lines:
                self._levels.uncommit(fo, line, contents[line], restock=False)
        return Fulfillment(
            id=FulfillmentId(f"gid://shopify/Fulfillment/{next(self._numbers)}"),
            name=f"{order.name}-F{len(order.fulfillments) + 1}",
            status="SUCCESS",
            tracking_company=draft.tracking_company,
            tracking_numbers=() if draft.tracking_number is None else (draft.tracking_number,),
            lines=tuple((line.line_item, Units(units)) for line, units in contents.items() if units),
            tracking_urls=() if draft.tracking_url is None else (draft.tracking_url,),
        )

    def _give_back(self, order: Order, draft: FulfillmentDraft) -> None:
        """Units go back to their fulfillment order while it is open, else into a new one."""
        parts: list[FulfillmentOrder] = []
        for fo in order.fulfillment_orders:
            units = _units(fo, draft)
            for line in fo.lines:
                self._levels.uncommit(fo, line, -units[line.id], restock=False)
            if units and fo.status == "CLOSED":
                parts += [fo, self._anew(fo, units)]
            else:
                lines = (replace(line, remaining=Units(line.remaining + units[line.id])) for line in fo.lines)
                parts.append(replace(fo, lines=tuple(lines)))
        self._orders.put(replace(order, fulfillment_orders=tuple(parts)))

    def _anew(self, fo: FulfillmentOrder, units: Counter[FulfillmentOrderLineId]) -> FulfillmentOrder:
        number = next(self._numbers)
        lines = tuple(
            replace(line, id=FulfillmentOrderLineId(f"{line.id}{number}"), total=back, remaining=back)
            for line in fo.lines
            if (back := Units(units[line.id]))
        )
        can = frozenset({"CREATE_FULFILLMENT"})
        new_id = FulfillmentOrderId(f"{fo.id}{number}")
        return replace(fo, id=new_id, status="OPEN", supported_actions=can, lines=lines)

    def _mail(self, fulfillment: FulfillmentId, *, wanted: bool) -> None:
        if wanted:
            self.mails.append(fulfillment)


def _units(fo: FulfillmentOrder, draft: FulfillmentDraft) -> Counter[FulfillmentOrderLineId]:
    """Return what a draft says of the lines of a fulfillment order."""
    units: Counter[FulfillmentOrderLineId] = Counter()
    for line, some in draft.lines.get(fo.id, ()):
        units[line] += some
    return units


def _contents(order: Order, draft: FulfillmentDraft) -> Counter[FulfillmentOrderLine]:
    """Return what a draft says of an order's lines. Raises Refused where it cannot be fulfilled."""
    contents: Counter[FulfillmentOrderLine] = Counter()
    for fo in order.fulfillment_orders:
        wanted = _units(fo, draft)
        if wanted and not fo.can("CREATE_FULFILLMENT"):
            raise Refused(f"The fake store: {fo.id} has an unfulfillable status= {fo.status.lower()}.")
        known = {line.id: line for line in fo.lines}
        for line_id, asked in wanted.items():
            line = known.get(line_id)
            if line is None or not 0 < asked <= line.remaining:
                raise Refused("The fake store: invalid fulfillment order line item quantity requested.")
            contents[line] += asked
    return contents


def _less(fo: FulfillmentOrder, draft: FulfillmentDraft) -> FulfillmentOrder:
    gone = _units(fo, draft)
    return left_with(fo, (replace(line, remaining=Units(line.remaining - gone[line.id])) for line in fo.lines))
