"""A program sets a store up from nothing, as the portal's pages do, against a real hub and a shop's stand-in."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from tests.cli.terminal import put_goods_on_sale
from tests.edge.edge_desk import a_token

from crossdock.app.hub import Hub, open_hub
from crossdock.app.mapping_trial import Trial
from crossdock.app.outside import BothSides
from crossdock.app.set_up_desk import SetUpDesk
from crossdock.app.settings import settings_from
from crossdock.edge.desk import Desk
from crossdock.edge.doors import Doors
from crossdock.edge.web import web_app
from crossdock.inbox.accept import Acceptance
from crossdock.inbox.keyring import Keyring
from crossdock.model.people import Scope
from shopify_standin.testing import RunningStandin, running_standin


@pytest.fixture(scope="module")
def shop() -> Iterator[RunningStandin]:
    with running_standin() as standin:
        put_goods_on_sale(standin)
        yield standin


@pytest.fixture
async def hub(database_url: str, tmp_path: Path) -> AsyncIterator[Hub]:
    settings = settings_from(data=tmp_path, database_url=database_url, stand_ins=True)
    async with open_hub(settings, lambda _: None) as opened:
        yield opened


@pytest.fixture
async def program(hub: Hub) -> AsyncIterator[httpx.AsyncClient]:
    """A program of an admin's, at a web process with a whole hub behind it."""
    desk = Desk(
        hub.database,
        Keyring(hub.database, hub.sealer),
        Acceptance(hub.database),
        Doors(hosts=frozenset({"crossdock.test"})),
        set_up=lambda actor: SetUpDesk(hub, actor),
        both_sides=BothSides(hub),
        mappings=Trial(hub),
    )
    transport = httpx.ASGITransport(app=web_app(desk))
    async with httpx.AsyncClient(transport=transport, base_url="http://crossdock.test") as client:
        client.headers.update(await a_token(hub.database, Scope.ADMIN))
        yield client


async def test_the_doctor_says_what_is_not_in_order_and_what_to_do(program: httpx.AsyncClient) -> None:
    said = (await program.get("/api/doctor")).json()
    unknown = [await program.get(f"/api/doctor/{one}") for one in ("stores/none.myshopify.com", "connections/none")]

    [stores] = [one for one in said["checks"] if one["subject"] == "Stores"]
    assert said["healthy"] is True
    assert (stores["verdict"], stores["finding"]) == ("warn", "There is none yet.")
    assert stores["remedy"] == "Add one: crossdock store add DOMAIN."
    assert [answer.status_code for answer in unknown] == [422, 422]
    assert "There is no store none.myshopify.com." in unknown[0].json()["error"]
