"""The `Storefront` port over Shopify's GraphQL Admin API."""

import asyncio
import random
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

import httpx

from crossdock.kit.clock import Clock, SystemClock
from crossdock.kit.errors import TryAgain, UsageError
from crossdock.model.catalog import Good, Location, Variant
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
    ShopDomain,
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
from crossdock.ports.calls import Breaker, Budget, Journal
from crossdock.ports.storefront import FulfillmentDraft, RowRefused, Shop, Subscription, Updated
from crossdock.shopify import replies, returns, settling, showing, survey
from crossdock.shopify.batches import LARGEST_INPUT, LARGEST_ORDERS, Batches
from crossdock.shopify.breaking import ONCE, broken_by
from crossdock.shopify.client import Access, AdminClient, Sleep
from crossdock.shopify.complaints import SUBSCRIPTION_GONE, SUBSCRIPTION_TAKEN, complaint
from crossdock.shopify.extras import extras_of
from crossdock.shopify.generated.admin import Admin
from crossdock.shopify.generated.enums import WebhookSubscriptionTopic
from crossdock.shopify.generated.fragments import LevelFields, LocationFields, SubscriptionFields
from crossdock.shopify.generated.levels import LevelsNodesInventoryItem
from crossdock.shopify.generated.orders import OrdersNodesOrder
from crossdock.shopify.generated.orders_of_fulfillment_orders import OrdersOfFulfillmentOrdersNodesFulfillmentOrder
from crossdock.shopify.generated.typed_client import Send
from crossdock.shopify.generated.variants import VariantsNodesProductVariant
from crossdock.shopify.generated.variants_of_products import VariantsOfProductsNodesProduct
from crossdock.shopify.mapping.catalog import to_location, to_variant
from crossdock.shopify.mapping.stock import to_level
from crossdock.shopify.moves import move_fulfillment_order
from crossdock.shopify.pages import Page, all_nodes
from crossdock.shopify.quantities import adjust_quantities, set_quantities
from crossdock.shopify.retry import Patience
from crossdock.shopify.reverse_deliveries import create_reverse_delivery, track_reverse_delivery
from crossdock.shopify.shipments import (
    cancel_fulfillment,
    correct_tracking,
    create_fulfillment,
    delivery_events,
    report_event,
)
from crossdock.shopify.topics import topic_enum, topic_name
from crossdock.shopify.whole_orders import whole_order
from crossdock.shopify.withdrawals import cancel_order, is_done, remove_units

DEFAULT_VERSION = "2026-10"
"""The newest stable API version that the operations are validated against."""

# Shopify answers whole orders in seconds, not minutes; a lease has to outlast a call with its retries.
_TIMEOUT = httpx.Timeout(30, connect=5)


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


class ShopifyStorefront:
    """
    One Shopify store, as the hub asks for it; satisfies the `Storefront` port.

    `endpoint` stands for `https://{domain}` where a stand-in plays Shopify. `http` may be shared by the stores of a
    process; without one the storefront opens its own, and `close` closes it. Without a `breaker` every call goes to
    Shopify, however often it failed. `sleep` and `jitter` are for tests and simulations. Raises UsageError where
    `domain` is no Shopify store's.
    """

    def __init__(
        self,
        domain: ShopDomain,
        token: str,
        *,
        budget: Budget,
        journal: Journal,
        breaker: Breaker | None = None,
        api_version: str = DEFAULT_VERSION,
        endpoint: str | None = None,
        clock: Clock | None = None,
        http: httpx.AsyncClient | None = None,
        patience: Patience | None = None,
        sleep: Sleep = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.domain = domain
        self._shares_http = http is not None
        # Redirects are never followed: the token would go along.
        self._http = http or httpx.AsyncClient(timeout=_TIMEOUT, follow_redirects=False)

        def client(patience: Patience | None) -> AdminClient:
            access, now = Access(domain, token, api_version, endpoint), clock or SystemClock()
            return AdminClient(access, self._http, budget, journal, now, patience=patience, sleep=sleep, jitter=jitter)

        send: Send = client(patience).send
        if breaker is not None:
            send = broken_by(breaker, send, Admin(client(ONCE).send).shop)
        self._admin = Admin(send)
        self._orders = Batches(LARGEST_ORDERS)
        self._small = Batches(LARGEST_INPUT)

    async def close(self) -> None:
        """Close the connections that the storefront opened itself."""
        if not self._shares_http:
            await self._http.aclose()

    async def shop(self) -> Shop:
        """Return what the store says of itself."""
        shop = (await self._admin.shop()).shop
        return Shop(shop.myshopify_domain, shop.name, shop.currency_code, shop.plan.public_display_name)

    async def granted_scopes(self) -> frozenset[str]:
        """Return what the token may do, as Shopify spells it: `read_orders`."""
        return await survey.granted_scopes(self._admin)

    async def goods(self, at_most: int) -> Sequence[Good]:
        """Return what the store sells, by id; of a large store not all."""
        return await survey.goods(self._admin, at_most)

    async def orders_without_address(self) -> Sequence[str]:
        """Return the names of open orders that are to be shipped nowhere, among the 250 changed last."""
        return await survey.orders_without_address(self._admin)

    async def locations(self) -> tuple[Location, ...]:
        """Return all places that the store has, inactive ones too."""

        async def more(after: str) -> Page[LocationFields]:
            return (await self._admin.locations(after)).locations

        first = (await self._admin.locations()).locations
        return tuple(to_location(location) for location in await all_nodes(first, more))

    async def orders(self, ids: Sequence[OrderId]) -> Mapping[OrderId, Order]:
        """Return the orders, whole, as of now."""
        answers = await self._orders.read(ids, self._admin.orders)
        found = [node for answer in answers for node in answer.nodes if isinstance(node, OrdersNodesOrder)]
        orders = [await whole_order(self._admin, order) for order in found]
        return {order.id: order for order in orders}

    async def extras(self, orders: Sequence[Order], wishes: Wishes) -> Mapping[OrderId, Extras]:
        """Return what mappings ask of these orders beyond themselves, as of now."""
        return await extras_of(self._admin, self._small, orders, wishes)

    async def orders_of(self, fulfillment_orders: Sequence[FulfillmentOrderId]) -> Mapping[FulfillmentOrderId, OrderId]:
        """Return which order each fulfillment order belongs to."""
        answers = await self._small.read(fulfillment_orders, self._admin.orders_of_fulfillment_orders)
        return {
            FulfillmentOrderId(node.id): OrderId(node.order_id)
            for answer in answers
            for node in answer.nodes
            if isinstance(node, OrdersOfFulfillmentOrdersNodesFulfillmentOrder)
        }

    async def orders_updated(self, since: datetime, after: str | None = None) -> Updated[OrderId]:
        """Return a page of the orders changed at or after `since`, by `updated_at`."""
        page = (await self._admin.orders_updated(_changed_since(since), after)).orders
        return Updated(tuple((OrderId(node.id), node.updated_at) for node in page.nodes), _next(page))

    async def variants(self, ids: Sequence[VariantId]) -> Mapping[VariantId, Variant]:
        """Return the variants, as of now."""
        answers = await self._small.read(ids, self._admin.variants)
        variants = [
            to_variant(node)
            for answer in answers
            for node in answer.nodes
            if isinstance(node, VariantsNodesProductVariant)
        ]
        return {variant.id: variant for variant in variants}

    async def variants_of(self, products: Sequence[str]) -> Mapping[str, tuple[VariantId, ...]]:
        """Return the variants of each product (`gid://shopify/Product/1`)."""
        answers = await self._small.read(products, self._admin.variants_of_products)
        return {
            node.id: await self._variants_of(node)
            for answer in answers
            for node in answer.nodes
            if isinstance(node, VariantsOfProductsNodesProduct)
        }

    async def _variants_of(self, product: VariantsOfProductsNodesProduct) -> tuple[VariantId, ...]:
        async def more(after: str) -> Page[_HasId] | None:
            found = (await self._admin.product_variants_page(product.id, after)).product
            return found.variants if found else None

        first: Page[_HasId] = product.variants
        return tuple(VariantId(variant.id) for variant in await all_nodes(first, more))

    async def variants_updated(self, since: datetime, after: str | None = None) -> Updated[VariantId]:
        """
        Return a page of the variants changed at or after `since`.

        By id, not by `updated_at`: Shopify cannot sort variants by it (Shopify docs, 2026-07). Only after the last
        page is everything since `since` known. `after` is the number of the id that the page before ended with.
        """
        query = _changed_since(since) if after is None else f"{_changed_since(since)} AND id:>={int(after) + 1}"
        page = (await self._admin.variants_updated(query)).product_variants
        changed = tuple((VariantId(node.id), node.updated_at) for node in page.nodes)
        more = page.page_info.has_next_page and changed
        return Updated(changed, changed[-1][0].rsplit("/", 1)[-1] if more else None)

    async def levels(self, items: Sequence[InventoryItemId]) -> Sequence[InventoryLevel]:
        """Return the items' levels at every location that stocks them, as of now."""
        answers = await self._small.read(items, self._admin.levels)
        return [
            level
            for answer in answers
            for node in answer.nodes
            if isinstance(node, LevelsNodesInventoryItem)
            for level in await self._levels_of(node)
        ]

    async def _levels_of(self, item: LevelsNodesInventoryItem) -> list[InventoryLevel]:
        async def more(after: str) -> Page[LevelFields] | None:
            found = (await self._admin.levels_page(item.id, after)).inventory_item
            return found.inventory_levels if found else None

        levels = await all_nodes(item.inventory_levels, more)
        return [to_level(InventoryItemId(item.id), level) for level in levels]

    async def set_available(self, writes: Sequence[SetAvailable], key: str, reference: str) -> Sequence[RowRefused]:
        """Set levels, at most 250, all or none; return the refused rows, none where all went through."""
        return await set_quantities(self._admin, writes, key, reference)

    async def adjust_available(
        self, changes: Sequence[AdjustAvailable], key: str, reference: str
    ) -> Sequence[RowRefused]:
        """Add to levels, at most 250, all or none; return the refused rows, none where all went through."""
        return await adjust_quantities(self._admin, changes, key, reference)

    async def create_fulfillment(self, draft: FulfillmentDraft) -> FulfillmentId:
        """Tell Shopify that a package left; look for an existing fulfillment first."""
        return await create_fulfillment(self._admin, draft)

    async def correct_tracking(self, fulfillment: FulfillmentId, tracking: Tracking, *, notify_customer: bool) -> None:
        """Replace what a fulfillment says of its carrier, number and URL; look at what it shows first."""
        await correct_tracking(self._admin, fulfillment, tracking, notify_customer=notify_customer)

    async def cancel_fulfillment(self, fulfillment: FulfillmentId) -> None:
        """Take a fulfillment back; one that is cancelled already is no error."""
        await cancel_fulfillment(self._admin, fulfillment)

    async def hold(self, fulfillment_order: FulfillmentOrderId, reason: str) -> None:
        """Put our one hold on a fulfillment order; one that has it already keeps it."""
        await showing.hold(self._admin, fulfillment_order, reason)

    async def release_hold(self, fulfillment_order: FulfillmentOrderId, holds: Sequence[FulfillmentHoldId]) -> None:
        """Take these holds off, and no others."""
        await showing.release_hold(self._admin, fulfillment_order, holds)

    async def report_progress(self, fulfillment_order: FulfillmentOrderId) -> None:
        """Say that work has begun."""
        await showing.report_progress(self._admin, fulfillment_order)

    async def take_progress_back(self, fulfillment_order: FulfillmentOrderId) -> None:
        """Say that nobody works on it any more."""
        await showing.take_progress_back(self._admin, fulfillment_order)

    async def prepared_for_pickup(self, fulfillment_order: FulfillmentOrderId) -> None:
        """Say that the goods wait for the customer."""
        await showing.prepared_for_pickup(self._admin, fulfillment_order)

    async def reply(self, said: Reply) -> None:
        """Answer what a merchant requested of the fulfillment service that we are."""
        await replies.reply(self._admin, said)

    async def delivery_events(
        self, fulfillments: Sequence[FulfillmentId]
    ) -> Mapping[FulfillmentId, Sequence[DeliveryEvent]]:
        """Return what was reported of packages on their way, the newest 50 of each."""
        answers = await self._small.read(fulfillments, self._admin.fulfillment_events)
        return {id_: events for answer in answers for id_, events in delivery_events(answer)}

    async def report_event(self, fulfillment: FulfillmentId, event: DeliveryEvent) -> None:
        """Report what happened to a package on its way; look at what Shopify has first."""
        await report_event(self._admin, fulfillment, event)

    async def cancel_order(self, order: OrderId, *, restock: bool, refund: bool, notify_customer: bool) -> JobId:
        """Have Shopify cancel an order for want of goods, and return the job that does it; look at the order first."""
        return await cancel_order(self._admin, order, restock=restock, refund=refund, notify_customer=notify_customer)

    async def jobs_done(self, jobs: Sequence[JobId]) -> Collection[JobId]:
        """Return those of the jobs that have come to an end."""
        return {job for job in jobs if await is_done(self._admin, job)}

    async def remove_units(self, removal: Removal) -> None:
        """Take units out of an order that were not fulfilled. Safe to repeat."""
        await remove_units(self._admin, removal)

    async def move_fulfillment_order(self, move: Move) -> None:
        """Have another location ship a fulfillment order, or units of it; look at where they are first."""
        await move_fulfillment_order(self._admin, move)

    async def returns(self, orders: Sequence[OrderId]) -> Mapping[OrderId, Sequence[Return]]:
        """Return all returns of these orders, whole, as of now."""
        return await returns.returns_of(self._admin, self._small, orders)

    async def returnable(self, order: OrderId) -> Sequence[Returnable]:
        """Return what of an order's fulfillments no return speaks for."""
        return await returns.returnable(self._admin, order)

    async def create_return(
        self, order: OrderId, lines: Sequence[tuple[FulfillmentLineId, Units]], note: str
    ) -> ReturnId:
        """Create an approved return; look for one that carries the note first."""
        return await returns.create_return(self._admin, order, lines, note)

    async def approve_return(self, id_: ReturnId) -> None:
        """Approve a requested return."""
        await returns.approve_return(self._admin, id_)

    async def dispose(self, disposals: Sequence[Disposal]) -> None:
        """Say what became of units that came back; look at what was disposed of first."""
        await returns.dispose(self._admin, disposals)

    async def suggested_outcome(
        self,
        id_: ReturnId,
        lines: Sequence[tuple[ReturnLineId, Units]],
        exchanges: Sequence[tuple[ExchangeLineId, Units]] = (),
        *,
        shipping: bool,
    ) -> Refund | Owed | None:
        """Return who pays what for these units and those that are sent instead, as Shopify reckons."""
        return await returns.suggested_outcome(self._admin, id_, lines, exchanges, shipping=shipping)

    async def process_return(
        self,
        id_: ReturnId,
        lines: Sequence[tuple[ReturnLineId, Units]],
        refund: Refund | None,
        exchanges: Sequence[tuple[ExchangeLineId, Units]] = (),
        *,
        shipping: bool,
    ) -> None:
        """Undo the sale of units that came back, and send others instead; look at what was processed first."""
        await returns.process_return(self._admin, id_, lines, refund, exchanges, shipping=shipping)

    async def create_reverse_delivery(self, order: ReverseOrderId, tracking: ReturnTracking) -> None:
        """Tell of a parcel on its way back; look for its number first."""
        await create_reverse_delivery(self._admin, order, tracking)

    async def track_reverse_delivery(self, id_: ReverseDeliveryId, tracking: ReturnTracking) -> None:
        """Make number and address of a parcel on its way back what they are."""
        await track_reverse_delivery(self._admin, id_, tracking)

    async def close_return(self, id_: ReturnId) -> None:
        """Close a return; one that is closed already is no error."""
        await returns.close_return(self._admin, id_)

    async def settlement(self, order: OrderId) -> Settlement | None:
        """Return an order's payments and refunds, whole, as of now."""
        return await settling.settlement(self._admin, order)

    async def capture(self, order: OrderId, authorization: PaymentId, money: Money) -> None:
        """Capture so much of an authorization; look at what of it is open first."""
        await settling.capture(self._admin, order, authorization, money)

    async def refund(self, what: PaidBack, key: str) -> RefundId:
        """Give money back for no goods; look for a refund with the note first."""
        return await settling.refund(self._admin, what, key)

    async def subscriptions(self) -> tuple[Subscription, ...]:
        """Return the webhook subscriptions of this app at the store."""

        async def more(after: str) -> Page[SubscriptionFields]:
            return (await self._admin.subscriptions(after)).webhook_subscriptions

        first = (await self._admin.subscriptions()).webhook_subscriptions
        return tuple(_subscription(found) for found in await all_nodes(first, more))

    async def subscribe(self, topic: str, uri: str) -> Subscription:
        """Create a subscription; where it is there already, return it."""
        try:
            spelled = WebhookSubscriptionTopic(topic_enum(topic))
        except ValueError as error:
            raise UsageError(f"{topic!r} is no webhook topic of Shopify. It should look like orders/create.") from error
        payload = (await self._admin.subscribe(spelled, uri)).webhook_subscription_create
        messages = [error.message for error in payload.user_errors] if payload else []
        if payload and payload.webhook_subscription:
            return _subscription(payload.webhook_subscription)
        if any(SUBSCRIPTION_TAKEN.search(message) for message in messages):
            known = await self.subscriptions()
            found = next((one for one in known if one.topic == topic and one.uri == uri), None)
            if found:
                return found
        if messages:
            raise complaint(f"{self.domain}: the webhook subscription {topic} at {uri}", messages)
        raise TryAgain(f"{self.domain}: Shopify answered the subscription {topic} with neither its id nor an error.")

    async def unsubscribe(self, subscription: Subscription) -> None:
        """Delete a subscription; one that is gone already is no error."""
        payload = (await self._admin.unsubscribe(subscription.id)).webhook_subscription_delete
        messages = [error.message for error in payload.user_errors] if payload else []
        left = [message for message in messages if not SUBSCRIPTION_GONE.search(message)]
        if left:
            raise complaint(f"{self.domain}: deleting the webhook subscription {subscription.topic}", left)


def _changed_since(since: datetime) -> str:
    # Whole seconds, rounded down: rather one object twice than none. Dates must be quoted, or Shopify misreads them.
    return f"updated_at:>='{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}'"


def _next(page: Page[object]) -> str | None:
    return page.page_info.end_cursor if page.page_info.has_next_page else None


def _subscription(found: SubscriptionFields) -> Subscription:
    narrowed = [f"filtered by {found.filter_}"] if found.filter_ else []
    narrowed += [f"only the fields {', '.join(found.include_fields)}"] if found.include_fields else []
    narrowed += [f"as {found.format}"] if found.format != "JSON" else []
    return Subscription(found.id, topic_name(found.topic), found.uri, tuple(narrowed), found.api_version.handle)
