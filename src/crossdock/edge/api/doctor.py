"""`/api/doctor`: what is not in order, and what to do about it, for a program."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from crossdock.edge.api.answering import json_of
from crossdock.edge.api.named import Connection, Store
from crossdock.edge.checks import Examined, examined
from crossdock.edge.desk import TheDesk
from crossdock.edge.visitors import Admin
from crossdock.model.names import ConnectionId, ShopDomain

router = APIRouter(prefix="/api/doctor", tags=["doctor"])


@router.get("", response_model=Examined)
async def examine(desk: TheDesk, visitor: Admin) -> JSONResponse:
    """Return every check of the installation and of both sides of every connection, as `crossdock doctor --json`."""
    return json_of(examined(await desk.setting_up(visitor.actor).examine()))


@router.get("/stores/{store}", response_model=Examined)
async def examine_store(desk: TheDesk, visitor: Admin, store: Store) -> JSONResponse:
    """Return the checks of one store, by its own domain."""
    return json_of(examined(await desk.setting_up(visitor.actor).examine_store(ShopDomain(store))))


@router.get("/connections/{connection}", response_model=Examined)
async def examine_connection(desk: TheDesk, visitor: Admin, connection: Connection) -> JSONResponse:
    """Return the checks of one connection."""
    return json_of(examined(await desk.setting_up(visitor.actor).examine_connection(ConnectionId(connection))))
