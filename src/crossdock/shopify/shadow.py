"""
A store in a shadow: every question is passed on, and every change is noted and not made.

Each method stands here by name: one that a later port adds is missed by the type checker, and changes nothing unseen.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from crossdock.kit.wording import counted
from crossdock.model.catalog import Location, Variant
from crossdock.model.extras import Extras, Wishes
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
from crossdock.ports.shadow import InShadow, Notes, Side, WouldWrite, keep_back
from crossdock.ports.storefront import FulfillmentDraft, RowRefused, Shop, Storefront, Subscription, Updated

STOCK = "stock"
"""The act of writing a level; its notes have figures."""


class ShadowStorefront:
    """Satisfies the port `Storefront`; whatever would change the store raises InShadow."""

    def __init__(self, storefront: Storefront, notes: Notes) -> None:
        self._storefront = storefront
        self._notes = notes

    # --- what is asked --------------------------------------------------------------------------------------------

    async def shop(self) -> Shop:
        """Return what the store says of itself."""
        return await self._storefront.shop()

    async def locations(self) -> tuple[Location, ...]:
        """Return all places that the store has."""
        return await self._storefront.locations()

    async def orders(self, ids: Sequence[OrderId]) -> Mapping[OrderId, Order]:
        """Return the orders, whole, as of now."""
        return await self._storefront.orders(ids)

    async def extras(self, orders: Sequence[Order], wishes: Wishes) -> Mapping[OrderId, Extras]:
        """Return what mappings ask of these orders beyond themselves."""
        return await self._storefront.extras(orders, wishes)

    async def orders_of(self, fulfillment_orders: Sequence[FulfillmentOrderId]) -> Mapping[FulfillmentOrderId, OrderId]:
        """Return which order each fulfillment order belongs to."""
        return await self._storefront.orders_of(fulfillment_orders)

    async def orders_updated(self, since: datetime, after: str | None = None) -> Updated[OrderId]:
        """Return a page of the orders changed at or after `since`."""
        return await self._storefront.orders_updated(since, after)

    async def variants(self, ids: Sequence[VariantId]) -> Mapping[VariantId, Variant]:
        """Return the variants, as of now."""
        return await self._storefront.variants(ids)

    async def variants_of(self, products: Sequence[str]) -> Mapping[str, tuple[VariantId, ...]]:
        """Return the variants of each product."""
        return await self._storefront.variants_of(products)

    async def variants_updated(self, since: datetime, after: str | None = None) -> Updated[VariantId]:
        """Return a page of the variants changed at or after `since`."""
        return await self._storefront.variants_updated(since, after)

    async def levels(self, items: Sequence[InventoryItemId]) -> Sequence[InventoryLevel]:
        """Return the items' levels at every location that stocks them."""
        return await self._storefront.levels(items)

    async def delivery_events(
        self, fulfillments: Sequence[FulfillmentId]
    ) -> Mapping[FulfillmentId, Sequence[DeliveryEvent]]:
        """Return what was reported of packages on their way."""
        return await self._storefront.delivery_events(fulfillments)

    async def jobs_done(self, jobs: Sequence[JobId]) -> Collection[JobId]:
        """Return those of the jobs that have come to an end."""
        return await self._storefront.jobs_done(jobs)

    async def returns(self, orders: Sequence[OrderId]) -> Mapping[OrderId, Sequence[Return]]:
        """Return all returns of these orders."""
        return await self._storefront.returns(orders)

    async def returnable(self, order: OrderId) -> Sequence[Returnable]:
        """Return what of an order's fulfillments no return speaks for."""
        return await self._storefront.returnable(order)

    async def settlement(self, order: OrderId) -> Settlement | None:
        """Return an order's payments and refunds."""
        return await self._storefront.settlement(order)

    async def suggested_outcome(
        self,
        id_: ReturnId,
        lines: Sequence[tuple[ReturnLineId, Units]],
        exchanges: Sequence[tuple[ExchangeLineId, Units]] = (),
        *,
        shipping: bool,
    ) -> Refund | Owed | None:
        """Return who pays what, as Shopify reckons."""
        return await self._storefront.suggested_outcome(id_, lines, exchanges, shipping=shipping)

    async def subscriptions(self) -> tuple[Subscription, ...]:
        """Return the webhook subscriptions of this app at the store."""
        return await self._storefront.subscriptions()

    # --- what would be done ---------------------------------------------------------------------------------------

    async def set_available(self, writes: Sequence[SetAvailable], key: str, reference: str) -> Sequence[RowRefused]:
        """Note the figures beside what is there. Raises InShadow."""
        del key, reference
        raise await keep_back(
            self._notes,
            *(
                WouldWrite(
                    Side.SHOPIFY,
                    STOCK,
                    f"{one.item} {one.location}",
                    f"The level of {one.item} at {one.location} would be set from {one.change_from} to {one.quantity}.",
                    there=one.change_from,
                    would=one.quantity,
                )
                for one in writes
            ),
        )

    async def adjust_available(
        self, changes: Sequence[AdjustAvailable], key: str, reference: str
    ) -> Sequence[RowRefused]:
        """Note what would be added. Raises InShadow."""
        del key, reference
        raise await keep_back(
            self._notes,
            *(
                WouldWrite(
                    Side.SHOPIFY,
                    STOCK,
                    f"{one.item} {one.location}",
                    f"{one.units:+d} would be added to the level of {one.item} at {one.location}.",
                )
                for one in changes
            ),
        )

    async def create_fulfillment(self, draft: FulfillmentDraft) -> FulfillmentId:
        """Note a package. Raises InShadow."""
        units = counted(sum(units for lines in draft.lines.values() for _, units in lines), "unit")
        label = " ".join(part for part in (draft.tracking_company, draft.tracking_number) if part) or "no tracking"
        about = f"{' '.join(sorted(draft.lines))} {draft.tracking_number or ''}".strip()
        raise await self._kept("package", about, f"A package of {units} ({label}) would be told to Shopify.")

    async def correct_tracking(self, fulfillment: FulfillmentId, tracking: Tracking, *, notify_customer: bool) -> None:
        """Note other tracking. Raises InShadow."""
        del notify_customer
        said = " ".join(part for part in (tracking.carrier, tracking.number) if part)
        raise await self._kept("tracking", fulfillment, f"The tracking of {fulfillment} would become {said}.")

    async def cancel_fulfillment(self, fulfillment: FulfillmentId) -> None:
        """Note a fulfillment that would be taken back. Raises InShadow."""
        raise await self._kept("take back", fulfillment, f"{fulfillment} would be cancelled.")

    async def hold(self, fulfillment_order: FulfillmentOrderId, reason: str) -> None:
        """Note a hold that would be put on. Raises InShadow."""
        del reason
        raise await self._kept("hold", fulfillment_order, f"A hold would be put on {fulfillment_order}.")

    async def release_hold(self, fulfillment_order: FulfillmentOrderId, holds: Sequence[FulfillmentHoldId]) -> None:
        """Note holds that would be taken off. Raises InShadow."""
        sentence = f"{counted(len(holds), 'hold')} would be taken off {fulfillment_order}."
        raise await self._kept("release", fulfillment_order, sentence)

    async def report_progress(self, fulfillment_order: FulfillmentOrderId) -> None:
        """Note work that would be shown as begun. Raises InShadow."""
        raise await self._kept("progress", fulfillment_order, f"{fulfillment_order} would be shown as in progress.")

    async def take_progress_back(self, fulfillment_order: FulfillmentOrderId) -> None:
        """Note work that would be shown as not begun. Raises InShadow."""
        sentence = f"{fulfillment_order} would be shown as in progress no longer."
        raise await self._kept("no progress", fulfillment_order, sentence)

    async def prepared_for_pickup(self, fulfillment_order: FulfillmentOrderId) -> None:
        """Note goods that would be shown as waiting for the customer. Raises InShadow."""
        sentence = f"{fulfillment_order} would be shown as ready for pickup."
        raise await self._kept("pickup", fulfillment_order, sentence)

    async def reply(self, said: Reply) -> None:
        """Note an answer to a merchant's request. Raises InShadow."""
        sentence = f"The merchant's request for {said.fulfillment_order} would be answered: {said.say}. {said.message}"
        raise await self._kept("reply", f"{said.fulfillment_order} {said.say}", sentence)

    async def report_event(self, fulfillment: FulfillmentId, event: DeliveryEvent) -> None:
        """Note what would be reported. Raises InShadow."""
        about = f"{fulfillment} {event.status.value}"
        raise await self._kept("event", about, f"Of {fulfillment} would be reported: {event.status.value}.")

    async def cancel_order(self, order: OrderId, *, restock: bool, refund: bool, notify_customer: bool) -> JobId:
        """Note an order that would be cancelled. Raises InShadow."""
        del restock, notify_customer
        how = "and refunded" if refund else "without a refund"
        raise await self._kept("cancel", order, f"{order} would be cancelled on Shopify, {how}.", order)

    async def remove_units(self, removal: Removal) -> None:
        """Note units that would be taken out of an order. Raises InShadow."""
        lines = counted(len(removal.left), "line")
        sentence = f"Units of {lines} would be taken out of {removal.order} on Shopify."
        raise await self._kept("edit", removal.order, sentence, removal.order)

    async def move_fulfillment_order(self, move: Move) -> None:
        """Note goods that would be moved. Raises InShadow."""
        what = "All" if move.lines is None else counted(sum(units for _, units in move.lines), "unit")
        sentence = f"{what} of {move.fulfillment_order} would be moved to {move.to}."
        raise await self._kept("move", move.fulfillment_order, sentence)

    async def create_return(
        self, order: OrderId, lines: Sequence[tuple[FulfillmentLineId, Units]], note: str
    ) -> ReturnId:
        """Note a return that would be created. Raises InShadow."""
        units = counted(sum(units for _, units in lines), "unit")
        sentence = f"A return of {units} ({note}) would be created on Shopify."
        raise await self._kept("return", f"{order} {note}", sentence, order)

    async def approve_return(self, id_: ReturnId) -> None:
        """Note a return that would be approved. Raises InShadow."""
        raise await self._kept("approve", id_, f"{id_} would be approved.")

    async def dispose(self, disposals: Sequence[Disposal]) -> None:
        """Note what would be said of units that came back. Raises InShadow."""
        said = ", ".join(f"{one.units} {one.type}" for one in disposals)
        about = " ".join(sorted(one.line for one in disposals))
        raise await self._kept("dispose", about, f"Of what came back Shopify would be told: {said}.")

    async def process_return(
        self,
        id_: ReturnId,
        lines: Sequence[tuple[ReturnLineId, Units]],
        refund: Refund | None,
        exchanges: Sequence[tuple[ExchangeLineId, Units]] = (),
        *,
        shipping: bool,
    ) -> None:
        """Note a sale that would be undone, what would be given back, and what sent instead. Raises InShadow."""
        del shipping
        units = counted(sum(units for _, units in lines), "unit")
        money = "no refund" if refund is None else f"a refund of {refund.amount}"
        instead = counted(sum(units for _, units in exchanges), "unit")
        sent = f" and {instead} in exchange" if exchanges else ""
        raise await self._kept("process", id_, f"{units} of {id_} would be processed, with {money}{sent}.")

    async def create_reverse_delivery(self, order: ReverseOrderId, tracking: ReturnTracking) -> None:
        """Note a parcel on its way back that would be told of. Raises InShadow."""
        sentence = f"A parcel on its way back would be told of: {tracking.number}."
        raise await self._kept("reverse_delivery", f"{order} {tracking.number}", sentence)

    async def track_reverse_delivery(self, id_: ReverseDeliveryId, tracking: ReturnTracking) -> None:
        """Note the tracking of a parcel on its way back that would be told. Raises InShadow."""
        sentence = f"The parcel {id_} would be tracked as {tracking.number}."
        raise await self._kept("reverse_delivery", f"{id_} {tracking.number}", sentence)

    async def close_return(self, id_: ReturnId) -> None:
        """Note a return that would be closed. Raises InShadow."""
        raise await self._kept("close", id_, f"{id_} would be closed.")

    async def capture(self, order: OrderId, authorization: PaymentId, money: Money) -> None:
        """Note a payment that would be captured. Raises InShadow."""
        raise await self._kept("capture", authorization, f"{money} would be captured for {order}.", order)

    async def refund(self, what: PaidBack, key: str) -> RefundId:
        """Note money that would be given back. Raises InShadow."""
        money = " and ".join(str(part) for _, _, part in what.parts)
        raise await self._kept("refund", key, f"{money} would be given back for {what.order}.", what.order)

    async def subscribe(self, topic: str, uri: str) -> Subscription:
        """Note a subscription. Raises InShadow."""
        raise await self._kept("subscribe", topic, f"Webhooks of {topic} would be sent to {uri}.")

    async def unsubscribe(self, subscription: Subscription) -> None:
        """Note a subscription that would be deleted. Raises InShadow."""
        sentence = f"The subscription of {subscription.topic} to {subscription.uri} would be deleted."
        raise await self._kept("unsubscribe", subscription.id, sentence)

    async def _kept(self, act: str, about: str, sentence: str, order: OrderId | None = None) -> InShadow:
        return await keep_back(self._notes, WouldWrite(Side.SHOPIFY, act, about, sentence, order))
