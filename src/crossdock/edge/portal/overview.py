"""The first page: what needs a person, then how each store stands. It renews itself for all who watch it at once."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from crossdock.edge.desk import Desk, TheDesk
from crossdock.edge.feed import Feed, Sight
from crossdock.edge.portal import charts
from crossdock.edge.portal.ages import lasting
from crossdock.edge.portal.charts import Chart
from crossdock.edge.portal.pages import frame
from crossdock.edge.portal.rendering import page, part
from crossdock.edge.visitors import Viewer
from crossdock.model.lateness import LATE_AFTER
from crossdock.store.budgets import Level
from crossdock.store.reads.health import Backlog, Standing
from crossdock.store.reads.overview import Drifted, Heard, HeldCause, Overview, Spent, Stage, overview
from crossdock.store.reads.proof import Proof

router = APIRouter(include_in_schema=False)

RENEWED_AFTER_SECONDS: Final = 60.0
"""After so long a browser asks for the events anew, so that a session that ended meanwhile is noticed."""

_STAGES: Final = {
    Stage.HEARD: "Placed to heard",
    Stage.ACCEPTED: "Heard to accepted",
    Stage.SHIPPED: "Accepted to shipped",
    Stage.TOLD: "Shipped to told",
}

_OF_THE_LIST: Final = frozenset({"q", "state", "connection", "after"})


@dataclass(frozen=True, slots=True)
class FlowRow:
    """How one flow stands: up to when it is complete, what waits for a look, None for nothing, and what is held."""

    proof: Proof
    waits: Backlog | None
    holds: Sequence[HeldCause]
    closed: str | None = None
    """Until when it waits by its schedule; None where it works now."""


@dataclass(frozen=True, slots=True)
class Card:
    """All that the page shows of one connection."""

    standing: Standing
    flows: Sequence[FlowRow]
    orders: Chart
    stages: Sequence[tuple[Stage, Chart]]
    level: Level | None
    spent: Spent | None
    drifted: Drifted | None
    heard: Heard | None


@router.get("/", response_model=None)
async def show_overview(request: Request, desk: TheDesk, visitor: Viewer) -> Response:
    """Show how everything stands; links from when the list of orders was here still lead to it."""
    if _OF_THE_LIST & request.query_params.keys():
        return RedirectResponse(f"/orders?{request.url.query}", 307)
    seen = await _read(desk)
    return page("overview.html", visitor, **frame(seen.standings, "overview"), **_context(seen))


@router.get("/overview/events", response_model=None)
async def tell_of_changes(request: Request, visitor: Viewer) -> StreamingResponse:  # noqa: ARG001 - who may is asked
    """Send the page's figures whenever they were read anew, and a word while they cannot be (server-sent events)."""
    feed: Feed[str] = request.app.state.overview
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_events(feed), media_type="text/event-stream", headers=headers)


def overview_feed(desk: Desk) -> Feed[str]:
    """Return the figures of the page as HTML, read once a tick for everybody."""

    async def read() -> str:
        return part("overview_figures.html", **_context(await _read(desk)))

    return Feed(read)


async def _read(desk: Desk) -> Overview:
    async with desk.database.begin() as tx:
        return await overview(tx)


async def _events(feed: Feed[str]) -> AsyncIterator[str]:
    clock = asyncio.get_running_loop()
    until = clock.time() + RENEWED_AFTER_SECONDS
    yield "retry: 1000\n\n"
    async with aclosing(feed.watch()) as sights:
        async for sight in sights:
            yield _event(sight)
            if clock.time() > until:
                return


def _event(sight: Sight[str]) -> str:
    if sight.trouble is None:
        name, data = "figures", {"html": sight.reading or ""}
    else:
        name, data = "away", {"sentence": sight.trouble}
    # JSON has no line breaks of its own, and an event ends at one.
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


def _context(seen: Overview) -> dict[str, Any]:
    return {
        "overview": seen,
        "cards": [_card(seen, one) for one in seen.standings],
        "late_after": LATE_AFTER,
        "stages": _STAGES,
    }


def _card(seen: Overview, standing: Standing) -> Card:
    id_, store = standing.connection, standing.store
    of_mine = [one for one in seen.latencies if one.connection == id_]
    return Card(
        standing=standing,
        flows=[
            FlowRow(
                proof,
                next((one for one in standing.backlog if one.flow is proof.flow), None),
                [one for one in seen.holds if one.connection == id_ and one.flow is proof.flow],
                next((one.sentence for one in seen.closed if (one.connection, one.flow) == (id_, proof.flow)), None),
            )
            for proof in standing.proofs
        ],
        orders=charts.orders_per_hour([one for one in seen.placed if one.connection == id_], seen.since),
        stages=[
            (stage, charts.latency([one for one in of_mine if one.stage is stage], seen.since, lasting))
            for stage in Stage
        ],
        level=next((one for one in seen.levels if one.store == store), None),
        spent=next((one for one in seen.spent if one.store == store), None),
        drifted=next((one for one in seen.drifted if one.connection == id_), None),
        heard=next((one for one in seen.heard if one.store == store), None),
    )
