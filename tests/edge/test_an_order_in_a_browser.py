"""An order is put right in a real Chromium: fields set and undone, and what would happen now, at both widths."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.async_api import Page, expect
from tests.edge.axe import IS_HERE, violations
from tests.edge.chromium import BROWSER, SCHEMES, AdasBrowser
from tests.edge.portal_seed import ACME, order_id
from tests.edge.test_an_orders_page import TERMS, OneField, OneReplay

from crossdock.store import overrides, requests
from crossdock.store.database import Database

pytestmark = BROWSER


@pytest.fixture
async def address(app: FastAPI, portal: str, database: Database) -> str:
    """The address of an order whose requests are kept."""
    async with database.begin() as tx:
        await requests.agreed(tx, ACME, TERMS)
    app.state.desk = replace(app.state.desk, replays=OneReplay(), mappings=OneField())
    return f"{portal}/orders/acme/1020"


@pytest.fixture
async def page(browser: AdasBrowser) -> AsyncIterator[Page]:
    """A page of an admin's browser; whatever it complains of fails the test."""
    opened = await browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield opened
    assert complaints == []


async def test_a_person_sets_a_field_and_undoes_it(page: Page, address: str, database: Database) -> None:
    await page.goto(address)
    await page.get_by_text("Set what is asked for it").click()
    await page.get_by_label("City").fill("Kiel")
    await page.get_by_label("Why").fill("They moved.")
    await page.get_by_role("button", name="Set and retry").click()

    await expect(page.get_by_role("heading", name="Set by hand")).to_be_visible()
    async with database.begin() as tx:
        kept = (await overrides.of_orders(tx, ACME, [order_id(1020)]))[order_id(1020)]
    assert {name: one.value for name, one in kept.items()} == {"ship_to.city": "Kiel"}

    await page.get_by_role("button", name="Undo: City").click()
    await expect(page.get_by_role("heading", name="Set by hand")).to_have_count(0)


async def test_what_is_typed_is_not_renewed_away(page: Page, address: str) -> None:
    await page.goto(address)
    await page.wait_for_function("window.htmx !== undefined")
    await page.get_by_text("Set what is asked for it").click()
    await page.get_by_label("City").fill("Kiel")

    async with page.expect_response(address):
        await page.evaluate("htmx.trigger('#live', 'every')")

    await expect(page.get_by_label("City")).to_have_value("Kiel")


async def test_every_part_fits_its_window_and_keeps_nobody_out(page: Page, address: str, database: Database) -> None:
    async with database.begin() as tx:
        await overrides.say(tx, ACME, order_id(1020), {"note": "x" * 300}, "Ada", "They moved.")
        for note in ("Ring once", "Ring twice"):
            await overrides.seen(tx, ACME, order_id(1020), {"note": note})
    await page.goto(address)
    await page.get_by_role("button", name="What would happen now?").click()
    await expect(page.get_by_role("heading", name="What would happen now")).to_be_visible()
    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")

    wrong: list[Any] = []
    for width in (390, 1280):
        await page.set_viewport_size({"width": width, "height": 800})
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(width)
        for scheme in SCHEMES if IS_HERE else ():
            await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            wrong += await violations(page)

    assert wrong == []
