"""The page on which everybody sees how a backend's fields are filled, operators try it out, and admins change it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from crossdock.edge.desk import Desk, TheDesk
from crossdock.edge.mapping_changes import (
    LAST,
    MappingTrial,
    Tried,
    in_force,
    newest_orders,
    refuse_mistakes,
    roll_back,
    save_mapping,
)
from crossdock.edge.naming import order_named
from crossdock.edge.portal.pages import frame
from crossdock.edge.portal.rendering import back_to, page
from crossdock.edge.recognizing import Visitor
from crossdock.edge.visitors import Admin, Operator, Viewer
from crossdock.edge.written_mappings import lines_of, read_defaults
from crossdock.kit.errors import HubError, UsageError
from crossdock.kit.expression import LONGEST
from crossdock.model.field_mapping import FieldMapping, FieldSource
from crossdock.model.names import ConnectionId
from crossdock.model.request_field import FieldSpec, spelled
from crossdock.store import mappings
from crossdock.store.reads import health

router = APIRouter(include_in_schema=False, prefix="/connections/{connection}/mappings")

_LONGEST_FIELD: Final = 20_000


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the page shows beside what is kept: a draft, what it comes to, what went wrong."""

    draft: FieldMapping | None = None
    order: str = ""
    tried: Sequence[Tried] = ()
    compared: int | None = None
    wrong: str | None = None


@router.get("")
async def show_mapping(desk: TheDesk, visitor: Viewer, connection: str) -> HTMLResponse:
    """Show the mapping in force, and its versions."""
    return await _page(desk, visitor, ConnectionId(connection), _Shown())


@router.post("/try")
async def try_mapping(request: Request, desk: TheDesk, visitor: Operator, connection: str) -> HTMLResponse:
    """Show what a draft comes to on one order, or on which of the newest orders it differs. Nothing is saved."""
    id_ = ConnectionId(connection)
    form = await request.form()
    draft = _draft(form)
    shown = _Shown(draft, _text(form, "order"))
    try:
        trial = _trial(desk)
        refuse_mistakes(draft, await trial.fields_of(id_))
        async with desk.database.begin() as tx:
            last = _text(form, "last") != ""
            orders = await newest_orders(tx, id_) if last else [await order_named(tx, id_, shown.order)]
        tried = await trial.try_mapping(id_, orders, draft)
    except HubError as error:  # Shopify may refuse what the draft asks for, too
        return await _page(desk, visitor, id_, replace(shown, wrong=str(error)))
    if last:
        differing = [one for one in tried if one.differences]
        return await _page(desk, visitor, id_, replace(shown, tried=differing, compared=len(orders)))
    return await _page(desk, visitor, id_, replace(shown, tried=tried))


@router.post("/save")
async def save(request: Request, desk: TheDesk, visitor: Admin, connection: str) -> Response:
    """Put a draft in force."""
    id_ = ConnectionId(connection)
    form = await request.form()
    draft = _draft(form)
    try:
        specs = await _trial(desk).fields_of(id_)
        async with desk.database.begin() as tx:
            await save_mapping(tx, visitor.actor, id_, draft, specs, _text(form, "note"))
    except UsageError as error:
        return await _page(desk, visitor, id_, _Shown(draft, wrong=str(error)), 422)
    return back_to(_address(id_))


@router.post("/rollback")
async def rollback(desk: TheDesk, visitor: Admin, connection: str, version: Annotated[int, Form()]) -> Response:
    """Put an earlier version in force again."""
    id_ = ConnectionId(connection)
    try:
        specs = await _trial(desk).fields_of(id_)
        async with desk.database.begin() as tx:
            await roll_back(tx, visitor.actor, id_, version, specs)
    except UsageError as error:
        return await _page(desk, visitor, id_, _Shown(wrong=str(error)), 422)
    return back_to(_address(id_))


def _trial(desk: Desk) -> MappingTrial:
    if desk.mappings is None:
        raise UsageError("This web process has no hub behind it. Use: crossdock mappings.")
    return desk.mappings


async def _page(desk: Desk, visitor: Visitor, id_: ConnectionId, shown: _Shown, status: int = 200) -> HTMLResponse:
    specs: Sequence[FieldSpec] = await _trial(desk).fields_of(id_)
    async with desk.database.begin() as tx:
        standings = await health.standings(tx)
        kept = await in_force(tx, id_)
        versions = await mappings.listed(tx, id_, limit=20)
    mapping = kept if shown.draft is None else shown.draft
    return page(
        "mappings.html",
        visitor,
        status,
        **frame(standings, "setup"),
        connection=id_,
        address=_address(id_),
        fields=[(spec, mapping.fields.get(spec.name, FieldSource())) for spec in specs],
        lines_of=lines_of,
        spelled=spelled,
        longest=LONGEST,
        last=LAST,
        versions=versions,
        shown=shown,
    )


def _draft(form: FormData) -> FieldMapping:
    """Read the rows of the form; a row that says nothing is no source."""
    names = [key.removeprefix("from.") for key in form if key.startswith("from.")]
    sources = {
        name: FieldSource(
            _text(form, f"from.{name}").strip() or None,
            read_defaults(_text(form, f"else.{name}")),
            _text(form, f"required.{name}") != "",
        )
        for name in names
    }
    return FieldMapping({name: source for name, source in sources.items() if source != FieldSource()})


def _text(form: FormData, name: str) -> str:
    """Return what was typed into a field; PostgreSQL takes no NUL."""
    value = form.get(name)
    return value.replace("\0", "")[:_LONGEST_FIELD] if isinstance(value, str) else ""


def _address(id_: ConnectionId) -> str:
    return f"/connections/{id_}/mappings"
