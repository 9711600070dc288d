"""The adapter against a served shop, over real HTTP, in every version that the hub can be set to."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest
from tests.shopify_answers import Json, KeptJournal, OpenBudget

from crossdock.kit.clock import SystemClock
from crossdock.kit.errors import NoAnswer, StoreUnusable
from crossdock.model.names import InventoryItemId, OrderId, ShopDomain, Units, VariantId
from crossdock.model.order import Order
from crossdock.model.stock import SetAvailable
from crossdock.ports.storefront import FulfillmentDraft
from crossdock.shopify.refusals import StateMoved, VersionFellForward
from crossdock.shopify.storefront import ShopifyStorefront
from shopify_standin.testing import RunningStandin, running_standin

PRODUCT = """mutation($input: ProductSetInput!) { productSet(input: $input) {
  product { id variants(first: 100) { nodes { id sku inventoryItem { id } } } } userErrors { message } } }"""
ORDER = """mutation($order: OrderCreateOrderInput!) { orderCreate(order: $order) {
  order { id } userErrors { message } } }"""

_keys = (f"key-{number}" for number in itertools.count())

Connect = Callable[..., ShopifyStorefront]


@pytest.fixture(scope="module")
def served() -> Iterator[RunningStandin]:
    """One server for all tests of this file."""
    with running_standin() as standin:
        yield standin


@pytest.fixture
def standin(served: RunningStandin) -> RunningStandin:
    """An empty shop with one location."""
    served.reset()
    return served


@pytest.fixture
async def connect(standin: RunningStandin) -> AsyncIterator[Connect]:
    """Make storefronts of the shop; closed at the end."""
    async with AsyncExitStack() as opened:

        def open_one(*, token: str | None = None, api_version: str = "2026-10") -> ShopifyStorefront:
            made = ShopifyStorefront(
                ShopDomain(standin.shop_domain),
                token or standin.token,
                budget=OpenBudget(),
                journal=KeptJournal(),
                api_version=api_version,
                endpoint=standin.url,
                sleep=_at_once,
            )
            opened.push_async_callback(made.close)
            return made

        yield open_one


@pytest.fixture(params=["2026-07", "2026-10"])
def storefront(connect: Connect, request: pytest.FixtureRequest) -> ShopifyStorefront:
    """A storefront by each version."""
    return connect(api_version=request.param)


async def _at_once(_: float) -> None:
    await asyncio.sleep(0)


def done(answer: Json) -> Json:
    """The payload of a mutation that must succeed."""
    assert "errors" not in answer, answer
    payload: Json = next(iter(answer["data"].values()))
    assert payload["userErrors"] == []
    return payload


def place(standin: RunningStandin) -> str:
    found: str = standin.graphql("{ locations(first: 1) { nodes { id } } }")["data"]["locations"]["nodes"][0]["id"]
    return found


def stocked(standin: RunningStandin, variants: int = 1, units: int = 20) -> Json:
    """A product with so many variants, each with so many units at the first location."""
    names = [{"name": f"V{number}"} for number in range(variants)]
    rows = [
        {
            "optionValues": [{"optionName": "Kind", "name": name["name"]}],
            "price": "10.00",
            "inventoryItem": {"sku": f"SKU-{number}", "tracked": True},
            "inventoryQuantities": [{"locationId": place(standin), "name": "available", "quantity": units}],
        }
        for number, name in enumerate(names)
    ]
    product = {"title": "Mug", "productOptions": [{"name": "Kind", "values": names}], "variants": rows}
    made: Json = done(standin.graphql(PRODUCT, {"input": product}))["product"]
    return made


def sold(standin: RunningStandin, product: Json, units: int = 2) -> OrderId:
    """An order for units of every variant, some time after routing has made its fulfillment orders."""
    lines = [{"variantId": node["id"], "quantity": units} for node in product["variants"]["nodes"]]
    order = {"lineItems": lines, "email": "ada@example.com", "financialStatus": "PAID"}
    made = done(standin.graphql(ORDER, {"order": order}))["order"]["id"]
    standin.advance(60)
    return OrderId(made)


def package_of(order: Order) -> FulfillmentDraft:
    """All that is left of the order's first fulfillment order."""
    fulfillment_order = order.fulfillment_orders[0]
    lines = tuple((line.id, line.remaining) for line in fulfillment_order.lines)
    return FulfillmentDraft({fulfillment_order.id: lines}, "DHL", "JD01", None, notify_customer=False)


async def test_an_order_is_read_whole(storefront: ShopifyStorefront, standin: RunningStandin) -> None:
    bought = sold(standin, stocked(standin))

    order = (await storefront.orders([bought]))[bought]

    assert order.financial_status == "PAID"
    assert order.fulfillment_status == "UNFULFILLED"
    assert order.email == "ada@example.com"
    assert [(line.sku, line.quantity) for line in order.lines] == [("SKU-0", 2)]
    (fulfillment_order,) = order.fulfillment_orders
    assert fulfillment_order.can("CREATE_FULFILLMENT")
    assert fulfillment_order.location == place(standin)
    assert [line.remaining for line in fulfillment_order.lines] == [2]
    assert await storefront.orders_of([fulfillment_order.id]) == {fulfillment_order.id: bought}


async def test_an_order_with_more_lines_than_a_page_is_read_whole(connect: Connect, standin: RunningStandin) -> None:
    bought = sold(standin, stocked(standin, variants=35))

    order = (await connect().orders([bought]))[bought]

    assert [line.sku for line in order.lines] == [f"SKU-{number}" for number in range(35)]
    assert sum(len(found.lines) for found in order.fulfillment_orders) == 35


async def test_changed_orders_and_variants_are_found_since_a_moment(
    storefront: ShopifyStorefront, standin: RunningStandin
) -> None:
    product = stocked(standin)
    bought = sold(standin, product)
    since, later = (SystemClock().now() + timedelta(hours=hours) for hours in (-1, 1))

    orders = await storefront.orders_updated(since)
    variants = await storefront.variants_updated(since)

    assert [found for found, _ in orders.objects] == [bought]
    assert [found for found, _ in variants.objects] == [product["variants"]["nodes"][0]["id"]]
    assert (await storefront.orders_updated(later)).objects == ()


async def test_more_variants_than_a_page_holds_are_all_found_once(
    storefront: ShopifyStorefront, standin: RunningStandin
) -> None:
    standin.control("seed", products=300)
    since = SystemClock().now() - timedelta(hours=1)

    first = await storefront.variants_updated(since)
    rest = await storefront.variants_updated(since, first.after)

    found = [id_ for id_, _ in (*first.objects, *rest.objects)]
    assert len(first.objects) == 250
    assert sorted(found) == sorted(variant.gid for variant in standin.world.variants)
    assert rest.after is None


async def test_the_catalog_is_read(storefront: ShopifyStorefront, standin: RunningStandin) -> None:
    product = stocked(standin, variants=2)
    ids = tuple(VariantId(node["id"]) for node in product["variants"]["nodes"])

    assert await storefront.variants_of([product["id"]]) == {product["id"]: ids}
    assert [variant.sku for variant in (await storefront.variants(ids)).values()] == ["SKU-0", "SKU-1"]
    assert [location.id for location in await storefront.locations()] == [place(standin)]
    assert (await storefront.shop()).domain == standin.shop_domain


async def test_stock_is_set_from_what_it_was_and_a_stale_row_is_named(
    storefront: ShopifyStorefront, standin: RunningStandin
) -> None:
    product = stocked(standin, variants=2)
    items = [InventoryItemId(node["inventoryItem"]["id"]) for node in product["variants"]["nodes"]]
    one, two = await storefront.levels(items)
    fresh = SetAvailable(one.item, one.location, Units(7), change_from=Units(20))
    stale = SetAvailable(two.item, two.location, Units(7), change_from=Units(19))

    mixed = await storefront.set_available([fresh, stale], next(_keys), "gid://crossdock/Reading/1")
    alone = await storefront.set_available([fresh], key := next(_keys), "gid://crossdock/Reading/1")
    again = await storefront.set_available([fresh], key, "gid://crossdock/Reading/1")

    assert [(row.index, row.stale) for row in mixed] == [(1, True)]
    assert (alone, again) == ((), ())
    assert [level.available for level in await storefront.levels(items)] == [7, 20]


async def test_sold_units_are_committed(storefront: ShopifyStorefront, standin: RunningStandin) -> None:
    product = stocked(standin)
    standin.buy(1, variant_ids=[product["variants"]["nodes"][0]["id"]])

    (level,) = await storefront.levels([InventoryItemId(product["variants"]["nodes"][0]["inventoryItem"]["id"])])

    assert level.committed > 0
    assert level.available + level.committed == 20


async def test_a_package_is_told_once_and_its_repeat_is_refused(
    storefront: ShopifyStorefront, standin: RunningStandin
) -> None:
    bought = sold(standin, stocked(standin))
    package = package_of((await storefront.orders([bought]))[bought])

    told = await storefront.create_fulfillment(package)
    with pytest.raises(StateMoved):
        await storefront.create_fulfillment(package)

    (fulfillment,) = (await storefront.orders([bought]))[bought].fulfillments
    assert (fulfillment.id, fulfillment.tracking_numbers) == (told, ("JD01",))


LOST = pytest.mark.parametrize(
    "how", [{"kind": "close"}, {"kind": "timeout", "seconds": 0.5}], ids=["close", "timeout"]
)
"""How an answer gets lost after all was done: the connection breaks, or nothing comes for as long as anybody waits."""


@LOST
async def test_a_package_whose_answer_is_lost_is_there_once(
    connect: Connect, standin: RunningStandin, how: dict[str, Any]
) -> None:
    storefront = connect()
    bought = sold(standin, stocked(standin))
    package = package_of((await storefront.orders([bought]))[bought])
    standin.faults(calls=[{**how, "operation": "CreateFulfillment", "when": "after"}])

    with pytest.raises(NoAnswer, match="may have been done"):
        await storefront.create_fulfillment(package)

    assert len((await storefront.orders([bought]))[bought].fulfillments) == 1


@LOST
async def test_a_stock_update_whose_answer_is_lost_is_done_once(
    connect: Connect, standin: RunningStandin, how: dict[str, Any]
) -> None:
    storefront = connect()
    item = InventoryItemId(stocked(standin)["variants"]["nodes"][0]["inventoryItem"]["id"])
    (level,) = await storefront.levels([item])
    write = SetAvailable(item, level.location, Units(7), change_from=Units(20))
    standin.faults(calls=[{**how, "operation": "SetQuantities", "when": "after"}])

    refused = await storefront.set_available([write], next(_keys), "gid://crossdock/Reading/1")

    assert refused == ()
    assert [level.available for level in await storefront.levels([item])] == [7]


@LOST
async def test_a_subscription_whose_answer_is_lost_is_there_once(
    connect: Connect, standin: RunningStandin, how: dict[str, Any]
) -> None:
    storefront = connect()
    uri = "https://hub.example/webhooks/shopify/standin"
    standin.faults(calls=[{**how, "operation": "Subscribe", "when": "after"}])

    with pytest.raises(NoAnswer, match="may have been done"):
        await storefront.subscribe("orders/create", uri)
    again = await storefront.subscribe("orders/create", uri)

    assert [one.id for one in await storefront.subscriptions()] == [again.id]


@pytest.mark.parametrize("kind", ["429", "500", "503", "close"])
async def test_a_read_outlives_a_bad_moment(connect: Connect, standin: RunningStandin, kind: str) -> None:
    standin.faults(calls=[{"kind": kind, "operation": "Shop"}])

    assert (await connect().shop()).domain == standin.shop_domain


async def test_subscriptions_come_and_go(storefront: ShopifyStorefront) -> None:
    uri = "https://hub.example/webhooks/shopify/standin"

    made = await storefront.subscribe("fulfillment_orders/order_routing_complete", uri)
    again = await storefront.subscribe("fulfillment_orders/order_routing_complete", uri)

    assert again == made
    assert await storefront.subscriptions() == (made,)

    await storefront.unsubscribe(made)
    await storefront.unsubscribe(made)

    assert await storefront.subscriptions() == ()


async def test_a_wrong_token_makes_the_store_unusable(connect: Connect) -> None:
    with pytest.raises(StoreUnusable, match="does not accept the access token"):
        await connect(token="wrong").shop()


async def test_a_version_no_longer_served_is_noticed(connect: Connect) -> None:
    with pytest.raises(VersionFellForward, match="asked for API version 2024-01"):
        await connect(api_version="2024-01").shop()
