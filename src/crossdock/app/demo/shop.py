"""The demo's shop: a stand-in process, filled and bought from over HTTP."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from crossdock.kit.errors import TryAgain
from crossdock.model.names import ShopDomain

DOMAIN = ShopDomain("demo.myshopify.com")
TOKEN = "shpat_demo"  # noqa: S105 - opens nothing but the stand-in
SECRET = "demo-secret"  # noqa: S105
API_VERSION = "2026-10"

STARTS_WITHIN_SECONDS = 60
"""The stand-in parses Shopify's schema once per machine; later starts take about a second."""

_ADD_LOCATION = """
mutation AddLocation($input: LocationAddInput!) {
  locationAdd(input: $input) { location { id name } userErrors { field message } }
}"""

_ADD_PRODUCT = """
mutation AddProduct($input: ProductSetInput!) {
  productSet(input: $input, synchronous: true) { product { id } userErrors { field message } }
}"""


@dataclass(frozen=True, slots=True)
class Good:
    """One thing that the demo sells and stocks."""

    sku: str
    title: str
    price: str
    barcode: str


GOODS = tuple(
    Good(f"XD-{number:03}", title, price, f"40{number:011}")
    for number, (title, price) in enumerate(
        [
            ("Enamel mug", "14.00"),
            ("Linen apron", "39.00"),
            ("Oak board", "49.00"),
            ("Brass lamp", "129.00"),
            ("Wool blanket", "89.00"),
            ("Paper notebook", "9.50"),
            ("Steel bottle", "28.00"),
            ("Beeswax candle", "17.00"),
            ("Canvas bag", "24.00"),
            ("Clay teapot", "56.00"),
            ("Cedar soap", "7.00"),
            ("Glass carafe", "34.00"),
        ],
        start=1,
    )
)


class Shop:
    """The running stand-in."""

    def __init__(self, url: str, http: httpx.AsyncClient) -> None:
        self.url = url
        self._http = http

    async def add_location(self, name: str) -> None:
        """Add a place that ships."""
        address = {
            "countryCode": "US",
            "provinceCode": "NY",
            "city": "New York",
            "address1": "1 Dock St",
            "zip": "10001",
        }
        await self._ask(_ADD_LOCATION, {"input": {"name": name, "fulfillsOnlineOrders": True, "address": address}})

    async def add_goods(self, locations: Sequence[str]) -> None:
        """Put every good on sale, stocked at these locations with nothing: the warehouse will say how many."""
        for good in GOODS:
            await self._ask(_ADD_PRODUCT, {"input": _product(good, locations)})

    async def buy(self, orders: int, seed: int) -> int:
        """Let customers buy; return how many orders they placed."""
        answer = await self._http.post(f"{self.url}/_standin/buy", json={"orders": orders, "seed": seed}, timeout=60)
        answer.raise_for_status()
        return len(answer.json()["orders"])

    async def _ask(self, query: str, variables: dict[str, Any]) -> None:
        answer = await self._http.post(
            f"{self.url}/admin/api/{API_VERSION}/graphql.json",
            json={"query": query, "variables": variables},
            headers={"X-Shopify-Access-Token": TOKEN},
        )
        answer.raise_for_status()
        said = answer.json()
        refusals = [said.get("errors")] + [one.get("userErrors") for one in (said.get("data") or {}).values() if one]
        if any(refusals):
            raise TryAgain(f"The stand-in refused to be filled: {[one for one in refusals if one]}.")


def _product(good: Good, locations: Sequence[str]) -> dict[str, Any]:
    option = {"name": "Title", "values": [{"name": "Default Title"}]}
    variant = {
        "optionValues": [{"optionName": "Title", "name": "Default Title"}],
        "sku": good.sku,
        "barcode": good.barcode,
        "price": good.price,
        "inventoryItem": {"tracked": True},
        "inventoryQuantities": [{"locationId": id_, "name": "available", "quantity": 0} for id_ in locations],
    }
    return {"title": good.title, "productOptions": [option], "variants": [variant]}


@asynccontextmanager
async def running_shop(plan: str = "standard") -> AsyncIterator[Shop]:
    """
    Run a stand-in on a free port for the length of the block; `plan` decides how fast it may be asked.

    Raises TryAgain where it does not start.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "from shopify_standin.cli import main; main()",
        "serve", "--port", "0", "--plan", plan, "--token", TOKEN, "--secret", SECRET,
        "--shop", DOMAIN.removesuffix(".myshopify.com"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with httpx.AsyncClient(timeout=30, trust_env=False) as http:
            yield Shop(await _address(process), http)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _address(process: asyncio.subprocess.Process) -> str:
    """Return where the stand-in says it listens."""
    assert process.stdout is not None
    try:
        async with asyncio.timeout(STARTS_WITHIN_SECONDS):
            async for line in process.stdout:
                _, found, address = line.decode().partition("http://")
                if found:
                    return f"http://{address.split('/', 1)[0].strip()}"
    except TimeoutError as error:
        raise TryAgain(f"The stand-in shop did not start within {STARTS_WITHIN_SECONDS} seconds.") from error
    raise TryAgain(f"The stand-in shop ended at once (exit code {await process.wait()}).")
