"""What is too old goes, in small batches; what guards an effect against being done twice never does."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text
from tests.edge import ada
from tests.edge.edge_desk import a_person

from crossdock.backends.builtin import open_floor, plugin
from crossdock.edge.retention import retain
from crossdock.kit.errors import UsageError
from crossdock.model.connection import Connection
from crossdock.model.deed import Deed
from crossdock.model.names import FulfillmentId, FulfillmentOrderLineId, PackageId, RequestKey, ShopDomain, Units
from crossdock.model.people import Actor, Face
from crossdock.model.request import Package
from crossdock.model.retention import Kind
from crossdock.ports.backend import BackendContext, PersonalData
from crossdock.store import audit, login_attempts, one_time_links, packages, retention, users, watermarks
from crossdock.store.database import Database
from crossdock.testing.builders import NOON

AGED = {
    "inbox": ("received_at",),
    "exchanges": ("began_at",),
    "timeline": ("at",),
    "orders": ("placed_at", "updated_at", "looked_at"),
    "requests": ("tried_at", "accepted_at"),
    "packages": ("tried_at", "told_at"),
    "watermarks": ("complete_to", "checked_at"),
}
LOGINS = ("sessions", "one_time_links", "login_attempts")
ROOT = Actor("root", Face.COMMAND_LINE)
FOR_EVER = ("orders", "requests", "request_lines", "packages", "watermarks", "links", "stock_ledger", "commitments")


@pytest.fixture
async def backend(
    web: httpx.AsyncClient, database: Database, database_url: str, acme: ShopDomain
) -> AsyncIterator[PersonalData]:
    """The built-in warehouse and the hub, after Ada's orders: one is over, one is under way."""
    async with (
        open_floor(database_url) as floor,
        plugin.open(plugin.manifest.settings(), BackendContext(database_url)) as opened,
    ):
        await ada.ada_was_here(web, database, opened, floor)
        assert isinstance(opened, PersonalData)
        async with database.begin() as tx:
            line = FulfillmentOrderLineId("line")
            key = RequestKey(f"gid://shopify/FulfillmentOrder/{ada.THROUGH.rpartition('/')[2]}")
            package = Package(PackageId("SO-000001-1"), NOON, "DHL", "1", None, ((line, Units(2)),))
            await packages.tried(tx, ada.CONNECTION, ada.THROUGH, key, package)
            await packages.told(
                tx, ada.CONNECTION, package.id, FulfillmentId("gid://shopify/Fulfillment/1"), adopted=False
            )
            await watermarks.advance(tx, ada.CONNECTION, watermarks.BACKEND, complete_to=NOON)
        yield opened


async def days_pass(database: Database, days: int) -> None:
    async with database.begin() as tx:
        for table, columns in AGED.items():
            moved = ", ".join(f"{column} = hub_now() - interval '{days} days'" for column in columns)
            await tx.execute(text(f"UPDATE {table} SET {moved}"))  # noqa: S608 - names of ours


async def let_go(database: Database, backend: PersonalData) -> None:
    async def backend_of(_connection: Connection) -> PersonalData:
        return backend

    await retain(database, backend_of)


async def counts(database: Database, *tables: str) -> dict[str, int]:
    async with database.begin() as tx:
        return {one: await tx.scalar(text(f"SELECT count(*) FROM {one}")) or 0 for one in tables}  # noqa: S608 - ours


async def test_what_is_young_stays(database: Database, backend: PersonalData) -> None:
    await days_pass(database, 29)
    before = await counts(database, *AGED)

    await let_go(database, backend)

    assert await counts(database, *AGED) == before


async def test_deliveries_and_calls_go_after_a_month(database: Database, backend: PersonalData) -> None:
    before = await counts(database, *AGED)
    await days_pass(database, 31)

    await let_go(database, backend)

    after = await counts(database, *AGED)
    assert (after["inbox"], after["exchanges"]) == (0, 0)
    assert {name: after[name] for name in AGED if name not in {"inbox", "exchanges"}} == {
        name: before[name] for name in AGED if name not in {"inbox", "exchanges"}
    }


async def test_where_goods_went_is_forgotten_after_three_months_and_of_open_orders_not(
    database: Database, database_url: str, backend: PersonalData
) -> None:
    keys = [ada.request_of(order).key for order in (ada.THROUGH, ada.UNDER_WAY)]
    before = ada.figures(database_url)["stock"]

    await days_pass(database, 89)
    await let_go(database, backend)
    still = await backend.personal_data(keys)
    set_still = await counts(database, "overrides")
    await days_pass(database, 91)
    await let_go(database, backend)

    assert set(still) == set(keys)
    assert list(await backend.personal_data(keys)) == keys[1:]
    assert (set_still, await counts(database, "overrides")) == ({"overrides": 4}, {"overrides": 2})
    assert ada.figures(database_url)["stock"] == before


async def test_the_time_line_of_a_closed_order_goes_after_a_year_and_of_an_open_one_never(
    database: Database, backend: PersonalData
) -> None:
    await days_pass(database, 400)

    await let_go(database, backend)

    async with database.begin() as tx:
        told = set((await tx.execute(text("SELECT order_id FROM timeline"))).scalars())
    assert told == {ada.UNDER_WAY, ada.BOBS}


async def test_what_guards_against_doing_things_twice_is_never_thrown_away(
    database: Database, backend: PersonalData
) -> None:
    before = await counts(database, *FOR_EVER)
    await days_pass(database, 3_700)

    await let_go(database, backend)

    assert before["requests"] == 3
    assert before["packages"] == before["watermarks"] == 1
    assert await counts(database, *FOR_EVER) == before


async def test_what_the_hub_itself_has_to_take_up_stays_until_it_was(
    web: httpx.AsyncClient, database: Database, backend: PersonalData
) -> None:
    await ada.post(web, "customers/redact", ada.privacy_payload())
    await days_pass(database, 31)

    await let_go(database, backend)

    async with database.begin() as tx:
        assert (await tx.execute(text("SELECT topic FROM inbox"))).scalars().all() == ["customers/redact"]


async def test_the_audit_trail_goes_after_two_years(database: Database, backend: PersonalData) -> None:
    async with database.begin() as tx:
        for deed in (Deed.STORE_PAUSED, Deed.STORE_RESUMED):
            await audit.record(tx, ROOT, deed, "acme")
        await tx.execute(
            text("UPDATE audit SET at = at - interval '731 days' WHERE deed = :deed"), {"deed": Deed.STORE_PAUSED}
        )

    await let_go(database, backend)

    async with database.begin() as tx:
        assert [one.deed for one in (await audit.read(tx))[1]] == [Deed.STORE_RESUMED]


@pytest.mark.parametrize(("days", "left"), [(29, 1), (31, 0)])
async def test_attempts_to_log_in_and_what_is_over_go_after_a_month(
    database: Database, backend: PersonalData, days: int, left: int
) -> None:
    someone = await a_person(database, name="grace")
    async with database.begin() as tx:
        await one_time_links.make(tx, b"fingerprint", (await users.named(tx, someone.email)).id)
        await login_attempts.count(tx, ["an address"])
        await tx.execute(text('DELETE FROM sessions WHERE "user" <> (SELECT max(id) FROM users)'))
        for moved in (
            "sessions SET began_at = began_at - :ago, seen_at = seen_at - :ago",
            "one_time_links SET ends_at = hub_now() - :ago",
            "login_attempts SET since = since - :ago",
        ):
            await tx.execute(text(f"UPDATE {moved}"), {"ago": timedelta(days)})

    await let_go(database, backend)

    assert await counts(database, *LOGINS) == dict.fromkeys(LOGINS, left)


async def test_who_is_logged_in_stays_so(web: httpx.AsyncClient, database: Database, backend: PersonalData) -> None:
    async with database.begin() as tx:
        await retention.set_days(tx, Kind.LOGINS, 1)

    await let_go(database, backend)

    assert (await web.get("/")).status_code == 200


async def test_the_audit_trail_cannot_be_shortened_to_hide_what_was_just_done(database: Database) -> None:
    async with database.begin() as tx:
        with pytest.raises(UsageError, match=r"audit cannot be kept for 1 days\. Give 90 to 3650"):
            await retention.set_days(tx, Kind.AUDIT, 1)


async def test_more_than_a_batch_goes_in_several_transactions(
    database: Database, backend: PersonalData, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    await days_pass(database, 400)

    await let_go(database, backend)

    assert await counts(database, "inbox", "exchanges") == {"inbox": 0, "exchanges": 0}
    assert (await counts(database, "timeline"))["timeline"] == 4


async def test_an_installation_may_keep_things_for_longer_or_for_less_long(
    database: Database, backend: PersonalData
) -> None:
    async with database.begin() as tx:
        await retention.set_days(tx, Kind.INBOX, 365)
        await retention.set_days(tx, Kind.EXCHANGES, 7)
        kept = await retention.days(tx)
    await days_pass(database, 31)

    await let_go(database, backend)

    assert (kept[Kind.INBOX], kept[Kind.TIMELINE]) == (365, 365)
    after = await counts(database, "inbox", "exchanges")
    assert after["exchanges"] == 0
    assert after["inbox"] > 0


async def test_deliveries_are_known_for_longer_than_shopify_repeats_them(database: Database) -> None:
    async with database.begin() as tx:
        with pytest.raises(UsageError, match=r"inbox cannot be kept for 1 days\. Give 2 to 3650"):
            await retention.set_days(tx, Kind.INBOX, 1)


async def test_an_admin_says_on_the_page_how_long_things_are_kept(
    stranger: httpx.AsyncClient, database: Database, acme: ShopDomain
) -> None:
    admin = await a_person(database)
    admin.sit_down(stranger)
    ours = {"sec-fetch-site": "same-origin"}

    def keep_for(days: str) -> dict[str, str]:
        return admin.form | {"kind": "inbox", "days": days}

    kept = await stranger.post("/privacy/retention", data=keep_for("14"), headers=ours)
    said = await stranger.post("/privacy/retention", data=keep_for("0"), headers=ours)

    assert kept.status_code == 303
    assert (said.status_code, "inbox cannot be kept for 0 days. Give 2 to 3650." in said.text) == (422, True)
    assert 'value="14" min="2" max="3650"' in said.text
    async with database.begin() as tx:
        assert (await retention.days(tx))[Kind.INBOX] == 14
        assert [one.deed for one in (await audit.read(tx))[1]] == [Deed.RETENTION_CHANGED]
