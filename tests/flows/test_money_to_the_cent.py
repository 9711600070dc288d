"""What goes to backends sums to Shopify's total, to the smallest unit of both currencies."""

from random import Random

import pytest
from tests.flows.money_orders import an_order_by_chance

from crossdock.flows.orders.parting import Asked, Told, findings, part
from crossdock.model.money import NOTHING, Amount, total
from crossdock.model.names import RequestKey
from crossdock.model.order import Order
from crossdock.model.request_money import RequestMoney
from crossdock.model.standing import payable, standing
from crossdock.testing.builders import a_request

CASES = 10_000


def asked_of(order: Order) -> dict[RequestKey, list[Asked]]:
    return {
        RequestKey(fo.id): [Asked(line.id, line.line_item, line.remaining) for line in fo.lines]
        for fo in order.fulfillment_orders
    }


def tell_all(order: Order, random: Random) -> dict[RequestKey, RequestMoney]:
    """The requests are sent one after the other, in any order."""
    told: dict[RequestKey, RequestMoney] = {}
    waiting = list(asked_of(order).items())
    random.shuffle(waiting)
    for key, asked in waiting:
        told[key] = part(order, key, asked, as_told(told))
    return told


def as_told(money: dict[RequestKey, RequestMoney]) -> Told:
    return {key: a_request(key=key, money=one) for key, one in money.items()}


def not_shipped(order: Order) -> Amount:
    """Shopify's own price of the lines that no fulfillment order holds."""
    shipped = {line.line_item for fo in order.fulfillment_orders for line in fo.lines}
    return total([payable(order.money, worth) for line, worth in standing(order.money).lines if line not in shipped])


@pytest.mark.parametrize("edited", [False, True], ids=["refunded", "edited"])
def test_ten_thousand_orders_sum_to_shopifys_totals(edited: bool) -> None:
    for seed in range(CASES // 2):
        random = Random(f"{seed} {edited}")
        order = an_order_by_chance(random, edited=edited)

        told = tell_all(order, random)

        charges = NOTHING if told else total([one.price for one in standing(order.money).charges])
        if told:
            assert total([one.total for one in told.values()]) + not_shipped(order) == order.money.totals.total, seed
            assert [bool(one.charges) for one in told.values()].count(True) <= 1, seed
        assert charges is not None
        if not edited:
            assert findings(order, as_told(told)) == [], seed
