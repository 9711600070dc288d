"""A hundred orders of the stand-in's own arithmetic, read over HTTP, sum to its totals to the smallest unit."""

import asyncio
from collections.abc import Iterator

import pytest
from tests.flows.test_money_to_the_cent import as_told, asked_of, tell
from tests.shopify_answers import Json, KeptJournal, OpenBudget

from crossdock.flows.orders.parting import findings
from crossdock.model.money import total
from crossdock.model.names import OrderId, ShopDomain
from crossdock.model.order import Order
from crossdock.model.payment import PaymentMethod, method_of
from crossdock.model.standing import payable, standing
from crossdock.shopify.storefront import ShopifyStorefront
from shopify_standin.testing import RunningStandin, running_standin

LINES = """query($id: ID!) { order(id: $id) { lineItems(first: 5) { nodes { id currentQuantity } }
  currentShippingPriceSet { presentmentMoney { amount } } } }"""
REFUND = """mutation($input: RefundInput!, $key: String!) { refundCreate(input: $input) @idempotent(key: $key) {
  refund { id } userErrors { message } } }"""


@pytest.fixture(scope="module")
def standin() -> Iterator[RunningStandin]:
    """A shop that sold a hundred orders with everything on them, and gave a third of them back in part."""
    with running_standin() as served:
        served.control("seed", products=12, stock=1_000)
        bought = served.buy(100, seed=11, extras=True)
        served.advance(60)
        for number, order in enumerate(bought):
            if number % 3 == 0:
                give_back(served, order, f"refund-{number}")
        yield served


def give_back(standin: RunningStandin, order: str, key: str) -> None:
    known = standin.graphql(LINES, {"id": order})["data"]["order"]
    line = known["lineItems"]["nodes"][0]
    given: Json = {
        "orderId": order,
        "refundLineItems": [{"lineItemId": line["id"], "quantity": 1, "restockType": "CANCEL"}],
        "shipping": {"amount": "1"},
    }
    answer = standin.graphql(REFUND, {"input": given, "key": key})
    assert answer["data"]["refundCreate"]["userErrors"] == []


@pytest.fixture(params=["2026-07", "2026-10"])
async def orders(standin: RunningStandin, request: pytest.FixtureRequest) -> list[Order]:
    """All orders, as the hub reads them by each version, with a full bucket to read them from."""
    standin.advance(60)
    storefront = ShopifyStorefront(
        ShopDomain(standin.shop_domain),
        standin.token,
        budget=OpenBudget(),
        journal=KeptJournal(),
        api_version=request.param,
        endpoint=standin.url,
        sleep=_at_once,
    )
    try:
        found = await storefront.orders([OrderId(one.gid) for one in standin.world.orders])
    finally:
        await storefront.close()
    return list(found.values())


async def _at_once(_: float) -> None:
    await asyncio.sleep(0)


def test_every_order_sums_to_the_total_that_the_shop_says(orders: list[Order]) -> None:
    assert len(orders) == 100
    for order in orders:
        told = tell(order, list(asked_of(order)))
        shipped = {line.line_item for fo in order.fulfillment_orders for line in fo.lines}
        rest = [payable(order.money, one) for line, one in standing(order.money).lines if line not in shipped]

        assert findings(order, as_told(told)) == [], order.name
        assert total([one.total for one in told.values()]) + total(rest) == order.money.totals.total, order.name


def test_the_shop_sold_everything_that_money_can_be_about(orders: list[Order]) -> None:
    """Without it the test above would prove less than it says."""
    money = [order.money for order in orders]

    assert {one.taxes_included for one in money} == {True, False}
    assert len({one.currencies for one in money}) > 3
    assert all(any(getattr(one.totals, kind) for one in money) for kind in ("tax", "duties", "fees", "tip", "shipping"))
    assert any(line.discount for one in money for line in one.lines)
    assert sum(1 for one in money if one.refunds) == 34
    assert {method_of(order.payments, {"cash on delivery (cod)"}) for order in orders} >= {
        PaymentMethod.PREPAID,
        PaymentMethod.CASH_ON_DELIVERY,
    }
