"""`/api/mappings`: how a backend's own fields are filled, tried out, saved and rolled back, for a program."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse

from crossdock.edge.api.answering import json_of
from crossdock.edge.desk import Desk, TheDesk
from crossdock.edge.mapping_changes import (
    LAST,
    MappingTrial,
    Tried,
    newest_orders,
    refuse_mistakes,
    roll_back,
    save_mapping,
)
from crossdock.edge.naming import order_named
from crossdock.edge.visitors import Admin, Operator, Viewer
from crossdock.edge.written_mappings import document_of, read_document
from crossdock.kit.errors import UsageError
from crossdock.model.field_mapping import NOTHING_MAPPED
from crossdock.model.names import ConnectionId
from crossdock.model.request_field import FieldSpec, Scalar
from crossdock.store import mappings

router = APIRouter(prefix="/api/mappings/{connection}")

_Draft = Annotated[Mapping[str, object], Body()]


@dataclass(frozen=True, slots=True)
class Version:
    """A mapping that was saved: who did, when, and why."""

    version: int
    author: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The fields that the backend takes, the mapping in force (`version` 0 for none), and what was saved before."""

    takes: Sequence[FieldSpec]
    version: int
    fields: Mapping[str, object]
    versions: Sequence[Version]


@dataclass(frozen=True, slots=True)
class Request:
    """What a request would say in its fields, where that differs from now, and what is missing or left out."""

    order: str
    warehouse: str | None
    fields: Mapping[str, Scalar]
    differences: Sequence[tuple[str, str, str]]
    missing: Sequence[str]
    left_out: Sequence[str]


@dataclass(frozen=True, slots=True)
class TriedOut:
    """How many orders were looked at, and the requests that it is about."""

    orders: int
    requests: Sequence[Request]


@dataclass(frozen=True, slots=True)
class InForce:
    """The version that is in force now."""

    version: int


@router.get("", response_model=Shown)
async def show(desk: TheDesk, visitor: Viewer, connection: str) -> JSONResponse:  # noqa: ARG001 - who may is asked
    """Return the fields that the backend takes, the mapping in force (as `save` takes it), and its versions."""
    id_ = _named(connection)
    specs = await _trial(desk).fields_of(id_)
    async with desk.database.begin() as tx:
        found = await mappings.newest(tx, id_)
        versions = await mappings.listed(tx, id_, limit=100)
    return json_of(
        Shown(
            takes=specs,
            version=0 if found is None else found.version,
            fields=document_of(NOTHING_MAPPED if found is None else found.mapping),
            versions=[Version(one.version, one.author, one.at, one.note) for one in versions],
        )
    )


@router.post("/try", response_model=TriedOut)
async def try_out(
    desk: TheDesk,
    visitor: Operator,  # noqa: ARG001 - who may is asked
    connection: str,
    fields: _Draft,
    order: Annotated[str, Body(max_length=100)] = "",
    last: Annotated[int, Body(ge=1, le=5000)] = LAST,
) -> JSONResponse:
    """
    Say what a mapping that is not saved comes to: on one order, else which of the newest orders it would change.

    Nothing is saved, and nothing is sent.
    """
    id_, draft, trial = _named(connection), read_document(fields), _trial(desk)
    refuse_mistakes(draft, await trial.fields_of(id_))
    name = order.replace("\0", "").strip()
    async with desk.database.begin() as tx:
        orders = [await order_named(tx, id_, name)] if name else await newest_orders(tx, id_, last)
    tried = await trial.try_mapping(id_, orders, draft)
    shown = tried if name else [one for one in tried if one.differences]
    return json_of(TriedOut(len(orders), _told(shown)))


@router.post("", response_model=InForce)
async def save(
    desk: TheDesk, visitor: Admin, connection: str, fields: _Draft, note: Annotated[str, Body(max_length=200)] = ""
) -> JSONResponse:
    """Put a mapping in force, whole, for orders that are not sent yet."""
    id_ = _named(connection)
    specs = await _trial(desk).fields_of(id_)
    async with desk.database.begin() as tx:
        version = await save_mapping(tx, visitor.actor, id_, read_document(fields), specs, note.replace("\0", ""))
    return json_of(InForce(version))


@router.post("/rollback", response_model=InForce)
async def rollback(
    desk: TheDesk, visitor: Admin, connection: str, version: Annotated[int, Body(embed=True, ge=1, lt=2**31)]
) -> JSONResponse:
    """Put an earlier version in force again, as a new one."""
    id_ = _named(connection)
    specs = await _trial(desk).fields_of(id_)
    async with desk.database.begin() as tx:
        now = await roll_back(tx, visitor.actor, id_, version, specs)
    return json_of(InForce(now))


def _told(tried: Sequence[Tried]) -> Sequence[Request]:
    return [
        Request(
            order=one.name,
            warehouse=one.warehouse,
            fields={name: field.value for name, field in one.says},
            differences=one.differences,
            missing=list(one.after.missing.values()),
            left_out=one.after.left_out,
        )
        for one in tried
    ]


def _named(connection: str) -> ConnectionId:
    return ConnectionId(connection.replace("\0", ""))


def _trial(desk: Desk) -> MappingTrial:
    if desk.mappings is None:
        raise UsageError("This web process has no hub behind it. Use: crossdock mappings.")
    return desk.mappings
