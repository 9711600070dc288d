"""Holds, stock and the catalog in a real Chromium: chosen by keys, read at both widths and in both schemes."""

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.async_api import Page, expect
from tests.edge.chromium import BROWSER, SCHEMES, AdasBrowser
from tests.edge.stock_seed import (
    AT_THE_BACKEND,
    BERLIN,
    BOWL,
    LAMP,
    MUG,
    FakeOutside,
    a_shelf,
    linked,
    stocked,
    would_empty,
)

from crossdock.store.database import Database

PAGES = (
    "/holds",
    "/holds?show=snoozed",
    "/inventory",
    "/inventory?q=nothing",
    "/inventory/acme/MUG",
    "/inventory/acme/BOWL",
    "/inventory-mode/acme",
    "/catalog?show=unlinked",
    "/catalog?show=linked",
    "/catalog/duplicates",
    "/catalog/import",
)

pytestmark = BROWSER


@pytest.fixture
async def shelf(app: FastAPI, portal: str, database: Database) -> str:
    """The address of a portal with a shelf of goods."""
    await a_shelf(database)
    levels = {(stocked(MUG), BERLIN): 17, (stocked(LAMP), BERLIN): -2, (stocked(BOWL), BERLIN): 8}
    app.state.desk = replace(app.state.desk, both_sides=FakeOutside(levels, AT_THE_BACKEND))
    return portal


@pytest.fixture
async def page(browser: AdasBrowser) -> AsyncIterator[Page]:
    """A page of an admin's browser; whatever it complains of fails the test."""
    opened = await browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield opened
    assert complaints == []


async def test_what_is_ticked_is_snoozed_and_comes_back(page: Page, shelf: str) -> None:
    await page.goto(f"{shelf}/holds")
    missing = page.locator("section", has=page.get_by_role("heading", name="No item has this SKU or barcode"))
    await missing.get_by_label("all shown").check()
    await missing.get_by_role("button", name="Snooze").click()

    await expect(page.get_by_role("heading", name="No item has this SKU or barcode")).to_have_count(0)
    await page.get_by_role("link", name="Snoozed").click()
    await page.get_by_label("all shown").check()
    await page.get_by_role("button", name="Open again").click()
    await expect(page.get_by_role("heading", name="No item has this SKU or barcode")).to_be_visible()


async def test_a_list_is_not_renewed_under_somebody_who_chooses(page: Page, shelf: str, database: Database) -> None:
    await page.goto(f"{shelf}/holds")
    await page.wait_for_function("window.htmx !== undefined")
    before = await page.locator("section.group").count()
    await page.get_by_label("Choose ProductVariant/4").check()

    await would_empty(database)
    await page.evaluate("htmx.trigger('#live', 'every')")
    assert await page.locator("section.group").count() == before
    await page.get_by_label("Choose ProductVariant/4").uncheck()
    await page.evaluate("htmx.trigger('#live', 'every')")

    await expect(page.locator("section.group")).to_have_count(before + 1)


async def test_only_what_is_sure_is_ticked_at_once_and_linked(page: Page, shelf: str, database: Database) -> None:
    await page.goto(f"{shelf}/catalog?show=unlinked")
    await page.get_by_label("all that are sure").check()
    await page.get_by_role("button", name="Link what is ticked").click()

    await expect(page.get_by_text("Enamel mug, blue")).to_have_count(0)
    assert (await linked(database))["4"] == "4711"
    assert "6" not in await linked(database)


async def test_every_page_fits_its_window_and_names_its_fields(page: Page, shelf: str, database: Database) -> None:
    await would_empty(database)
    wrong: list[Any] = []
    for address in PAGES:
        for width in (390, 1280):
            await page.set_viewport_size({"width": width, "height": 800})
            await page.goto(f"{shelf}{address}")
            if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append((address, width))
        wrong += await page.evaluate(
            "[...document.querySelectorAll('input:not([type=hidden]), select, button')]"
            ".filter((field) => !(field.labels?.length || field.ariaLabel || field.textContent.trim()))"
            ".map((field) => field.outerHTML)"
        )

    assert wrong == []


@pytest.mark.skipif("CROSSDOCK_SHOW_PAGES" not in os.environ, reason="asked for by a person who wants to see them")
async def test_the_pages_are_shown_to_whoever_asks(page: Page, shelf: str, database: Database) -> None:
    await would_empty(database)
    folder = Path(os.environ["CROSSDOCK_SHOW_PAGES"])
    for number, address in enumerate(PAGES):
        for width in (390, 1280):
            for scheme in SCHEMES:
                await page.emulate_media(color_scheme=scheme)
                await page.set_viewport_size({"width": width, "height": 800})
                await page.goto(f"{shelf}{address}")
                if "mode" in address:
                    await page.get_by_role("button", name="Compare with Shopify").click()
                await page.screenshot(path=folder / f"{number:02}-{width}-{scheme}.png", full_page=True)
