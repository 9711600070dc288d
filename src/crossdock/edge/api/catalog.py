"""`/api/catalog`: what is linked and what is not, suggestions, links by hand, and shared codes, for a program."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Body, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from crossdock.edge.api.answering import json_of
from crossdock.edge.catalog_changes import Pair, link_one, match_again, unlink, variant_id
from crossdock.edge.desk import TheDesk
from crossdock.edge.link_import import Imported, import_links
from crossdock.edge.suggesting import suggestions
from crossdock.edge.visitors import Operator, Viewer
from crossdock.model.catalog import SeenVariant
from crossdock.model.names import ConnectionId, ItemCode, VariantId
from crossdock.model.suggestion import Suggestion
from crossdock.store.reads import catalog
from crossdock.store.reads.catalog import Show

router = APIRouter(prefix="/api/catalog", tags=["catalog"])


@dataclass(frozen=True, slots=True)
class VariantsPage:
    """A page of variants, as of `at`; `after` leads to the next one, null at the end."""

    at: datetime
    variants: Sequence[catalog.Listed]
    after: str | None


@dataclass(frozen=True, slots=True)
class Suggested:
    """A variant that is not linked, why, and what it may be, the likeliest first."""

    variant: SeenVariant
    detail: str | None
    suggestions: Sequence[Suggestion]


@dataclass(frozen=True, slots=True)
class SuggestionsPage:
    """A page of suggestions; `after` leads to the next one, null at the end."""

    variants: Sequence[Suggested]
    after: str | None


@dataclass(frozen=True, slots=True)
class Linked:
    """A variant and its item."""

    connection: ConnectionId
    variant: VariantId
    item: ItemCode


@dataclass(frozen=True, slots=True)
class TakenOff:
    """Variants that have no item any more, with the items that they had."""

    unlinked: Sequence[Linked]


@dataclass(frozen=True, slots=True)
class ToMatch:
    """Variants that were unlinked by hand, and are matched by their codes again."""

    connection: ConnectionId
    to_be_matched: Sequence[VariantId]


class NewLink(BaseModel):
    """A variant (its gid or number) and the item (its code) that it is; `replace` a link that it has."""

    model_config = ConfigDict(extra="forbid")

    variant: str = Field(max_length=200)
    item: str = Field(min_length=1, max_length=200)
    replace: bool = False


class Variants(BaseModel):
    """Variants by their gids or numbers."""

    model_config = ConfigDict(extra="forbid")

    variants: list[Annotated[str, Field(max_length=200)]] = Field(min_length=1, max_length=10_000)

    @property
    def ids(self) -> list[VariantId]:
        """Their gids."""
        return [variant_id(one.replace("\0", "")) for one in self.variants]


@router.get("", response_model=VariantsPage)
async def list_variants(
    desk: TheDesk,
    visitor: Viewer,  # noqa: ARG001 - who may is asked
    show: Show = Show.LINKED,
    q: Annotated[str, Query(max_length=100)] = "",
    connection: str = "",
    after: str = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = catalog.PAGE,
) -> JSONResponse:
    """Return a page of variants; `after` of an answer, given back as it is, leads to the next page."""
    words, id_, begin = (text.replace("\0", "").strip() for text in (q, connection, after))
    async with desk.database.begin() as tx:
        found = await catalog.page(
            tx, show, ConnectionId(id_) if id_ else None, words or None, catalog.place(begin), limit
        )
    cursor = None if found.after is None else found.after.cursor
    return json_of(VariantsPage(found.at, found.variants, cursor))


@router.get("/duplicates", response_model=catalog.SharedCodes)
async def list_duplicates(
    desk: TheDesk,
    visitor: Viewer,  # noqa: ARG001 - who may is asked
    limit: Annotated[int, Query(ge=1, le=10_000)] = 200,
) -> JSONResponse:
    """Return the SKUs and barcodes that several variants carry, up to `limit` each, with up to 1,000 of these."""
    async with desk.database.begin() as tx:
        return json_of(await catalog.shared_codes(tx, limit))


@router.get("/{connection}/suggestions", response_model=SuggestionsPage)
async def list_suggestions(
    desk: TheDesk,
    visitor: Viewer,  # noqa: ARG001 - who may is asked
    connection: str,
    show: Show = Show.UNLINKED,
    after: str = "",
) -> JSONResponse:
    """Return a page of unlinked (or ambiguous) variants with what each may be, as the backend says now."""
    id_ = ConnectionId(connection.replace("\0", ""))
    async with desk.database.begin() as tx:
        found = await catalog.page(tx, show, id_, after=catalog.place(after.replace("\0", "")), limit=catalog.TO_CHOOSE)
    maybe = await suggestions(desk.database, desk.outside, id_, [one.seen for one in found.variants])
    suggested = [Suggested(one.seen, one.detail, maybe.get(one.seen.id, ())) for one in found.variants]
    return json_of(SuggestionsPage(suggested, None if found.after is None else found.after.cursor))


@router.post("/{connection}/links", response_model=Linked)
async def link(desk: TheDesk, visitor: Operator, connection: str, wanted: NewLink) -> JSONResponse:
    """Link one variant to one item."""
    id_ = ConnectionId(connection)
    pair = Pair(variant_id(wanted.variant.replace("\0", "")), ItemCode(wanted.item.replace("\0", "").strip()))
    known = await desk.outside.items(id_, [pair.item])
    async with desk.database.begin() as tx:
        await link_one(tx, visitor.actor, id_, pair, known, replace=wanted.replace)
    return json_of(Linked(id_, pair.variant, pair.item))


@router.post("/{connection}/unlink", response_model=TakenOff)
async def unlink_these(desk: TheDesk, visitor: Operator, connection: str, these: Variants) -> JSONResponse:
    """Take variants off their items; nothing is written of their stock from then on."""
    id_ = ConnectionId(connection.replace("\0", ""))
    async with desk.database.begin() as tx:
        gone = await unlink(tx, visitor.actor, id_, these.ids)
    return json_of(TakenOff([Linked(id_, one.variant, one.item) for one in gone]))


@router.post("/{connection}/match", response_model=ToMatch)
async def match_these(desk: TheDesk, visitor: Operator, connection: str, these: Variants) -> JSONResponse:
    """Let variants that were unlinked be linked by SKU or barcode again."""
    id_ = ConnectionId(connection.replace("\0", ""))
    async with desk.database.begin() as tx:
        free = await match_again(tx, visitor.actor, id_, these.ids)
    return json_of(ToMatch(id_, free))


@router.post("/{connection}/import", response_model=Imported)
async def import_list(
    desk: TheDesk,
    visitor: Operator,
    connection: str,
    csv: Annotated[str, Body()],
    only_check: Annotated[bool, Body()] = False,
) -> JSONResponse:
    """Link what a list says, or say what would become of it."""
    done = await import_links(
        desk.database, desk.outside, visitor.actor, ConnectionId(connection), csv, only_check=only_check
    )
    return json_of(done)
