"""The page of a backend's fields: everybody sees it, operators try it out, admins change it."""

import html
import re
from collections.abc import Sequence
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI
from tests.edge.edge_desk import Person, a_person, a_token

from crossdock.edge.mapping_changes import Tried
from crossdock.model.field_mapping import NOTHING_MAPPED, FieldMapping, FieldSource, fill
from crossdock.model.names import ConnectionId, OrderId, ShopDomain
from crossdock.model.order_facts import order_facts
from crossdock.model.payment import Payment, PaymentMethod
from crossdock.model.people import Role, Scope
from crossdock.model.request_field import FieldKind, FieldSpec
from crossdock.store import mappings
from crossdock.store.database import Database
from crossdock.testing.builders import an_order

OURS = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
PAGE = "/connections/acme/mappings"
ACME = ConnectionId("acme")
TERMS = FieldSpec("terms", "Payment terms", longest=10)
PRIORITY = FieldSpec("priority", "Priority", FieldKind.NUMBER)


class OneOrder:
    """A hub that knows one order, #1001, tagged b2b."""

    async def fields_of(self, connection: ConnectionId) -> Sequence[FieldSpec]:
        assert connection == ACME
        return (TERMS, PRIORITY)

    async def try_mapping(
        self, connection: ConnectionId, orders: Sequence[OrderId], mapping: FieldMapping | None
    ) -> Sequence[Tried]:
        assert connection == ACME
        order = an_order(tags=["b2b"])
        if order.id not in orders:
            return []
        payment = Payment(PaymentMethod.PREPAID, (), order.total)
        facts = order_facts(order, payment, None, None)
        after = fill(mapping or NOTHING_MAPPED, (TERMS, PRIORITY), facts)
        return [Tried(order.id, order.name, "MAIN", fill(NOTHING_MAPPED, (TERMS, PRIORITY), facts), after)]


@pytest.fixture(autouse=True)
def _hub(app: FastAPI, acme: ShopDomain) -> None:
    app.state.desk = replace(app.state.desk, mappings=OneOrder())


def _said(answer: httpx.Response) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.text)))


async def _versions(database: Database) -> list[FieldMapping]:
    async with database.begin() as tx:
        return [one.mapping for one in await mappings.listed(tx, ACME)]


async def test_an_admin_tries_a_mapping_saves_it_and_goes_back(
    web: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    form = ada.form | {
        "from.terms": "",
        "else.terms": "NET30 when contains(tags, 'b2b')\nPREPAID",
        "from.priority": "name",
        "order": "gid://shopify/Order/1001",
        "note": "Terms by tag",
    }

    tried = _said(await web.post(f"{PAGE}/try", data=form, headers=OURS))
    nothing_saved = await _versions(database)
    saved = await web.post(f"{PAGE}/save", data=form, headers=OURS)
    await web.post(f"{PAGE}/save", data=ada.form | {"from.terms": "'COD'"}, headers=OURS)
    back = await web.post(f"{PAGE}/rollback", data=ada.form | {"version": "1"}, headers=OURS)

    assert "terms NET30" in tried
    assert "Sent without it: Priority (priority) takes a whole number, and is given “#1001”." in tried
    assert nothing_saved == []
    assert (saved.status_code, back.status_code) == (303, 303)
    third, second, first = await _versions(database)
    assert third == first != second
    page = _said(await web.get(PAGE))
    assert "3 in force" in page
    assert "Terms by tag" in page


async def test_a_mapping_that_cannot_work_is_not_saved_and_stays_in_the_form(
    web: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    answer = await web.post(f"{PAGE}/save", data=ada.form | {"from.terms": "tags["}, headers=OURS)

    assert answer.status_code == 422
    assert "Payment terms (terms): the expression cannot be read at character 6" in _said(answer)
    assert 'value="tags["' in answer.text
    assert await _versions(database) == []


@pytest.mark.parametrize(("role", "tries"), [(Role.VIEWER, 403), (Role.OPERATOR, 200)])
async def test_others_see_it_and_cannot_change_it(
    stranger: httpx.AsyncClient, database: Database, role: Role, tries: int
) -> None:
    async with database.begin() as tx:
        await mappings.save(tx, ACME, FieldMapping({"terms": FieldSource("note")}), "ada", "")
    person = await a_person(database, name="grace", role=role)
    person.sit_down(stranger)
    form = person.form | {"from.terms": "name", "order": "gid://shopify/Order/1001"}

    seen = await stranger.get(PAGE)
    tried = await stranger.post(f"{PAGE}/try", data=form, headers=OURS)
    saved = await stranger.post(f"{PAGE}/save", data=form, headers=OURS)

    assert seen.status_code == 200
    assert "formaction" not in seen.text
    assert (tried.status_code, saved.status_code) == (tries, 403)
    assert len(await _versions(database)) == 1


async def test_programs_try_it_save_it_and_go_back(stranger: httpx.AsyncClient, database: Database) -> None:
    shown = await a_token(database, Scope.ADMIN)
    fields = {"terms": {"from": "tags[0]"}, "priority": {"from": "name"}}
    order = "gid://shopify/Order/1001"
    api = "/api/mappings/acme"

    tried = await stranger.post(f"{api}/try", headers=shown, json={"fields": fields, "order": order})
    nothing_saved = await _versions(database)
    first = await stranger.post(api, headers=shown, json={"fields": fields, "note": "Terms by tag"})
    await stranger.post(api, headers=shown, json={"fields": {}})
    back = await stranger.post(f"{api}/rollback", headers=shown, json={"version": 1})
    refused = await stranger.post(api, headers=shown, json={"fields": {"color": {"from": "name"}}})

    [request] = tried.json()["requests"]
    assert request["fields"] == {"terms": "b2b"}
    assert request["left_out"] == ["Priority (priority) takes a whole number, and is given “#1001”."]
    assert nothing_saved == []
    assert (first.json(), back.json()) == ({"version": 1}, {"version": 3})
    assert (refused.status_code, refused.json()["error"]) == (
        422,
        "The backend has no field color. It takes: terms, priority.",
    )
    now = (await stranger.get(api, headers=shown)).json()
    assert (now["version"], now["fields"]["terms"]["from"]) == (3, "tags[0]")
    assert [one["version"] for one in now["versions"]] == [3, 2, 1]
