"""Rules are set in a form by the code that reads commands: the same texts, the same refusals, the same trail."""

import httpx
import pytest
from tests.edge.edge_desk import Person, a_person

from crossdock.model.connection import Rules
from crossdock.model.names import ConnectionId, ShopDomain
from crossdock.model.people import Role
from crossdock.store import audit, connections
from crossdock.store.database import Database

PATH = "/settings/acme"
OURS = {"Sec-Fetch-Site": "same-origin"}

pytestmark = pytest.mark.usefixtures("acme")


async def _rules(database: Database) -> Rules:
    async with database.begin() as tx:
        return (await connections.get(tx, ConnectionId("acme"))).rules


async def test_every_rule_stands_there_with_what_it_means(web: httpx.AsyncClient) -> None:
    page = (await web.get(PATH)).text

    assert page.count('class="rule') >= 37
    assert "Units kept back from every level." in page
    assert "<code>show</code> it below zero" in page


async def test_what_was_changed_is_kept_and_written_down(
    web: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    typed = {"inventory.buffer": "3", "inventory.window": "2min", "orders.name": "{name}"}
    answer = await web.post(PATH, data={**ada.form, **typed}, headers=OURS)

    rules = await _rules(database)
    async with database.begin() as tx:
        _, [entry, *_] = await audit.read(tx, about="rules changed")
    assert answer.status_code == 303
    assert (rules.inventory.buffer, rules.inventory.window.total_seconds()) == (3, 120)
    assert set(entry.after or {}) == {"inventory.buffer", "inventory.window"}


async def test_where_one_rule_cannot_be_none_is_kept_and_nothing_typed_is_lost(
    web: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    typed = {"inventory.buffer": "3", "inventory.cap": "plenty"}
    answer = await web.post(PATH, data={**ada.form, **typed}, headers=OURS)

    assert answer.status_code == 422
    assert "inventory.cap cannot be &#39;plenty&#39;. It takes a whole number." in answer.text
    assert 'value="plenty"' in answer.text
    assert await _rules(database) == Rules()


async def test_the_mode_is_not_changed_by_a_form(web: httpx.AsyncClient, ada: Person, database: Database) -> None:
    await web.post(PATH, data={**ada.form, "inventory.mode": "delta"}, headers=OURS)

    assert await _rules(database) == Rules()


async def test_operators_do_not_set_rules(stranger: httpx.AsyncClient, database: Database, acme: ShopDomain) -> None:
    grace = await a_person(database, Role.OPERATOR)
    grace.sit_down(stranger)

    answer = await stranger.post(PATH, data={**grace.form, "inventory.buffer": "3"}, headers=OURS)

    assert acme
    assert answer.status_code == 403
    assert await _rules(database) == Rules()
