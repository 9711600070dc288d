"""The pages on which admins decide about users and tokens, and read who changed what."""

import html
import re

import httpx
import pytest
from sqlalchemy import text
from tests.edge.edge_desk import Person, a_person

from crossdock.edge.user_changes import add_user
from crossdock.model.deed import Deed
from crossdock.model.people import Actor, Face, Role
from crossdock.store import audit, users
from crossdock.store.database import Database

OURS = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
PASSWORD = "correct horse battery"


def _said(answer: httpx.Response) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.text)))


async def _deeds(database: Database) -> list[str]:
    async with database.begin() as tx:
        return [entry.deed.value for entry in (await audit.read(tx))[1]][::-1]


async def test_an_admin_adds_a_user_who_chooses_a_password_by_the_link_shown_once(
    web: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    form = ada.form | {"name": "Grace", "email": "grace@acme.test", "role": "operator"}

    added = await web.post("/users", data=form, headers=OURS)
    [link] = re.findall(r'value="(http://crossdock\.test/welcome/[^"]+)"', added.text)
    web.cookies.clear()
    inside = await web.post(link, data={"password": PASSWORD}, headers=OURS)
    page = await web.get("/holds", headers=OURS)

    assert "Give this link to grace@acme.test" in _said(added)
    assert (inside.status_code, "Grace" in page.text) == (303, True)
    assert await _deeds(database) == ["user added", "link for a password made", "password changed", "logged in"]


async def test_what_is_wrong_with_a_new_user_is_said_on_the_page(web: httpx.AsyncClient, ada: Person) -> None:
    answer = await web.post(
        "/users", data=ada.form | {"name": "Ada", "email": "ADA@acme.test", "role": "viewer"}, headers=OURS
    )

    assert (answer.status_code, "There is a user ada@acme.test already" in _said(answer)) == (422, True)


async def test_roles_change_and_users_go_and_come_back(web: httpx.AsyncClient, ada: Person, database: Database) -> None:
    await a_person(database, Role.VIEWER, "grace")
    async with database.begin() as tx:
        grace = await users.named(tx, "grace@acme.test")

    for act in ({"role": "admin"}, None, None):
        path = "role" if act else "disable" if (await _deeds(database))[-1] == "role changed" else "enable"
        answer = await web.post(f"/users/{grace.id}/{path}", data=ada.form | (act or {}), headers=OURS)
        assert answer.status_code == 303

    assert await _deeds(database) == ["role changed", "user disabled", "user enabled"]


async def test_the_last_admin_is_told_why_not(web: httpx.AsyncClient, ada: Person, database: Database) -> None:
    async with database.begin() as tx:
        me = await users.named(tx, ada.email)

    answers = [
        await web.post(f"/users/{me.id}/disable", data=ada.form, headers=OURS),
        await web.post(f"/users/{me.id}/role", data=ada.form | {"role": "viewer"}, headers=OURS),
    ]

    assert all("This is the last admin" in _said(answer) for answer in answers)
    assert (await web.get("/users")).status_code == 200


@pytest.mark.parametrize("path", ["link", "disable", "enable", "role"])
async def test_a_user_who_is_not_there_gets_a_sentence(web: httpx.AsyncClient, ada: Person, path: str) -> None:
    answer = await web.post(f"/users/4711/{path}", data=ada.form | {"role": "viewer"}, headers=OURS)

    assert (answer.status_code, "There is no user 4711" in _said(answer)) == (422, True)


async def test_a_token_is_shown_once_and_opens_what_it_says(web: httpx.AsyncClient, ada: Person) -> None:
    form = ada.form | {"name": "stocktaking", "scope": "read", "days": "30"}

    made = await web.post("/tokens", data=form, headers=OURS)
    [token] = re.findall(r'value="(xdk_[^"]+)"', made.text)
    listed = await web.get("/tokens")
    web.cookies.clear()
    opened = await web.get("/proof", headers={"Authorization": f"Bearer {token}"})

    assert token not in listed.text
    assert "stocktaking read made by ada@acme.test a moment ago · never used · ends 20" in _said(listed)
    assert opened.status_code == 200


async def test_a_revoked_or_old_token_opens_nothing(web: httpx.AsyncClient, ada: Person, database: Database) -> None:
    tokens = {}
    for name in ("old", "revoked"):
        made = await web.post("/tokens", data=ada.form | {"name": name, "scope": "admin", "days": "1"}, headers=OURS)
        [tokens[name]] = re.findall(r'value="(xdk_[^"]+)"', made.text)
    await web.post("/tokens/revoke", data=ada.form | {"name": "revoked"}, headers=OURS)
    async with database.begin() as tx:
        await tx.execute(text("UPDATE api_tokens SET ends_at = hub_now() WHERE name = 'old'"))
    web.cookies.clear()

    answers = [await web.get("/proof", headers={"Authorization": f"Bearer {token}"}) for token in tokens.values()]

    assert [answer.status_code for answer in answers] == [401, 401]
    assert all("unknown, revoked or too old" in answer.json()["error"] for answer in answers)


async def test_a_token_needs_a_scope_and_a_name_of_its_own(web: httpx.AsyncClient, ada: Person) -> None:
    answers = [
        await web.post("/tokens", data=ada.form | {"name": "x"}, headers=OURS),
        await web.post("/tokens", data=ada.form | {"name": " ", "scope": "read"}, headers=OURS),
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert "A token needs a scope" in _said(answers[0])


async def test_who_changes_their_own_password_stays_in_and_is_out_everywhere_else(
    stranger: httpx.AsyncClient, database: Database
) -> None:
    by = Actor("root", Face.COMMAND_LINE)
    async with database.begin() as tx:
        await add_user(tx, by, "Grace", "grace@acme.test", Role.VIEWER, PASSWORD)
    credentials = {"email": "grace@acme.test", "password": PASSWORD}
    await stranger.post("/login", data=credentials, headers=OURS)
    elsewhere = stranger.cookies["crossdock"]
    stranger.cookies.clear()
    await stranger.post("/login", data=credentials, headers=OURS)
    [csrf, *_] = re.findall(r'name="csrf" value="([^"]+)"', (await stranger.get("/account")).text)
    form = {"csrf": csrf, "password": "another horse battery"}

    wrong = await stranger.post("/account/password", data=form | {"old": "a guess at it"}, headers=OURS)
    right = await stranger.post("/account/password", data=form | {"old": PASSWORD}, headers=OURS)
    here = await stranger.get("/account")
    stranger.cookies.set("crossdock", elsewhere)
    there = await stranger.get("/account")

    assert (wrong.status_code, "old password is another one" in _said(wrong)) == (422, True)
    assert (right.status_code, here.status_code) == (200, 200)
    assert there.status_code == 401


async def test_the_trail_says_who_changed_what_from_where(
    web: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    async with database.begin() as tx:
        by = Actor("root", Face.COMMAND_LINE)
        await audit.record(
            tx,
            by,
            Deed.RULES_CHANGED,
            "acme",
            before={"inventory.buffer": 0},
            after={"inventory.buffer": 2, "token": "hush", "deep": [{"client_secret": "hush"}]},
        )
    await web.post("/tokens", data=ada.form | {"name": "x", "scope": "read"}, headers=OURS)

    said = _said(await web.get("/audit"))
    narrowed = _said(await web.get("/audit?by=ROOT&about=rules"))

    assert "ada@acme.test : token added, x a moment ago" in said
    assert "· portal · 127.0.0.1" in said
    assert "root : rules changed, acme" in narrowed
    assert "Before: inventory.buffer: 0" in narrowed
    assert "inventory.buffer: 2 " in narrowed
    assert "hush" not in said
    assert "token added" not in narrowed


async def test_a_long_trail_is_read_page_by_page_each_entry_once(web: httpx.AsyncClient, database: Database) -> None:
    by = Actor("root", Face.COMMAND_LINE)
    async with database.begin() as tx:
        for number in range(audit.PAGE + 20):
            await audit.record(tx, by, Deed.STORE_PAUSED, f"store-{number}")
    seen: list[str] = []
    address: str | None = "/audit"

    while address:
        page = (await web.get(address)).text
        seen += re.findall(r"<code>(store-\d+)</code>", page)
        older = re.search(r'href="([^"]*)" rel="next"', page)
        address = html.unescape(older[1]) if older else None

    assert seen == [f"store-{number}" for number in reversed(range(audit.PAGE + 20))]


@pytest.mark.parametrize("query", ["by=%00", "about=%25", "about=_", "by=nobody", "before=0"])
async def test_a_trail_in_which_nothing_fits_says_so(
    web: httpx.AsyncClient, ada: Person, query: str, database: Database
) -> None:
    expected = 1 if query == "by=%00" else 0
    async with database.begin() as tx:
        await audit.record(tx, Actor("root", Face.COMMAND_LINE), Deed.STORE_PAUSED, "acme")

    assert len(re.findall("store paused", (await web.get(f"/audit?{query}")).text)) == expected
