"""The page on which admins decide what people are told of, and everybody sees what became of it."""

import html
import re
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from tests.edge.edge_desk import ACME, Person, a_person, a_token

from crossdock.app.alerts.watch import watch
from crossdock.edge.alert_changes import NewAlert, add_alert
from crossdock.kit.sealing import Sealer
from crossdock.model.alert import Topic
from crossdock.model.cause import Cause, Hold
from crossdock.model.channel import Slack
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, ShopDomain
from crossdock.model.people import Actor, Face, Role, Scope
from crossdock.store import alert_messages, alerts, channels, holds
from crossdock.store.database import Database

OURS = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}


def _said(answer: httpx.Response) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.text)))


@pytest.fixture(autouse=True)
async def _chat(database: Database, sealer: Sealer, acme: ShopDomain) -> None:
    async with database.begin() as tx:
        await channels.put(tx, "chat", Slack("https://chat.example/hooks/hush"), sealer)


async def test_an_admin_adds_an_alert_and_has_a_test_sent(
    web: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    form = ada.form | {
        "name": "Night watch",
        "topic": "holds",
        "channel": "chat",
        "least": "5",
        "store": ACME,
        "cause": "item_missing",
        "quiet": "22:00-07:00 Europe/Berlin",
        "urgent": "true",
    }

    added = await web.post("/alerts", data=form, headers=OURS)
    tested = await web.post("/alerts/test", data=ada.form | {"name": "Night watch"}, headers=OURS)
    page = _said(await web.get("/alerts"))

    async with database.begin() as tx:
        [message] = await alert_messages.latest(tx, 10)
    assert (added.status_code, tested.status_code) == (303, 303)
    assert f"tells of holds for item_missing of {ACME} from 5 objects · quiet 22:00-07:00 Europe/Berlin" in page
    assert "to be sent a moment ago · by chat" in page
    assert "hush" not in page
    assert message.message.link == "http://crossdock.test/alerts"


async def test_an_alert_is_removed(web: httpx.AsyncClient, ada: Person, database: Database) -> None:
    await _an_alert(database)

    answer = await web.post("/alerts/remove", data=ada.form | {"name": "Watch"}, headers=OURS)

    async with database.begin() as tx:
        assert (answer.status_code, await alerts.listed(tx)) == (303, [])


@pytest.mark.parametrize(
    ("path", "form", "why"),
    [
        ("/alerts", {"name": "", "channel": "chat"}, "The name of an alert has 1 to 60 characters"),
        ("/alerts", {"name": "x", "channel": "chat", "least": "many"}, "'many' is no whole number"),
        ("/alerts", {"name": "x", "channel": "gone"}, "There is no channel gone"),
        ("/alerts", {"name": "x", "topic": "order", "channel": "chat", "amount": "much"}, "'much' is no amount"),
        (
            "/alerts",
            {"name": "x", "topic": "order", "channel": "chat", "amount": "1e999999"},
            "'1e999999' is no amount",
        ),
        ("/alerts", {"name": "x", "channel": "chat\0\0s"}, "There is no channel chats"),
        ("/alerts/test", {"name": "gone"}, "There is no alert gone"),
        ("/alerts/remove", {"name": "gone"}, "There is no alert gone"),
    ],
)
async def test_what_is_wrong_is_said_on_the_page(
    web: httpx.AsyncClient, ada: Person, path: str, form: dict[str, str], why: str
) -> None:
    answer = await web.post(path, data=ada.form | form, headers=OURS)

    assert (answer.status_code, why in _said(answer)) == (422, True)


async def test_a_viewer_reads_what_was_sent_and_why_not_and_changes_nothing(
    stranger: httpx.AsyncClient, database: Database
) -> None:
    await _an_alert(database)
    async with database.begin() as tx:
        await tx.execute(
            text(
                "INSERT INTO alert_messages (key, alert, channel, subject, lines, link, attempts, last_error) "
                "VALUES ('k', 'Watch', 'chat', 's', '{a line}', '/', 2, 'chat.example does not take it (HTTP 500).')"
            )
        )
    viewer = await a_person(database, Role.VIEWER)
    viewer.sit_down(stranger)

    page = await stranger.get("/alerts")

    assert "to be tried again" in _said(page)
    assert "Not sent: chat.example does not take it (HTTP 500)." in _said(page)
    assert "<form" not in page.text


async def _an_alert(database: Database) -> None:
    async with database.begin() as tx:
        await add_alert(tx, Actor("root", Face.COMMAND_LINE), NewAlert("Watch", Topic.HOLDS, "chat"))


async def test_an_admin_adds_a_way_out_of_each_kind_and_no_secret_is_shown_again(
    web: httpx.AsyncClient, app: FastAPI, sealer: Sealer, ada: Person
) -> None:
    app.state.desk = replace(app.state.desk, sealer=sealer)
    mail = {"name": "ops", "host": "smtp.example", "sender": "hub@acme.test", "user": "hub", "password": "hushed"}

    await web.post("/alerts/channels/email", data=ada.form | mail | {"to": "a@acme.test, b@acme.test"}, headers=OURS)
    made = await web.post(
        "/alerts/channels/webhook", data=ada.form | {"name": "pager", "url": "https://pager.example/x"}, headers=OURS
    )
    chat = {"name": "talk", "url": "https://chat.example/hooks/hushed"}
    await web.post("/alerts/channels/slack", data=ada.form | chat, headers=OURS)
    page = await web.get("/alerts")

    said = _said(page)
    assert "ops email a@acme.test, b@acme.test by smtp.example:587" in said
    assert "pager webhook pager.example/…" in said
    assert "talk slack chat.example/…" in said
    assert ("whsec_" in made.text, "whsec_" in page.text, "hushed" in page.text) == (True, False, False)


async def test_a_channel_that_cannot_be_is_refused_with_a_sentence(
    web: httpx.AsyncClient, app: FastAPI, sealer: Sealer, ada: Person
) -> None:
    app.state.desk = replace(app.state.desk, sealer=sealer)
    inside = {"name": "inside", "url": "https://10.0.0.1/x"}

    answer = await web.post("/alerts/channels/slack", data=ada.form | inside, headers=OURS)

    assert (answer.status_code, "private" in _said(answer)) == (422, True)


async def test_a_channel_is_tried_switched_off_and_removed(
    web: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    form = ada.form | {"name": "chat"}

    await web.post("/alerts/channels/test", data=form, headers=OURS)
    await web.post("/alerts/channels/switch", data=form, headers=OURS)
    off = _said(await web.get("/alerts"))
    refused = await web.post("/alerts/channels/test", data=form, headers=OURS)
    await web.post("/alerts/channels/remove", data=form, headers=OURS)

    async with database.begin() as tx:
        [message] = await alert_messages.latest(tx, 10)
        left = await channels.listed(tx)
    assert (message.alert, message.channel) == ("test of chat", "chat")
    assert "chat slack off" in off
    assert (refused.status_code, "The channel chat is off." in _said(refused)) == (422, True)
    assert left == []


async def test_what_happens_while_a_channel_is_off_is_told_once_it_is_on(
    web: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    await _an_alert(database)
    async with database.begin() as tx:
        held = {"gid://shopify/Order/1": Hold(Cause.FIELD_MISSING, "No street.")}
        await holds.hold(tx, ConnectionId("acme"), Flow.ORDERS, held)
    form = ada.form | {"name": "chat"}

    await web.post("/alerts/channels/switch", data=form, headers=OURS)
    while_off = await watch(database, "https://hub.example")
    await web.post("/alerts/channels/switch", data=form | {"on": "true"}, headers=OURS)
    once_on = await watch(database, "https://hub.example")

    assert (while_off, once_on) == (0, 1)


async def test_a_program_sets_up_channels_and_alerts(
    stranger: httpx.AsyncClient, app: FastAPI, sealer: Sealer, database: Database
) -> None:
    app.state.desk = replace(app.state.desk, sealer=sealer)
    admin, reader = await a_token(database, Scope.ADMIN), await a_token(database, Scope.READ)
    pager = {"kind": "webhook", "url": "https://pager.example/x"}
    night = {"name": "Night", "topic": "holds", "channel": "pager", "causes": ["item_missing", "field_missing"]}

    made = await stranger.put("/api/channels/pager", json=pager, headers=admin)
    added = await stranger.post("/api/alerts", json=night, headers=admin)
    tested = await stranger.post("/api/channel-tests", json={"channel": "pager"}, headers=admin)
    off = await stranger.post("/api/channels/pager/off", headers=admin)
    used = await stranger.delete("/api/channels/pager", headers=admin)
    gone = await stranger.delete("/api/alerts/Night", headers=admin)
    listed = (await stranger.get("/api/channels", headers=reader)).json()["channels"]
    refused = await stranger.delete("/api/channels/pager", headers=reader)

    assert made.json()["secret"].startswith("whsec_")
    assert [answer.status_code for answer in (added, tested, off, gone)] == [200, 200, 200, 200]
    assert (used.status_code, "Alerts use the channel pager" in used.json()["error"]) == (422, True)
    assert [(one["name"], one["off_since"] is None) for one in listed] == [("chat", True), ("pager", False)]
    assert "secret" not in str(listed)
    assert refused.status_code == 403
