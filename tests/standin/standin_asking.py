"""Builders: what a test asks of a shop, with only the telling parts spelled out."""

import itertools
from dataclasses import dataclass
from typing import Any

from shopify_standin.testing import RunningStandin

_KEYS = itertools.count()

PRODUCT_SET = """mutation($input: ProductSetInput!) { productSet(input: $input) {
  product { id variants(first: 10) { nodes { id sku inventoryItem { id } } } } userErrors { field message code } } }"""
ORDER_CREATE = """mutation($order: OrderCreateOrderInput!, $options: OrderCreateOptionsInput) {
  orderCreate(order: $order, options: $options) { order { id name } userErrors { field message code } } }"""
FULFILLMENT_ORDERS = """query($id: ID!) { order(id: $id) { fulfillmentOrders(first: 10) { nodes {
  id status assignedLocation { location { id } } supportedActions { action }
  lineItems(first: 10) { nodes { id totalQuantity remainingQuantity sku } } } } } }"""
FULFILL = """mutation($fulfillment: FulfillmentInput!) { fulfillmentCreate(fulfillment: $fulfillment) {
  fulfillment { id name status trackingInfo { number url company } } userErrors { field message } } }"""
QUANTITIES = """query($id: ID!) { inventoryItem(id: $id) { inventoryLevels(first: 10) { nodes {
  location { id } quantities(names: ["available", "committed", "on_hand"]) { name quantity } } } } }"""

SET = """mutation($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup { id changes { name delta } } userErrors { field message code } } }"""


@dataclass(frozen=True)
class Variant:
    id: str
    item: str
    sku: str


@dataclass(frozen=True)
class Shop:
    """Asks the Admin API and hands back the part that matters."""

    standin: RunningStandin

    def ask(self, query: str, version: str = "2026-07", **variables: Any) -> dict[str, Any]:
        answer = self.standin.graphql(query, variables, version)
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    def refused(self, query: str, version: str = "2026-07", **variables: Any) -> dict[str, Any]:
        """The first top-level error."""
        error: dict[str, Any] = self.standin.graphql(query, variables, version)["errors"][0]
        return error

    def do(self, query: str, version: str = "2026-07", **variables: Any) -> dict[str, Any]:
        """The payload of a mutation that must succeed."""
        payload: dict[str, Any] = next(iter(self.ask(query, version, **variables).values()))
        assert payload["userErrors"] == []
        return payload

    def errors(self, query: str, version: str = "2026-07", **variables: Any) -> list[dict[str, Any]]:
        payload: dict[str, Any] = next(iter(self.ask(query, version, **variables).values()))
        found: list[dict[str, Any]] = payload["userErrors"]
        return found

    def location(self) -> str:
        found: str = self.ask("{ locations(first: 1) { nodes { id } } }")["locations"]["nodes"][0]["id"]
        return found

    def another_location(self, name: str) -> str:
        query = """mutation($input: LocationAddInput!) { locationAdd(input: $input) {
          location { id } userErrors { field message } } }"""
        made: str = self.do(query, input={"name": name, "address": {"countryCode": "CA"}})["location"]["id"]
        return made

    def variant(self, sku: str, policy: str = "DENY", **stock: int) -> Variant:
        """A product of one tracked variant with units available by location id; `default` is the first location."""
        places = {self.location() if place == "default" else place: units for place, units in stock.items()}
        return self.variant_at(sku, places or {self.location(): 0}, policy)

    def variant_at(self, sku: str, places: dict[str, int], policy: str = "DENY") -> Variant:
        quantities = [{"locationId": p, "name": "available", "quantity": n} for p, n in places.items()]
        variant = {
            "optionValues": [{"optionName": "Title", "name": "Default Title"}],
            "price": "10.00",
            "inventoryPolicy": policy,
            "inventoryItem": {"sku": sku, "tracked": True},
            "inventoryQuantities": quantities,
        }
        options = [{"name": "Title", "values": [{"name": "Default Title"}]}]
        product = {"title": f"Product {sku}", "productOptions": options, "variants": [variant]}
        made = self.do(PRODUCT_SET, input=product)["product"]["variants"]["nodes"][0]
        return Variant(made["id"], made["inventoryItem"]["id"], made["sku"])

    def order(self, *lines: tuple[Variant, int], behaviour: str = "DECREMENT_IGNORING_POLICY", **more: Any) -> str:
        rows = [{"variantId": variant.id, "quantity": units} for variant, units in lines]
        made = self.do(ORDER_CREATE, order={"lineItems": rows, **more}, options={"inventoryBehaviour": behaviour})
        found: str = made["order"]["id"]
        return found

    def fulfillment_orders(self, order: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask(FULFILLMENT_ORDERS, id=order)["order"]["fulfillmentOrders"]["nodes"]
        return found

    def stock(self, variant: Variant) -> dict[str, int]:
        """available, committed and on_hand, over all locations."""
        levels = self.ask(QUANTITIES, id=variant.item)["inventoryItem"]["inventoryLevels"]["nodes"]
        total: dict[str, int] = {}
        for level in levels:
            for row in level["quantities"]:
                total[row["name"]] = total.get(row["name"], 0) + row["quantity"]
        return total

    def fulfill(self, *orders: str, **more: Any) -> dict[str, Any]:
        parts = [{"fulfillmentOrderId": number} for number in orders]
        made: dict[str, Any] = self.do(FULFILL, fulfillment={"lineItemsByFulfillmentOrder": parts, **more})[
            "fulfillment"
        ]
        return made


def key() -> str:
    """A new idempotency key."""
    return f"key-{next(_KEYS)}"
