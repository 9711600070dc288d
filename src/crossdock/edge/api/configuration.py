"""`/api/configuration`: what is set of the whole installation, compared and applied as one document, for a program."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse

from crossdock.edge.api.answering import json_of
from crossdock.edge.api.named import Said, refuse_nul
from crossdock.edge.configuration.current import current
from crossdock.edge.configuration.differences import Step, differences
from crossdock.edge.configuration.document import Configuration
from crossdock.edge.desk import Desk, TheDesk
from crossdock.edge.recognizing import Visitor
from crossdock.edge.visitors import Admin
from crossdock.kit.errors import UsageError
from crossdock.model.names import ConnectionId

router = APIRouter(prefix="/api/configuration", tags=["set-up"])

Wanted = Annotated[Configuration, Body(embed=True)]
Read = Annotated[list[str] | None, Body(description="What diff had said; then only that is done.")]
Source = Annotated[Said, Body(description="The connection whose set-up is taken.")]
Target = Annotated[Said, Body(description="The connection that gets it.")]


@dataclass(frozen=True, slots=True)
class WouldChange:
    """What applying would change, a sentence for each step; nothing where both agree."""

    would: Sequence[str]


@dataclass(frozen=True, slots=True)
class Applied:
    """What was changed, a sentence for each step."""

    changed: Sequence[str]


@router.get("", response_model=Configuration)
async def export(desk: TheDesk, visitor: Admin) -> JSONResponse:  # noqa: ARG001 - who may is asked
    """Return what is set, without secrets, as `crossdock config export --json` prints it."""
    async with desk.database.begin() as tx:
        found = await current(tx)
    return json_of(found.model_dump(mode="json"))


@router.post("/diff", response_model=WouldChange)
async def diff(desk: TheDesk, visitor: Admin, configuration: Wanted) -> JSONResponse:  # noqa: ARG001 - who may is asked
    """Say what applying a configuration would change, and change nothing."""
    return json_of(WouldChange(_said(await _steps(desk, configuration))))


@router.post("/apply", response_model=Applied)
async def apply(
    desk: TheDesk,
    visitor: Admin,
    configuration: Wanted,
    read: Read = None,
) -> JSONResponse:
    """Do all that a configuration changes, or nothing where a part of it cannot be."""
    return json_of(await _applied(desk, visitor, configuration, read))


@router.post("/clone/diff", response_model=WouldChange)
async def diff_clone(desk: TheDesk, visitor: Admin, source: Source, target: Target) -> JSONResponse:
    """Say what cloning would change, and change nothing."""
    return json_of(WouldChange(_said(await _steps(desk, await _cloned(desk, visitor, source, target)))))


@router.post("/clone", response_model=Applied)
async def clone(desk: TheDesk, visitor: Admin, source: Source, target: Target, read: Read = None) -> JSONResponse:
    """Give a connection another one's flows, rules, location map and fields, as `crossdock config clone` does."""
    return json_of(await _applied(desk, visitor, await _cloned(desk, visitor, source, target), read))


async def _cloned(desk: Desk, visitor: Visitor, source: str, target: str) -> Configuration:
    return await desk.setting_up(visitor.actor).cloned_configuration(ConnectionId(source), ConnectionId(target))


async def _applied(desk: Desk, visitor: Visitor, wanted: Configuration, read: Sequence[str] | None) -> Applied:
    steps = await _steps(desk, wanted)
    if read is not None and read != _said(steps):
        raise UsageError("The installation was changed since you looked. Look at the differences again.")
    if steps:
        await desk.setting_up(visitor.actor).apply_configuration(wanted, steps)
    return Applied(_said(steps))


async def _steps(desk: Desk, wanted: Configuration) -> Sequence[Step]:
    refuse_nul(wanted.model_dump(mode="json"))
    async with desk.database.begin() as tx:
        return differences(await current(tx), wanted)


def _said(steps: Sequence[Step]) -> Sequence[str]:
    return [step.sentence for step in steps]
