"""The app is taken out of the shop while it is at work, and installed again a day later: nothing is lost."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.spine.test_a_day_away import topics, until, until_all_are_at_the_warehouse
from tests.spine.town import Town, a_town, pass_time

from crossdock.app.demo.shop import API_VERSION, DOMAIN, SECRET, TOKEN
from crossdock.app.demo.story import prepare, ship, until_agreed, until_for_sale
from crossdock.app.doctor.examine import examine
from crossdock.app.installation import operating_system_user
from crossdock.app.serve import address_of, listen, serving
from crossdock.app.setup import add_store
from crossdock.app.topics import wanted_topics
from crossdock.edge.tying import NewStore
from crossdock.model.flow import Flow
from crossdock.store import stores
from crossdock.store.stores import Uninstalled


async def _left(town: Town) -> bool:
    async with town.hub.database.begin() as tx:
        return (await stores.get(tx, DOMAIN)).uninstalled_at is not None


async def test_a_store_that_comes_back_goes_on_where_it_was(database_url: str, tmp_path: Path) -> None:
    listener = listen("127.0.0.1", 0)
    async with a_town(database_url, tmp_path, address_of(listener)) as town:
        connection = await prepare(town.cast, 20, seed=4)
        async with serving(town.hub, listener):
            await town.hub.watch_subscriptions(DOMAIN)
            await until_for_sale(town.cast)
            bought = town.standin.buy(8, seed=1)
            await until_all_are_at_the_warehouse(town, len(bought))

            town.standin.control("uninstall")
            await until(lambda: _left(town))
            await ship(town.cast, seed=4)
            bought += town.standin.buy(6, seed=2)
            await pass_time(town, timedelta(days=1))
            with pytest.raises(Uninstalled):
                await town.hub.storefront(DOMAIN)
            (finding,) = [one for one in await examine(town.settings) if one.subject == f"Store {DOMAIN}"]

            town.standin.control("tokens", token=TOKEN)
            back = NewStore(DOMAIN, TOKEN, (SECRET,), town.cast.shop.url, API_VERSION)
            known = (await add_store(town.hub, operating_system_user(), back)).known
            subscribed = await topics(town)
            audit = await until_agreed(town.cast, connection, len(bought), seed=4)

    assert "crossdock store add" in finding.finding + finding.remedy
    assert known
    assert subscribed == set(wanted_topics(Flow))
    assert audit.differences == ()
    assert audit.orders == len(bought)
