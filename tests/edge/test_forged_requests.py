"""What another site's page can have a browser do here: nothing."""

import re
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from tests.edge.edge_desk import Person, a_person, a_token, asked_for
from tests.edge.portal_seed import a_morning, order_id

from crossdock.edge.desk import Desk
from crossdock.edge.doors import Doors, Metrics
from crossdock.edge.portal.rendering import STATIC
from crossdock.edge.web import web_app
from crossdock.model.answer import Word
from crossdock.model.names import ShopDomain
from crossdock.model.people import Role, Scope
from crossdock.store.database import Database

TEMPLATES = STATIC.parent / "templates"
ORDER = {"connection": "acme", "order_id": order_id(1022)}
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def morning(database: Database, acme: ShopDomain) -> None:
    await a_morning(database)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.test"},
        {"Origin": "http://crossdock.test.evil.test"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://crossdock.test"},
        {"Sec-Fetch-Site": "none"},
    ],
)
async def test_a_page_of_another_site_can_change_nothing_even_with_the_token(
    web: httpx.AsyncClient, ada: Person, morning: None, database: Database, headers: dict[str, str]
) -> None:
    answers = [
        await web.post("/look-again", data=ada.form | ORDER, headers=headers),
        await web.post(
            "/holds/look-again", data=ada.form | {"connection": "acme", "cause": "item_missing"}, headers=headers
        ),
        *[
            await web.post("/answer", data=ada.form | ORDER | {"word": word, "read": "Changed."}, headers=headers)
            for word in Word
        ],
        await web.post("/refund", data=ada.form | ORDER | {"word": "approve", "read": "RR-1"}, headers=headers),
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert await asked_for(database) == []


async def test_a_form_without_its_sessions_token_changes_nothing(
    web: httpx.AsyncClient, morning: None, database: Database
) -> None:
    bea = await a_person(database, Role.ADMIN, "bea")

    answers = [
        await web.post("/look-again", data=ORDER, headers=OURS),
        await web.post("/look-again", data=ORDER | {"csrf": ""}, headers=OURS),
        await web.post("/look-again", data=ORDER | bea.form, headers=OURS),
        await web.post("/look-again", data=ORDER, headers=OURS | {"X-CSRF-Token": bea.csrf}),
        await web.post("/look-again", files={"csrf": b"a file"}, data=ORDER, headers=OURS),
    ]

    assert [answer.status_code for answer in answers] == [403] * 5
    assert await asked_for(database) == []


async def test_the_token_may_come_in_the_form_or_in_a_header(
    web: httpx.AsyncClient, ada: Person, morning: None
) -> None:
    answers = [
        await web.post("/look-again", data=ORDER | ada.form, headers={"Origin": "http://crossdock.test"}),
        await web.post("/look-again", data=ORDER, headers=OURS | {"X-CSRF-Token": ada.csrf}),
        await web.post("/look-again", files={"file": b"x"}, data=ORDER | ada.form, headers=OURS),
    ]

    assert [answer.status_code for answer in answers] == [303] * 3


async def test_a_program_with_a_token_needs_neither(
    stranger: httpx.AsyncClient, morning: None, database: Database
) -> None:
    answer = await stranger.post("/look-again", data=ORDER, headers=await a_token(database, Scope.OPERATE))

    assert answer.status_code == 303
    assert len(await asked_for(database)) == 4


async def test_every_form_of_every_page_carries_the_token(web: httpx.AsyncClient, ada: Person, morning: None) -> None:
    bare = {
        address: form
        for address in (
            "/",
            "/holds",
            "/proof",
            "/orders/acme/1022",
            "/alerts",
            "/users",
            "/tokens",
            "/audit",
            "/account",
        )
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", (await web.get(address)).text, re.DOTALL)
        if f'name="csrf" value="{ada.csrf}"' not in form
    }

    assert bare == {}


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_forms_that_change_something_are_made_in_one_place(template: Path) -> None:
    before_the_portal = {"login.html", "welcome.html"}

    bare = len(re.findall(r"<form[^>]*method=\"post\"", template.read_text()))

    assert bare == (1 if template.name in before_the_portal | {"parts.html"} else 0)


@pytest.mark.parametrize("host", ["evil.test", "evil.test:8700", "crossdock.test.evil.test", "localhost.evil.test", ""])
async def test_a_strangers_name_that_points_here_reaches_nothing(web: httpx.AsyncClient, host: str) -> None:
    answer = await web.get("/holds", headers={"Host": host})

    assert (answer.status_code, "CROSSDOCK_ALLOWED_HOSTS" in answer.text) == (421, True)


@pytest.mark.parametrize("host", ["crossdock.test", "CROSSDOCK.test:443", "localhost:8700", "192.0.2.1", "[::1]:8700"])
async def test_our_own_names_and_plain_addresses_reach_it(web: httpx.AsyncClient, host: str) -> None:
    assert (await web.get("/holds", headers={"Host": host})).status_code == 200


async def test_probes_and_webhooks_come_by_whatever_name(web: httpx.AsyncClient, acme: ShopDomain) -> None:
    named = {"Host": "hub.internal", "Content-Type": "application/json"}

    answers = [
        await web.get("/healthz", headers=named),
        await web.get("/readyz", headers=named),
        await web.post(f"/webhooks/shopify/{acme}", content=b"{}", headers=named),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 401]  # the last one is not signed


async def test_every_answer_keeps_foreign_things_out(web: httpx.AsyncClient, stranger: httpx.AsyncClient) -> None:
    for address in ("/", "/login", "/healthz", "/nowhere", "/static/portal.css", "/api/warehouse"):
        headers = (await web.get(address)).headers

        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("metrics", "base", "headers", "status"),
    [
        (Metrics.LOOPBACK, "http://127.0.0.1:8700", {}, 200),
        (Metrics.LOOPBACK, "http://localhost:8700", {}, 200),
        (Metrics.LOOPBACK, "http://192.0.2.1:8700", {}, 401),
        (Metrics.LOOPBACK, "http://127.0.0.1:8700", {"X-Forwarded-For": "192.0.2.9"}, 401),
        (Metrics.TOKEN, "http://127.0.0.1:8700", {}, 401),
        (Metrics.OPEN, "http://192.0.2.1:8700", {}, 200),
    ],
)
async def test_the_figures_are_open_where_the_setting_says_so(
    app: FastAPI, metrics: Metrics, base: str, headers: dict[str, str], status: int
) -> None:
    desk: Desk = app.state.desk
    served = web_app(Desk(desk.database, desk.keyring, desk.acceptance, Doors(metrics=metrics)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=served), base_url=base) as client:
        assert (await client.get("/metrics", headers=headers)).status_code == status


async def test_a_token_for_the_figures_opens_them_and_nothing_else(
    stranger: httpx.AsyncClient, database: Database
) -> None:
    shown = await a_token(database, Scope.METRICS)

    figures = await stranger.get("/metrics", headers=shown)
    orders = await stranger.get("/", headers=shown)

    assert "crossdock_database_up" in figures.text
    assert orders.status_code == 403


async def test_a_form_that_is_too_large_is_not_read(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.post("/login", data={"password": "x" * 5_000_000}, headers=OURS)

    assert answer.status_code == 413
