"""The pages of the catalog: what is linked, what may be linked to what, lists of links, and codes that are shared."""

import asyncio
import base64
from collections.abc import Mapping, Sequence
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, UploadFile
from fastapi.responses import HTMLResponse, Response

from crossdock.edge.catalog_changes import Pair, link_one, match_again, unlink, variant_id
from crossdock.edge.desk import Desk, TheDesk
from crossdock.edge.link_import import Imported, import_links
from crossdock.edge.portal.pages import frame
from crossdock.edge.portal.rendering import back_to, page
from crossdock.edge.recognizing import Visitor
from crossdock.edge.suggesting import suggestions
from crossdock.edge.visitors import Operator, Viewer
from crossdock.kit.errors import HubError, UsageError
from crossdock.model.names import ConnectionId, ItemCode, VariantId
from crossdock.model.suggestion import Suggestion
from crossdock.store import connections
from crossdock.store.reads import catalog, health
from crossdock.store.reads.catalog import Listed, Show

router = APIRouter(include_in_schema=False)

_LABELS: Final = {
    Show.LINKED: "Linked",
    Show.UNLINKED: "Unlinked",
    Show.AMBIGUOUS: "Ambiguous",
    Show.TAKEN_OFF: "Unlinked by hand",
}

PATIENCE_SECONDS: Final = 3.0
"""How long a page waits for what a backend suggests; it is shown without, then."""

CODES: Final = 100
"""How many SKUs and how many barcodes the page of duplicates shows; the rest is counted."""

TWINS: Final = 50
"""How many variants it shows of each."""


@router.get("/catalog")
async def list_variants(
    desk: TheDesk,
    visitor: Viewer,
    q: Annotated[str, Query(max_length=100)] = "",
    show: str = "",
    connection: str = "",
    after: str = "",
) -> HTMLResponse:
    """Show variants: linked ones with their items, others with what they may be."""
    chosen = Show(show) if show in set(Show) else None
    return await _catalog(desk, visitor, chosen, q=q, connection=connection, after=after)


@router.get("/catalog/duplicates")
async def list_duplicates(desk: TheDesk, visitor: Viewer) -> HTMLResponse:
    """Show the SKUs and barcodes that several variants carry."""
    async with desk.database.begin() as tx:
        standings = await health.standings(tx)
        found = await catalog.shared_codes(tx, CODES, TWINS)
        many = await catalog.counts(tx)
    tabs = _tabs(many, {}, "duplicates")
    return page("duplicates.html", visitor, **frame(standings, "catalog"), found=found, tabs=tabs)


@router.post("/catalog/link")
async def link(
    desk: TheDesk,
    visitor: Operator,
    connection: Annotated[str, Form(max_length=100)],
    variant: Annotated[str, Form(max_length=200)],
    item: Annotated[str, Form(max_length=200)] = "",
    replace: Annotated[bool, Form()] = False,
    back: Annotated[str, Form(max_length=500)] = "/catalog?show=unlinked",
) -> Response:
    """Link one variant to one item."""
    id_ = ConnectionId(connection)
    pair = Pair(variant_id(variant), ItemCode(item.replace("\0", "").strip()))
    known = await desk.outside.items(id_, [pair.item])
    async with desk.database.begin() as tx:
        await link_one(tx, visitor.actor, id_, pair, known, replace=replace)
    return back_to(back)


@router.post("/catalog/confirm")
async def confirm(
    desk: TheDesk,
    visitor: Operator,
    pair: Annotated[list[str] | None, Form(max_length=500)] = None,
    show: Annotated[Show, Form()] = Show.UNLINKED,
) -> Response:
    """Link what is ticked: each pair by itself, so that one that cannot be keeps no other from it."""
    wrong: list[str] = []
    for one in pair or ():
        connection, _, rest = one.replace("\0", "").partition(" ")
        variant, _, item = rest.partition(" ")
        try:
            async with desk.database.begin() as tx:
                chosen = Pair(VariantId(variant), ItemCode(item))
                await link_one(tx, visitor.actor, ConnectionId(connection), chosen, None, replace=False)
        except HubError as error:
            wrong.append(str(error))
    if not pair:
        wrong.append("Nothing is chosen. Tick what is to be linked.")
    if wrong:
        return await _catalog(desk, visitor, show, wrong=" ".join(wrong))
    return back_to(_address({"show": show.value}))


@router.post("/catalog/unlink")
async def unlink_chosen(
    desk: TheDesk,
    visitor: Operator,
    chosen: Annotated[list[str] | None, Form(max_length=500)] = None,
    sure: Annotated[bool, Form()] = False,
) -> Response:
    """Take what is ticked off its items, once a person says that they know what that means."""
    if not chosen or not sure:
        wrong = "Tick what is to be unlinked, and that you are sure: nothing is written of its stock from then on."
        return await _catalog(desk, visitor, Show.LINKED, wrong=wrong)
    async with desk.database.begin() as tx:
        for connection, these in _by_connection(chosen).items():
            await unlink(tx, visitor.actor, connection, these)
    return back_to(_address({"show": Show.TAKEN_OFF.value}))


@router.post("/catalog/match")
async def match_chosen(
    desk: TheDesk, visitor: Operator, chosen: Annotated[list[str] | None, Form(max_length=500)] = None
) -> Response:
    """Let what was unlinked be linked by its SKU or barcode again."""
    async with desk.database.begin() as tx:
        for connection, these in _by_connection(chosen or ()).items():
            await match_again(tx, visitor.actor, connection, these)
    return back_to(_address({"show": Show.TAKEN_OFF.value}))


@router.get("/catalog/import")
async def show_import(desk: TheDesk, visitor: Operator) -> HTMLResponse:
    """Show how a list of links is written."""
    return await _import(desk, visitor)


@router.post("/catalog/import")
async def import_list(
    desk: TheDesk,
    visitor: Operator,
    file: UploadFile,
    connection: Annotated[str, Form(max_length=100)],
    only_check: Annotated[bool, Form()] = False,
) -> HTMLResponse:
    """Link what a list says, or say what would become of it."""
    try:
        written = (await file.read()).decode()
        done = await import_links(
            desk.database, desk.outside, visitor.actor, ConnectionId(connection), written, only_check=only_check
        )
    except UnicodeDecodeError:
        return await _import(desk, visitor, wrong="The file is not UTF-8 text. Save it as CSV (UTF-8) and try again.")
    except UsageError as error:
        return await _import(desk, visitor, wrong=str(error))
    return await _import(desk, visitor, done=done, only_checked=only_check)


async def _catalog(
    desk: Desk,
    visitor: Visitor,
    show: Show | None,
    *,
    q: str = "",
    connection: str = "",
    after: str = "",
    wrong: str | None = None,
) -> HTMLResponse:
    q, connection, after = (text.replace("\0", "").strip() for text in (q, connection, after))
    async with desk.database.begin() as tx:
        standings = await health.standings(tx)
        many = await catalog.counts(tx)
        # Whoever comes without a wish is shown what there is to do.
        chosen = show or (Show.UNLINKED if many[Show.UNLINKED] else Show.LINKED)
        shown = await catalog.page(
            tx, chosen, ConnectionId(connection) if connection else None, q or None, catalog.place(after)
        )
    known = chosen in {Show.LINKED, Show.TAKEN_OFF}
    maybe, silent = ({}, None) if known else await _suggested(desk, shown.variants)
    query = {"q": q, "show": chosen.value, "connection": connection}
    return page(
        "catalog.html",
        visitor,
        422 if wrong else 200,
        **frame(standings, "catalog"),
        page=shown,
        show=chosen,
        query=query,
        suggested=maybe,
        silent=silent,
        tabs=_tabs(many, query, chosen.value),
        next=None if shown.after is None else _address({**query, "after": shown.after.cursor}),
        first=_address(query) if after else None,
        wrong=wrong,
    )


def _by_connection(chosen: Sequence[str]) -> Mapping[ConnectionId, Sequence[VariantId]]:
    found: dict[ConnectionId, list[VariantId]] = {}
    for one in chosen:
        connection, _, variant = one.replace("\0", "").partition(" ")
        found.setdefault(ConnectionId(connection), []).append(VariantId(variant))
    return found


async def _suggested(
    desk: Desk, listed: Sequence[Listed]
) -> tuple[Mapping[tuple[ConnectionId, VariantId], Sequence[Suggestion]], str | None]:
    """Return what variants may be, and what a person should know where a backend did not say."""
    found: dict[tuple[ConnectionId, VariantId], Sequence[Suggestion]] = {}
    silent: str | None = None
    for connection in sorted({one.connection for one in listed}):
        theirs = [one.seen for one in listed if one.connection == connection]
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                said = await suggestions(desk.database, desk.outside, connection, theirs)
        except TimeoutError:
            silent = f"The backend of {connection} took too long to say what these may be. Load the page again."
        except HubError as error:
            silent = f"There are no suggestions now: {error}"
        else:
            found |= {(connection, variant): some for variant, some in said.items()}
    return found, silent


async def _import(
    desk: Desk,
    visitor: Visitor,
    *,
    done: Imported | None = None,
    only_checked: bool = False,
    wrong: str | None = None,
) -> HTMLResponse:
    async with desk.database.begin() as tx:
        standings = await health.standings(tx)
        ids = [one.id for one in await connections.listed(tx)]
        many = await catalog.counts(tx)
    bad = base64.b64encode(done.bad_csv.encode()).decode() if done is not None and done.bad else None
    return page(
        "import.html",
        visitor,
        422 if wrong else 200,
        **frame(standings, "catalog"),
        connections=ids,
        done=done,
        only_checked=only_checked,
        bad=bad,
        tabs=_tabs(many, {}, "import"),
        wrong=wrong,
    )


def _tabs(many: Mapping[Show, int], query: Mapping[str, str], chosen: str) -> list[tuple[str, str, int | None, bool]]:
    """Label, address, count and whether it is chosen, of each list of the catalog."""
    tabs: list[tuple[str, str, int | None, bool]] = [
        (label, _address({**query, "show": kind.value}), many[kind], kind.value == chosen)
        for kind, label in _LABELS.items()
    ]
    others = (("Duplicates", "duplicates"), ("Import", "import"))
    return tabs + [(label, f"/catalog/{name}", None, name == chosen) for label, name in others]


def _address(query: Mapping[str, str]) -> str:
    given = {name: value for name, value in query.items() if value}
    return f"/catalog?{urlencode(given)}" if given else "/catalog"
