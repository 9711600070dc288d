"""`/api/retention`: for how many days things are kept, for a program."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from crossdock.edge.api.answering import json_of
from crossdock.edge.desk import TheDesk
from crossdock.edge.retention_changes import keep
from crossdock.edge.visitors import Admin
from crossdock.model.retention import KEEPING, Keeping, Kind
from crossdock.store import retention

router = APIRouter(prefix="/api/retention", tags=["privacy"])


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days each kind is kept; what each is, its usual days and the fewest that are possible."""

    days: Mapping[Kind, int]
    guide: Mapping[Kind, Keeping]


class NewRetention(BaseModel):
    """The kinds to be kept for other numbers of days; the rest stay as they are."""

    model_config = ConfigDict(extra="forbid")

    days: dict[Kind, int] = Field(description="From when it came or was closed.")


@router.get("", response_model=Retention)
async def show(desk: TheDesk, visitor: Admin) -> JSONResponse:  # noqa: ARG001 - who may is asked
    """Return for how many days things are kept, as `crossdock retention show --json` prints it, and a guide."""
    async with desk.database.begin() as tx:
        return json_of(Retention(await retention.days(tx), KEEPING))


@router.put("", response_model=Retention)
async def change(desk: TheDesk, visitor: Admin, wanted: NewRetention) -> JSONResponse:
    """Keep these for so many days, all of them or none; a worker throws older ones away within the hour."""
    async with desk.database.begin() as tx:
        return json_of(Retention(await keep(tx, visitor.actor, wanted.days), KEEPING))
