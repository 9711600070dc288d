"""`/api/proof`: up to when nothing was lost, and whether both sides agree, for a program."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from crossdock.edge.api.answering import json_of
from crossdock.edge.desk import TheDesk
from crossdock.edge.proof_report import ProofReport, proof_report
from crossdock.edge.visitors import Viewer
from crossdock.model.names import ConnectionId

router = APIRouter(prefix="/api/proof", tags=["overview"])


@router.get("", response_model=ProofReport)
async def show_proof(
    desk: TheDesk,
    visitor: Viewer,  # noqa: ARG001 - who may is asked
    connection: Annotated[str, Query(description="Only this connection.")] = "",
) -> JSONResponse:
    """Return the proof of every flow, silent webhooks, the latest comparisons and open differences."""
    id_ = connection.replace("\0", "").strip()
    async with desk.database.begin() as tx:
        return json_of(await proof_report(tx, ConnectionId(id_) if id_ else None))
