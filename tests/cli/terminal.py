"""A terminal for tests: types a command line, and reads back what a person would see."""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crossdock.app.main import run
from crossdock.kit.sealing import sealer_for
from crossdock.model.names import ShopDomain
from crossdock.store import stores
from crossdock.store.database import open_database
from crossdock.store.stores import Credentials
from shopify_standin.testing import RunningStandin

SECRET = "shpss_never_to_be_seen"
GOODS = (("MUG", "Enamel mug"), ("LAMP", "Brass lamp"))


@dataclass(frozen=True, slots=True)
class Screen:
    """What one command left: its exit code and what it printed where."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Terminal:
    """Types commands against one installation."""

    data: Path
    database_url: str
    capsys: pytest.CaptureFixture[str]

    def type(self, *words: str) -> Screen:
        """Run one command, whatever comes of it."""
        self.capsys.readouterr()
        code = run(["--data", str(self.data), "--database-url", self.database_url, *words])
        printed = self.capsys.readouterr()
        return Screen(code, printed.out, printed.err)

    def read(self, *words: str) -> str:
        """Run one command that must succeed; return what it printed."""
        screen = self.type(*words)
        assert screen.code == 0, screen
        return screen.out

    def data_of(self, *words: str) -> Any:
        """Run one command with --json that must succeed; return the document."""
        return json.loads(self.read(*words, "--json"))

    def refusal(self, *words: str) -> str:
        """Run one command that must be refused; return the sentence."""
        screen = self.type(*words)
        assert screen.code == 1, screen
        assert screen.out == ""
        assert "Traceback" not in screen.err
        return screen.err

    def add_store(self, shop: RunningStandin) -> Any:
        """Add the stand-in as a store."""
        return self.data_of(
            "store", "add", shop.shop_domain, "--token", shop.token, "--secret", SECRET, "--endpoint", shop.url
        )


def let_the_token_be_worthless(terminal: Terminal, shop: RunningStandin) -> None:
    """Have the hub keep a token that the shop does not accept, as after an app was uninstalled."""

    async def keep() -> None:
        database = open_database(terminal.database_url)
        async with database.begin() as tx:
            store = await stores.get(tx, ShopDomain(shop.shop_domain))
            await stores.add(
                tx,
                store.domain,
                Credentials("worthless", (SECRET,)),
                sealer_for(terminal.data),
                api_version=store.api_version,
                endpoint=store.endpoint,
            )
        await database.close()

    asyncio.run(keep())


_ADD_PRODUCT = """
mutation AddProduct($input: ProductSetInput!) {
  productSet(input: $input, synchronous: true) { product { id } userErrors { field message } }
}"""
_ADD_LOCATION = """
mutation AddLocation($input: LocationAddInput!) {
  locationAdd(input: $input) { location { id } userErrors { field message } }
}"""
_LOCATIONS = "{ locations(first: 50) { nodes { id name } } }"


def locations_of(shop: RunningStandin) -> dict[str, str]:
    """Return the shop's locations: their ids by name."""
    nodes = shop.graphql(_LOCATIONS)["data"]["locations"]["nodes"]
    return {node["name"]: node["id"] for node in nodes}


def add_location(shop: RunningStandin, name: str) -> str:
    """Add a place that ships; return its id."""
    address = {"countryCode": "US", "provinceCode": "NY", "city": "New York", "address1": "1 Dock St", "zip": "10001"}
    answer = shop.graphql(_ADD_LOCATION, {"input": {"name": name, "fulfillsOnlineOrders": True, "address": address}})
    location: str = answer["data"]["locationAdd"]["location"]["id"]
    return location


def put_goods_on_sale(shop: RunningStandin) -> None:
    """Put the goods on sale at every location, 20 of each."""
    locations = locations_of(shop).values()
    for sku, title in GOODS:
        variant = {
            "optionValues": [{"optionName": "Title", "name": "Default Title"}],
            "sku": sku,
            "price": "14.00",
            "inventoryItem": {"tracked": True},
            "inventoryQuantities": [{"locationId": one, "name": "available", "quantity": 20} for one in locations],
        }
        option = {"name": "Title", "values": [{"name": "Default Title"}]}
        answer = shop.graphql(
            _ADD_PRODUCT, {"input": {"title": title, "productOptions": [option], "variants": [variant]}}
        )
        assert answer["data"]["productSet"]["product"], answer
