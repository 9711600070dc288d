"""What Shopify would say: builders that show what matters in a test and hide the rest."""

import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import httpx

from crossdock.model.names import FulfillmentOrderId, FulfillmentOrderLineId, ShopDomain, Units
from crossdock.ports.calls import Exchange, Lane, ThrottleStatus
from crossdock.ports.storefront import FulfillmentDraft
from crossdock.shopify.storefront import ShopifyStorefront

STORE = ShopDomain("acme.myshopify.com")
TOKEN = "shpat_never_to_be_seen"
VERSION = "2026-07"

Json: TypeAlias = dict[str, Any]


def gid(kind: str, number: int) -> str:
    return f"gid://shopify/{kind}/{number}"


def page(*nodes: Json, after: str | None = None) -> Json:
    """One page of a connection; `after` says that there is another."""
    return {"nodes": list(nodes), "pageInfo": {"hasNextPage": after is not None, "endCursor": after}}


def money(amount: str, currency: str = "EUR", presentment: str | None = None, customers: str | None = None) -> Json:
    """An amount in the shop's currency, and in the customer's where that is another."""
    return {
        "shopMoney": {"amount": amount, "currencyCode": currency},
        "presentmentMoney": {"amount": presentment or amount, "currencyCode": customers or currency},
    }


def an_address(**changes: Any) -> Json:
    return {
        "firstName": "Ada",
        "lastName": "Lovelace",
        "company": "",
        "address1": "1 Mill Lane",
        "address2": None,
        "city": "London",
        "zip": "N1 1AA",
        "provinceCode": None,
        "countryCodeV2": "GB",
        "phone": None,
    } | changes


def a_line(number: int = 1, **changes: Any) -> Json:
    return {
        "id": gid("LineItem", number),
        "variant": {"id": gid("ProductVariant", number)},
        "sku": f"SKU-{number}",
        "name": f"Mug - {number}",
        "quantity": 2,
        "currentQuantity": 2,
        "requiresShipping": True,
        "discountedUnitPriceAfterAllDiscountsSet": money("9.50"),
        "originalUnitPriceSet": money("9.50"),
        "discountAllocations": [],
        "taxLines": [],
        "duties": [],
    } | changes


def a_shipping_line(number: int = 1, price: str = "0.00", **changes: Any) -> Json:
    return {
        "id": gid("ShippingLine", number),
        "title": "Standard",
        "code": "STD",
        "originalPriceSet": money(price),
        "discountedPriceSet": money(price),
        "currentDiscountedPriceSet": money(price),
        "taxLines": [],
    } | changes


def a_fulfillment_order_line(number: int = 1, **changes: Any) -> Json:
    return {
        "id": gid("FulfillmentOrderLineItem", number),
        "lineItem": {"id": gid("LineItem", number)},
        "variant": {"id": gid("ProductVariant", number)},
        "inventoryItemId": gid("InventoryItem", number),
        "sku": f"SKU-{number}",
        "productTitle": "Mug",
        "variantTitle": str(number),
        "totalQuantity": 2,
        "remainingQuantity": 2,
    } | changes


def a_fulfillment_order(number: int = 1, *, lines: Json | None = None, **changes: Any) -> Json:
    return {
        "id": gid("FulfillmentOrder", number),
        "status": "OPEN",
        "requestStatus": "UNSUBMITTED",
        "assignedLocation": {"name": "Main", "location": {"id": gid("Location", 1), "isFulfillmentService": False}},
        "supportedActions": [{"action": "CREATE_FULFILLMENT"}, {"action": "HOLD"}],
        "fulfillBy": None,
        "deliveryMethod": {"methodType": "SHIPPING"},
        "fulfillmentHolds": [],
        "lineItems": lines or page(a_fulfillment_order_line()),
    } | changes


def a_fulfillment(number: int = 1, *, lines: Json | None = None, **changes: Any) -> Json:
    return {
        "id": gid("Fulfillment", number),
        "name": "#1001-F1",
        "status": "SUCCESS",
        "trackingInfo": [{"company": "DHL", "number": "JD01", "url": None}],
        "fulfillmentLineItems": lines or page({"lineItem": {"id": gid("LineItem", 1)}, "quantity": 2}),
    } | changes


def an_order(number: int = 1, **changes: Any) -> Json:
    return {
        "__typename": "Order",
        "id": gid("Order", number),
        "name": f"#{1000 + number}",
        "createdAt": "2026-07-01T10:00:00Z",
        "updatedAt": "2026-07-01T10:05:00Z",
        "cancelledAt": None,
        "closedAt": None,
        "displayFinancialStatus": "PAID",
        "displayFulfillmentStatus": "UNFULFILLED",
        "returnStatus": "NO_RETURN",
        "risk": {"recommendation": "NONE"},
        "test": False,
        "email": "ada@example.com",
        "phone": None,
        "note": None,
        "tags": ["vip"],
        "customAttributes": [{"key": "gift", "value": "yes"}],
        "currencyCode": "EUR",
        "presentmentCurrencyCode": "EUR",
        "taxesIncluded": False,
        "dutiesIncluded": False,
        "currentTotalPriceSet": money("19.00"),
        "currentSubtotalPriceSet": money("19.00"),
        "currentShippingPriceSet": money("0.00"),
        "currentTotalTaxSet": money("0.00"),
        "currentTotalDutiesSet": None,
        "currentTotalAdditionalFeesSet": None,
        "totalTipReceivedSet": money("0.00"),
        "totalRefundedShippingSet": money("0.00"),
        "shippingLines": page(a_shipping_line()),
        "additionalFees": [],
        "totalReceivedSet": money("19.00"),
        "totalRefundedSet": money("0.00"),
        "totalCapturableSet": money("0.00"),
        "totalOutstandingSet": money("0.00"),
        "totalCashRoundingAdjustment": {"paymentSet": money("0.00")},
        "paymentGatewayNames": ["bogus"],
        "transactions": [],
        "shippingAddress": an_address(latitude=51.54321, longitude=-0.1),
        "billingAddress": None,
        "lineItems": page(a_line()),
        "fulfillmentOrders": page(a_fulfillment_order()),
        "fulfillments": [],
    } | changes


def shop(**changes: Any) -> Json:
    told = {"myshopifyDomain": STORE, "name": "Acme", "currencyCode": "EUR", "plan": {"publicDisplayName": "Basic"}}
    return {"shop": told | changes}


def fulfilled(number: int = 1) -> Json:
    return {"fulfillmentCreate": {"fulfillment": {"id": gid("Fulfillment", number)}, "userErrors": []}}


def a_draft() -> FulfillmentDraft:
    """A package with both units of one line."""
    lines = ((FulfillmentOrderLineId(gid("FulfillmentOrderLineItem", 1)), Units(2)),)
    return FulfillmentDraft(
        lines={FulfillmentOrderId(gid("FulfillmentOrder", 1)): lines},
        tracking_company="DHL",
        tracking_number="JD01",
        tracking_url=None,
        notify_customer=False,
    )


def cost(requested: int = 10, *, available: float = 1990, maximum: float = 2000, rate: float = 100) -> Json:
    return {
        "requestedQueryCost": requested,
        "actualQueryCost": requested,
        "throttleStatus": {"maximumAvailable": maximum, "currentlyAvailable": available, "restoreRate": rate},
    }


def says(data: Json, *, headers: Mapping[str, str] | None = None, **price: Any) -> httpx.Response:
    """A success."""
    return _response({"data": data, "extensions": {"cost": cost(**price)}}, headers)


def complains(code: str, message: str = "No.", *, data: Json | None = None, **extra: Any) -> httpx.Response:
    """A top-level error, with whatever data came along."""
    return _response({"data": data, "errors": [{"message": message, "extensions": {"code": code} | extra}]})


def throttles(requested: int = 100, *, available: float = 40, rate: float = 50) -> httpx.Response:
    body = {
        "errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}],
        "extensions": {"cost": cost(requested, available=available, rate=rate) | {"actualQueryCost": None}},
    }
    return _response(body)


def fails(status: int, body: str = "", headers: Mapping[str, str] | None = None) -> httpx.Response:
    return httpx.Response(status, text=body, headers=headers)


def _response(body: Json, headers: Mapping[str, str] | None = None) -> httpx.Response:
    usual = {"X-Shopify-API-Version": VERSION, "X-Request-Id": "req-1"}
    return httpx.Response(200, json=body, headers=usual | dict(headers or {}))


Reply: TypeAlias = httpx.Response | Exception


@dataclass
class Asked:
    """One request that reached Shopify."""

    operation: str
    query: str
    variables: Json
    token: str | None
    url: str


class ScriptedShopify:
    """Answers operations by a script, or by a function where the answer depends on the question."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._replies: dict[str, deque[Reply]] = {}
        self._rules: dict[str, Callable[[Json], httpx.Response]] = {}

    def will(self, operation: str, *replies: Reply) -> None:
        self._replies.setdefault(operation, deque()).extend(replies)

    def always(self, operation: str, rule: Callable[[Json], httpx.Response]) -> None:
        self._rules[operation] = rule

    def operations(self) -> list[str]:
        return [asked.operation for asked in self.asked]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        document = json.loads(request.content)
        name = document["operationName"]
        token = request.headers.get("X-Shopify-Access-Token")
        self.asked.append(Asked(name, document["query"], document["variables"], token, str(request.url)))
        replies = self._replies.get(name)
        if replies:
            reply = replies.popleft()
            if isinstance(reply, Exception):
                raise reply
            return reply
        return self._rules[name](document["variables"])


@dataclass
class OpenBudget:
    """A budget that grants everything after `waits`, and remembers what it was asked and told."""

    waits: deque[timedelta] = field(default_factory=deque)
    stores: set[ShopDomain] = field(default_factory=set)
    reserved: list[tuple[float, Lane]] = field(default_factory=list)
    settled: list[tuple[float, ThrottleStatus | None]] = field(default_factory=list)

    async def reserve(self, store: ShopDomain, points: float, lane: Lane) -> timedelta | None:
        self.stores.add(store)
        if self.waits:
            return self.waits.popleft()
        self.reserved.append((points, lane))
        return None

    async def settle(self, store: ShopDomain, points: float, status: ThrottleStatus | None) -> None:
        self.stores.add(store)
        self.settled.append((points, status))


@dataclass
class KeptJournal:
    kept: list[Exchange] = field(default_factory=list)

    async def record(self, exchange: Exchange) -> None:
        self.kept.append(exchange)


@dataclass
class SteppingClock:
    """Moves on by so much each time somebody looks; by default it stands still."""

    step: timedelta = timedelta()
    at: datetime = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        self.at += self.step
        return self.at


class Bench:
    """A storefront over a scripted Shopify: nothing waits, everything is remembered. Jitter is the whole ceiling."""

    def __init__(self, domain: ShopDomain = STORE, seconds_per_look: float = 0) -> None:
        self.shopify = ScriptedShopify()
        self.budget = OpenBudget()
        self.journal = KeptJournal()
        self.slept: list[float] = []
        self.http = httpx.AsyncClient(transport=httpx.MockTransport(self.shopify))
        self.storefront = ShopifyStorefront(
            domain,
            TOKEN,
            api_version=VERSION,
            budget=self.budget,
            journal=self.journal,
            clock=SteppingClock(timedelta(seconds=seconds_per_look)),
            http=self.http,
            sleep=self._sleep,
            jitter=lambda: 1.0,
        )

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
