"""`/api/stock-mode`: how stock is written, where Shopify differs, and the switch, for a program of an admin's."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse

from crossdock.edge.api.answering import json_of
from crossdock.edge.api.named import Connection
from crossdock.edge.desk import TheDesk
from crossdock.edge.drift_report import DriftReport, drift_report
from crossdock.edge.mode_changes import Published, Switched, compare_and_switch, publish_what_differs
from crossdock.edge.mode_report import AT_ONCE
from crossdock.edge.visitors import Admin
from crossdock.model.connection import StockMode
from crossdock.model.names import ConnectionId
from crossdock.store import connections

router = APIRouter(prefix="/api/stock-mode/{connection}", tags=["inventory"])


@dataclass(frozen=True, slots=True)
class ModeNow:
    """How the stock of a connection is written."""

    connection: ConnectionId
    mode: StockMode


@router.get("", response_model=ModeNow)
async def show_mode(desk: TheDesk, visitor: Admin, connection: Connection) -> JSONResponse:  # noqa: ARG001 - who may
    """Return how stock is written: levels are set to their figures (`absolute`), or added to (`delta`)."""
    id_ = ConnectionId(connection)
    async with desk.database.begin() as tx:
        return json_of(ModeNow(id_, (await connections.get(tx, id_)).rules.inventory.mode))


@router.post("/compare", response_model=DriftReport)
async def compare(
    desk: TheDesk,
    visitor: Admin,  # noqa: ARG001 - who may is asked
    connection: Connection,
    every: bool = False,
) -> JSONResponse:
    """
    Read every level from Shopify and list where it differs, as `crossdock stock drift --json`; changes nothing.

    With `every`, levels that are as they should be are listed, too. Up to 5,000 linked items.
    """
    id_ = ConnectionId(connection)
    return json_of(await drift_report(desk.database, desk.outside, id_, every=every, at_most=AT_ONCE))


@router.post("/publish", response_model=Published)
async def publish(desk: TheDesk, visitor: Admin, connection: Connection) -> JSONResponse:
    """Compare, and have what differs published anew by a worker, within seconds. Then compare again."""
    id_ = ConnectionId(connection)
    return json_of(await publish_what_differs(desk.database, desk.outside, visitor.actor, id_))


@router.post("/switch", response_model=Switched)
async def switch(
    desk: TheDesk,
    visitor: Admin,
    connection: Connection,
    mode: Annotated[StockMode, Body()],
    adopt: Annotated[bool, Body(description="To delta: begin from what Shopify has now.")] = False,
) -> JSONResponse:
    """Compare, and switch the mode. Refused to delta mode where levels differ, unless it is to begin from them."""
    id_ = ConnectionId(connection)
    return json_of(await compare_and_switch(desk.database, desk.outside, visitor.actor, id_, mode, adopt=adopt))
