"""Whatever watches over the processes learns whether one lives, may be sent work, and what it has counted."""

import httpx
from sqlalchemy import text

from crossdock.edge.desk import Desk
from crossdock.edge.web import web_app
from crossdock.inbox.accept import Acceptance
from crossdock.inbox.keyring import Keyring
from crossdock.kit.sealing import Sealer
from crossdock.model.names import ShopDomain
from crossdock.store.database import Database, open_database


def _without_database(sealer: Sealer) -> httpx.AsyncClient:
    nowhere = open_database("postgresql://somebody@127.0.0.1:1/nothing")
    desk = Desk(nowhere, Keyring(nowhere, sealer), Acceptance(nowhere))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=web_app(desk)), base_url="http://127.0.0.1:8700")


async def test_a_process_with_a_migrated_database_is_alive_and_ready(web: httpx.AsyncClient) -> None:
    assert (await web.get("/healthz")).status_code == 200
    assert (await web.get("/readyz")).json() == {"ready": True}


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
