"""By the quickest of its webhooks, a store's clock is compared with the database's."""

from datetime import datetime, timedelta
from itertools import count

import pytest

from crossdock.model.names import ShopDomain
from crossdock.store import inbox, watermarks
from crossdock.store.database import Database
from crossdock.store.inbox import Arrival
from crossdock.store.reads import clocks

ACME, OTHER = ShopDomain("acme.myshopify.com"), ShopDomain("other.myshopify.com")
SECOND = timedelta(seconds=1)

_numbers = count(1)


def a_delivery(triggered_at: datetime | None, store: ShopDomain = ACME) -> Arrival:
    return Arrival(store, f"w{next(_numbers)}", None, "orders/create", None, triggered_at, {}, b"{}", ())


async def hear(database: Database, *ago: timedelta) -> None:
    """Keep deliveries that were triggered so long ago by Shopify's clock."""
    async with database.begin() as tx:
        now = await watermarks.now(tx)
        await inbox.keep(tx, [a_delivery(now - one) for one in ago])


async def ahead(database: Database, store: ShopDomain = ACME) -> timedelta | None:
    async with database.begin() as tx:
        return await clocks.ahead_of_shopify(tx, store)


async def test_a_few_deliveries_say_nothing(database: Database) -> None:
    await hear(database, *[SECOND] * 4)

    assert await ahead(database) is None


@pytest.mark.parametrize("apart", [400, 0, -300])
async def test_the_quickest_tells_how_far_ahead_ours_is_whatever_came_late(database: Database, apart: int) -> None:
    await hear(database, *(SECOND * (apart + late) for late in (3600, 700, 90, 1, 12)))

    found = await ahead(database)

    assert found is not None
    assert SECOND * apart < found < SECOND * (apart + 10)


async def test_it_is_each_stores_own(database: Database) -> None:
    await hear(database, *[SECOND] * 5)

    assert await ahead(database, OTHER) is None
