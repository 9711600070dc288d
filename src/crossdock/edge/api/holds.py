"""`/api/holds`: what waits for a person, and what people do about it, for a program."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from crossdock.edge.api.answering import json_of
from crossdock.edge.desk import TheDesk
from crossdock.edge.hold_changes import assign, reopen, resolve, retry, snooze
from crossdock.edge.visitors import Operator, Viewer
from crossdock.model.cause import CATALOGUE
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.store.hold_care import HoldKey
from crossdock.store.reads import held
from crossdock.store.reads.held import Show

router = APIRouter(prefix="/api/holds")


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


@router.get("")
async def list_holds(
    desk: TheDesk,
    visitor: Viewer,
    show: Show = Show.OPEN,
    limit: Annotated[int, Query(ge=1, le=10_000)] = held.SHOWN,
) -> JSONResponse:
    """Return what is held by cause, the largest group first, up to `limit` objects of each."""
    async with desk.database.begin() as tx:
        at, groups = await held.groups(tx, show, visitor.user, limit)
    causes = [{"note": CATALOGUE[one.cause], "group": one} for one in groups]
    return json_of({"at": at, "groups": causes})


@router.post("/assign")
async def assign_these(desk: TheDesk, visitor: Operator, wanted: Assignment) -> JSONResponse:
    """Make these a user's task."""
    async with desk.database.begin() as tx:
        return json_of({"assigned": await assign(tx, visitor.actor, wanted.keys, wanted.to)})


@router.post("/snooze")
async def snooze_these(desk: TheDesk, visitor: Operator, wanted: Snooze) -> JSONResponse:
    """Let these rest for a while."""
    async with desk.database.begin() as tx:
        return json_of({"snoozed": await snooze(tx, visitor.actor, wanted.keys, timedelta(hours=wanted.hours))})


@router.post("/resolve")
async def resolve_these(desk: TheDesk, visitor: Operator, wanted: Resolution) -> JSONResponse:
    """Take a person's word that these are done with."""
    async with desk.database.begin() as tx:
        return json_of({"resolved": await resolve(tx, visitor.actor, wanted.keys, wanted.note)})


@router.post("/reopen")
async def reopen_these(desk: TheDesk, visitor: Operator, wanted: These) -> JSONResponse:
    """Undo snoozing and resolving."""
    async with desk.database.begin() as tx:
        return json_of({"reopened": await reopen(tx, visitor.actor, wanted.keys)})


@router.post("/retry")
async def retry_these(desk: TheDesk, visitor: Operator, wanted: These) -> JSONResponse:
    """Have these looked at again."""
    async with desk.database.begin() as tx:
        return json_of({"marked": await retry(tx, visitor.actor, wanted.keys)})
