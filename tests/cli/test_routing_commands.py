"""Why an order ships from where it does can be read, and past decisions replayed by other rules."""

import asyncio
import json
from pathlib import Path

import pytest
from tests.cli.terminal import Terminal

from crossdock.model.names import ConnectionId, ItemCode, LineItemId, LocationId, OrderId, Units
from crossdock.model.route import Candidate, Destination, Facts, Route, Wanted
from crossdock.model.routing import route
from crossdock.model.routing_rules import By, RoutingRules, RoutingStep
from crossdock.store import routes
from crossdock.store.database import open_database
from shopify_standin.testing import RunningStandin

ORDER = OrderId("gid://shopify/Order/1")
HAMBURG, LEIPZIG = LocationId("gid://shopify/Location/1"), LocationId("gid://shopify/Location/2")
FACTS = Facts(
    tags=("express",),
    destination=Destination("DE", "04"),
    wanted=(Wanted(LineItemId("gid://shopify/LineItem/1"), ItemCode("MUG"), "MUG", Units(2), HAMBURG),),
    candidates=(
        Candidate(HAMBURG, "Hamburg", {ItemCode("MUG"): Units(1)}, busy=3),
        Candidate(LEIPZIG, "Leipzig", {ItemCode("MUG"): Units(9)}),
    ),
)


@pytest.fixture
def routed(terminal: Terminal, shop: RunningStandin) -> Terminal:
    """A terminal of an installation that decided about one order: from Leipzig, for it has everything."""
    terminal.add_store(shop)
    terminal.read("connect", shop.shop_domain)

    async def decide() -> None:
        database = open_database(terminal.database_url)
        made = Route(1, FACTS, route(FACTS, RoutingRules(steps=(RoutingStep(By.STOCK),))))
        async with database.begin() as tx:
            await routes.decided(tx, ConnectionId("standin"), {ORDER: made})
        await database.close()

    asyncio.run(decide())
    return terminal


def test_why_an_order_ships_from_there_is_told_with_what_was_known(routed: Terminal) -> None:
    said = routed.read("routing", "explain", "standin", ORDER)

    assert "UTC: Leipzig\n" in said
    assert "  Has everything: Leipzig (Hamburg lacks 1 MUG).\n" in said
    assert "To DE-04. What was known of each location" in said
    assert ["Hamburg", "1", "of", "2", "MUG", "3"] in [line.split() for line in said.splitlines()]


def test_an_order_that_nobody_decided_about_gets_a_way_on(routed: Terminal) -> None:
    said = routed.refusal("routing", "explain", "standin", "gid://shopify/Order/2")

    assert "Shopify's assignment is followed" in said
    assert "crossdock rules standin --set routing.mode=on" in said


def test_past_orders_are_replayed_by_the_present_rules_and_by_others(routed: Terminal, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text(json.dumps({"routing": {"steps": [{"by": "tag", "tags": ["express"], "locations": [1]}]}}))
    routed.read("rules", "standin", "--set", 'routing.steps=[{"by": "stock"}]')

    by_present = routed.read("routing", "replay", "standin", "--last", "5")
    by_other = routed.data_of("routing", "replay", "standin", "--rules", str(other))

    assert by_present == "Every order would ship from where it did.\n1 decision replayed, 0 would differ.\n"
    assert by_other["replayed"] == 1
    [differing] = by_other["differing"]
    assert (differing["decided"], differing["replayed"]) == ("Leipzig", "Hamburg")
    assert differing["why"] == ["Tagged express: Hamburg, not Leipzig."]


def test_rules_of_routing_are_set_shown_and_given_back(routed: Terminal, tmp_path: Path) -> None:
    steps = '[{"by": "prefer", "locations": [2, 1]}, {"by": "stock", "split": true}]'
    routed.read("rules", "standin", "--set", f"routing.steps={steps}", "--set", "routing.mode=watch")
    routed.read("rules", "standin", "--set", 'routing.places.2={"latitude": 51.3, "longitude": 12.4, "capacity": 40}')

    shown = {line.split()[0]: line.split()[1:] for line in routed.read("rules", "standin").splitlines() if "." in line}
    kept = tmp_path / "rules.json"
    kept.write_text(json.dumps(routed.data_of("rules", "standin")))

    assert shown["routing.mode"] == ["watch", "off"]
    assert shown["routing.steps[0]"][:4] == ["by", "prefer,", "locations", f"{LEIPZIG}"]
    assert shown["routing.steps[1]"][:4] == ["by", "stock,", "split", "yes"]
    assert shown[f"routing.places.{LEIPZIG}"][:6] == ["latitude", "51.3,", "longitude", "12.4,", "capacity", "40"]
    assert routed.read("rules", "standin", "--apply", str(kept)) == "The rules were like that already.\n"
