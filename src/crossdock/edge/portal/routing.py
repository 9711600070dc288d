"""The page of routing: from where orders ship and why; operators try other steps out, and admins keep them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import AfterValidator
from starlette.datastructures import FormData

from crossdock.edge.desk import Desk, TheDesk
from crossdock.edge.portal.pages import frame
from crossdock.edge.portal.rendering import back_to, page
from crossdock.edge.recognizing import Visitor
from crossdock.edge.routing_replay import Replayed, differing
from crossdock.edge.rule_changes import change_rules
from crossdock.edge.rule_guide import RULE_GUIDE, STEP_GUIDE
from crossdock.edge.visitors import Admin, Operator, Viewer
from crossdock.edge.written_routing import Row, read_steps, row_of
from crossdock.kit.errors import UsageError
from crossdock.model.called import number_of
from crossdock.model.connection import Connection, Rules
from crossdock.model.names import ConnectionId, LocationId
from crossdock.model.routing_rules import By, Mode, Otherwise, RoutingRules
from crossdock.store import connections, locations, routes
from crossdock.store.database import Tx
from crossdock.store.reads import health

router = APIRouter(include_in_schema=False, prefix="/connections/{connection}/routing")

REPLAYED: Final = 500
"""How many of the last decisions a draft is tried on."""

_SHOWN: Final = 20
_MOST_STEPS: Final = 50
_LONGEST: Final = 1000

_Connection = Annotated[ConnectionId, AfterValidator(lambda text: ConnectionId(text.replace("\0", "")))]


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the page shows beside what is kept: rows as they were typed, what they come to, what went wrong."""

    rules: RoutingRules | None = None
    rows: Sequence[Row] | None = None
    differing: Sequence[Replayed] | None = None
    wrong: str | None = None


@router.get("")
async def show_routing(desk: TheDesk, visitor: Viewer, connection: _Connection) -> HTMLResponse:
    """Show the rules, and the last decisions with their reasons."""
    return await _page(desk, visitor, connection, _Shown())


@router.post("/try")
async def try_routing(request: Request, desk: TheDesk, visitor: Operator, connection: _Connection) -> HTMLResponse:
    """Show which of the last decisions would be others by a draft. Nothing is kept."""
    form = await request.form()
    async with desk.database.begin() as tx:
        kept = await routes.last(tx, connection, REPLAYED)
        known = await connections.get(tx, connection)
        names = await _names(tx, known)
    try:
        draft = _draft(form, known, names)
    except UsageError as error:
        return await _page(desk, visitor, connection, _Shown(rows=_rows(form), wrong=str(error)), 422)
    shown = _Shown(draft, _rows(form), differing(kept, draft))
    return await _page(desk, visitor, connection, shown)


@router.post("")
async def keep_routing(request: Request, desk: TheDesk, visitor: Admin, connection: _Connection) -> Response:
    """Have orders ship by a draft from now on."""
    form = await request.form()
    try:
        async with desk.database.begin() as tx:
            known = await connections.get(tx, connection)
            draft = _draft(form, known, await _names(tx, known))

            def change(before: Rules) -> Rules:
                return replace(before, routing=replace(draft, places=before.routing.places))

            await change_rules(tx, visitor.actor, connection, change)
    except UsageError as error:
        return await _page(desk, visitor, connection, _Shown(rows=_rows(form), wrong=str(error)), 422)
    return back_to(_address(connection))


async def _page(desk: Desk, visitor: Visitor, id_: ConnectionId, shown: _Shown, status: int = 200) -> HTMLResponse:
    async with desk.database.begin() as tx:
        standings = await health.standings(tx)
        known = await connections.get(tx, id_)
        kept = await routes.last(tx, id_, _SHOWN)
        names = await _names(tx, known)
    rules = shown.rules or known.rules.routing
    rows = [row_of(step, names) for step in rules.steps] if shown.rows is None else list(shown.rows)
    return page(
        "routing.html",
        visitor,
        status,
        **frame(standings, "setup"),
        connection=id_,
        address=_address(id_),
        rules=rules,
        rows=[*rows, Row()],
        names=[(names[one], number_of(one)) for one in sorted(names, key=lambda one: names[one])],
        kinds=list(By),
        modes=list(Mode),
        otherwise=list(Otherwise),
        guide=RULE_GUIDE,
        step_guide=STEP_GUIDE,
        kept=kept,
        last=REPLAYED,
        shown=shown,
    )


async def _names(tx: Tx, connection: Connection) -> Mapping[LocationId, str]:
    """What the locations are called; those whose names are not known yet, by their numbers."""
    return {
        **{one: number_of(one) for one in connection.warehouses},
        **await locations.names(tx, connection.id),
    }


def _draft(form: FormData, connection: Connection, names: Mapping[LocationId, str]) -> RoutingRules:
    """Return the rules that a form says; places are kept as they are. Raises UsageError."""
    before = connection.rules.routing
    try:
        return replace(
            before,
            mode=Mode(_text(form, "mode") or before.mode),
            steps=read_steps(_rows(form), names),
            otherwise=Otherwise(_text(form, "otherwise") or before.otherwise),
            if_refused=Otherwise(_text(form, "if_refused") or before.if_refused),
            reroute=_text(form, "reroute") != "",
        )
    except ValueError as error:
        raise UsageError(f"{error} here. Choose one of those that the form offers.") from error


def _rows(form: FormData) -> Sequence[Row]:
    """Return the steps as they were typed, sorted by the place that each was given; nothing but rows with a kind."""
    found = []
    for number in range(_MOST_STEPS):
        if not _text(form, f"by.{number}"):
            continue
        row = Row(
            _text(form, f"by.{number}"),
            _text(form, f"locations.{number}"),
            _text(form, f"countries.{number}"),
            _text(form, f"tags.{number}"),
            *(_text(form, f"{name}.{number}") != "" for name in ("outside", "split", "must")),
        )
        place = _text(form, f"place.{number}")
        found.append((int(place) if place.isdecimal() and len(place) < 4 else number + 1, number, row))
    return [row for _, _, row in sorted(found, key=lambda one: one[:2])]


def _text(form: FormData, name: str) -> str:
    """Return what was typed into a field; PostgreSQL takes no NUL."""
    value = form.get(name)
    return value.replace("\0", "")[:_LONGEST].strip() if isinstance(value, str) else ""


def _address(id_: ConnectionId) -> str:
    return f"/connections/{id_}/routing"
