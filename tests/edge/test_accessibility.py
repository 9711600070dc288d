"""
Every page passes axe: at a desk and on a phone, light and dark.

axe-core (Deque, MPL-2.0) is not part of the project; CI installs it beside Chromium:
`npm install --prefix .axe --no-save axe-core`.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from playwright.async_api import Browser, Page, ViewportSize
from tests.edge.chromium import BROWSER, IN_CI, SCHEMES, AdasBrowser
from tests.edge.overview_seed import a_day
from tests.edge.stock_seed import AT_THE_BACKEND, FakeOutside, a_shelf, would_empty
from tests.edge.walk import NO_PAGES, PAGES, STRANGERS, WALK

from crossdock.edge.visitors import served
from crossdock.store.database import Database

AXE = Path(__file__).parents[2] / ".axe/node_modules/axe-core/axe.min.js"
SIZES: tuple[ViewportSize, ...] = ({"width": 1280, "height": 800}, {"width": 390, "height": 800})

_FOUND = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.flatMap(
  (rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary}`))"""


def test_every_page_is_walked(app: FastAPI) -> None:
    pages = {
        path
        for path, route in served(app.routes)
        if isinstance(route, APIRoute)
        and "GET" in (route.methods or ())
        and not path.startswith(("/api/", "/healthz", "/readyz", "/metrics", "/webhooks"))
    }

    assert pages == WALK.keys() | STRANGERS.keys() | NO_PAGES


@pytest.mark.skipif(not AXE.exists() and not IN_CI, reason="no axe-core here: npm install --prefix .axe axe-core")
class TestAxe:
    """What axe finds."""

    pytestmark = BROWSER

    async def test_no_page_keeps_anybody_out(
        self, app: FastAPI, browser: AdasBrowser, portal: str, database: Database
    ) -> None:
        await a_day(database)
        await a_shelf(database)
        await would_empty(database)
        app.state.desk = replace(app.state.desk, both_sides=FakeOutside(stock=AT_THE_BACKEND))
        mine = await browser.new_page(bypass_csp=True, reduced_motion="reduce")
        strangers = await browser.chromium.new_page(bypass_csp=True, reduced_motion="reduce")

        found: dict[Any, list[str]] = {}
        for page, addresses in ((mine, PAGES), (strangers, [one for some in STRANGERS.values() for one in some])):
            for address in addresses:
                await page.goto(f"{portal}{address}")
                await page.add_script_tag(path=AXE)
                for size in SIZES:
                    await page.set_viewport_size(size)
                    for scheme in SCHEMES:
                        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                        found[address, size["width"], scheme] = await _violations(page)

        assert {where: some for where, some in found.items() if some} == {}

    async def test_what_keeps_somebody_out_is_found(self, chromium: Browser) -> None:
        page = await chromium.new_page()
        await page.set_content("<main><h1>Here</h1><button></button></main>")
        await page.add_script_tag(path=AXE)

        assert [one for one in await _violations(page) if one.startswith("button-name: button")]


async def _violations(page: Page) -> list[str]:
    some: list[str] = await page.evaluate(_FOUND)
    return some
