"""`/api/shadow`: what a connection that writes nothing would have written, and the switch, for a program."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from crossdock.edge.api.answering import json_of
from crossdock.edge.api.named import Connection
from crossdock.edge.desk import TheDesk
from crossdock.edge.shadow_changes import begin_shadow, end_shadow
from crossdock.edge.shadow_report import MOST, ShadowReport, shadow_report
from crossdock.edge.visitors import Admin, Viewer
from crossdock.model.names import ConnectionId

router = APIRouter(prefix="/api/shadow/{connection}", tags=["shadow"])


@dataclass(frozen=True, slots=True)
class Switched:
    """Whether the connection is a shadow from now on; `changed` is False where it was so already."""

    connection: ConnectionId
    shadow: bool
    changed: bool


@router.get("", response_model=ShadowReport)
async def report(
    desk: TheDesk,
    visitor: Viewer,  # noqa: ARG001 - who may is asked
    connection: Connection,
    limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
) -> JSONResponse:
    """Return what would have been written, the latest first, and what is held; `crossdock shadow report --json`."""
    async with desk.database.begin() as tx:
        return json_of(await shadow_report(tx, ConnectionId(connection), limit))


@router.post("/{turn}", response_model=Switched)
async def switch(desk: TheDesk, visitor: Admin, connection: Connection, turn: Literal["on", "off"]) -> JSONResponse:
    """Let a connection only say what it would write, or write again from a fresh look."""
    change = begin_shadow if turn == "on" else end_shadow
    async with desk.database.begin() as tx:
        changed = await change(tx, visitor.actor, ConnectionId(connection))
    return json_of(Switched(ConnectionId(connection), turn == "on", changed))
