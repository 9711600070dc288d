"""What the proof claims: swept, and nothing older waiting; held objects are named and hold nothing back."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from cryptography.fernet import Fernet

from crossdock.kit.sealing import Sealer
from crossdock.model.cause import Cause, Hold
from crossdock.model.connection import Connection, Rules
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, ShopDomain
from crossdock.store import connections, holds, news, pending, stores, watermarks
from crossdock.store.database import Database
from crossdock.store.pending import Failure
from crossdock.store.reads import proof
from crossdock.store.reads.proof import Proof
from crossdock.store.stores import Credentials
from crossdock.store.watermarks import BACKEND, ORDERS, VARIANTS

ACME = ConnectionId("acme")
ORDER = "gid://shopify/Order/1"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
async def connected(database: Database) -> None:
    """A connection with the catalog switched off."""
    sealer = Sealer(Fernet.generate_key().decode())
    store = ShopDomain("acme.myshopify.com")
    async with database.begin() as tx:
        await stores.add(tx, store, Credentials("token", ("secret",)), sealer, api_version="2026-07")
        flows = frozenset(Flow) - {Flow.CATALOG}
        await connections.add(tx, Connection(ACME, store, "builtin", flows, Rules(), {}), "{}", sealer)


async def proofs(database: Database) -> Mapping[Flow, Proof]:
    async with database.begin() as tx:
        return {one.flow: one for one in await proof.proofs(tx)}


async def swept(database: Database, **ago: timedelta) -> datetime:
    """Let streams be complete up to so long ago; return the database's time."""
    async with database.begin() as tx:
        now = await watermarks.now(tx)
        for stream, behind in ago.items():
            await watermarks.advance(tx, ACME, stream, complete_to=now - behind)
    return now


async def claim_one(database: Database) -> None:
    async with database.begin() as tx:
        await pending.fold(tx, ACME, Flow.ORDERS)
        (one,) = await pending.claim(tx, ACME, Flow.ORDERS, "tester", MINUTE, 1)
        assert one.key == ORDER


async def test_nothing_is_claimed_before_the_first_sweep(database: Database) -> None:
    found = await proofs(database)

    assert found.keys() == set(Flow) - {Flow.CATALOG}
    assert {(one.complete_to, one.behind) for one in found.values()} == {(None, None)}


async def test_a_flow_is_complete_as_far_as_all_that_feeds_it(database: Database) -> None:
    now = await swept(database, **{ORDERS: 5 * MINUTE, BACKEND: MINUTE, VARIANTS: 9 * MINUTE})

    found = await proofs(database)

    assert found[Flow.ORDERS].complete_to == now - 5 * MINUTE
    assert found[Flow.FULFILLMENTS].complete_to == now - MINUTE
    assert found[Flow.INVENTORY].complete_to == now - 5 * MINUTE
    behind = found[Flow.ORDERS].behind
    assert behind is not None
    assert 5 * MINUTE <= behind < 6 * MINUTE


async def test_a_stream_that_was_never_swept_leaves_no_proof(database: Database) -> None:
    await swept(database, **{BACKEND: MINUTE})

    assert (await proofs(database))[Flow.INVENTORY].complete_to is None


async def test_the_longest_waiting_look_holds_the_proof_back(database: Database) -> None:
    now = await swept(database, **{ORDERS: 5 * MINUTE})
    async with database.begin() as tx:
        await news.append(tx, ACME, Flow.ORDERS, [ORDER], "sold", -20 * MINUTE)
        await news.append(tx, ACME, Flow.ORDERS, ["gid://shopify/Order/2"], "sold", -MINUTE)

    found = (await proofs(database))[Flow.ORDERS]

    assert found.longest is not None
    assert (found.longest.key, found.due) == (ORDER, 2)
    assert found.complete_to == found.longest.since < now - 19 * MINUTE
    assert found.noticed_to == now - 5 * MINUTE


async def test_a_look_that_is_under_way_or_failed_holds_it_back_too_and_says_why(database: Database) -> None:
    await swept(database, **{ORDERS: 5 * MINUTE})
    async with database.begin() as tx:
        await news.append(tx, ACME, Flow.ORDERS, [ORDER], "sold", -20 * MINUTE)
    await claim_one(database)
    under_way = (await proofs(database))[Flow.ORDERS].longest
    async with database.begin() as tx:
        await pending.fail(tx, ACME, Flow.ORDERS, {ORDER: Failure("Shopify did not answer.", MINUTE)})
    failed = (await proofs(database))[Flow.ORDERS].longest

    assert under_way is not None
    assert failed is not None
    assert (under_way.since, under_way.error) == (failed.since, None)
    assert failed.error == "Shopify did not answer."


async def test_what_waits_for_a_later_moment_was_looked_at(database: Database) -> None:
    now = await swept(database, **{ORDERS: 5 * MINUTE})
    async with database.begin() as tx:
        await news.append(tx, ACME, Flow.ORDERS, [ORDER], "sold", -20 * MINUTE)
    await claim_one(database)
    async with database.begin() as tx:
        await pending.postpone(tx, ACME, Flow.ORDERS, {ORDER: 10 * MINUTE})

    found = (await proofs(database))[Flow.ORDERS]

    assert (found.complete_to, found.due) == (now - 5 * MINUTE, 0)


async def test_what_is_held_is_counted_and_holds_nothing_back(database: Database) -> None:
    now = await swept(database, **{ORDERS: 5 * MINUTE})
    async with database.begin() as tx:
        await holds.hold(tx, ACME, Flow.ORDERS, {ORDER: Hold(Cause.FIELD_MISSING, "#1001 lacks: email.")})

    found = (await proofs(database))[Flow.ORDERS]

    assert (found.complete_to, found.held) == (now - 5 * MINUTE, 1)
