"""
What it costs to publish stock: 10,000 items at two locations, on Shopify's standard plan (100 points a second).

A stand-in shop in a process of its own, the hub over an embedded PostgreSQL with fsync on, a backend in memory. Four
looks at all items: the first reads every level; then every level has changed; then nothing; then every level again, and
one item's product is gone from Shopify. The baseline is a connector that reads and sets each level by itself; its calls
are counted, not made.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from crossdock.app.demo.audit import EVERYTHING
from crossdock.app.demo.shop import API_VERSION, DOMAIN, SECRET, TOKEN, running_shop
from crossdock.app.hub import Hub, open_hub
from crossdock.app.settings import settings_from
from crossdock.flows.inventory.flow import InventoryFlow
from crossdock.model.catalog import Item
from crossdock.model.connection import Connection, InventoryRules, Rules
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, InventoryItemId, ItemCode, LocationId, Sku, WarehouseCode
from crossdock.pending.drain import drain
from crossdock.pending.mark import mark
from crossdock.pending.sources import Sources
from crossdock.ports.backend import Warehouse
from crossdock.shopify.storefront import ShopifyStorefront
from crossdock.store import connections, holds, links, stores
from crossdock.store.links import Link
from crossdock.store.stores import Credentials
from crossdock.testing.fakes import FakeBackend

BENCH = ConnectionId("bench")
WRITES = ("SetQuantities", "AdjustQuantities")

_ACTIVATE = """
mutation Activate($item: ID!, $location: ID!, $key: String!) {
  inventoryActivate(inventoryItemId: $item, locationId: $location, available: 0) @idempotent(key: $key) {
    userErrors { message }
  }
}"""


@dataclass(frozen=True, slots=True)
class Looked:
    """What looking at all items took: seconds, and what the shop counted meanwhile."""

    seconds: float
    calls: dict[str, int]
    points: float

    @property
    def writes(self) -> int:
        """How many calls changed stock."""
        return sum(self.calls.get(name, 0) for name in WRITES)


class Bench:
    """A filled shop, a filled warehouse, and the hub between."""

    def __init__(self, hub: Hub, url: str, http: httpx.AsyncClient) -> None:
        self.hub = hub
        self.backend = FakeBackend()
        self.items: list[InventoryItemId] = []
        self.codes: list[ItemCode] = []
        self._url = url
        self._http = http

    async def fill(self, count: int) -> Connection:
        """Put `count` goods on both sides, at two places each, linked by SKU; ten of each at the warehouse."""
        await self.control("seed", products=count, orders=0, stock=10)
        await self.ask(_ADD_LOCATION, {})
        async with self.hub.database.begin() as tx:
            await stores.add(
                tx, DOMAIN, Credentials(TOKEN, (SECRET,)), self.hub.sealer, api_version=API_VERSION, endpoint=self._url
            )
        storefront = await self.hub.storefront(DOMAIN)
        locations = [location.id for location in await storefront.locations()]
        places = [WarehouseCode("NORTH"), WarehouseCode("EAST")]
        connection = Connection(
            BENCH,
            DOMAIN,
            "builtin",
            frozenset(Flow),
            Rules(inventory=InventoryRules(window=timedelta())),
            {location: (place,) for location, place in zip(locations, places, strict=True)},
        )
        async with self.hub.database.begin() as tx:
            await connections.add(tx, connection, "{}", self.hub.sealer)
        await self._fill_backend(storefront, places)
        stocked = {level.location for level in await storefront.levels(self.items[:1])}
        await self._stock_at(next(location for location in locations if location not in stocked))
        return connection

    async def _fill_backend(self, storefront: ShopifyStorefront, places: Sequence[WarehouseCode]) -> None:
        for place in places:
            await self.backend.add_warehouse(Warehouse(place, place.title()))
        after: str | None = None
        while True:
            page = await storefront.variants_updated(EVERYTHING, after)
            await self.refill()
            found = await storefront.variants([id_ for id_, _ in page.objects])
            async with self.hub.database.begin() as tx:
                for variant in found.values():
                    code = ItemCode(str(variant.inventory_item))
                    await links.link(tx, BENCH, Link(variant.id, variant.inventory_item, code, "sku", variant.sku))
                    await self.backend.add_item(Item(code, variant.title, Sku(code), ()))
                    for place in places:
                        await self.backend.receive(code, place, 10)
                    self.items.append(variant.inventory_item)
                    self.codes.append(code)
            after = page.after
            if after is None:
                return

    async def _stock_at(self, location: LocationId) -> None:
        for number, item in enumerate(self.items):
            await self.ask(_ACTIVATE, {"item": item, "location": location, "key": f"activate-{number}"})
            if number % 50 == 0:
                await self.refill()

    async def look(self, flow: InventoryFlow) -> Looked:
        """Mark every item, look at all, and say what it took."""
        before = (await self._http.get(f"{self._url}/_standin/counters")).json()
        async with self.hub.database.begin() as tx:
            await mark(tx, BENCH, Flow.INVENTORY, self.items, "the bench asked")
        began = time.perf_counter()
        await self._drain(flow)
        seconds = time.perf_counter() - began
        after = (await self._http.get(f"{self._url}/_standin/counters")).json()
        return _difference(before, after, seconds)

    async def _drain(self, flow: InventoryFlow) -> None:
        while True:
            drained = await drain(self.hub.database, flow, BENCH, Flow.INVENTORY, "bench")
            if drained.next_due_in is None:
                return
            await asyncio.sleep(drained.next_due_in.total_seconds())

    async def receive(self, units: int) -> None:
        """Let the warehouse have more of everything, at both places."""
        for code in self.codes:
            for place in await self.backend.warehouses():
                await self.backend.receive(code, place.code, units)

    async def delete(self, item: InventoryItemId) -> None:
        """Delete an item's product at Shopify, without a word to the hub."""
        answer = await self._post(_PRODUCT, {"item": item})
        await self.ask(_DELETE, {"id": answer["data"]["inventoryItem"]["variant"]["product"]["id"]})

    async def right(self, available: int, left_out: InventoryItemId) -> int:
        """Return how many levels do not have so many available, of all items but one."""
        storefront = await self.hub.storefront(DOMAIN)
        wrong = 0
        for start in range(0, len(self.items), 250):
            await self.refill()
            levels = await storefront.levels(self.items[start : start + 250])
            wrong += sum(level.available != available for level in levels if level.item != left_out)
        return wrong

    async def refill(self) -> None:
        """Let the shop's clock go on until its bucket is full."""
        await self.control("clock", advance_seconds=60)

    async def control(self, name: str, **order: object) -> None:
        """Give the stand-in an order."""
        (await self._http.post(f"{self._url}/_standin/{name}", json=order, timeout=300)).raise_for_status()

    async def ask(self, query: str, variables: dict[str, Any]) -> None:
        """Change the shop as its owner would; raises where it refuses."""
        said = await self._post(query, variables)
        refused = said.get("errors") or [one["userErrors"] for one in said["data"].values() if one["userErrors"]]
        if refused:
            raise RuntimeError(f"The stand-in refused to be filled: {refused}.")

    async def _post(self, query: str, variables: dict[str, Any]) -> Any:
        answer = await self._http.post(
            f"{self._url}/admin/api/{API_VERSION}/graphql.json",
            json={"query": query, "variables": variables},
            headers={"X-Shopify-Access-Token": TOKEN},
        )
        return answer.json()


_ADD_LOCATION = """
mutation {
  locationAdd(input: {name: "East", fulfillsOnlineOrders: true, address: {countryCode: US, provinceCode: "NY",
    city: "New York", address1: "1 Dock St", zip: "10001"}}) { userErrors { message } }
}"""

_PRODUCT = "query Product($item: ID!) { inventoryItem(id: $item) { variant { product { id } } } }"

_DELETE = "mutation Delete($id: ID!) { productDelete(input: {id: $id}) { userErrors { message } } }"


def _difference(before: dict[str, Any], after: dict[str, Any], seconds: float) -> Looked:
    past = before["operations"]

    def more(name: str, what: str) -> int:
        return int(after["operations"][name][what]) - int(past.get(name, {}).get(what, 0))

    calls = {name: more(name, "calls") for name in after["operations"] if more(name, "calls")}
    return Looked(seconds, calls, float(after["points"]) - float(before["points"]))


async def measured(count: int) -> list[tuple[str, str, str]]:
    """Return rows of what, measured, target."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as data:
        async with (
            running_shop("standard") as shop,
            httpx.AsyncClient(timeout=60, trust_env=False) as http,
            open_hub(settings_from(data=Path(data)), lambda _: None) as hub,
        ):
            bench = Bench(hub, shop.url, http)
            connection = await bench.fill(count)
            sources = Sources(hub.database, await hub.storefront(DOMAIN), bench.backend, connection)
            return await _measured(bench, InventoryFlow(sources), count)


async def _measured(bench: Bench, flow: InventoryFlow, count: int) -> list[tuple[str, str, str]]:
    first = await bench.look(flow)
    await bench.refill()
    await bench.receive(5)
    changed = await bench.look(flow)
    unchanged = await bench.look(flow)
    poisoned = bench.items[count // 2]
    await bench.refill()
    await bench.delete(poisoned)
    await bench.receive(5)
    fourth = await bench.look(flow)
    async with bench.hub.database.begin() as tx:
        held = [one.key for one in await holds.held(tx, BENCH, Flow.INVENTORY)]
    right = await bench.right(20, left_out=poisoned)
    return [
        ("first look: every level read and written", _took(first), ""),
        ("baseline: a read and a write a level", f"{4 * count:,} calls", ""),
        (f"{count:,} items changed at 2 locations: writes", f"{changed.writes} calls", f"<= {count * 2 // 250}"),
        ("… all calls", _took(changed), ""),
        ("the same again, unchanged: writes", f"{unchanged.writes} calls", "0"),
        ("… all calls", _took(unchanged), ""),
        ("changed again, one refused: held", f"{len(held)}", "1"),
        ("… writes", f"{fourth.writes} calls", ""),
        ("… others wrong at Shopify, all read back", f"{right}", "0"),
    ]


def _took(looked: Looked) -> str:
    calls = ", ".join(f"{count} {name}" for name, count in sorted(looked.calls.items())) or "none"
    return f"{calls}; {looked.points:.0f} points in {looked.seconds:.1f} s"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=10_000)
    wanted = parser.parse_args()
    table = Table("what", "measured", "target", title="Stock")
    for row in asyncio.run(measured(wanted.items)):
        table.add_row(*row)
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
