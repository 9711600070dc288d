"""`/api/routing`: why orders ship from where they do, and from where they would by other rules, for a program."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse

from crossdock.edge.api.answering import json_of
from crossdock.edge.desk import TheDesk
from crossdock.edge.naming import order_named
from crossdock.edge.routing_replay import Replayed, differing
from crossdock.edge.rule_changes import change_rules
from crossdock.edge.visitors import Admin, Operator, Viewer
from crossdock.edge.written_rules import with_document
from crossdock.model.connection import Rules
from crossdock.model.names import ConnectionId
from crossdock.model.routing_rules import RoutingRules
from crossdock.store import connections, routes
from crossdock.store.routes import Kept

router = APIRouter(prefix="/api/routing/{connection}")


@dataclass(frozen=True, slots=True)
class Explained:
    """The decisions about one order, the newest last."""

    decisions: Sequence[Kept]


@dataclass(frozen=True, slots=True)
class MadeAgain:
    """How many decisions were made again, and those that would come out otherwise."""

    replayed: int
    differing: Sequence[Replayed]


_Rules = Annotated[Mapping[str, object], Body()]


@router.get("", response_model=RoutingRules)
async def show(desk: TheDesk, visitor: Viewer, connection: str) -> JSONResponse:  # noqa: ARG001 - who may is asked
    """Return the rules in force."""
    async with desk.database.begin() as tx:
        return json_of((await connections.get(tx, _named(connection))).rules.routing)


@router.get("/orders/{order:path}", response_model=Explained)
async def explain(
    desk: TheDesk,
    visitor: Viewer,  # noqa: ARG001 - who may is asked
    connection: str,
    order: str,
) -> JSONResponse:
    """Return the decisions about one order, by its name or gid, with all that they were made of; the newest last."""
    async with desk.database.begin() as tx:
        id_ = (await connections.get(tx, _named(connection))).id
        found = await routes.of_order(tx, id_, await order_named(tx, id_, order.replace("\0", "")))
    return json_of(Explained(found))


@router.post("/replay", response_model=MadeAgain)
async def replay(
    desk: TheDesk,
    visitor: Operator,  # noqa: ARG001 - who may is asked
    connection: str,
    rules: _Rules,
    last: Annotated[int, Body(ge=1, le=10_000)] = 100,
) -> JSONResponse:
    """Decide past orders again, by the present rules but for what `rules` says. Changes nothing."""
    async with desk.database.begin() as tx:
        known = await connections.get(tx, _named(connection))
        kept = await routes.last(tx, known.id, last)
    by = with_document(known.rules, {"routing": rules}).routing
    return json_of(MadeAgain(len(kept), differing(kept, by)))


@router.post("", response_model=RoutingRules)
async def keep(
    desk: TheDesk, visitor: Admin, connection: str, rules: Annotated[Mapping[str, object], Body(embed=True)]
) -> JSONResponse:
    """Set what `rules` says, and leave the rest as it is."""

    def change(before: Rules) -> Rules:
        return with_document(before, {"routing": rules})

    async with desk.database.begin() as tx:
        changed = await change_rules(tx, visitor.actor, _named(connection), change)
    return json_of(changed.after.routing)


def _named(connection: str) -> ConnectionId:
    return ConnectionId(connection.replace("\0", ""))
