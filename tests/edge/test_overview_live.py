"""The overview renews itself for all who watch it at once, and says so when it cannot."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from playwright.async_api import expect
from sqlalchemy import text
from tests.edge.chromium import BROWSER, AdasBrowser
from tests.edge.edge_desk import Person
from tests.edge.portal_seed import a_row

from crossdock.edge.feed import Feed, Sight
from crossdock.kit.errors import TryAgain
from crossdock.model.state import OrderState
from crossdock.store import orders
from crossdock.store.database import Database, open_database


class _Counting:
    """Reads one, two, three, …; raises what it was told to."""

    def __init__(self) -> None:
        self.read = 0
        self.trouble: Exception | None = None

    async def __call__(self) -> int:
        if self.trouble is not None:
            raise self.trouble
        self.read += 1
        return self.read


async def _take(sights: AsyncIterator[Sight[int]], many: int) -> list[Sight[int]]:
    return [await anext(sights) for _ in range(many)]


async def test_however_many_watch_a_tick_is_read_once() -> None:
    read = _Counting()
    feed = Feed(read, every_seconds=0.01)
    watchers = [feed.watch() for _ in range(20)]

    seen = await asyncio.gather(*(_take(one, 3) for one in watchers))
    for one in watchers:
        await one.aclose()

    assert [[sight.reading for sight in sights] for sights in seen] == [[1, 2, 3]] * 20
    assert read.read < 20


async def test_nobody_is_shown_what_was_read_for_somebody_who_left_long_ago() -> None:
    read = _Counting()
    feed = Feed(read, every_seconds=3600)
    [old] = await _take(first := feed.watch(), 1)
    await first.aclose()

    [new] = await _take(feed.watch(), 1)

    assert (old.reading, new.reading) == (1, 2)


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (TryAgain("The database does not answer."), "The database does not answer."),
        (ValueError("a mistake"), "Something went wrong; the log tells more."),
    ],
)
async def test_while_nothing_can_be_read_the_last_reading_is_shown_with_the_reason(
    trouble: Exception, said: str
) -> None:
    read = _Counting()
    sights = Feed(read, every_seconds=0.01).watch()
    await _take(sights, 1)

    read.trouble, last = trouble, read.read
    away = await _until(sights, lambda sight: sight.trouble is not None)
    read.trouble = None
    back = await _until(sights, lambda sight: sight.trouble is None)

    assert (away.reading, away.trouble) == (last, said)
    assert back.reading == last + 1


async def _until(sights: AsyncIterator[Sight[int]], wanted: Callable[[Sight[int]], bool]) -> Sight[int]:
    async for sight in sights:
        if wanted(sight):
            return sight
    raise AssertionError("the feed ended")


async def test_a_closed_feed_lets_everybody_go() -> None:
    feed = Feed(_Counting(), every_seconds=3600)
    sights = feed.watch()
    await _take(sights, 1)

    await feed.close()

    assert [sight async for sight in sights] == []


async def test_events_tell_the_figures_and_then_that_the_database_is_away(
    portal: str, app: FastAPI, ada: Person
) -> None:
    headers = {"accept": "text/event-stream", "cookie": f"crossdock={ada.cookie}"}
    nowhere = open_database("postgresql://somebody@127.0.0.1:1/nothing")
    told: list[tuple[str, dict[str, str]]] = []

    async with (
        httpx.AsyncClient(trust_env=False, headers=headers) as web,
        web.stream("GET", f"{portal}/overview/events") as answer,
    ):
        kind = answer.headers["content-type"]
        name = ""
        async for line in answer.aiter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                told.append((name, json.loads(line.removeprefix("data: "))))
                _ask(app, nowhere)
            if name == "away" and not line:
                break
    await nowhere.close()

    assert kind.startswith("text/event-stream")
    assert "Needs a person" in told[0][1]["html"]
    assert told[-1][1]["sentence"].startswith("The database does not answer")


async def test_a_page_that_renews_itself_does_not_keep_its_session_alive(
    portal: str, database: Database, ada: Person
) -> None:
    headers = {"accept": "text/event-stream", "cookie": f"crossdock={ada.cookie}"}
    async with database.begin() as tx:
        await tx.execute(text("UPDATE sessions SET seen_at = hub_now() - interval '1 hour'"))

    async with (
        httpx.AsyncClient(trust_env=False, headers=headers) as web,
        web.stream("GET", f"{portal}/overview/events"),
        database.begin() as tx,
    ):
        idle: timedelta = (await tx.execute(text("SELECT min(hub_now() - seen_at) FROM sessions"))).scalar_one()

    assert idle > timedelta(minutes=59)


class TestInChromium:
    """What a person sees of it."""

    pytestmark = BROWSER

    async def test_news_are_shown_as_they_come_and_focus_stays(
        self, browser: AdasBrowser, portal: str, database: Database
    ) -> None:
        page = await browser.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(portal)
        await page.locator(".needs a").first.focus()

        async with database.begin() as tx:
            await orders.remember(tx, a_row(900, OrderState.AT_WAREHOUSE, timedelta(days=9)))
            await tx.execute(text("UPDATE orders SET state_since = placed_at WHERE name = '#900'"))
        await expect(page.locator(".needs")).to_contain_text("1 order late")

        assert "held" in await page.evaluate("document.activeElement.textContent")
        assert complaints == []

    async def test_while_the_database_is_away_a_banner_says_since_when_the_figures_are_old(
        self, browser: AdasBrowser, portal: str, app: FastAPI
    ) -> None:
        page = await browser.new_page()
        async with page.expect_response("**/overview/events"):
            await page.goto(portal)
        database = app.state.desk.database
        nowhere = open_database("postgresql://somebody@127.0.0.1:1/nothing")

        _ask(app, nowhere)
        banner = page.locator("#lost")
        await expect(banner).to_contain_text("The database does not answer")
        await expect(banner).to_contain_text("What you see is as of")
        _ask(app, database)
        await expect(banner).to_be_hidden()
        await nowhere.close()

    async def test_a_process_that_is_gone_is_said_to_be_gone(self, browser: AdasBrowser, portal: str) -> None:
        page = await browser.new_page()
        await page.route("**/overview/events", lambda route: route.abort())
        await page.goto(portal)

        await expect(page.locator("#lost")).to_contain_text("Crossdock does not answer")


def _ask(app: FastAPI, database: Database) -> None:
    """From now on the application asks this database."""
    object.__setattr__(app.state.desk, "database", database)
