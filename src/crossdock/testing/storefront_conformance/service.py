# ruff: noqa: D102 (a test's name is its sentence)
"""What a merchant requests of a fulfillment service, and what the service answers."""

import pytest

from crossdock.kit.errors import TryAgain
from crossdock.model.names import FulfillmentOrderId
from crossdock.model.service_request import Reason, Reply, Say, awaits_word, is_called_back, is_to_ship, was_given_back
from crossdock.ports.storefront import Storefront
from crossdock.testing.storefront_conformance.chapter import Chapter, part_of
from crossdock.testing.storefront_conformance.counter import Counter


class Service(Chapter):
    """Each request takes one answer."""

    async def test_what_a_merchant_requests_is_accepted_once(self, storefront: Storefront, counter: Counter) -> None:
        part = await _assigned(counter)
        unrequested = await part_of(storefront, part)
        await counter.request(part)
        requested = await part_of(storefront, part)

        await storefront.reply(Reply(part, Say.ACCEPT, "It is W-1."))

        accepted = await part_of(storefront, part)
        assert (unrequested.at_service, is_to_ship(unrequested)) == (True, False)
        assert (awaits_word(requested), is_to_ship(requested)) == (True, True)
        assert (accepted.status, accepted.request_status) == ("IN_PROGRESS", "ACCEPTED")
        assert accepted.can("CREATE_FULFILLMENT")
        with pytest.raises(TryAgain):
            await storefront.reply(Reply(part, Say.ACCEPT, "It is W-1."))

    async def test_what_was_rejected_may_be_requested_again(self, storefront: Storefront, counter: Counter) -> None:
        part = await _assigned(counter)
        await counter.request(part)

        await storefront.reply(Reply(part, Say.REJECT, "No such item.", Reason.INVALID_SKU))
        rejected = await part_of(storefront, part)
        await counter.request(part)

        assert (rejected.status, rejected.request_status) == ("OPEN", "REJECTED")
        assert was_given_back(rejected)
        assert awaits_word(await part_of(storefront, part))

    async def test_what_is_given_back_waits_in_a_new_fulfillment_order(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        part = await _accepted(storefront, counter)
        await counter.call_back(part)
        called_back = await part_of(storefront, part)

        await storefront.reply(Reply(part, Say.AGREE, "It is stopped."))

        order = (await storefront.orders_of([part]))[part]
        old, new = sorted((await storefront.orders([order]))[order].fulfillment_orders, key=lambda one: one.id != part)
        assert is_called_back(called_back)
        assert (old.request_status, sum(line.remaining for line in old.lines)) == ("CANCELLATION_ACCEPTED", 0)
        assert (new.at_service, new.request_status, new.lines[0].remaining) == (True, "UNSUBMITTED", 2)

    async def test_what_is_not_given_back_goes_on(self, storefront: Storefront, counter: Counter) -> None:
        part = await _accepted(storefront, counter)
        await counter.call_back(part)

        await storefront.reply(Reply(part, Say.REFUSE, "It is packed."))

        kept = await part_of(storefront, part)
        assert (kept.status, kept.request_status) == ("IN_PROGRESS", "CANCELLATION_REJECTED")
        assert is_to_ship(kept)

    async def test_what_a_service_gives_up_may_be_requested_again(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        part = await _accepted(storefront, counter)

        await storefront.reply(Reply(part, Say.CLOSE, "The racks fell over."))
        closed = await part_of(storefront, part)
        await counter.request(part)

        assert (closed.status, closed.request_status) == ("INCOMPLETE", "CLOSED")
        assert awaits_word(await part_of(storefront, part))


async def _assigned(counter: Counter) -> FulfillmentOrderId:
    """Two mugs that a fulfillment service is to ship, unrequested."""
    mug = await counter.offer("MUG", 10)
    return await counter.assign_to_service(await counter.buy(mug, 2), mug)


async def _accepted(storefront: Storefront, counter: Counter) -> FulfillmentOrderId:
    part = await _assigned(counter)
    await counter.request(part)
    await storefront.reply(Reply(part, Say.ACCEPT, "It is W-1."))
    return part
