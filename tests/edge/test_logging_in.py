"""Who logs in, what a session is good for, and what a stranger learns by trying."""

import re
from datetime import timedelta
from typing import Literal

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy import text
from tests.edge.edge_desk import Person

from crossdock.app.first_admin import first_admin_link
from crossdock.edge.logging_in import TRIES_PER_ADDRESS, TRIES_PER_USER
from crossdock.edge.user_changes import add_user, disable, make_link, set_password
from crossdock.kit import passwords
from crossdock.model.people import Actor, Face, Role
from crossdock.store import users
from crossdock.store.database import Database

OURS = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
PARAMETERS = ("time_cost", "memory_cost", "parallelism", "type")
PASSWORD = "correct horse battery"
ADMIN = Actor("root", Face.COMMAND_LINE)


@pytest.fixture
async def grace(database: Database) -> users.User:
    """An operator with a password."""
    async with database.begin() as tx:
        return await add_user(tx, ADMIN, "Grace", "Grace@Acme.test", Role.OPERATOR, PASSWORD)


async def _try(
    web: httpx.AsyncClient, email: str = "grace@acme.test", password: str = PASSWORD, **more: str
) -> httpx.Response:
    return await web.post("/login", data={"email": email, "password": password, **more}, headers=OURS)


async def _pass(database: Database, time_: timedelta) -> None:
    """Let time pass for the database: for sessions, links and counts."""
    async with database.begin() as tx:
        await tx.execute(
            text(
                "CREATE OR REPLACE FUNCTION hub_now() RETURNS timestamptz LANGUAGE sql STABLE AS "
                f"$$ SELECT statement_timestamp() + interval '{time_.total_seconds()} seconds' $$"
            )
        )


async def test_a_person_logs_in_and_comes_to_the_page_they_wanted(
    stranger: httpx.AsyncClient, grace: users.User
) -> None:
    away = await stranger.get("/holds?x=1", headers=OURS)
    answer = await _try(stranger, " GRACE@acme.test", next="/holds?x=1")
    page = await stranger.get("/holds", headers=OURS)

    assert (away.status_code, away.headers["location"]) == (303, "/login?next=%2Fholds%3Fx%3D1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/holds?x=1")
    assert page.status_code == 200
    assert "Grace" in page.text


@pytest.mark.parametrize("wanted", ["//evil.test", "https://evil.test", "/\\evil.test", "javascript:alert(1)"])
async def test_a_login_never_leads_to_another_site(stranger: httpx.AsyncClient, grace: users.User, wanted: str) -> None:
    assert (await _try(stranger, next=wanted)).headers["location"] == "/"


async def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(
    stranger: httpx.AsyncClient, grace: users.User
) -> None:
    cookie = (await _try(stranger)).headers["set-cookie"]

    assert cookie.startswith("crossdock=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))


async def test_over_https_the_cookie_is_bound_to_https_and_to_this_host(app: FastAPI, grace: users.User) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="https://crossdock.test") as web:
        cookie = (await _try(web)).headers["set-cookie"]
        inside = await web.get("/", headers=OURS)

    assert cookie.startswith("__Host-crossdock=")
    assert "Secure" in cookie.split("; ")
    assert inside.status_code == 200


async def test_a_stranger_and_a_wrong_password_get_the_same_answer(
    stranger: httpx.AsyncClient, grace: users.User, database: Database
) -> None:
    async with database.begin() as tx:
        gone = await add_user(tx, ADMIN, "Gone", "gone@acme.test", Role.ADMIN, PASSWORD)
        await add_user(tx, ADMIN, "Ada", "ada@acme.test", Role.ADMIN)
        await disable(tx, ADMIN, gone)

    answers = [
        await _try(stranger, password="wrong horse battery"),
        await _try(stranger, "nobody@acme.test"),
        await _try(stranger, "gone@acme.test"),
        await _try(stranger, "ada@acme.test"),
        await _try(stranger, "\0"),
    ]

    assert {answer.status_code for answer in answers} == {401}
    said = {re.sub(r' value="[^"]*"', "", answer.text) for answer in answers}
    assert len({one for one in said if "do not go together" in one}) == len(said)
    assert all("set-cookie" not in answer.headers for answer in answers)


async def test_a_strangers_password_is_compared_as_thoroughly_as_a_users(
    stranger: httpx.AsyncClient, grace: users.User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Comparing is all that takes time, so nobody can hear from the clock who is a user."""
    compared: list[str] = []

    class Listening(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - theirs
            compared.append(str(hash).rsplit("$", 2)[0])
            return super().verify(hash, password)

    listening = Listening(**{name: getattr(passwords._HASHER, name) for name in PARAMETERS})
    monkeypatch.setattr(passwords, "_HASHER", listening)

    for email in ("grace@acme.test", "nobody@acme.test", "", "\0"):
        await _try(stranger, email, "wrong horse battery")

    assert compared == ["$argon2id$v=19$m=19456,t=2,p=1"] * 4


async def test_too_many_tries_for_one_user_are_refused_though_the_password_is_right(
    stranger: httpx.AsyncClient, grace: users.User, database: Database
) -> None:
    for _ in range(TRIES_PER_USER):
        await _try(stranger, password="wrong horse battery")

    refused = await _try(stranger)
    await _pass(database, timedelta(minutes=16))
    later = await _try(stranger)

    assert (refused.status_code, "too many tries" in refused.text) == (429, True)
    assert later.status_code == 303


async def test_another_spelling_of_an_address_is_the_same_users_try(
    stranger: httpx.AsyncClient, grace: users.User
) -> None:
    for number in range(TRIES_PER_USER):
        spelled = ("grace\0@acme.test", " GRACE@acme.test", "g\0race@acme.test ")[number % 3]
        await _try(stranger, spelled, "wrong horse battery")

    assert (await _try(stranger)).status_code == 429


async def test_too_many_tries_from_one_address_are_refused_whomever_they_are_for(
    stranger: httpx.AsyncClient, grace: users.User, database: Database
) -> None:
    async with database.begin() as tx:
        await tx.execute(
            text("INSERT INTO login_attempts (subject, count, since) VALUES ('address 127.0.0.1', :count, hub_now())"),
            {"count": TRIES_PER_ADDRESS - 1},
        )

    statuses = [(await _try(stranger, f"guess{n}@acme.test")).status_code for n in range(2)]

    assert statuses == [401, 429]


async def test_successes_do_not_use_up_an_offices_tries(
    stranger: httpx.AsyncClient, grace: users.User, database: Database
) -> None:
    for _ in range(3):
        await _try(stranger)

    async with database.begin() as tx:
        counts = (await tx.execute(text("SELECT subject, count FROM login_attempts"))).all()
    assert [tuple(row) for row in counts] == [("address 127.0.0.1", 0)]


async def test_a_session_ends_when_nobody_uses_it_though_its_page_renews_itself(
    stranger: httpx.AsyncClient, grace: users.User, database: Database
) -> None:
    await _try(stranger)

    await _pass(database, timedelta(hours=11))
    renewed = await stranger.get("/holds", headers=OURS | {"HX-Request": "true"})
    await _pass(database, timedelta(hours=13))
    ended = await stranger.get(
        "/holds",
        headers=OURS | {"HX-Request": "true", "HX-Current-URL": "http://crossdock.test/holds?a=b"},
    )

    assert renewed.status_code == 200
    assert (ended.status_code, ended.headers["hx-redirect"]) == (401, "/login?next=%2Fholds%3Fa%3Db")


async def test_a_session_that_is_used_goes_on_but_not_for_ever(
    stranger: httpx.AsyncClient, grace: users.User, database: Database
) -> None:
    await _try(stranger)

    statuses = []
    for hours in range(10, 180, 10):
        await _pass(database, timedelta(hours=hours))
        statuses.append((await stranger.get("/holds", headers=OURS)).status_code)

    assert statuses == [200] * 16 + [303]  # 160 hours are less than seven days, 170 are more


async def test_logging_out_ends_the_session_itself(web: httpx.AsyncClient, ada: Person) -> None:
    answer = await web.post("/logout", data=ada.form, headers=OURS)
    ada.sit_down(web)

    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert (await web.get("/holds")).status_code == 401


async def test_another_password_logs_out_everywhere_else(
    stranger: httpx.AsyncClient, grace: users.User, database: Database
) -> None:
    await _try(stranger)

    async with database.begin() as tx:
        await set_password(tx, ADMIN, grace, "another horse battery")

    assert (await stranger.get("/holds")).status_code == 401
    assert (await _try(stranger)).status_code == 401
    assert (await _try(stranger, password="another horse battery")).status_code == 303


async def test_a_disabled_user_is_out_at_once(
    stranger: httpx.AsyncClient, grace: users.User, ada: Person, database: Database
) -> None:
    await _try(stranger)

    async with database.begin() as tx:
        await disable(tx, ADMIN, grace)

    assert (await stranger.get("/holds")).status_code == 401


async def test_a_password_kept_by_weaker_parameters_is_kept_anew(
    stranger: httpx.AsyncClient, grace: users.User, database: Database
) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    async with database.begin() as tx:
        await users.set_password(tx, grace.id, weak)

    await _try(stranger)

    async with database.begin() as tx:
        kept = await users.password_of(tx, "grace@acme.test")
    assert kept is not None
    assert kept[1] is not None
    assert "m=19456,t=2,p=1" in kept[1]


async def test_nothing_that_opens_anything_is_in_the_database_in_the_clear(
    stranger: httpx.AsyncClient, grace: users.User, database: Database
) -> None:
    await _try(stranger)
    await _try(stranger, PASSWORD, "typed into the wrong field")
    cookie = stranger.cookies["crossdock"]

    kept = ""
    async with database.begin() as tx:
        tables = await tx.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        for table in tables.scalars().all():
            kept += str((await tx.execute(text(f"SELECT t::text FROM {table} t"))).all())  # noqa: S608 - their own names

    assert "grace@acme.test" in kept
    assert cookie not in kept
    assert PASSWORD not in kept


async def test_the_console_shows_a_link_that_makes_the_first_admin_once(
    stranger: httpx.AsyncClient, database: Database
) -> None:
    link = await first_admin_link(database, "http://crossdock.test")
    assert link is not None
    form = {"name": "Ada", "email": "ada@acme.test", "password": PASSWORD}

    told = (await stranger.get("/login", headers=OURS)).text
    short = await stranger.post(link, data=form | {"password": "short"}, headers=OURS)
    made = await stranger.post(link, data=form, headers=OURS)
    inside = await stranger.get("/users", headers=OURS)
    again = await stranger.post(link, data=form | {"email": "eve@acme.test"}, headers=OURS)

    assert "Nobody can log in yet" in told
    assert (short.status_code, "12 to 256 characters" in short.text) == (422, True)
    assert made.status_code == 303
    assert inside.status_code == 200
    assert (again.status_code, "good no longer" in again.text) == (404, True)
    assert await first_admin_link(database, "http://crossdock.test") is None


async def test_a_link_for_the_first_admin_is_good_for_an_hour(stranger: httpx.AsyncClient, database: Database) -> None:
    link = await first_admin_link(database, "http://crossdock.test")
    assert link is not None

    await _pass(database, timedelta(minutes=61))

    assert (await stranger.get(link, headers=OURS)).status_code == 404


async def test_a_link_for_the_first_admin_is_worth_nothing_once_there_is_a_user(
    stranger: httpx.AsyncClient, database: Database, grace: users.User
) -> None:
    async with database.begin() as tx:
        await tx.execute(text("DELETE FROM sessions"))
        await tx.execute(text("UPDATE users SET disabled_at = hub_now()"))
        await tx.execute(text("INSERT INTO one_time_links VALUES (sha256('old'), NULL, hub_now() + interval '1 hour')"))

    answer = await stranger.post(
        "/welcome/old", data={"name": "Eve", "email": "eve@acme.test", "password": PASSWORD}, headers=OURS
    )

    assert answer.status_code == 404


async def test_a_user_chooses_a_password_by_a_link(stranger: httpx.AsyncClient, database: Database) -> None:
    async with database.begin() as tx:
        alan = await add_user(tx, ADMIN, "Alan", "alan@acme.test", Role.VIEWER)
        first = await make_link(tx, ADMIN, alan)
        second = await make_link(tx, ADMIN, alan)

    statuses = [
        (await stranger.post(f"/welcome/{token}", data={"password": PASSWORD}, headers=OURS)).status_code
        for token in (first, second, second)
    ]
    stranger.cookies.clear()

    assert statuses == [404, 303, 404]
    assert (await _try(stranger, "alan@acme.test")).status_code == 303


async def test_a_disabled_user_has_no_use_for_a_link(
    stranger: httpx.AsyncClient, database: Database, ada: Person
) -> None:
    async with database.begin() as tx:
        alan = await add_user(tx, ADMIN, "Alan", "alan@acme.test", Role.VIEWER)
        token = await make_link(tx, ADMIN, alan)
        await disable(tx, ADMIN, alan)

    assert (await stranger.get(f"/welcome/{token}", headers=OURS)).status_code == 404


@pytest.mark.parametrize("password", ["grace@acme.test", "G" * 257, "eleven char"])
async def test_a_password_that_is_none_is_refused_with_a_sentence(
    stranger: httpx.AsyncClient, database: Database, grace: users.User, password: str
) -> None:
    async with database.begin() as tx:
        token = await make_link(tx, ADMIN, grace)

    answer = await stranger.post(f"/welcome/{token}", data={"password": password}, headers=OURS)

    assert answer.status_code == 422
    assert "Choose another" in answer.text or "12 to 256 characters" in answer.text


async def test_a_login_is_asked_for_by_our_own_page_only(stranger: httpx.AsyncClient, grace: users.User) -> None:
    answer = await stranger.post(
        "/login",
        data={"email": "grace@acme.test", "password": PASSWORD},
        headers={"Sec-Fetch-Site": "cross-site", "Accept": "text/html"},
    )

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
