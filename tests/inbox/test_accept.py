"""A delivery is accepted once it is committed, whatever company it travels in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError

from crossdock.inbox.accept import Acceptance, Receipt, TooBusy
from crossdock.model.flow import Flow
from crossdock.model.names import ShopDomain
from crossdock.store import inbox
from crossdock.store.complaints import DatabaseUnavailable
from crossdock.store.database import Database, Tx, open_database
from crossdock.store.inbox import Arrival
from crossdock.store.schema import inbox as table
from crossdock.store.schema import news


def _arrival(store: ShopDomain, number: int, *, flow: Flow = Flow.ORDERS, topic: str = "orders/create") -> Arrival:
    return Arrival(
        store=store,
        webhook_id=f"id-{number}",
        event_id=None,
        topic=topic,
        api_version="2026-07",
        triggered_at=None,
        headers={"x-shopify-topic": topic},
        body=b'{"id": %d}' % number,
        subjects=((flow, f"gid://shopify/Order/{number}"),),
    )


async def _news(database: Database) -> list[tuple[str, str, str, str]]:
    async with database.begin() as tx:
        rows = await tx.execute(select(news.c.connection, news.c.flow, news.c.key, news.c.reason).order_by(news.c.id))
        return [tuple(row) for row in rows]


async def test_what_is_accepted_is_in_the_database_with_its_body_and_its_news(
    database: Database, acme: ShopDomain
) -> None:
    receipt = await Acceptance(database).accept(_arrival(acme, 1))

    async with database.begin() as tx:
        row = (await tx.execute(select(table))).one()
    assert receipt is Receipt.NEW
    assert (row.store, row.webhook_id, row.topic, bytes(row.body)) == (acme, "id-1", "orders/create", b'{"id": 1}')
    assert row.headers == {"x-shopify-topic": "orders/create"}
    assert await _news(database) == [("whole", "orders", "gid://shopify/Order/1", "orders/create")]


async def test_news_goes_to_every_connection_that_has_the_flow_switched_on(
    database: Database, acme: ShopDomain
) -> None:
    await Acceptance(database).accept(_arrival(acme, 1, flow=Flow.INVENTORY))

    assert {(connection, flow) for connection, flow, _, _ in await _news(database)} == {
        ("whole", "inventory"),
        ("stock", "inventory"),
    }


async def test_a_delivery_known_already_adds_nothing(database: Database, acme: ShopDomain) -> None:
    acceptance = Acceptance(database)
    await acceptance.accept(_arrival(acme, 1))

    assert await acceptance.accept(_arrival(acme, 1)) is Receipt.KNOWN

    assert len(await _news(database)) == 1


async def test_of_the_same_delivery_sent_many_times_at_once_one_is_new(database: Database, acme: ShopDomain) -> None:
    one, other = Acceptance(database), Acceptance(database)  # as two web processes have them

    receipts = await asyncio.gather(*((one, other)[n % 2].accept(_arrival(acme, n % 5)) for n in range(100)))

    assert receipts.count(Receipt.NEW) == 5
    assert len(await _news(database)) == 5


async def test_deliveries_that_come_during_a_write_share_the_next_transaction(
    database: Database, acme: ShopDomain
) -> None:
    writes: list[str] = []

    def written(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        writes.append(statement)

    event.listen(database._engine.sync_engine, "after_cursor_execute", written)

    await asyncio.gather(*(Acceptance(database).accept(_arrival(acme, n)) for n in range(10)))
    alone = len(writes)
    acceptance = Acceptance(database)
    await asyncio.gather(*(acceptance.accept(_arrival(acme, n)) for n in range(10, 110)))

    assert alone == 10
    assert len(writes) - alone <= 3
    async with database.begin() as tx:
        assert await inbox.count(tx, acme) == 110


async def test_a_poisonous_delivery_harms_only_itself(database: Database, acme: ShopDomain) -> None:
    acceptance = Acceptance(database)
    poison = _arrival(acme, 0, topic="nul \0 inside")

    results = await asyncio.gather(
        *(acceptance.accept(one) for one in (_arrival(acme, 1), poison, _arrival(acme, 2))), return_exceptions=True
    )

    assert [results[0], results[2]] == [Receipt.NEW, Receipt.NEW]
    assert isinstance(results[1], DBAPIError)


async def test_nothing_is_accepted_while_the_database_is_away(acme: ShopDomain) -> None:
    nowhere = open_database("postgresql://somebody@127.0.0.1:1/nothing")
    acceptance = Acceptance(nowhere)

    results = await asyncio.gather(*(acceptance.accept(_arrival(acme, n)) for n in range(5)), return_exceptions=True)

    assert all(isinstance(result, DatabaseUnavailable) for result in results)
    await nowhere.close()


async def test_whoever_stops_waiting_leaves_the_others_of_the_group_unharmed(
    database: Database, acme: ShopDomain
) -> None:
    acceptance = Acceptance(database)
    impatient = asyncio.create_task(acceptance.accept(_arrival(acme, 1)))
    patient = asyncio.create_task(acceptance.accept(_arrival(acme, 2)))
    await asyncio.sleep(0)

    impatient.cancel()

    assert await patient is Receipt.NEW


class _Stuck(Database):
    """A database whose connections open when they are let."""

    def __init__(self, inner: Database) -> None:
        super().__init__(inner._engine, inner.url)
        self.let = asyncio.Event()

    @asynccontextmanager
    async def statements(self) -> AsyncIterator[Tx]:
        await self.let.wait()
        async with super().statements() as tx:
            yield tx


async def test_when_too_much_waits_newcomers_are_sent_away_and_the_waiting_are_kept(
    database: Database, acme: ShopDomain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crossdock.inbox.accept.BACKLOG_BYTES", 50)
    stuck = _Stuck(database)
    acceptance = Acceptance(stuck)
    waiting = [asyncio.create_task(acceptance.accept(_arrival(acme, n))) for n in range(3)]
    await asyncio.sleep(0)  # these three are taken up as a group at once
    waiting += [asyncio.create_task(acceptance.accept(_arrival(acme, n))) for n in range(10, 20)]
    await asyncio.sleep(0)
    waiting += [asyncio.create_task(acceptance.accept(_arrival(acme, n))) for n in range(20, 30)]
    await asyncio.sleep(0)

    with pytest.raises(TooBusy):
        await acceptance.accept(_arrival(acme, 99))
    stuck.let.set()
    results = await asyncio.gather(*waiting, return_exceptions=True)

    kept = [result for result in results if result is Receipt.NEW]
    async with database.begin() as tx:
        assert await inbox.count(tx, acme) == len(kept) >= 8


async def test_the_drains_are_told_once_for_a_group(database: Database, acme: ShopDomain) -> None:
    with psycopg.connect(database.url, autocommit=True) as listener:
        listener.execute("LISTEN crossdock_news")
        async with database.begin() as tx:
            await inbox.keep(tx, [_arrival(acme, n) for n in range(20)])

        heard = [notification.payload for notification in listener.notifies(timeout=0.2)]

    assert heard == ["whole orders"]


async def test_bodies_come_back_byte_for_byte(database: Database, acme: ShopDomain) -> None:
    bodies = {"a": b"\x00\xff\\x'\"\n", "b": b"", "c": "Grüße 🎁".encode(), "d": bytes(range(256)) * 100}
    rows = [
        Arrival(acme, name, "e", "t", None, None, {"x": "Grüße \\ \" ' 🎁"}, body, ()) for name, body in bodies.items()
    ]

    async with database.begin() as tx:
        await inbox.keep(tx, rows)
        kept = await tx.execute(select(table.c.webhook_id, table.c.body, table.c.headers))
        read = {row.webhook_id: (bytes(row.body), row.headers) for row in kept}
        encoding = (await tx.execute(text("SHOW server_encoding"))).scalar()

    assert encoding == "UTF8"
    assert read == {name: (body, {"x": "Grüße \\ \" ' 🎁"}) for name, body in bodies.items()}


async def test_a_connection_that_breaks_fails_its_group_and_the_next_one_is_kept(
    database: Database, acme: ShopDomain
) -> None:
    acceptance = Acceptance(database)
    await acceptance.accept(_arrival(acme, 1))
    broken = asyncio.Event()

    def interrupt(connection: Any, *_rest: object) -> None:
        if not broken.is_set():
            broken.set()
            pid = connection.connection.dbapi_connection.driver_connection.info.backend_pid
            with psycopg.connect(database.url, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", (pid,))

    event.listen(database._engine.sync_engine, "before_cursor_execute", interrupt)

    with pytest.raises(DatabaseUnavailable):
        await acceptance.accept(_arrival(acme, 2))
    assert await acceptance.accept(_arrival(acme, 2)) is Receipt.NEW
