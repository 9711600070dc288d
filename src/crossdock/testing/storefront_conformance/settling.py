# ruff: noqa: D102 (a test's name is its sentence)
"""Payments: what is captured of them, and what is refunded for no goods."""

from decimal import Decimal

import pytest

from crossdock.kit.errors import Refused
from crossdock.model.money import Money
from crossdock.model.names import OrderId, PaymentId
from crossdock.model.settlement import PaidBack, Settlement
from crossdock.ports.storefront import Storefront
from crossdock.testing.storefront_conformance.chapter import Chapter, bought, keys
from crossdock.testing.storefront_conformance.counter import Counter


class Settling(Chapter):
    """No more is captured than is open, and no more refunded than was paid."""

    async def test_an_authorization_is_open_for_what_of_it_was_not_captured(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        id_ = await counter.authorize(await counter.offer("CUP", 10), 3)
        (authorization,) = (await _settled(storefront, id_)).authorizations

        await storefront.capture(id_, PaymentId(authorization.id), await _money(storefront, id_, 20))

        after = await _settled(storefront, id_)
        (still,) = after.authorizations
        (captured,) = after.parts_of(authorization.id, "CAPTURE")
        assert [authorization.open.presentment, still.open.presentment, captured.amount.presentment] == [30, 10, 20]
        assert [after.total.presentment, after.received.presentment] == [30, 20]

    async def test_no_more_is_captured_than_is_open(self, storefront: Storefront, counter: Counter) -> None:
        id_ = await counter.authorize(await counter.offer("CUP", 10), 3)
        (authorization,) = (await _settled(storefront, id_)).authorizations

        with pytest.raises(Refused):
            await storefront.capture(id_, PaymentId(authorization.id), await _money(storefront, id_, 31))

        assert (await _settled(storefront, id_)).received.presentment == 0

    async def test_a_refund_is_made_once_for_a_key_and_found_by_its_note(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        order, key = await bought(storefront, counter, 2), next(keys)
        (paid,) = (await _settled(storefront, order.id)).transactions
        part = (PaymentId(paid.id), paid.gateway, await _money(storefront, order.id, 5))

        made = [await storefront.refund(PaidBack(order.id, (part,), "Dented [acme/RR-1]"), key) for _ in range(2)]

        after = await _settled(storefront, order.id)
        (refund,) = after.refunds
        assert {refund.id} == set(made)
        assert (refund.note, refund.what.lines, refund.under_way) == ("Dented [acme/RR-1]", (), False)
        assert [refund.what.paid_back.presentment, after.refundable.presentment] == [5, 15]

    async def test_no_more_is_refunded_than_was_paid(self, storefront: Storefront, counter: Counter) -> None:
        order = await bought(storefront, counter, 2)
        (paid,) = (await _settled(storefront, order.id)).transactions
        part = (PaymentId(paid.id), paid.gateway, await _money(storefront, order.id, 21))

        with pytest.raises(Refused):
            await storefront.refund(PaidBack(order.id, (part,), "Too much"), next(keys))

        assert (await _settled(storefront, order.id)).refunds == ()

    async def test_an_order_that_is_not_there_is_not_settled(self, storefront: Storefront) -> None:
        assert await storefront.settlement(OrderId("gid://shopify/Order/404")) is None


async def _settled(storefront: Storefront, order: OrderId) -> Settlement:
    found = await storefront.settlement(order)
    assert found is not None
    return found


async def _money(storefront: Storefront, order: OrderId, amount: int) -> Money:
    """So much in the customer's currency."""
    return Money(Decimal(amount), (await _settled(storefront, order)).currencies.presentment)
