"""The page of a shadow: what it would have written, and the switch for admins."""

import html
import re

import httpx
import pytest
from tests.edge.edge_desk import Person, a_person

from crossdock.model.names import ConnectionId, OrderId, ShopDomain
from crossdock.model.people import Role
from crossdock.ports.shadow import Side, WouldWrite
from crossdock.store import shadow_writes
from crossdock.store.database import Database
from crossdock.store.shadow_writes import ShadowNotes

OURS = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
PAGE = "/connections/acme/shadow"
ACME = ConnectionId("acme")
SEND = WouldWrite(Side.BACKEND, "send", "fo-1", "Warehouse MAIN would be asked for #1001: 2 of MUG.", OrderId("o-1"))
LEVEL = WouldWrite(Side.SHOPIFY, "stock", "item place", "The level would be set from 3 to 7.", there=3, would=7)


@pytest.fixture(autouse=True)
def _store(acme: ShopDomain) -> None:
    """A connection that writes."""


def _said(answer: httpx.Response) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.text)))


async def test_an_admin_makes_a_shadow_reads_what_it_would_do_and_lets_it_write(
    web: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    began = await web.post(f"{PAGE}/on", data=ada.form, headers=OURS)
    notes = ShadowNotes(database, ACME)
    await notes.note([SEND, LEVEL])
    await notes.note([SEND])

    page = _said(await web.get(PAGE))
    ended = await web.post(f"{PAGE}/off", data=ada.form, headers=OURS)

    assert (began.status_code, ended.status_code) == (303, 303)
    assert "Since a moment ago it reads both sides, decides, and writes nothing." in page
    assert "send backend Warehouse MAIN would be asked for #1001: 2 of MUG. first a moment ago · wanted 2 times" in page
    assert "The level would be set from 3 to 7." in page
    async with database.begin() as tx:
        assert await shadow_writes.since(tx, ACME) is None
        assert len(await shadow_writes.listed(tx, ACME)) == 2
    trail = _said(await web.get("/audit"))
    assert "shadow begun" in trail
    assert "shadow ended" in trail


async def test_a_shadow_that_begins_again_has_noted_nothing_yet(
    web: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    await web.post(f"{PAGE}/on", data=ada.form, headers=OURS)
    await ShadowNotes(database, ACME).note([SEND])
    await web.post(f"{PAGE}/off", data=ada.form, headers=OURS)

    await web.post(f"{PAGE}/on", data=ada.form, headers=OURS)

    assert "It would have written nothing yet" in _said(await web.get(PAGE))


async def test_an_operator_sees_it_and_cannot_switch(stranger: httpx.AsyncClient, database: Database) -> None:
    grace = await a_person(database, name="grace", role=Role.OPERATOR)
    grace.sit_down(stranger)

    seen = await stranger.get(PAGE)
    switched = await stranger.post(f"{PAGE}/on", data=grace.form, headers=OURS)

    assert seen.status_code == 200
    assert "Make it a shadow" not in seen.text
    assert switched.status_code == 403
