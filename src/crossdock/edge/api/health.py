"""`/healthz`, `/readyz` and `/metrics`, for whatever watches over the processes."""

import asyncio

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST

from crossdock.edge.desk import TheDesk
from crossdock.edge.meters import Meters
from crossdock.edge.visitors import NeedsMetrics, NeedsNobody
from crossdock.kit.errors import TryAgain
from crossdock.store import outages, presence, reconciliations, unheard
from crossdock.store.reads import health, proof

router = APIRouter(include_in_schema=False)

PATIENCE_SECONDS = 0.8
"""Whoever watches asks every second or so, and takes a late answer for none."""


@router.get("/healthz", dependencies=[Depends(NeedsNobody())])
async def alive() -> PlainTextResponse:
    """Say that the process lives. It needs nothing else: a process that waits for its database is not dead."""
    return PlainTextResponse("alive")


@router.get("/readyz", dependencies=[Depends(NeedsNobody())])
async def ready(desk: TheDesk, workers: bool = False) -> JSONResponse:
    """
    Answer 200 while the database answers in time and has this version's schema, else 503 with the reason.

    With `?workers=true` a worker has to be there too, anywhere. Not without: webhooks are kept while none is, and a
    proxy that turned them away would have Shopify give them up.
    """
    try:
        async with asyncio.timeout(PATIENCE_SECONDS), desk.database.begin() as tx:
            migrated = await health.is_migrated(tx)
            there = await presence.workers(tx)
    except TryAgain as error:
        return _not_ready(str(error))
    except TimeoutError:
        return _not_ready(f"The database did not answer within {PATIENCE_SECONDS:g} seconds.")
    if not migrated:
        return _not_ready(
            "The database does not have the schema of this version. Start `crossdock serve`, which migrates it."
        )
    if workers and not there:
        return _not_ready("No worker is there. Start one: `crossdock worker`, or `crossdock serve`.")
    return JSONResponse({"ready": True, "workers": there})


def _not_ready(why: str) -> JSONResponse:
    return JSONResponse({"ready": False, "why": why}, 503)


@router.get("/metrics", dependencies=[Depends(NeedsMetrics())])
async def metrics(desk: TheDesk, request: Request) -> Response:
    """Return the counters in Prometheus' text format; they are there while the database is away, too."""
    meters: Meters = request.app.state.meters
    try:
        async with desk.database.begin() as tx:
            meters.workers(await presence.workers(tx))
            meters.outages(await outages.listed(tx))
            meters.backlog(await health.backlog(tx))
            meters.proof(await proof.proofs(tx), await unheard.silences(tx), await reconciliations.unsettled(tx))
    except TryAgain:
        meters.workers(0)
        meters.outages(())
        meters.backlog(None)
        meters.proof((), (), ())
    return Response(meters.exposition(), media_type=CONTENT_TYPE_LATEST)
