"""`/api/holds`: what waits for a person, and what people do about it, for a program."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from crossdock.edge.api.answering import json_of
from crossdock.edge.api.named import Only
from crossdock.edge.desk import TheDesk
from crossdock.edge.hold_changes import assign, reopen, resolve, retry, snooze
from crossdock.edge.visitors import Operator, Viewer
from crossdock.model.cause import CATALOGUE, Cause, CauseNote
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.store.hold_care import HoldKey
from crossdock.store.reads import held
from crossdock.store.reads.held import Show

router = APIRouter(prefix="/api/holds", tags=["holds"])


@dataclass(frozen=True, slots=True)
class Alike:
    """All that one connection holds for one cause, and what a person reads about that cause."""

    note: CauseNote
    group: held.Group


@dataclass(frozen=True, slots=True)
class HeldByCause:
    """What is held, as of `at`, the largest group first."""

    at: datetime
    groups: Sequence[Alike]


@dataclass(frozen=True, slots=True)
class Assigned:
    """How many are somebody's task now."""

    assigned: int


@dataclass(frozen=True, slots=True)
class Snoozed:
    """How many rest now."""

    snoozed: int


@dataclass(frozen=True, slots=True)
class Resolved:
    """How many are done with."""

    resolved: int


@dataclass(frozen=True, slots=True)
class Reopened:
    """How many wait for a person again."""

    reopened: int


@dataclass(frozen=True, slots=True)
class HoldsMarked:
    """How many are looked at again."""

    marked: int


class One(BaseModel):
    """Which held object, as the list names it."""

    model_config = ConfigDict(extra="forbid")

    connection: str
    flow: Flow
    key: str


class These(BaseModel):
    """What a deed is about."""

    model_config = ConfigDict(extra="forbid")

    held: list[One] = Field(max_length=10_000)

    @property
    def keys(self) -> list[HoldKey]:
        """Return them in the hub's words."""
        return [HoldKey(ConnectionId(one.connection), one.flow, one.key) for one in self.held]


class Assignment(These):
    """Whose task they are to be: a user's e-mail address, nobody's where it is empty."""

    to: str = ""


class Snooze(These):
    """For how long they are to rest."""

    hours: int = Field(ge=1, le=90 * 24)


class Resolution(These):
    """How they were resolved."""

    note: str


@router.get("", response_model=HeldByCause)
async def list_holds(
    desk: TheDesk,
    visitor: Viewer,
    show: Show = Show.OPEN,
    limit: Annotated[int, Query(ge=1, le=10_000)] = held.SHOWN,
    connection: Only = "",
    cause: Annotated[Cause | None, Query(description="Only what is held for this cause.")] = None,
    after: str = "",
) -> JSONResponse:
    """
    Return what is held by cause, the largest group first, up to `limit` objects of each.

    `after` of a group, given back with its connection and cause, leads to its next objects.
    """
    narrowed = held.Narrowed(ConnectionId(connection) if connection else None, cause, held.place(after))
    async with desk.database.begin() as tx:
        at, groups = await held.groups(tx, show, visitor.user, limit, narrowed)
    return json_of(HeldByCause(at, [Alike(CATALOGUE[one.cause], one) for one in groups]))


@router.post("/assign", response_model=Assigned)
async def assign_these(desk: TheDesk, visitor: Operator, wanted: Assignment) -> JSONResponse:
    """Make these a user's task."""
    async with desk.database.begin() as tx:
        return json_of(Assigned(await assign(tx, visitor.actor, wanted.keys, wanted.to)))


@router.post("/snooze", response_model=Snoozed)
async def snooze_these(desk: TheDesk, visitor: Operator, wanted: Snooze) -> JSONResponse:
    """Let these rest for a while."""
    async with desk.database.begin() as tx:
        return json_of(Snoozed(await snooze(tx, visitor.actor, wanted.keys, timedelta(hours=wanted.hours))))


@router.post("/resolve", response_model=Resolved)
async def resolve_these(desk: TheDesk, visitor: Operator, wanted: Resolution) -> JSONResponse:
    """Take a person's word that these are done with."""
    async with desk.database.begin() as tx:
        return json_of(Resolved(await resolve(tx, visitor.actor, wanted.keys, wanted.note)))


@router.post("/reopen", response_model=Reopened)
async def reopen_these(desk: TheDesk, visitor: Operator, wanted: These) -> JSONResponse:
    """Undo snoozing and resolving."""
    async with desk.database.begin() as tx:
        return json_of(Reopened(await reopen(tx, visitor.actor, wanted.keys)))


@router.post("/retry", response_model=HoldsMarked)
async def retry_these(desk: TheDesk, visitor: Operator, wanted: These) -> JSONResponse:
    """Have these looked at again."""
    async with desk.database.begin() as tx:
        return json_of(HoldsMarked(await retry(tx, visitor.actor, wanted.keys)))
