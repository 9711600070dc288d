"""`/api/shadow`: a program reads what a connection would have written, and lets it write or not."""

import httpx
import pytest
from tests.edge.edge_desk import a_token

from crossdock.model.cause import Cause, Hold
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, OrderId, ShopDomain
from crossdock.model.people import Scope
from crossdock.ports.shadow import Side, WouldWrite
from crossdock.store import audit, holds
from crossdock.store.database import Database
from crossdock.store.shadow_writes import ShadowNotes

ACME = ConnectionId("acme")
SHADOW = "/api/shadow/acme"
LEVEL = WouldWrite(Side.SHOPIFY, "stock", "item place", "The level would be set from 3 to 7.", there=3, would=7)
SEND = WouldWrite(Side.BACKEND, "send", "fo-1", "Warehouse MAIN would be asked for #1001: 2 of MUG.", OrderId("o-1"))

pytestmark = pytest.mark.usefixtures("acme")


async def test_a_shadow_is_begun_read_and_ended(stranger: httpx.AsyncClient, database: Database) -> None:
    stranger.headers.update(await a_token(database, Scope.ADMIN))
    turns = [(await stranger.post(f"{SHADOW}/on")).json() for _ in range(2)]
    await ShadowNotes(database, ACME).note([SEND])
    await ShadowNotes(database, ACME).note([SEND, LEVEL])
    async with database.begin() as tx:
        await holds.hold(tx, ACME, Flow.ORDERS, {"o-2": Hold(Cause.FIELD_MISSING, "#1002 lacks: phone.")})

    said = (await stranger.get(SHADOW)).json()
    ended = (await stranger.post(f"{SHADOW}/off")).json()
    after = (await stranger.get(SHADOW)).json()

    assert turns == [
        {"connection": "acme", "shadow": True, "changed": True},
        {"connection": "acme", "shadow": True, "changed": False},
    ]
    assert {(one["act"], one["order"], one["there"], one["would"], one["times"]) for one in said["would"]} == {
        ("send", "o-1", None, None, 2),
        ("stock", None, 3, 7, 1),
    }
    assert said["held"] == [{"key": "o-2", "cause": "field_missing", "detail": "#1002 lacks: phone."}]
    assert ended == {"connection": "acme", "shadow": False, "changed": True}
    assert (after["shadow_since"], len(after["would"])) == (None, 2)
    async with database.begin() as tx:
        deeds = [one.deed.value for one in (await audit.read(tx))[1]]
    assert deeds == ["shadow ended", "shadow begun"]


async def test_who_may_only_operate_reads_it_and_does_not_switch(
    stranger: httpx.AsyncClient, database: Database, acme: ShopDomain
) -> None:
    stranger.headers.update(await a_token(database, Scope.OPERATE))

    seen, switched = await stranger.get(SHADOW), await stranger.post(f"{SHADOW}/on")
    unknown = await stranger.get("/api/shadow/nowhere")

    assert (seen.status_code, switched.status_code) == (200, 403)
    assert (unknown.status_code, "There is no connection nowhere." in unknown.json()["error"]) == (422, True)
