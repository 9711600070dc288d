"""An order's page says why it ships from where it does."""

import html
import re

import httpx
from tests.edge.portal_seed import ACME, a_morning, order_id

from crossdock.model.names import ItemCode, LineItemId, LocationId, ShopDomain, Units
from crossdock.model.route import Candidate, Destination, Facts, Route, Wanted
from crossdock.model.routing import route
from crossdock.model.routing_rules import By, RoutingRules, RoutingStep
from crossdock.store import routes
from crossdock.store.database import Database

HAMBURG, LEIPZIG = LocationId("gid://shopify/Location/1"), LocationId("gid://shopify/Location/2")
MUG = ItemCode("MUG")


async def page(web: httpx.AsyncClient) -> str:
    answer = await web.get("/orders/acme/1020")
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.text)))


async def test_an_orders_page_says_why_it_ships_from_there(
    web: httpx.AsyncClient, database: Database, acme: ShopDomain
) -> None:
    await a_morning(database)
    before = await page(web)
    wanted = (Wanted(LineItemId("gid://shopify/LineItem/1"), MUG, "MUG", Units(2), HAMBURG),)
    places = (Candidate(HAMBURG, "Hamburg"), Candidate(LEIPZIG, "Leipzig <East>", {MUG: Units(2)}))
    facts = Facts((), Destination("DE", "04"), wanted, places)
    decided = Route(1, facts, route(facts, RoutingRules(steps=(RoutingStep(By.STOCK),))))

    async with database.begin() as tx:
        await routes.decided(tx, ACME, {order_id(1020): decided})
    moving = await page(web)
    async with database.begin() as tx:
        await routes.settled(tx, ACME, order_id(1020), 1)
    settled = await page(web)

    assert "Why Leipzig" not in before
    assert "Why Leipzig <East> Has everything: Leipzig <East> (Hamburg lacks 2 MUG). Decided" in settled
    assert "Shopify is to move it there" in moving
    assert "Shopify is to move it there" not in settled
