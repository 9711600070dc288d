"""Every page passes axe: at a desk and on a phone, light and dark."""

from dataclasses import replace
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from playwright.async_api import Browser, ViewportSize
from tests.edge.axe import NEEDED, violations
from tests.edge.chromium import BROWSER, SCHEMES, AdasBrowser
from tests.edge.overview_seed import a_day
from tests.edge.stock_seed import AT_THE_BACKEND, FakeOutside, a_shelf, would_empty
from tests.edge.walk import NO_PAGES, PAGES, SET_UP, STRANGERS, WALK

from crossdock.edge.visitors import served
from crossdock.store.database import Database

SIZES: tuple[ViewportSize, ...] = ({"width": 1280, "height": 800}, {"width": 390, "height": 800})


def test_every_page_is_walked(app: FastAPI) -> None:
    pages = {
        path
        for path, route in served(app.routes)
        if isinstance(route, APIRoute)
        and "GET" in (route.methods or ())
        and not path.startswith(("/api/", "/healthz", "/readyz", "/metrics", "/webhooks"))
    }

    assert pages == WALK.keys() | SET_UP.keys() | STRANGERS.keys() | NO_PAGES


@NEEDED
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
        mine = await browser.new_page(reduced_motion="reduce")
        strangers = await browser.chromium.new_page(reduced_motion="reduce")

        found: dict[Any, list[str]] = {}
        for page, addresses in ((mine, PAGES), (strangers, [one for some in STRANGERS.values() for one in some])):
            for address in addresses:
                await page.goto(f"{portal}{address}")
                for size in SIZES:
                    await page.set_viewport_size(size)
                    for scheme in SCHEMES:
                        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                        found[address, size["width"], scheme] = await violations(page)

        assert {where: some for where, some in found.items() if some} == {}

    async def test_what_keeps_somebody_out_is_found(self, chromium: Browser) -> None:
        page = await chromium.new_page()
        await page.set_content("<main><h1>Here</h1><button></button></main>")

        assert [one for one in await violations(page) if one.startswith("button-name: button")]
