"""What the hub asks of a store."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from crossdock.model.catalog import Location, Variant
from crossdock.model.extras import Extras, Wishes
from crossdock.model.money import Money
from crossdock.model.names import (
    ExchangeLineId,
    FulfillmentHoldId,
    FulfillmentId,
    FulfillmentLineId,
    FulfillmentOrderId,
    FulfillmentOrderLineId,
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

IdT = TypeVar("IdT")


@dataclass(frozen=True, slots=True)
class Updated(Generic[IdT]):
    """One page of what changed: ids with their `updated_at`, oldest first, and the cursor of the next page."""

    objects: tuple[tuple[IdT, datetime], ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class RowRefused:
    """
    One row of a batch that Shopify refused, by its index.

    `stale` says that the level no longer held `change_from`: nothing is wrong with the row, it must be decided anew.
    """

    index: int
    code: str
    message: str
    stale: bool


@dataclass(frozen=True, slots=True)
class FulfillmentDraft:
    """One package, about to be told to Shopify. `lines` name fulfillment order lines of one location."""

    lines: Mapping[FulfillmentOrderId, tuple[tuple[FulfillmentOrderLineId, Units], ...]]
    tracking_company: str | None
    tracking_number: str | None
    tracking_url: str | None
    notify_customer: bool


@dataclass(frozen=True, slots=True)
class Subscription:
    """
    One webhook subscription as the store has it. `topic` is spelled as in deliveries (`orders/create`).

    `narrowed` says what keeps news away or garbles it, in a few words each: a filter, a choice of fields, XML. The hub
    makes none of these. `api_version` is the one that its deliveries speak, where the store says.
    """

    id: str
    topic: str
    uri: str
    narrowed: tuple[str, ...] = ()
    api_version: str | None = None


@dataclass(frozen=True, slots=True)
class Shop:
    """What a store says of itself."""

    domain: str
    name: str
    currency: str
    plan: str


class Storefront(Protocol):
    """
    One store.

    Every method may raise TryAgain (network, 5xx, too long throttled), Refused (Shopify said no to this very
    object) or StoreUnusable (401, 402, 403, 423). Ids that the store does not know are left out of answers.
    Sequences of ids are at most 250 long where they are read in one go; longer ones are split by the adapter.
    """

    async def shop(self) -> Shop:
        """Return what the store says of itself."""
        ...

    async def locations(self) -> tuple[Location, ...]:
        """Return all places that the store has, inactive ones too."""
        ...

    async def orders(self, ids: Sequence[OrderId]) -> Mapping[OrderId, Order]:
        """Return the orders, whole, as of now."""
        ...

    async def extras(self, orders: Sequence[Order], wishes: Wishes) -> Mapping[OrderId, Extras]:
        """
        Return what mappings ask of these orders beyond themselves, as of now; no more than is wished for.

        Raises Refused where the token may not read it.
        """
        ...

    async def orders_of(self, fulfillment_orders: Sequence[FulfillmentOrderId]) -> Mapping[FulfillmentOrderId, OrderId]:
        """Return which order each fulfillment order belongs to."""
        ...

    async def orders_updated(self, since: datetime, after: str | None = None) -> Updated[OrderId]:
        """Return a page of the orders changed at or after `since`, by `updated_at`."""
        ...

    async def variants(self, ids: Sequence[VariantId]) -> Mapping[VariantId, Variant]:
        """Return the variants, as of now."""
        ...

    async def variants_of(self, products: Sequence[str]) -> Mapping[str, tuple[VariantId, ...]]:
        """Return the variants of each product (`gid://shopify/Product/1`)."""
        ...

    async def variants_updated(self, since: datetime, after: str | None = None) -> Updated[VariantId]:
        """Return a page of the variants changed at or after `since`, in any order."""
        ...

    async def levels(self, items: Sequence[InventoryItemId]) -> Sequence[InventoryLevel]:
        """Return the items' levels at every location that stocks them, as of now."""
        ...

    async def set_available(self, writes: Sequence[SetAvailable], key: str, reference: str) -> Sequence[RowRefused]:
        """
        Set levels, at most 250, all or none; return the refused rows, none where all went through.

        `key` is the idempotency key; `reference` is a URI that Shopify keeps with the change. Both stand for this very
        call: raises HubError where the key was used with other writes, or with another reference.
        """
        ...

    async def adjust_available(
        self, changes: Sequence[AdjustAvailable], key: str, reference: str
    ) -> Sequence[RowRefused]:
        """
        Add to levels, at most 250, all or none; return the refused rows, none where all went through.

        `key` and `reference` are as in `set_available`. A key that is known, for 24 hours, answers as it did and adds
        nothing more.
        """
        ...

    async def create_fulfillment(self, draft: FulfillmentDraft) -> FulfillmentId:
        """
        Tell Shopify that a package left.

        Shopify neither recognises a repeat nor keeps a reference of ours: look for an existing fulfillment first.
        """
        ...

    async def correct_tracking(self, fulfillment: FulfillmentId, tracking: Tracking, *, notify_customer: bool) -> None:
        """
        Replace what a fulfillment says of its carrier, number and URL; what is None is left to Shopify.

        Shopify would write to the customer at each repeat: look at what it shows first.
        """
        ...

    async def cancel_fulfillment(self, fulfillment: FulfillmentId) -> None:
        """
        Take a fulfillment back; one that is cancelled already is no error.

        Its units can be fulfilled again: by their fulfillment order while that is open, else by a new one.
        """
        ...

    async def hold(self, fulfillment_order: FulfillmentOrderId, reason: str) -> None:
        """Put our one hold on a fulfillment order; one that has it already keeps it, with the reason that it has."""
        ...

    async def release_hold(self, fulfillment_order: FulfillmentOrderId, holds: Sequence[FulfillmentHoldId]) -> None:
        """Take these holds off, and no others; that they are gone already is no error."""
        ...

    async def report_progress(self, fulfillment_order: FulfillmentOrderId) -> None:
        """Say that work has begun; a repeat changes nothing."""
        ...

    async def take_progress_back(self, fulfillment_order: FulfillmentOrderId) -> None:
        """Say that nobody works on it any more; look first whether Shopify shows that somebody does."""
        ...

    async def prepared_for_pickup(self, fulfillment_order: FulfillmentOrderId) -> None:
        """Say that the goods wait for the customer; a repeat changes nothing."""
        ...

    async def reply(self, said: Reply) -> None:
        """
        Answer what a merchant requested of the fulfillment service that we are.

        Shopify takes each answer once. Raises TryAgain where it waits for none, or for another one.
        """
        ...

    async def delivery_events(
        self, fulfillments: Sequence[FulfillmentId]
    ) -> Mapping[FulfillmentId, Sequence[DeliveryEvent]]:
        """Return what was reported of packages on their way, the newest 50 of each; times in whole seconds."""
        ...

    async def report_event(self, fulfillment: FulfillmentId, event: DeliveryEvent) -> None:
        """
        Report what happened to a package on its way.

        Shopify does not recognise a repeat: look at what it has first.
        """
        ...

    async def cancel_order(self, order: OrderId, *, restock: bool, refund: bool, notify_customer: bool) -> JobId:
        """
        Have Shopify cancel an order for want of goods, and return the job that does it.

        Irreversible. Shopify neither knows a repeat nor cancels at once: look at the order and its job first.
        """
        ...

    async def jobs_done(self, jobs: Sequence[JobId]) -> Collection[JobId]:
        """Return those of the jobs that have come to an end, whatever it was."""
        ...

    async def remove_units(self, removal: Removal) -> None:
        """Take units out of an order that were not fulfilled, by an order edit. Safe to repeat."""

    async def move_fulfillment_order(self, move: Move) -> None:
        """
        Have another location ship a fulfillment order, or units of it.

        Shopify does not know a repeat: units that move twice are twice as many. Look at where they are first. Raises
        TryAgain where it is there already, or not to be moved any more.
        """
        ...

    async def returns(self, orders: Sequence[OrderId]) -> Mapping[OrderId, Sequence[Return]]:
        """
        Return all returns of these orders, whole, as of now; orders without any may be left out.

        Raises Refused where a return is larger than the hub reads (100 lines).
        """
        ...

    async def returnable(self, order: OrderId) -> Sequence[Returnable]:
        """Return what of an order's fulfillments no return speaks for."""
        ...

    async def create_return(
        self, order: OrderId, lines: Sequence[tuple[FulfillmentLineId, Units]], note: str
    ) -> ReturnId:
        """
        Create an approved return; `note` is written on each of its lines, as the reason.

        Shopify does not recognise a repeat: look for a return whose lines carry the note first.
        """
        ...

    async def approve_return(self, id_: ReturnId) -> None:
        """Approve a requested return. Raises TryAgain where it is not requested any more."""
        ...

    async def dispose(self, disposals: Sequence[Disposal]) -> None:
        """
        Say what became of units that came back; all lines are of one reverse fulfillment order.

        RESTOCKED makes them available. Shopify does not recognise a repeat: look at what was disposed of first.
        """
        ...

    async def suggested_outcome(
        self,
        id_: ReturnId,
        lines: Sequence[tuple[ReturnLineId, Units]],
        exchanges: Sequence[tuple[ExchangeLineId, Units]] = (),
        *,
        shipping: bool,
    ) -> Refund | Owed | None:
        """Return who pays what for these units and those that are sent instead, as Shopify reckons; None for nobody."""
        ...

    async def process_return(
        self,
        id_: ReturnId,
        lines: Sequence[tuple[ReturnLineId, Units]],
        refund: Refund | None,
        exchanges: Sequence[tuple[ExchangeLineId, Units]] = (),
        *,
        shipping: bool,
    ) -> None:
        """
        Undo the sale of units that came back, and give money back where `refund` says so; all of it or nothing.

        The exchanges become lines of the order; Shopify holds what ships them while their buyer owes money.
        Shopify does not recognise a repeat: look at what was processed first.
        """
        ...

    async def create_reverse_delivery(self, order: ReverseOrderId, tracking: ReturnTracking) -> None:
        """
        Tell of a parcel with all that is on its way of a reverse fulfillment order; the customer is not written to.

        Carrier and label are not told. Shopify does not recognise a repeat: look for the number first.
        """
        ...

    async def track_reverse_delivery(self, id_: ReverseDeliveryId, tracking: ReturnTracking) -> None:
        """Make number and address of a parcel on its way back what they are. Safe to repeat."""
        ...

    async def close_return(self, id_: ReturnId) -> None:
        """Close a return: nothing more is expected. One that is closed already is no error."""
        ...

    async def settlement(self, order: OrderId) -> Settlement | None:
        """Return an order's payments and refunds, whole, as of now; None where there is no such order."""
        ...

    async def capture(self, order: OrderId, authorization: PaymentId, money: Money) -> None:
        """
        Capture so much of an authorization, in the customer's currency.

        Shopify does not recognise a repeat: look at what of it is open first.
        """
        ...

    async def refund(self, what: PaidBack, key: str) -> RefundId:
        """
        Give money back for no goods.

        `key` stands for this very refund. Shopify forgets keys after 24 hours: look for a refund with the note first.
        """
        ...

    async def subscriptions(self) -> tuple[Subscription, ...]:
        """Return the webhook subscriptions of this app at the store."""
        ...

    async def subscribe(self, topic: str, uri: str) -> Subscription:
        """Create a subscription."""
        ...

    async def unsubscribe(self, subscription: Subscription) -> None:
        """Delete a subscription; one that is gone already is no error."""
        ...
