"""The hub is away for a day: Shopify gives its webhooks up and deletes its subscriptions, and nothing is lost."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.spine.town import Town, a_town, pass_time

from crossdock.app.demo.shop import DOMAIN
from crossdock.app.demo.story import CONNECTION, prepare, ship, until_for_sale
from crossdock.app.serve import address_of, listen, serving
from crossdock.app.topics import wanted_topics
from crossdock.model.cause import Cause
from crossdock.model.flow import Flow
from crossdock.model.names import OrderId, RequestKey
from crossdock.model.order import Order
from crossdock.model.request import WorkState
from crossdock.store import holds, pending, reconciliations, watermarks
from crossdock.store.reads import proof
from crossdock.store.reads.proof import Proof

DAY = timedelta(days=1)
LONGEST_GAP = timedelta(seconds=4800)
"""Between two tries of the stand-in; after eight of them it gives up."""

CANCEL = """mutation($id: ID!) { orderCancel(orderId: $id, reason: CUSTOMER, restock: true) {
  job { id } orderCancelUserErrors { message } } }"""
BEGIN = """mutation($id: ID!) { orderEditBegin(id: $id) {
  calculatedOrder { id lineItems(first: 1) { nodes { id quantity } } } userErrors { message } } }"""
SET_QUANTITY = """mutation($id: ID!, $line: ID!, $quantity: Int!) {
  orderEditSetQuantity(id: $id, lineItemId: $line, quantity: $quantity) { userErrors { message } } }"""
COMMIT = "mutation($id: ID!) { orderEditCommit(id: $id) { order { id } userErrors { message } } }"


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 120) -> None:
    """Wait for a condition, looking again and again."""
    async with asyncio.timeout(seconds):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.1)


def asked(town: Town, mutation: str, **variables: Any) -> dict[str, Any]:
    """Change something in the shop; it must go through."""
    (answer,) = town.standin.graphql(mutation, variables)["data"].values()
    problems = [*answer.get("userErrors", ()), *answer.get("orderCancelUserErrors", ())]
    assert problems == [], problems
    found: dict[str, Any] = answer
    return found


def one_fewer_of_the_first_line(town: Town, order: str) -> None:
    """Edit an order, as a merchant does on the phone."""
    edit = asked(town, BEGIN, id=order)["calculatedOrder"]
    (line,) = edit["lineItems"]["nodes"]
    asked(town, SET_QUANTITY, id=edit["id"], line=line["id"], quantity=line["quantity"] - 1)
    asked(town, COMMIT, id=edit["id"])


async def topics(town: Town) -> set[str]:
    return {one.topic for one in await (await town.hub.storefront(DOMAIN)).subscriptions()}


async def until_shopify_has_given_up(town: Town) -> timedelta:
    """Let the shop's clock run until no delivery is tried any more; return how long that took."""
    took = timedelta()

    async def settled() -> bool:
        return not {"under way", "waiting"} & {one["fate"] for one in town.standin.webhooks()}

    while any(one["fate"] == "retrying" for one in town.standin.webhooks()):
        await pass_time(town, LONGEST_GAP)
        took += LONGEST_GAP
        await until(settled)
    return took


async def proofs(town: Town) -> dict[Flow, Proof]:
    async with town.hub.database.begin() as tx:
        return {one.flow: one for one in await proof.proofs(tx)}


async def now(town: Town) -> datetime:
    async with town.hub.database.begin() as tx:
        return await watermarks.now(tx)


async def until_all_are_at_the_warehouse(town: Town, many: int) -> None:
    async def there() -> bool:
        async with town.hub.database.begin() as tx:
            at_rest = not any(one.due or one.looked_at for one in await pending.waiting(tx))
        return at_rest and len(await town.cast.floor.orders(limit=100)) >= many

    await until(there)


async def until_compared_and_proven(town: Town, moment: datetime) -> None:
    """Wait for a comparison of both sides since `moment`, and for proof that nothing was lost up to it."""

    async def compared() -> bool:
        async with town.hub.database.begin() as tx:
            last = (await reconciliations.latest(tx)).get(CONNECTION)
        return last is not None and last.began_at >= moment

    async def proven() -> bool:
        found = (await proofs(town)).values()
        return all(one.complete_to is not None and one.complete_to >= moment for one in found)

    await until(compared)
    # Shopify's search may lag by minutes, and the proof keeps them back.
    await pass_time(town, timedelta(minutes=10))
    await until(proven)


@dataclass(frozen=True, slots=True)
class Missed:
    """What happened while the hub was away."""

    took: timedelta
    """Until Shopify gave its webhooks up."""
    lost: set[str]
    """The topics whose subscriptions Shopify deleted."""
    cancelled_at_work: str
    """An order that the warehouse had already."""
    bought: Sequence[str]
    """Orders placed; the first was cancelled, of the second a unit was taken out."""


async def a_day_without_the_hub(town: Town, known: Sequence[str]) -> Missed:
    """Let the warehouse ship all but one, which is cancelled; let customers buy, edit and cancel; let the day pass."""
    in_hand = (await town.cast.floor.orders(limit=100))[-1]
    await town.cast.floor.release(in_hand.reference)
    await ship(town.cast, seed=5)
    orders = await (await town.hub.storefront(DOMAIN)).orders([OrderId(id_) for id_ in known])
    (cancelled,) = [id_ for id_, order in orders.items() if in_hand.key in keys_of(order)]
    asked(town, CANCEL, id=cancelled)
    bought = town.standin.buy(10, seed=2)
    await pass_time(town, timedelta(minutes=1))
    asked(town, CANCEL, id=bought[0])
    one_fewer_of_the_first_line(town, bought[1])
    took = await until_shopify_has_given_up(town)
    await pass_time(town, DAY - took)
    return Missed(took, set(wanted_topics(Flow)) - await topics(town), cancelled, bought)


def keys_of(order: Order) -> set[RequestKey]:
    return {RequestKey(fo.id) for fo in order.fulfillment_orders}


async def test_nothing_that_happened_in_a_day_without_the_hub_is_lost(database_url: str, tmp_path: Path) -> None:
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    async with a_town(database_url, tmp_path, address_of(listener)) as town:
        await prepare(town.cast, 40, seed=5)
        async with serving(town.hub, listener):
            await town.hub.watch_subscriptions(DOMAIN)
            await until_for_sale(town.cast)
            known = town.standin.buy(4, seed=1)
            await until_all_are_at_the_warehouse(town, 4)

        missed = await a_day_without_the_hub(town, known)
        back_at = await now(town)
        async with serving(town.hub, listen("127.0.0.1", port)):
            await until_compared_and_proven(town, back_at)

        # Shopify had given up by itself, and was asked again.
        assert missed.took >= timedelta(hours=4)
        assert {"orders/create", "orders/updated"} <= missed.lost
        assert await topics(town) == set(wanted_topics(Flow))
        # Every order of the day is at the warehouse as it stood at the end, and the cancelled one is not.
        at_work = {sheet.key: sheet.units for sheet in await town.cast.floor.orders(limit=100)}
        orders = await (await town.hub.storefront(DOMAIN)).orders([OrderId(id_) for id_ in missed.bought])
        cancelled, edited, *others = (orders[OrderId(id_)] for id_ in missed.bought)
        assert not keys_of(cancelled) & at_work.keys()
        assert all(keys_of(order) <= at_work.keys() for order in (edited, *others))
        wanted = sum(line.current_quantity for line in edited.lines)
        assert sum(at_work[key] for key in keys_of(edited)) == wanted < sum(line.quantity for line in edited.lines)
        # What left in the meantime, Shopify knows; what was cancelled at work is worked on no longer.
        survey = await town.hub.survey(CONNECTION)
        async with town.hub.database.begin() as tx:
            held = await holds.held(tx, CONNECTION)
        assert list(survey.differences) == []
        assert survey.compared.packages >= 3
        # What the warehouse shipped short waits for a person's word.
        assert {one.hold.cause for one in held} <= {Cause.SHORT_THERE}
        (stopped,) = (await (await town.hub.storefront(DOMAIN)).orders([OrderId(missed.cancelled_at_work)])).values()
        states = {sheet.key: sheet.state for sheet in await town.cast.floor.orders(limit=100)}
        assert {states[key] for key in keys_of(stopped)} == {WorkState.CANCELLED}
