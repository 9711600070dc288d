"""The page on which admins decide what people are told of, and everybody sees what became of it."""

import html
import re

import httpx
import pytest
from sqlalchemy import text
from tests.edge.edge_desk import ACME, Person, a_person

from crossdock.edge.alert_changes import NewAlert, add_alert
from crossdock.kit.sealing import Sealer
from crossdock.model.alert import Topic
from crossdock.model.channel import Slack
from crossdock.model.names import ShopDomain
from crossdock.model.people import Actor, Face, Role
from crossdock.store import alert_messages, alerts, channels
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
