"""Up to when nothing was lost, and whether both sides agree: what `proof` and `reconcile` tell a person."""

import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text
from tests.cli.terminal import Terminal, put_goods_on_sale

from crossdock.backends.builtin.plugin import BuiltinPlugin, BuiltinSettings
from crossdock.model.names import ConnectionId
from crossdock.ports.backend import BackendContext
from crossdock.store import watermarks
from crossdock.store.database import Database, Tx, open_database
from crossdock.store.watermarks import BACKEND
from shopify_standin.testing import RunningStandin

STANDIN = ConnectionId("standin")


def set_up(terminal: Terminal, shop: RunningStandin) -> None:
    """Two goods for sale, and both sides in agreement."""
    put_goods_on_sale(shop)
    terminal.read("warehouse", "add", "MAIN", "Main warehouse")
    for sku in ("MUG", "LAMP"):
        terminal.read("warehouse", "items", "add", sku, sku.capitalize())
        terminal.read("warehouse", "receive", sku, "MAIN", "20")
    terminal.add_store(shop)
    terminal.read("connect", shop.shop_domain, "--orders-from", "all")
    terminal.read("sync", "standin")


def behind_its_back(terminal: Terminal, change: Callable[[Database, Tx], Awaitable[None]]) -> None:
    """Change the hub's database as no command would."""

    async def changed() -> None:
        database = open_database(terminal.database_url)
        async with database.begin() as tx:
            await change(database, tx)
        await database.close()

    asyncio.run(changed())


async def forget_the_news(database: Database, tx: Tx) -> None:
    """Read what the warehouse has to tell, and lose it: a gap in a backend's news."""
    context = BackendContext(database.url)
    async with BuiltinPlugin().open(BuiltinSettings(), context) as backend:
        bookmark = await watermarks.read(tx, STANDIN, BACKEND)
        changes = await backend.changes(bookmark.cursor)
    await watermarks.advance(tx, STANDIN, BACKEND, complete_to=None, cursor=changes.cursor)


async def let_minutes_pass(_database: Database, tx: Tx) -> None:
    await tx.execute(text("UPDATE unheard SET found_at = found_at - interval '10 minutes'"))


async def let_the_clock_run(_database: Database, tx: Tx) -> None:
    await tx.execute(
        text(
            "CREATE OR REPLACE FUNCTION hub_now() RETURNS timestamptz LANGUAGE sql STABLE AS "
            "$$ SELECT statement_timestamp() + interval '2 minutes' $$"
        )
    )


def test_every_flow_of_a_synced_connection_has_its_proof(terminal: Terminal, shop: RunningStandin) -> None:
    set_up(terminal, shop)

    found = terminal.data_of("proof")

    assert {one["flow"]: one["due"] for one in found["flows"]} == {
        "orders": 0,
        "fulfillments": 0,
        "inventory": 0,
        "returns": 0,
        "money": 0,
        "catalog": 0,
    }
    assert all(one["complete_to"] and one["behind_seconds"] < 360 for one in found["flows"])
    assert found["silent_topics"] == found["differences"] == []


def test_before_the_first_sweep_it_says_what_to_do(terminal: Terminal, shop: RunningStandin) -> None:
    terminal.add_store(shop)
    terminal.read("connect", shop.shop_domain)

    assert "never swept to the end: crossdock sync standin" in terminal.read("proof")


def test_an_unknown_connection_is_refused(terminal: Terminal) -> None:
    assert "nowhere" in terminal.refusal("proof", "--connection", "nowhere")


def test_both_sides_agree_or_the_difference_is_named_and_repaired(terminal: Terminal, shop: RunningStandin) -> None:
    set_up(terminal, shop)
    agreed = terminal.read("reconcile", "standin")
    terminal.read("warehouse", "receive", "MUG", "MAIN", "5")
    behind_its_back(terminal, forget_the_news)
    terminal.read("sync", "standin")

    told = terminal.type("reconcile", "standin")
    repaired = terminal.read("reconcile", "standin", "--repair")
    again = terminal.data_of("reconcile", "standin")

    assert "stock of 2 items." in agreed
    assert "Both sides agree." in agreed
    assert told.code == 1
    assert "Stock: " in told.out
    assert "crossdock reconcile standin --repair" in told.out
    assert "Looked at again: both sides agree now." in repaired
    assert (again["differed"], again["remaining"]) == ([], [])


def test_what_is_left_after_the_repair_is_told_with_its_cause(terminal: Terminal, shop: RunningStandin) -> None:
    set_up(terminal, shop)
    shop.buy(1)
    shop.advance(60)
    terminal.read("sync", "standin")
    # An order that was looked at within seconds of its change would be looked at once more in any case.
    behind_its_back(terminal, let_the_clock_run)
    terminal.read("sync", "standin")
    [asked] = terminal.data_of("warehouse", "orders")
    terminal.read("warehouse", "cancel", asked["reference"])

    async def lose_the_order(_database: Database, tx: Tx) -> None:
        await tx.execute(text("TRUNCATE builtin_warehouse.orders CASCADE"))

    behind_its_back(terminal, lose_the_order)

    screen = terminal.type("reconcile", "standin", "--repair")
    kept = terminal.data_of("proof")["differences"]

    assert screen.code == 1
    assert "and does not know it any more." in screen.out
    assert "The hub looked again and found nothing to do." in screen.out
    assert [one["difference"]["title"] for one in kept] == [asked["name"]]
    assert "does not know it any more" in terminal.read("proof")
    assert "1 objects differ" in terminal.read("doctor")


def test_a_topic_that_fell_silent_is_told_with_what_to_look_at(
    terminal: Terminal, shop: RunningStandin, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as nobody:
        # Bound and not listening: whoever knocks is turned away.
        nobody.bind(("127.0.0.1", 0))
        monkeypatch.setenv("CROSSDOCK_PUBLIC_URL", f"http://127.0.0.1:{nobody.getsockname()[1]}")
        set_up(terminal, shop)
        shop.buy(3)
        shop.advance(60)
        terminal.read("sync", "standin")
        behind_its_back(terminal, let_minutes_pass)

        said = terminal.read("proof")
        doctor = terminal.type("doctor").out

    assert "No webhook orders/create has come since" in said
    assert "while the sweep found 3 changes that it should have told of." in said
    assert "The subscriptions are in order, so see whether http://127.0.0.1:" in doctor
