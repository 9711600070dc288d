"""Whatever watches over the processes learns whether one lives, may be sent work, and what it has counted."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from sqlalchemy import text

from crossdock.edge.desk import Desk
from crossdock.edge.web import web_app
from crossdock.inbox.accept import Acceptance
from crossdock.inbox.keyring import Keyring
from crossdock.kit.sealing import Sealer
from crossdock.model.names import ShopDomain
from crossdock.store.database import Database, open_database
from crossdock.store.presence import present


@asynccontextmanager
async def silent_server() -> AsyncIterator[int]:
    """A server that takes every connection and never answers."""
    gone = asyncio.Event()

    async def listen(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await gone.wait()
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
        gone.set()


def _without_database(sealer: Sealer) -> httpx.AsyncClient:
    nowhere = open_database("postgresql://somebody@127.0.0.1:1/nothing")
    desk = Desk(nowhere, Keyring(nowhere, sealer), Acceptance(nowhere))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=web_app(desk)), base_url="http://127.0.0.1:8700")


async def test_a_process_with_a_migrated_database_is_alive_and_ready(web: httpx.AsyncClient) -> None:
    assert (await web.get("/healthz")).status_code == 200
    assert (await web.get("/readyz")).json() == {"ready": True, "workers": 0}


async def test_a_worker_counts_for_as_long_as_it_is_there(web: httpx.AsyncClient, database: Database) -> None:
    before = await web.get("/readyz?workers=true")
    async with present(database.url, "a worker") as here:
        await here.wait()
        meanwhile = await web.get("/readyz?workers=true")

    assert (before.status_code, "crossdock worker" in before.json()["why"]) == (503, True)
    assert (meanwhile.status_code, meanwhile.json()["workers"]) == (200, 1)


async def test_a_database_that_takes_calls_and_says_nothing_is_noticed_within_a_second(
    sealer: Sealer,
) -> None:
    async with silent_server() as port:
        mute = open_database(f"postgresql://somebody@127.0.0.1:{port}/nothing")
        desk = Desk(mute, Keyring(mute, sealer), Acceptance(mute))
        transport = httpx.ASGITransport(app=web_app(desk))
        async with httpx.AsyncClient(transport=transport, base_url="http://crossdock.test") as web:
            began = time.monotonic()
            ready = await web.get("/readyz")
            took = time.monotonic() - began

    assert (ready.status_code, "did not answer within 0.8 seconds" in ready.json()["why"]) == (503, True)
    assert took < 3  # a busy machine adds to the 0.8 seconds; who waits for such a database, waits for ever


async def test_a_process_without_its_database_is_alive_but_not_ready(sealer: Sealer) -> None:
    async with _without_database(sealer) as web:
        ready = await web.get("/readyz")

        assert (await web.get("/healthz")).status_code == 200
        assert ready.status_code == 503
        assert "does not answer" in ready.json()["why"]
        assert "crossdock_database_up 0.0" in (await web.get("/metrics")).text


async def test_a_database_of_another_schema_is_not_ready(web: httpx.AsyncClient, database: Database) -> None:
    async with database.begin() as tx:
        await tx.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    ready = await web.get("/readyz")

    assert (ready.status_code, "schema" in ready.json()["why"]) == (503, True)


async def test_metrics_count_what_came_and_what_waits(
    web: httpx.AsyncClient, database: Database, acme: ShopDomain
) -> None:
    await web.post(f"/webhooks/shopify/{acme}", content=b"{}", headers={"Content-Type": "application/json"})
    async with database.begin() as tx:
        await tx.execute(
            text(
                """
                INSERT INTO pending (connection, flow, key, reason, due_at, first_due_at)
                VALUES ('acme', 'orders', 'a', 'r', hub_now() - interval '1 minute', hub_now() - interval '1 minute'),
                       ('acme', 'orders', 'b', 'r', hub_now() + interval '1 hour', hub_now() - interval '1 hour')
                """
            )
        )
        await tx.execute(
            text(
                """
                INSERT INTO news (connection, flow, key, reason)
                VALUES ('acme', 'orders', 'a', 'r'), ('acme', 'orders', 'c', 'r'), ('acme', 'needs', 'a place', 'r')
                """
            )
        )

    said = (await web.get("/metrics")).text

    assert 'crossdock_webhooks_total{outcome="unsigned"} 1.0' in said
    assert 'crossdock_pending_waiting{connection="acme",flow="orders"} 3.0' in said
    assert 'crossdock_pending_due{connection="acme",flow="orders"} 2.0' in said
    oldest = next(line for line in said.splitlines() if line.startswith("crossdock_pending_oldest_seconds{"))
    assert 60 <= float(oldest.rsplit(" ", 1)[1]) < 120
    assert "crossdock_database_up 1.0" in said
