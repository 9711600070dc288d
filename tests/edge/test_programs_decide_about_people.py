"""`/api/users`, `/api/tokens`, `/api/audit`: a program of an admin's decides who may do what, as admins do on pages."""

import httpx
import pytest
from tests.edge.edge_desk import Person, a_person, a_token

from crossdock.model.names import ShopDomain
from crossdock.model.people import Role, Scope
from crossdock.store.database import Database

OURS = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
GRACE = {"name": "Grace", "email": "Grace@acme.test", "role": "operator"}


@pytest.fixture
async def program(stranger: httpx.AsyncClient, database: Database) -> httpx.AsyncClient:
    """A program of an admin's."""
    stranger.headers.update(await a_token(database, Scope.ADMIN))
    return stranger


async def _deeds(program: httpx.AsyncClient) -> list[str]:
    return [one["deed"] for one in (await program.get("/api/audit")).json()["entries"]][::-1]


async def test_a_user_is_added_chooses_a_password_by_the_link_and_may_then_log_in(program: httpx.AsyncClient) -> None:
    added = (await program.post("/api/users", json=GRACE)).json()
    before = (await program.get("/api/users")).json()["users"]
    browser = httpx.AsyncClient(transport=program._transport, base_url="http://crossdock.test")
    inside = await browser.post(added["link"], data={"password": "correct horse battery"}, headers=OURS)

    whole = (await program.get(f"/api/users/{added['user']['id']}")).json()
    assert added["link"].startswith("http://crossdock.test/welcome/")
    assert [(one["email"], one["role"], one["may_log_in"]) for one in before] == [
        ("grace@acme.test", "operator", False)
    ]
    assert inside.status_code == 303
    assert (whole["user"]["may_log_in"], len(whole["sessions"])) == (True, 1)
    assert await _deeds(program) == ["user added", "link for a password made", "password changed", "logged in"]


async def test_roles_and_sessions_end_and_come_back(
    program: httpx.AsyncClient, ada: Person, database: Database
) -> None:
    grace = await a_person(database, Role.VIEWER, "grace")
    listed = (await program.get("/api/users")).json()["users"]
    [number] = [one["id"] for one in listed if one["email"] == grace.email]
    user = f"/api/users/{number}"

    changed = (await program.post(f"{user}/role", json={"role": "admin"})).json()
    ended = [(await program.post(f"{user}/log-out")).json()["ended"] for _ in range(2)]
    disabled = (await program.post(f"{user}/disable")).json()
    enabled = (await program.post(f"{user}/enable")).json()

    assert (changed["role"], ended) == ("admin", [1, 0])
    assert disabled["disabled_at"]
    assert enabled["disabled_at"] is None
    assert await _deeds(program) == ["role changed", "logged out everywhere", "user disabled", "user enabled"]


async def test_nobody_takes_away_the_last_admin(program: httpx.AsyncClient, ada: Person) -> None:
    [me] = (await program.get("/api/users")).json()["users"]

    refused = [
        await program.post(f"/api/users/{me['id']}/disable"),
        await program.post(f"/api/users/{me['id']}/role", json={"role": "viewer"}),
    ]

    assert [answer.status_code for answer in refused] == [422, 422]
    assert all("This is the last admin" in answer.json()["error"] for answer in refused)
    assert await _deeds(program) == []


async def test_who_is_not_there_is_said_so(program: httpx.AsyncClient) -> None:
    nobody = await program.post("/api/users/4711/disable")

    assert (nobody.status_code, nobody.json()) == (
        404, {"error": "There is no user 4711. They are listed at /api/users."}
    )  # fmt: skip


async def test_a_token_is_answered_once_opens_what_its_scopes_say_and_ends(program: httpx.AsyncClient) -> None:
    wanted = {"name": "stock / taking", "scopes": ["read"], "days": 30}
    made = (await program.post("/api/tokens", json=wanted)).json()
    theirs = {"Authorization": f"Bearer {made['token']}"}

    listed = await program.get("/api/tokens")
    opened = await program.get("/api/orders", headers=theirs)
    more = [
        await program.get("/api/tokens", headers=theirs),
        await program.post("/api/tokens", headers=theirs, json=wanted | {"name": "x", "scopes": ["admin"]}),
    ]
    revoked = await program.delete("/api/tokens/stock / taking")
    over = await program.get("/api/orders", headers=theirs)

    assert made["token"] not in listed.text
    assert [one["scopes"] for one in listed.json()["tokens"] if one["name"] == "stock / taking"] == [["read"]]
    assert (opened.status_code, [one.status_code for one in more]) == (200, [403, 403])
    assert (revoked.json(), over.status_code) == ({"revoked": "stock / taking"}, 401)
    assert await _deeds(program) == ["token added", "token revoked"]


async def test_what_cannot_be_read_is_said_in_a_sentence_that_repeats_no_secret(program: httpx.AsyncClient) -> None:
    typed = {"name": "x", "scopes": ["everything"], "token": "hush"}

    answer = await program.post("/api/tokens", json=typed)

    assert answer.status_code == 422
    assert answer.json()["error"].startswith("body.scopes.0: Input should be 'read', 'operate', 'admin' or 'metrics'")
    assert "hush" not in answer.text


async def test_the_trail_is_read_page_by_page_and_narrowed(program: httpx.AsyncClient, acme: ShopDomain) -> None:
    for turn in ("on", "off", "on"):
        await program.post(f"/api/shadow/acme/{turn}")
    await program.post("/api/users", json=GRACE)

    first = (await program.get("/api/audit", params={"about": "SHADOW", "limit": 2})).json()
    rest = (await program.get("/api/audit", params={"about": "SHADOW", "limit": 2, "before": first["before"]})).json()
    nobody = (await program.get("/api/audit?by=%00nobody")).json()

    assert [one["deed"] for one in first["entries"]] == ["shadow begun", "shadow ended"]
    assert ([one["deed"] for one in rest["entries"]], rest["before"]) == (["shadow begun"], None)
    assert {(one["actor"]["name"], one["actor"]["face"]) for one in first["entries"]} == {("program admin", "api")}
    assert nobody["entries"] == []
