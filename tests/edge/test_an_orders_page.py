"""An order's page: what its requests say and why, what people set of it, what would happen now, asking again."""

import html
import re
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from tests.edge.edge_desk import Person, a_person, asked_for
from tests.edge.portal_seed import ACME, a_morning, order_id

from crossdock.edge.replaying import Asking, Planned, Replay
from crossdock.model.cause import Cause, Hold
from crossdock.model.change import Terms
from crossdock.model.deed import Deed
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, LocationId, OrderId, RequestKey, ShopDomain
from crossdock.model.people import Role
from crossdock.model.request_field import FieldKind, FieldSpec, RequestField, Source
from crossdock.model.state import OrderState
from crossdock.store import audit, holds, overrides, requests
from crossdock.store.database import Database
from crossdock.testing.builders import a_request, a_request_line, an_address

OURS = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
PAGE = "/orders/acme/1020"
KEY = RequestKey("gid://shopify/FulfillmentOrder/9001")
PRIORITY = FieldSpec("priority", "Priority", FieldKind.NUMBER)
TERMS = Terms(
    replace(
        a_request(a_request_line("4711", 6), key=KEY),
        name="#1020",
        order=order_id(1020),
        ship_to=replace(an_address(city="Bremen"), last_name="Lovelace"),
        note="Ring twice",
        fields=(RequestField("priority", FieldKind.NUMBER, "3", Source.DEFAULT),),
    ),
    LocationId("gid://shopify/Location/1"),
)


class OneReplay:
    """Plans that the note would be changed at the warehouse."""

    async def replay(self, connection: ConnectionId, order: OrderId) -> Replay:
        assert (connection, order) == (ACME, order_id(1020))
        now = replace(TERMS, request=replace(TERMS.request, note="Ring once"))
        hold = Hold(Cause.CHANGED_LATE, "#1020: the tags were changed.")
        plans = (Planned(Flow.ORDERS, ("Have the warehouse change WO-00020.",), hold),)
        return Replay(order, plans, (Asking(KEY, "#1020", TERMS, now),))


class OneField:
    """A backend with a field of its own."""

    async def fields_of(self, connection: ConnectionId) -> list[FieldSpec]:
        assert connection == ACME
        return [PRIORITY]

    async def try_mapping(self, *_: object) -> list[object]:
        raise AssertionError("nobody tries a mapping here")


@pytest.fixture(autouse=True)
async def _order(app: FastAPI, database: Database, acme: ShopDomain) -> None:
    await a_morning(database)
    async with database.begin() as tx:
        await requests.agreed(tx, ACME, TERMS)
    app.state.desk = replace(app.state.desk, replays=OneReplay(), mappings=OneField())


def _said(answer: httpx.Response) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.text)))


def _form(person: Person, **more: str) -> dict[str, str]:
    return person.form | {"connection": "acme", "order_id": order_id(1020), **more}


async def _set(database: Database) -> dict[str, str]:
    async with database.begin() as tx:
        kept = (await overrides.of_orders(tx, ACME, [order_id(1020)])).get(order_id(1020), {})
    return {name: one.value for name, one in kept.items()}


async def test_the_page_says_what_the_warehouse_was_asked_and_who_said_so(web: httpx.AsyncClient) -> None:
    said = _said(await web.get(PAGE))

    assert "City Bremen Shopify" in said
    assert "Note Ring twice Shopify" in said
    assert "Priority 3 default" in said


async def test_what_would_happen_now_stands_beside_what_was_asked_and_nothing_is_done(
    web: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    answer = await web.post("/order/replay", data=_form(ada), headers=OURS)

    said = _said(answer)
    assert answer.status_code == 200
    assert "Have the warehouse change WO-00020." in said
    assert "It would be held: #1020: the tags were changed." in said
    assert "Note Ring twice Ring once Shopify" in said
    assert await asked_for(database) == []


async def test_only_what_was_touched_is_set_and_the_page_says_by_whom_and_why(
    web: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    form = _form(ada, why="They moved.")
    form |= {"value.ship_to.city": "Kiel", "was.ship_to.city": "Bremen", "value.note": "Ring twice\r\n"}
    form |= {"was.note": "Ring twice\n", "value.fields.priority": "", "was.fields.priority": "3"}

    answer = await web.post("/order/override", data=form, headers=OURS)
    said = _said(await web.get(PAGE))

    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
    assert await _set(database) == {"ship_to.city": "Kiel", "fields.priority": ""}
    assert "ada@acme.test set: Priority, City." in said
    assert "They moved." in said
    assert "Undo: City" in said


async def test_what_was_set_is_undone_with_one_button(web: httpx.AsyncClient, ada: Person, database: Database) -> None:
    form = _form(ada, why="They moved.") | {"value.ship_to.city": "Kiel", "was.ship_to.city": "Bremen"}
    await web.post("/order/override", data=form, headers=OURS)

    await web.post("/order/undo-override", data=_form(ada, field="ship_to.city"), headers=OURS)

    assert await _set(database) == {}
    assert "ada@acme.test undid what was set in: City." in _said(await web.get(PAGE))


async def test_what_changed_meanwhile_is_shown_beside_what_was_set(web: httpx.AsyncClient, database: Database) -> None:
    async with database.begin() as tx:
        await overrides.say(tx, ACME, order_id(1020), {"ship_to.city": "Kiel"}, "Ada", "They moved.")
        for city in ("Bremen", "Rostock"):
            await overrides.seen(tx, ACME, order_id(1020), {"ship_to.city": city})

    said = _said(await web.get(PAGE))

    assert "City changed meanwhile Says Kiel Else Rostock" in said
    assert "What was set still stands." in said


async def test_a_value_that_is_refused_is_said_on_the_page(web: httpx.AsyncClient, ada: Person) -> None:
    form = _form(ada, why="x") | {"value.fields.priority": "high", "was.fields.priority": "3"}

    answer = await web.post("/order/override", data=form, headers=OURS)

    assert answer.status_code == 422
    assert "Priority takes a whole number, and is given “high”." in _said(answer)


async def test_what_left_in_part_is_not_offered_to_be_asked_for_again(
    web: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    async with database.begin() as tx:  # Shopify counts them no more, and they left all the same
        await tx.execute(text("UPDATE packages SET cancelled_at = hub_now()"))

    shown = (await web.get(PAGE)).text
    answer = await web.post("/order/resend", data=_form(ada, request=KEY), headers=OURS)

    assert "Ask again, should it be lost" not in shown
    assert answer.status_code == 422
    assert "package P-00020-1 left for it, so sending it again might ship the goods twice" in _said(answer)


async def test_what_may_be_lost_is_asked_for_again_by_one_button(
    web: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    async with database.begin() as tx:
        await tx.execute(text("DELETE FROM packages"))

    shown = (await web.get(PAGE)).text
    answer = await web.post("/order/resend", data=_form(ada, request=KEY), headers=OURS)

    async with database.begin() as tx:
        asked = (await requests.of_orders(tx, ACME, [order_id(1020)]))[order_id(1020)]
        _, [entry, *_] = await audit.read(tx)
    assert "Ask again, should it be lost" in shown
    assert answer.status_code == 303
    assert [one.reference for one in asked] == [None]
    assert (entry.deed, entry.before) == (Deed.REQUEST_RESENT, {"request": "#1020", "reference": "WO-00020"})


async def test_a_viewer_is_offered_nothing_and_may_do_nothing(stranger: httpx.AsyncClient, database: Database) -> None:
    grace = await a_person(database, Role.VIEWER, "grace")
    grace.sit_down(stranger)

    shown = _said(await stranger.get(PAGE))
    answers = [
        await stranger.post(f"/order/{deed}", data=_form(grace, request=KEY, field="note", why="x"), headers=OURS)
        for deed in ("replay", "resend", "override", "undo-override")
    ]

    assert "City Bremen Shopify" in shown
    assert "What would happen now?" not in shown
    assert "Set what is asked for it" not in shown
    assert [answer.status_code for answer in answers] == [403] * 4


async def test_an_order_whose_hold_is_resolved_shows_how_far_it_is(
    web: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    held = f"acme orders {order_id(1022)}"
    async with database.begin() as tx:
        await tx.execute(text("UPDATE orders SET own_state = 'waiting' WHERE name = '#1022'"))

    await web.post("/holds/resolve", data=ada.form | {"held": [held], "note": "By hand."}, headers=OURS)
    resolved, listed = _said(await web.get("/orders/acme/1022")), _said(await web.get("/orders?state=held"))
    await web.post("/holds/reopen", data=ada.form | {"held": [held]}, headers=OURS)
    reopened = _said(await web.get("/orders/acme/1022"))

    assert "#1022 Waiting" in resolved
    assert "Somebody said that it is done with." in resolved
    assert "#1022" not in listed
    assert "#1022 Held" in reopened


async def test_a_field_that_is_missing_is_offered_in_place(web: httpx.AsyncClient, database: Database) -> None:
    async with database.begin() as tx:
        lacks = Hold(Cause.FIELD_MISSING, "#1022 lacks: phone.")
        await holds.hold(tx, ACME, Flow.ORDERS, {order_id(1022): lacks})

    said = _said(await web.get("/orders/acme/1022"))

    assert "Fill it in here" in said
    assert "Let it go as it is" in said


async def test_nothing_is_set_of_an_order_that_has_shipped(
    web: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    async with database.begin() as tx:
        await tx.execute(text("UPDATE orders SET state = :state WHERE name = '#1020'"), {"state": OrderState.SHIPPED})

    form = _form(ada, why="x") | {"value.note": "x", "was.note": ""}
    answer = await web.post("/order/override", data=form, headers=OURS)

    assert "Set what is asked for it" not in _said(await web.get(PAGE))
    assert "#1020 is shipped; nothing more is asked for it." in _said(answer)
