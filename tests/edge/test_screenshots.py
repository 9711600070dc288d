"""
The pictures in the docs are what Chromium shows of the portal: made when they are asked for, else skipped.

    CROSSDOCK_SCREENSHOTS=1 pytest tests/edge/test_screenshots.py
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import expect
from sqlalchemy import text
from tests.edge import overview_seed, portal_seed
from tests.edge.chromium import BROWSER, AdasBrowser, Scheme
from tests.edge.portal_seed import a_row

from crossdock.model.state import OrderState
from crossdock.store import orders, watermarks
from crossdock.store.database import Database

IMAGES = Path(__file__).parents[2] / "docs/images"
NOON = datetime(2026, 7, 1, 14, 23, 7, tzinfo=UTC)

pytestmark = [
    *BROWSER,
    pytest.mark.skipif("CROSSDOCK_SCREENSHOTS" not in os.environ, reason="CROSSDOCK_SCREENSHOTS is not set"),
]


@pytest.fixture
async def still(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Time stands still, so that the same pictures come out again."""
    async with database.begin() as tx:
        await tx.execute(
            text(
                "CREATE OR REPLACE FUNCTION hub_now() RETURNS timestamptz LANGUAGE sql STABLE AS "
                f"$$ SELECT timestamptz '{NOON.isoformat()}' $$"
            )
        )
    for seed in (portal_seed, overview_seed):
        monkeypatch.setattr(seed, "now", lambda: NOON)


@pytest.mark.parametrize(
    ("picture", "path", "width", "scheme"),
    [
        ("portal", "/", 1280, "light"),
        ("portal-dark", "/", 1280, "dark"),
        ("orders", "/orders", 1280, "light"),
        ("order", "/orders/acme/1020", 1280, "light"),
        ("overview-phone", "/", 390, "light"),
    ],
)
async def test_pictures_are_made(
    still: None,
    browser: AdasBrowser,
    portal: str,
    database: Database,
    picture: str,
    path: str,
    width: int,
    scheme: Scheme,
) -> None:
    if path == "/":
        await overview_seed.a_day(database)
    async with database.begin() as tx:
        await orders.remember(tx, a_row(1013, OrderState.AT_WAREHOUSE, timedelta(days=4)))
        await watermarks.advance(tx, portal_seed.ACME, "backend", complete_to=NOON - timedelta(seconds=4))
    page = await browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )

    await page.goto(f"{portal}{path}")
    await expect(page.get_by_role("heading", level=1)).to_be_attached()
    await page.screenshot(path=IMAGES / f"{picture}.png")

    assert (IMAGES / f"{picture}.png").stat().st_size > 0
