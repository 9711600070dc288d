"""`/healthz`, `/readyz` and `/metrics`, for whatever watches over the processes."""

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST

from crossdock.edge.desk import TheDesk
from crossdock.edge.meters import Meters
from crossdock.edge.visitors import NeedsMetrics, NeedsNobody
from crossdock.kit.errors import TryAgain
from crossdock.store import outages, reconciliations, unheard
from crossdock.store.reads import health, proof

router = APIRouter()


@router.get("/healthz", dependencies=[Depends(NeedsNobody())])
async def alive() -> PlainTextResponse:
    """Say that the process lives. It needs nothing else: a process that waits for its database is not dead."""
    return PlainTextResponse("alive")


@router.get("/readyz", dependencies=[Depends(NeedsNobody())])
async def ready(desk: TheDesk) -> JSONResponse:
    """Answer 200 while the database answers and has this version's schema, else 503 with the reason."""
    try:
        async with desk.database.begin() as tx:
            migrated = await health.is_migrated(tx)
    except TryAgain as error:
        return JSONResponse({"ready": False, "why": str(error)}, 503)
    if not migrated:
        why = "The database does not have the schema of this version. Start `crossdock serve`, which migrates it."
        return JSONResponse({"ready": False, "why": why}, 503)
    return JSONResponse({"ready": True})


@router.get("/metrics", dependencies=[Depends(NeedsMetrics())])
async def metrics(desk: TheDesk, request: Request) -> Response:
    """Return the counters in Prometheus' text format; they are there while the database is away, too."""
    meters: Meters = request.app.state.meters
    try:
        async with desk.database.begin() as tx:
            meters.outages(await outages.listed(tx))
            meters.backlog(await health.backlog(tx))
            meters.proof(await proof.proofs(tx), await unheard.silences(tx), await reconciliations.unsettled(tx))
    except TryAgain:
        meters.outages(())
        meters.backlog(None)
        meters.proof((), (), ())
    return Response(meters.exposition(), media_type=CONTENT_TYPE_LATEST)
