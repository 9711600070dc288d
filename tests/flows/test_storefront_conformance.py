"""The suite that every storefront passes, on the fake and on the real adapter over HTTP."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from tests.shopify_answers import KeptJournal, OpenBudget

from crossdock.model.catalog import Variant
from crossdock.model.names import FulfillmentOrderId, InventoryItemId, LocationId, OrderId, ShopDomain, VariantId
from crossdock.ports.storefront import Storefront
from crossdock.shopify.storefront import ShopifyStorefront
from crossdock.testing.builders import a_location, a_variant
from crossdock.testing.money_builders import an_amount
from crossdock.testing.storefront import FakeStorefront
from crossdock.testing.storefront_conformance import Counter, StorefrontConformance
from shopify_standin.testing import RunningStandin, running_standin

PRODUCT = """mutation($input: ProductSetInput!) { productSet(input: $input) {
  product { id variants(first: 1) { nodes { id sku inventoryItem { id } } } } userErrors { message } } }"""
ORDER = """mutation($order: OrderCreateOrderInput!) {
  orderCreate(order: $order, options: {inventoryBehaviour: DECREMENT_IGNORING_POLICY}) {
    order { id } userErrors { message } } }"""

LOCATION = """mutation($input: LocationAddInput!) { locationAdd(input: $input) {
  location { id } userErrors { message } } }"""
ACTIVATE = """mutation($item: ID!, $location: ID!, $units: Int!) {
  inventoryActivate(inventoryItemId: $item, locationId: $location, available: $units) @idempotent(key: "elsewhere") {
    inventoryLevel { id } userErrors { message } } }"""

SERVICE = """mutation($name: String!) { fulfillmentServiceCreate(name: $name) {
  fulfillmentService { location { id } } userErrors { message } } }"""
PARTS = "query($id: ID!) { order(id: $id) { fulfillmentOrders(first: 2) { nodes { id } } } }"
TO_SERVICE = """mutation($id: ID!, $to: ID!) { fulfillmentOrderMove(id: $id, newLocationId: $to) {
  movedFulfillmentOrder { id } userErrors { message } } }"""
REQUEST = """mutation($id: ID!) { fulfillmentOrderSubmitFulfillmentRequest(id: $id) {
  submittedFulfillmentOrder { id } userErrors { message } } }"""
CALL_BACK = """mutation($id: ID!) { fulfillmentOrderSubmitCancellationRequest(id: $id) {
  fulfillmentOrder { id } userErrors { message } } }"""


class FakeCounter:
    """Sells in the fake."""

    def __init__(self, store: FakeStorefront) -> None:
        self._store = store
        self._sold = 0

    async def location(self) -> LocationId:
        return a_location(1).id

    async def offer(self, sku: str, units: int) -> Variant:
        self._sold += 1
        variant = a_variant(self._sold, sku=sku)
        self._store.add_variant(variant, {a_location(1).id: units})
        return variant

    async def stock_elsewhere(self, variant: Variant, units: int) -> LocationId:
        self._store.add_location(a_location(2, name="Bremen"))
        self._store.add_variant(variant, {a_location(2).id: units})
        return a_location(2).id

    async def buy(self, variant: Variant, units: int) -> OrderId:
        return self._store.buy(a_location(1).id, (variant, units))

    async def assign_to_service(self, order: OrderId, variant: Variant) -> FulfillmentOrderId:
        del variant  # the fake's service stocks whatever it ships
        (part,) = self._store.order(order).fulfillment_orders
        self._store.assign_to_service(part.id)
        return part.id

    async def request(self, fulfillment_order: FulfillmentOrderId) -> None:
        self._store.request(fulfillment_order)

    async def call_back(self, fulfillment_order: FulfillmentOrderId) -> None:
        self._store.call_back(fulfillment_order)

    async def authorize(self, variant: Variant, units: int) -> OrderId:
        id_ = await self.buy(variant, units)
        self._store.till.authorize(self._store.order(id_), an_amount(units * 10))
        return id_


class StandinCounter:
    """Sells in the stand-in, through its Admin API."""

    def __init__(self, standin: RunningStandin) -> None:
        self._standin = standin

    async def location(self) -> LocationId:
        data = (await self._ask("{ locations(first: 1) { nodes { id } } }"))["data"]
        return LocationId(str(data["locations"]["nodes"][0]["id"]))

    async def offer(self, sku: str, units: int) -> Variant:
        stock = {"locationId": await self.location(), "name": "available", "quantity": units}
        variant = {
            "optionValues": [{"optionName": "Title", "name": "Default Title"}],
            "price": "10.00",
            "inventoryItem": {"sku": sku, "tracked": True},
            "inventoryQuantities": [stock],
        }
        options = [{"name": "Title", "values": [{"name": "Default Title"}]}]
        made = await self._do(PRODUCT, input={"title": sku, "productOptions": options, "variants": [variant]})
        (node,) = made["product"]["variants"]["nodes"]
        return Variant(
            VariantId(node["id"]), InventoryItemId(node["inventoryItem"]["id"]), sku, node["sku"], None, tracked=True
        )

    async def stock_elsewhere(self, variant: Variant, units: int) -> LocationId:
        made = await self._do(LOCATION, input={"name": "Bremen", "address": {"countryCode": "DE"}})
        location = LocationId(made["location"]["id"])
        await self._do(ACTIVATE, item=variant.inventory_item, location=location, units=units)
        return location

    async def buy(self, variant: Variant, units: int) -> OrderId:
        return await self._order(variant, units, "SALE")

    async def authorize(self, variant: Variant, units: int) -> OrderId:
        return await self._order(variant, units, "AUTHORIZATION")

    async def _order(self, variant: Variant, units: int, payment: str) -> OrderId:
        line = {"variantId": variant.id, "quantity": units}
        price = {"shopMoney": {"amount": f"{units * 10}.00", "currencyCode": "CAD"}}
        paid = {"kind": payment, "status": "SUCCESS", "gateway": "bogus", "amountSet": price}
        made = await self._do(ORDER, order={"lineItems": [line], "transactions": [paid]})
        # Routing takes the shop a while.
        await asyncio.to_thread(self._standin.advance, 60)
        return OrderId(made["order"]["id"])

    async def assign_to_service(self, order: OrderId, variant: Variant) -> FulfillmentOrderId:
        made = await self._do(SERVICE, name="Zone 3PL")
        location = LocationId(made["fulfillmentService"]["location"]["id"])
        await self._do(ACTIVATE, item=variant.inventory_item, location=location, units=10)
        asked = await self._ask(PARTS, id=order)
        (part,) = asked["data"]["order"]["fulfillmentOrders"]["nodes"]
        await self._do(TO_SERVICE, id=part["id"], to=location)
        return FulfillmentOrderId(part["id"])

    async def request(self, fulfillment_order: FulfillmentOrderId) -> None:
        await self._do(REQUEST, id=fulfillment_order)

    async def call_back(self, fulfillment_order: FulfillmentOrderId) -> None:
        await self._do(CALL_BACK, id=fulfillment_order)

    async def _ask(self, query: str, **variables: Any) -> dict[str, Any]:
        answer = await asyncio.to_thread(self._standin.graphql, query, variables)
        assert "errors" not in answer, answer
        return answer

    async def _do(self, query: str, **variables: Any) -> dict[str, Any]:
        payload: dict[str, Any] = next(iter((await self._ask(query, **variables))["data"].values()))
        assert payload["userErrors"] == []
        return payload


class TestFakeStorefront(StorefrontConformance):
    @pytest.fixture
    def storefront(self) -> FakeStorefront:
        store = FakeStorefront()
        store.add_location(a_location(1))
        return store

    @pytest.fixture
    def counter(self, storefront: FakeStorefront) -> Counter:
        return FakeCounter(storefront)


@pytest.fixture(scope="module")
def served() -> Iterator[RunningStandin]:
    with running_standin() as standin:
        yield standin


class TestShopifyStorefront(StorefrontConformance):
    @pytest.fixture
    def standin(self, served: RunningStandin) -> RunningStandin:
        served.reset()
        return served

    @pytest.fixture
    async def storefront(self, standin: RunningStandin) -> AsyncIterator[Storefront]:
        made = ShopifyStorefront(
            ShopDomain(standin.shop_domain),
            standin.token,
            budget=OpenBudget(),
            journal=KeptJournal(),
            endpoint=standin.url,
        )
        yield made
        await made.close()

    @pytest.fixture
    def counter(self, standin: RunningStandin) -> Counter:
        return StandinCounter(standin)
