"""`/api/proof`: up to when nothing was lost, whether both sides agree, and having them compared, for a program."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from crossdock.edge.api.answering import json_of
from crossdock.edge.api.named import Connection, Only
from crossdock.edge.asking import ask_to_compare
from crossdock.edge.desk import TheDesk
from crossdock.edge.proof_report import ProofReport, proof_report
from crossdock.edge.visitors import Operator, Viewer
from crossdock.model.names import ConnectionId
from crossdock.store.reconciliations import Asked

router = APIRouter(prefix="/api/proof", tags=["overview"])


@router.get("", response_model=ProofReport)
async def show_proof(
    desk: TheDesk,
    visitor: Viewer,  # noqa: ARG001 - who may is asked
    connection: Only = "",
) -> JSONResponse:
    """Return the proof of every flow, silent webhooks, the latest comparisons, those to come, and open differences."""
    async with desk.database.begin() as tx:
        return json_of(await proof_report(tx, ConnectionId(connection) if connection else None))


@router.post("/{connection}/reconcile", response_model=Asked)
async def reconcile(desk: TheDesk, visitor: Operator, connection: Connection) -> JSONResponse:
    """
    Have a worker compare both sides within a minute, as it does once a day, and look again at what differs.

    What it comes to is in the proof: `compared`, once its `began_at` is not before this `asked_at`, and `differences`.
    """
    async with desk.database.begin() as tx:
        return json_of(await ask_to_compare(tx, visitor.actor, ConnectionId(connection)))
