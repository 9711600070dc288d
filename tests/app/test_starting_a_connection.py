"""A connection that is being set up is left alone by the workers until a person starts it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.cli.terminal import locations_of

from crossdock.app.hub import Hub, open_hub
from crossdock.app.set_up_desk import SetUpDesk
from crossdock.app.settings import settings_from
from crossdock.backends.builtin.floor import open_floor
from crossdock.edge.tying import NewConnection, NewStore
from crossdock.kit.errors import UsageError
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.model.people import Actor, Face
from crossdock.store import audit
from crossdock.store.reads import proof
from shopify_standin.testing import RunningStandin

ADA = Actor("Ada", Face.PORTAL)
ID = ConnectionId("standin")


@pytest.fixture
async def desk(hub: Hub, shop: RunningStandin) -> SetUpDesk:
    """A store that was just tied to the built-in warehouse."""
    desk = SetUpDesk(hub, ADA)
    await desk.add_store(NewStore(shop.shop_domain, shop.token, (shop.secret,), shop.url))
    await desk.connect(NewConnection(shop.shop_domain, "builtin", None, "{}", None, started=False))
    return desk


async def _mapped(desk: SetUpDesk, shop: RunningStandin) -> None:
    await desk.add_warehouse("MAIN", "Main warehouse")
    for location in locations_of(shop):
        await desk.map_location(ID, location, "MAIN")


async def test_nothing_works_for_it_before_it_is_started(hub: Hub, desk: SetUpDesk, shop: RunningStandin) -> None:
    before = await hub.working_connections()
    await _mapped(desk, shop)

    await desk.start(ID, datetime(2026, 7, 1, tzinfo=UTC))

    async with hub.database.begin() as tx:
        _, [newest] = await audit.read(tx, limit=1)
    assert before == []
    [working] = await hub.working_connections()
    assert working.rules.orders.placed_from == datetime(2026, 7, 1, tzinfo=UTC)
    assert (newest.deed, newest.actor.name) == ("connection started", "Ada")


async def test_it_is_not_started_before_a_location_has_a_warehouse(desk: SetUpDesk) -> None:
    with pytest.raises(UsageError, match="Map one, then start it"):
        await desk.start(ID, None)


async def test_it_is_not_started_without_a_flow(desk: SetUpDesk, shop: RunningStandin) -> None:
    await _mapped(desk, shop)
    await desk.switch_flows(ID, ())

    with pytest.raises(UsageError, match="Switch one on, then start it"):
        await desk.start(ID, None)


async def test_it_is_started_once(desk: SetUpDesk, shop: RunningStandin) -> None:
    await _mapped(desk, shop)
    await desk.start(ID, None)

    with pytest.raises(UsageError, match="was started already"):
        await desk.start(ID, None)


async def test_flows_are_switched_one_by_one_and_written_down(hub: Hub, desk: SetUpDesk) -> None:
    await desk.switch_flows(ID, {Flow.ORDERS, Flow.CATALOG})

    async with hub.database.begin() as tx:
        _, [newest] = await audit.read(tx, limit=1)
    assert (await hub.connection(ID)).flows == {Flow.ORDERS, Flow.CATALOG}
    assert newest.after == {"flows": ["catalog", "orders"]}


async def test_the_warehouse_begins_with_what_shopify_has_and_never_gets_it_twice(
    hub: Hub, desk: SetUpDesk, shop: RunningStandin
) -> None:
    await _mapped(desk, shop)

    made = [await desk.make_items(ID, with_stock=True), await desk.make_items(ID, with_stock=True)]

    async with open_floor(hub.database.url) as floor:
        stock = {one.item: one.on_hand for one in await floor.stock()}
    assert made == [2, 0]
    assert stock == {"MUG": 20, "LAMP": 20}


async def test_a_stand_in_is_added_only_where_the_installation_allows_it(
    database_url: str, tmp_path: Path, shop: RunningStandin
) -> None:
    async with open_hub(settings_from(data=tmp_path, database_url=database_url), lambda _: None) as strict:
        with pytest.raises(UsageError, match="CROSSDOCK_STAND_INS=1"):
            await SetUpDesk(strict, ADA).add_store(NewStore("standin", "token", ("secret",), shop.url))


async def test_nobody_is_told_that_it_is_late_while_it_is_set_up(
    hub: Hub, desk: SetUpDesk, shop: RunningStandin
) -> None:
    async def late() -> set[str]:
        async with hub.database.begin() as tx:
            return {one.connection for one in await proof.proofs(tx)}

    before = await late()
    await _mapped(desk, shop)
    await desk.start(ID, None)

    assert before == set()
    assert await late() == {ID}
