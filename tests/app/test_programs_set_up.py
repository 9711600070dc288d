"""A program sets a store up from nothing, as the portal's pages do, against a real hub and a shop's stand-in."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from tests.cli.terminal import locations_of
from tests.edge.edge_desk import a_token

from crossdock.app.hub import Hub
from crossdock.app.mapping_trial import Trial
from crossdock.app.outside import BothSides
from crossdock.app.set_up_desk import SetUpDesk
from crossdock.backends.builtin.floor import open_floor
from crossdock.edge.desk import Desk
from crossdock.edge.doors import Doors
from crossdock.edge.visitors import served
from crossdock.edge.web import web_app
from crossdock.inbox.accept import Acceptance
from crossdock.inbox.keyring import Keyring
from crossdock.model.names import WarehouseCode
from crossdock.model.people import Scope
from crossdock.ports.backend import Warehouse
from crossdock.store import audit
from shopify_standin.testing import RunningStandin


@pytest.fixture
def app(hub: Hub) -> FastAPI:
    """A web process with a whole hub behind it."""
    desk = Desk(
        hub.database,
        Keyring(hub.database, hub.sealer),
        Acceptance(hub.database),
        Doors(hosts=frozenset({"crossdock.test"})),
        set_up=lambda actor: SetUpDesk(hub, actor),
        both_sides=BothSides(hub),
        mappings=Trial(hub),
    )
    return web_app(desk)


@pytest.fixture
async def program(app: FastAPI, hub: Hub) -> AsyncIterator[httpx.AsyncClient]:
    """A program of an admin's."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://crossdock.test") as client:
        client.headers.update(await a_token(hub.database, Scope.ADMIN))
        yield client


async def _tied(program: httpx.AsyncClient, shop: RunningStandin) -> None:
    """Set the shop up, as far as it goes without a person's choices."""
    store = {"domain": shop.shop_domain, "token": shop.token, "secrets": [shop.secret], "endpoint": shop.url}
    await _done(program, "stores", store)
    await _done(program, "connections", {"store": shop.shop_domain})


async def _done(program: httpx.AsyncClient, path: str, body: Mapping[str, object]) -> Any:
    """What is answered to a change, which has to be possible."""
    answer = await program.post(f"/api/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def _deeds(hub: Hub) -> list[str]:
    async with hub.database.begin() as tx:
        return [one.deed.value for one in (await audit.read(tx))[1]][::-1]


async def test_from_nothing_to_a_started_connection(hub: Hub, program: httpx.AsyncClient, shop: RunningStandin) -> None:
    await _tied(program, shop)
    [location] = locations_of(shop)
    async with open_floor(hub.database.url) as floor:
        await floor.add_warehouse(Warehouse(WarehouseCode("MAIN"), "Main warehouse"))

    before = (await program.get("/api/connections/standin")).json()
    too_early = await program.post("/api/connections/standin/start", json={})
    mapped = await _done(program, "connections/standin/map", {"location": location, "warehouse": "MAIN"})
    flows = await _done(program, "connections/standin/flows", {"flows": ["orders", "catalog", "inventory"]})
    made = await _done(program, "connections/standin/items", {"with_stock": True})
    started = await _done(program, "connections/standin/start", {"orders_from": "2026-07-01"})
    [listed] = (await program.get("/api/connections")).json()["connections"]

    assert [one["name"] for one in before["locations"]] == [location]
    assert before["checks"].keys() == {"flows", "locations", "address", "goods"}
    assert (too_early.status_code, "Map one, then start it" in too_early.json()["error"]) == (422, True)
    assert (mapped["location_name"], mapped["warehouse"], mapped["changed"]) == (location, "MAIN", True)
    assert (flows["flows"], made["made"]) == (["catalog", "inventory", "orders"], 2)
    assert started["connection"]["rules"]["orders"]["placed_from"] == "2026-07-01T00:00:00Z"
    assert (listed["started"], listed["flows"], listed["warehouses"]) == (
        True,
        flows["flows"],
        {mapped["location"]: ["MAIN"]},
    )
    assert await _deeds(hub) == [
        "store added", "connection added", "location mapped", "flows changed", "connection started"
    ]  # fmt: skip


async def test_credentials_are_checked_and_never_answered(
    hub: Hub, program: httpx.AsyncClient, shop: RunningStandin
) -> None:
    store = {"domain": shop.shop_domain, "token": "shpat_worthless", "secrets": [shop.secret], "endpoint": shop.url}

    refused = await program.post("/api/stores", json=store)
    both = await program.post("/api/stores", json=store | {"client_id": "dash"})
    misspelled = await program.post("/api/stores", json={**store, "secret": shop.secret})
    kept = await program.post("/api/stores", json=store | {"token": shop.token})
    again = await program.post("/api/stores", json=store | {"token": shop.token})
    listed = await program.get("/api/stores")
    checked = (await program.get(f"/api/doctor/stores/{shop.shop_domain}")).json()

    assert (refused.status_code, "does not accept the access token" in refused.json()["error"]) == (422, True)
    assert (both.status_code, "Leave token or client_id out" in both.json()["error"]) == (422, True)
    assert (misspelled.status_code, misspelled.json()["error"].partition(":")[0]) == (422, "body.secret")
    assert [answer.json()["known"] for answer in (kept, again)] == [False, True]
    answers = (refused, both, misspelled, kept, again, listed)
    assert not [one.text for one in answers if shop.secret in one.text or shop.token in one.text]
    assert (checked["healthy"], "answers, by API version" in checked["checks"][0]["finding"]) == (True, True)
    assert await _deeds(hub) == ["store added", "credentials changed"]


async def test_a_store_is_paused_resumed_and_installed_by_a_person(
    program: httpx.AsyncClient, shop: RunningStandin
) -> None:
    await _tied(program, shop)

    paused = await _done(program, f"stores/{shop.shop_domain}/pause", {"reason": "Stocktaking."})
    [listed] = (await program.get("/api/stores")).json()["stores"]
    resumed = await program.post(f"/api/stores/{shop.shop_domain}/resume")
    install = (await program.get("/api/stores/mugs/install")).json()

    assert (paused["paused"], listed["paused"], resumed.json()["paused"]) == ("Stocktaking.", "Stocktaking.", None)
    assert listed["connections"] == ["standin"]
    assert install["open"] == "http://crossdock.test/setup/store?address=mugs.myshopify.com"
    assert install["allow"].endswith("/setup/installed")
    assert "write_inventory" in install["scopes"]


async def test_rules_are_read_with_their_guide_given_back_and_set_all_or_none(
    program: httpx.AsyncClient, shop: RunningStandin
) -> None:
    await _tied(program, shop)
    shown = (await program.get("/api/rules/standin")).json()

    same = await _done(program, "rules/standin", {"rules": shown["rules"]})
    both = await _done(
        program, "rules/standin", {"rules": {"orders": {"grace": 600}}, "set": {"inventory.buffer": "2"}}
    )
    refused = [
        await program.post("/api/rules/standin", json=wanted)
        for wanted in (
            {"rules": {"orders": {"grace": 0}}, "set": {"inventory.cap": "plenty"}},
            {"set": {"inventory.mode": "delta"}},
            {"set": {"orders.name": "\0"}},
        )
    ]
    after = (await program.get("/api/rules/standin")).json()

    buffer = shown["guide"]["inventory.buffer"]
    assert (buffer["text"], buffer["usual"], buffer["meaning"]) == ("0", "0", "Units kept back from every level.")
    assert shown["guide"]["routing.mode"]["choices"] == ["off", "watch", "on"]
    assert same["rules"] == shown["rules"]
    assert (both["rules"]["orders"]["grace"], both["rules"]["inventory"]["buffer"]) == (600, 2)
    assert [answer.status_code for answer in refused] == [422, 422, 422]
    assert "inventory.cap cannot be 'plenty'" in refused[0].json()["error"]
    assert "crossdock stock mode standin delta" in refused[1].json()["error"]
    assert after["rules"] == both["rules"]


async def test_a_configuration_is_compared_and_applied_as_it_was_read(
    hub: Hub, program: httpx.AsyncClient, shop: RunningStandin
) -> None:
    await _tied(program, shop)
    wanted = (await program.get("/api/configuration")).json()
    nothing = await _done(program, "configuration/apply", {"configuration": wanted})
    wanted["connections"]["standin"]["rules"]["inventory.buffer"] = "3"
    wanted["connections"]["standin"]["flows"] = ["catalog", "orders"]

    would = (await _done(program, "configuration/diff", {"configuration": wanted}))["would"]
    stale = await program.post("/api/configuration/apply", json={"configuration": wanted, "read": would[:1]})
    done = await _done(program, "configuration/apply", {"configuration": wanted, "read": would})

    assert nothing == {"changed": []}
    assert would[1] == "standin: inventory.buffer: 0 → 3"
    assert (stale.status_code, "was changed since you looked" in stale.json()["error"]) == (422, True)
    assert done == {"changed": would}
    assert (await _deeds(hub))[-2:] == ["rules changed", "flows changed"]


async def test_a_connection_is_set_as_another_one_is(
    hub: Hub, program: httpx.AsyncClient, shop: RunningStandin
) -> None:
    await _tied(program, shop)
    await _done(program, "connections", {"store": shop.shop_domain, "name": "copy"})
    await _done(program, "rules/standin", {"set": {"inventory.buffer": "4"}})
    these = {"source": "standin", "target": "copy"}

    would = (await _done(program, "configuration/clone/diff", these))["would"]
    stale = await program.post("/api/configuration/clone", json=these | {"read": []})
    done = await _done(program, "configuration/clone", these | {"read": would})
    again = await _done(program, "configuration/clone", these)
    unknown = await program.post("/api/configuration/clone", json=these | {"source": "none"})

    assert would == ["copy: inventory.buffer: 0 → 4"]
    assert (stale.status_code, "was changed since you looked" in stale.json()["error"]) == (422, True)
    assert (done, again) == ({"changed": would}, {"changed": []})
    assert (unknown.status_code, "There is no connection none." in unknown.json()["error"]) == (422, True)
    assert (await _deeds(hub))[-2:] == ["rules changed", "rules changed"]


@pytest.mark.parametrize("scope", [Scope.READ, Scope.OPERATE])
async def test_who_may_not_set_up_is_refused_before_anything_is_asked(
    hub: Hub, program: httpx.AsyncClient, scope: Scope
) -> None:
    program.headers.update(await a_token(hub.database, scope))
    read = ("stores", "backends", "connections", "connections/x", "rules/x", "configuration", "doctor")

    answers = [await program.get(f"/api/{path}") for path in read]

    assert {answer.status_code for answer in answers} == {403}


async def test_what_is_answered_about_the_set_up_is_what_is_described(
    app: FastAPI, program: httpx.AsyncClient, shop: RunningStandin
) -> None:
    await _tied(program, shop)
    models = {
        path: route.response_model
        for path, route in served(app.routes)
        if isinstance(route, APIRoute) and "GET" in (route.methods or ())
    }
    about = {"connection": "standin", "store": shop.shop_domain}

    for path in (
        "/api/stores", "/api/stores/{store}/install", "/api/backends", "/api/connections",
        "/api/connections/{connection}", "/api/rules/{connection}", "/api/configuration", "/api/doctor",
        "/api/doctor/connections/{connection}", "/api/shadow/{connection}", "/api/users", "/api/tokens", "/api/audit",
        "/api/proof", "/api/stock-mode/{connection}", "/api/privacy", "/api/retention",
    ):  # fmt: skip
        answer = await program.get(path.format(**about))
        assert answer.status_code == 200, path
        TypeAdapter(models[path]).validate_python(answer.json())


async def test_the_doctor_says_what_is_not_in_order_and_what_to_do(program: httpx.AsyncClient) -> None:
    said = (await program.get("/api/doctor")).json()
    unknown = [await program.get(f"/api/doctor/{one}") for one in ("stores/none.myshopify.com", "connections/none")]

    [stores] = [one for one in said["checks"] if one["subject"] == "Stores"]
    assert said["healthy"] is True
    assert (stores["verdict"], stores["finding"]) == ("warn", "There is none yet.")
    assert stores["remedy"] == "Add one: crossdock store add DOMAIN."
    assert [answer.status_code for answer in unknown] == [422, 422]
    assert "There is no store none.myshopify.com." in unknown[0].json()["error"]
