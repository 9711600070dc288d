"""The database is lost and an older one restored: the hub repeats nothing that it did since, and both sides agree."""

import asyncio
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from tests.spine.test_a_day_away import until_all_are_at_the_warehouse
from tests.spine.town import Town, a_town

from crossdock.app.backup import take_back, write
from crossdock.app.demo.shop import DOMAIN
from crossdock.app.demo.story import CONNECTION, Cast, prepare, until_agreed, until_for_sale
from crossdock.app.hub import open_hub
from crossdock.app.installation import operating_system_user
from crossdock.app.serve import address_of, listen, serving
from crossdock.backends.builtin.floor import open_floor
from crossdock.kit.errors import UsageError
from crossdock.model.connection import InventoryRules, Rules, StockMode
from crossdock.store import connections
from crossdock.store.dump import dump, program, restore


def _with_the_warehouse_as_it_is(old: str, new: str) -> None:
    """Give the restored database the warehouse's books of today: a backend is elsewhere, and nobody restored it."""
    with psycopg.connect(new, autocommit=True) as connection:
        connection.execute("DROP SCHEMA builtin_warehouse CASCADE")
    books = subprocess.run([program("pg_dump"), "-n", "builtin_warehouse", "-d", old], check=True, capture_output=True)
    subprocess.run([program("psql"), "-q", "-d", new], input=books.stdout, check=True, stdout=subprocess.DEVNULL)


def _told(town: Town) -> int:
    """How many fulfillments the shop has, cancelled ones too."""
    query = "{ orders(first: 100) { nodes { fulfillments { id } } } }"
    orders = town.standin.graphql(query)["data"]["orders"]["nodes"]
    return sum(len(order["fulfillments"]) for order in orders)


@pytest.mark.parametrize("mode", list(StockMode))
async def test_nothing_is_done_twice_after_a_restore(
    database_url: str, empty_url: str, tmp_path: Path, mode: StockMode
) -> None:
    listener = listen("127.0.0.1", 0)
    async with a_town(database_url, tmp_path, address_of(listener)) as town:
        connection = await prepare(town.cast, 20, seed=6)
        async with town.hub.database.begin() as tx:
            rules = Rules(inventory=InventoryRules(window=timedelta(seconds=1), mode=mode))
            await connections.set_rules(tx, CONNECTION, rules)
        async with serving(town.hub, listener):
            await town.hub.watch_subscriptions(DOMAIN)
            await until_for_sale(town.cast)
            bought = town.standin.buy(6, seed=1)
            await until_all_are_at_the_warehouse(town, len(bought))
            dump(database_url, tmp_path / "backup")
            bought += town.standin.buy(6, seed=2)
            before = await until_agreed(town.cast, connection, len(bought), seed=6)
        told, asked = _told(town), len(await town.cast.floor.orders(limit=100))

        await take_back(empty_url, tmp_path / "backup", operating_system_user())
        _with_the_warehouse_as_it_is(database_url, empty_url)
        settings = town.settings.model_copy(update={"database_url": empty_url})
        async with open_hub(settings, lambda _: None) as hub, open_floor(empty_url) as floor:
            cast: Cast = replace(town.cast, hub=hub, floor=floor)
            async with serving(hub, listen("127.0.0.1", 0)):
                after = await until_agreed(cast, connection, len(bought), seed=6)
            told_again, asked_again = _told(town), len(await floor.orders(limit=100))

    assert (before.differences, after.differences) == ((), ())
    assert (told_again, asked_again) == (told, asked)


def test_a_backup_goes_into_an_empty_database_only(database_url: str, tmp_path: Path) -> None:
    dump(database_url, tmp_path / "backup")

    with pytest.raises(UsageError, match="into an empty one only"):
        restore(database_url, tmp_path / "backup")
    with pytest.raises(UsageError, match="is there already"):
        dump(database_url, tmp_path / "backup")
    with pytest.raises(UsageError, match="There is no file"):
        restore(database_url, tmp_path / "none")
    assert (tmp_path / "backup").stat().st_mode & 0o077 == 0


def test_a_backup_that_fails_is_not_in_the_audit_trail(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    asyncio.run(write(database_url, file, operating_system_user()))

    with pytest.raises(UsageError, match="is there already"):
        asyncio.run(write(database_url, file, operating_system_user()))

    with psycopg.connect(database_url) as connection:
        trail = connection.execute("SELECT deed, object FROM audit").fetchall()
    assert trail == [("database backed up", str(file))]


def test_a_database_that_is_yet_to_be_upgraded_is_backed_up_without_a_trail(database_url: str, tmp_path: Path) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("DROP TABLE audit")
        connection.execute("UPDATE alembic_version SET version_num = '0006'")

    asyncio.run(write(database_url, tmp_path / "backup", operating_system_user()))

    assert (tmp_path / "backup").is_file()
