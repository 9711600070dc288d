"""`/api/connections`: tying stores to backends, which warehouse serves which location, and flows, for a program."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from crossdock.edge.api.answering import json_of
from crossdock.edge.api.named import Connection, Said, refuse_nul
from crossdock.edge.connection_list import ListedConnection, listed_connections
from crossdock.edge.desk import TheDesk
from crossdock.edge.orders_from import beginning
from crossdock.edge.setting_up import BackendKind, Prospect
from crossdock.edge.tying import Connected, Mapped, NewConnection
from crossdock.edge.visitors import Admin
from crossdock.model import connection as tied
from crossdock.model.catalog import Location
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.ports.backend import Warehouse
from crossdock.store import connections

router = APIRouter(prefix="/api", tags=["set-up"])

OrdersFrom = Annotated[Said, Field(description="Orders placed from then on are taken: now, all, or a date (UTC).")]


@dataclass(frozen=True, slots=True)
class Kinds:
    """The kinds of backends that are installed, the hub's own first."""

    backends: Sequence[BackendKind]


@dataclass(frozen=True, slots=True)
class Connections:
    """The connections, by name."""

    connections: Sequence[ListedConnection]


@dataclass(frozen=True, slots=True)
class FlowsOn:
    """The flows of a connection that are on."""

    connection: ConnectionId
    flows: Sequence[Flow]


@dataclass(frozen=True, slots=True)
class ItemsMade:
    """How many items are new in the hub's own warehouse."""

    connection: ConnectionId
    made: int


@dataclass(frozen=True, slots=True)
class Tied:
    """
    A connection, and what there is to map.

    `webhooks_to` is where the store sends its webhooks from now on; where it sends none, `no_webhooks` says why. Both
    are null before the connection is started.
    """

    connection: tied.Connection
    locations: Sequence[Location]
    warehouses: Sequence[Warehouse]
    webhooks_to: str | None
    no_webhooks: str | None


class GivenConnection(BaseModel):
    """A store and what is to hold its goods."""

    model_config = ConfigDict(extra="forbid")

    store: Said = Field(description="The store, like acme.myshopify.com.")
    backend: Said = Field(default="builtin", description="The kind of backend, as /api/backends names it.")
    name: Said | None = Field(default=None, description="The connection's name; else the domain's first part.")
    settings: Mapping[str, object] = Field(
        default={}, repr=False, description="The backend's settings; never answered."
    )
    start: bool = Field(default=False, description="Whether the hub works for it at once, all flows on.")
    orders_from: OrdersFrom = "now"


class Pair(BaseModel):
    """A location of the store and a warehouse of the backend."""

    model_config = ConfigDict(extra="forbid")

    location: Said = Field(description="The Shopify location: its name, number or gid.")
    warehouse: Said = Field(description="The warehouse's code in the backend.")


@router.get("/backends", response_model=Kinds)
async def list_backends(desk: TheDesk, visitor: Admin) -> JSONResponse:
    """Return the kinds of backends that a store can be tied to."""
    return json_of(Kinds(desk.setting_up(visitor.actor).kinds()))


@router.get("/connections", response_model=Connections)
async def list_connections(desk: TheDesk, visitor: Admin) -> JSONResponse:  # noqa: ARG001 - who may is asked
    """Return the connections: what is set of each, and how it stands; asks neither side."""
    async with desk.database.begin() as tx:
        return json_of(Connections(await listed_connections(tx)))


@router.post("/connections", response_model=Tied)
async def connect(desk: TheDesk, visitor: Admin, wanted: GivenConnection) -> JSONResponse:
    """Tie a store to a backend. Where there is one location and one warehouse, that is mapped."""
    refuse_nul(wanted.settings)
    given = NewConnection(
        store=wanted.store,
        backend=wanted.backend,
        name=wanted.name or None,
        settings=json.dumps(dict(wanted.settings)),
        orders_from=beginning(wanted.orders_from, datetime.now(UTC)) if wanted.start else None,
        started=wanted.start,
    )
    return json_of(_told(await desk.setting_up(visitor.actor).connect(given)))


@router.get("/connections/{connection}", response_model=Prospect)
async def show(desk: TheDesk, visitor: Admin, connection: Connection) -> JSONResponse:
    """Return how far a connection is set up: what there is on both sides, and by step what was checked and mends it."""
    return json_of(await desk.setting_up(visitor.actor).prospect(ConnectionId(connection)))


@router.post("/connections/{connection}/flows", response_model=FlowsOn)
async def switch_flows(
    desk: TheDesk, visitor: Admin, connection: Connection, flows: Annotated[list[Flow], Body(embed=True)]
) -> JSONResponse:
    """Have these flows on, and no others."""
    id_ = ConnectionId(connection)
    await desk.setting_up(visitor.actor).switch_flows(id_, flows)
    async with desk.database.begin() as tx:
        return json_of(FlowsOn(id_, sorted((await connections.get(tx, id_)).flows)))


@router.post("/connections/{connection}/map", response_model=Mapped)
async def map_location(desk: TheDesk, visitor: Admin, connection: Connection, pair: Pair) -> JSONResponse:
    """Let a warehouse serve a location. Orders that were held for it go on by themselves."""
    hub = desk.setting_up(visitor.actor)
    return json_of(await hub.map_location(ConnectionId(connection), pair.location, pair.warehouse))


@router.post("/connections/{connection}/unmap", response_model=Mapped)
async def unmap_location(desk: TheDesk, visitor: Admin, connection: Connection, pair: Pair) -> JSONResponse:
    """Take a warehouse away from a location. Orders that it has already stay with it."""
    hub = desk.setting_up(visitor.actor)
    return json_of(await hub.unmap_location(ConnectionId(connection), pair.location, pair.warehouse))


@router.post("/connections/{connection}/items", response_model=ItemsMade)
async def make_items(
    desk: TheDesk, visitor: Admin, connection: Connection, with_stock: Annotated[bool, Body(embed=True)] = False
) -> JSONResponse:
    """Make an item of each of the store's SKUs in the hub's own warehouse; `with_stock`, with Shopify's units, too."""
    id_ = ConnectionId(connection)
    return json_of(ItemsMade(id_, await desk.setting_up(visitor.actor).make_items(id_, with_stock=with_stock)))


@router.post("/connections/{connection}/start", response_model=Tied)
async def start(
    desk: TheDesk, visitor: Admin, connection: Connection, orders_from: Annotated[OrdersFrom, Body(embed=True)] = "now"
) -> JSONResponse:
    """Let the hub work for a connection, and have the store send its webhooks."""
    since = beginning(orders_from, datetime.now(UTC))
    return json_of(_told(await desk.setting_up(visitor.actor).start(ConnectionId(connection), since)))


def _told(done: Connected) -> Tied:
    return Tied(done.connection, done.locations, done.warehouses, done.webhooks_to, done.no_webhooks)
