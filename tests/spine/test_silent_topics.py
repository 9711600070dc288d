"""A topic from which nothing comes is noticed by what the sweep finds, and its subscription is repaired at once."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.spine.town import Town, a_town, pass_time

from crossdock.app.demo.shop import DOMAIN
from crossdock.app.demo.story import CONNECTION, prepare
from crossdock.app.topics import wanted_topics
from crossdock.model.flow import Flow
from crossdock.ports.storefront import Subscription
from crossdock.store import unheard
from crossdock.store.unheard import MANY, PATIENCE

DELETE = "mutation($id: ID!) { webhookSubscriptionDelete(id: $id) { userErrors { message } } }"
NARROW = """mutation($id: ID!) { webhookSubscriptionUpdate(id: $id, webhookSubscription: {filter: "test:true"}) {
  userErrors { message } } }"""


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """A shop that was swept once and has goods to sell, and a hub whose web process is away."""
    async with a_town(database_url, tmp_path, "http://127.0.0.1:9") as made:
        await prepare(made.cast, 10, seed=1)
        made.standin.control("seed", products=3, stock=50)
        await pass_time(made, timedelta(minutes=2))
        await made.hub.watch_subscriptions(DOMAIN)
        await made.hub.sweep_storefront(CONNECTION)
        yield made


async def subscription(town: Town, topic: str) -> Subscription | None:
    known = await (await town.hub.storefront(DOMAIN)).subscriptions()
    return next((one for one in known if one.topic == topic), None)


async def sweep_now_and_after(town: Town, wait: timedelta) -> None:
    await town.hub.sweep_storefront(CONNECTION)
    await pass_time(town, wait)
    await town.hub.sweep_storefront(CONNECTION)


@pytest.mark.parametrize("harm", [DELETE, NARROW], ids=["deleted", "narrowed by a filter"])
async def test_the_subscription_of_a_silent_topic_is_repaired_at_once(town: Town, harm: str) -> None:
    before = await subscription(town, "orders/create")
    assert before is not None
    town.standin.graphql(harm, {"id": before.id})
    town.standin.buy(MANY)
    await sweep_now_and_after(town, timedelta())
    harmed = await subscription(town, "orders/create")

    await sweep_now_and_after(town, PATIENCE)

    repaired = await subscription(town, "orders/create")
    assert harmed is None or harmed.narrowed
    assert repaired is not None
    assert repaired.narrowed == ()
    assert repaired.id != before.id


async def test_while_a_shop_is_merely_quiet_nobody_asks_for_its_subscriptions(town: Town) -> None:
    await sweep_now_and_after(town, PATIENCE)
    calls = town.standin.look("counters")["operations"]

    await sweep_now_and_after(town, PATIENCE)

    asked = town.standin.look("counters")["operations"]
    assert asked["Subscriptions"] == calls["Subscriptions"]
    async with town.hub.database.begin() as tx:
        assert await unheard.silences(tx) == []
    assert await subscription(town, wanted_topics([Flow.ORDERS])[0]) is not None
