"""`crossdock catalog …`: which item each variant is, what the others may be, and links by hand."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from crossdock.edge.catalog_changes import Pair, link_one, match_again, unlink, variant_id
from crossdock.edge.cli.answer import AsJson, answer, ask, moment, table
from crossdock.edge.cli.connections import ConnectionName
from crossdock.edge.cli.hub import Hub
from crossdock.edge.link_import import Imported, import_links
from crossdock.edge.suggesting import suggestions
from crossdock.kit.errors import UsageError
from crossdock.kit.wording import counted
from crossdock.model.names import ConnectionId, ItemCode, VariantId
from crossdock.model.suggestion import Suggestion
from crossdock.store import connections
from crossdock.store.links import Link
from crossdock.store.reads import catalog as reads
from crossdock.store.reads.catalog import Listed, SharedCodes, Show

app = typer.Typer()
catalog = typer.Typer(help="See which variants are linked to which items, and link them.", no_args_is_help=True)
app.add_typer(catalog, name="catalog")

Variants = Annotated[list[str], typer.Argument(metavar="VARIANT…", help="The variants: their numbers or gids.")]
Limit = Annotated[int, typer.Option(min=1, max=100_000, help="How many at most.")]


@catalog.command("list")
def list_variants(
    ctx: typer.Context,
    connection: ConnectionName,
    show: Annotated[Show, typer.Option(help="linked, unlinked, ambiguous or taken_off.")] = Show.LINKED,
    search: Annotated[str | None, typer.Option(help="A part of the title, the SKU, the barcode or the item.")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List variants: linked ones with their items, others with why they have none."""
    id_ = ConnectionId(connection)

    async def work(hub: Hub) -> Sequence[Listed]:
        async with hub.database.begin() as tx:
            await connections.get(tx, id_)
            return (await reads.page(tx, show, id_, search, limit=limit)).variants

    found = ask(ctx, work)

    def shown(console: Console) -> None:
        rows = [
            (one.seen.title, one.seen.sku, one.seen.barcode, one.item or one.detail, moment(one.since), one.seen.id)
            for one in found
        ]
        what = "Item" if show is Show.LINKED else "Why it has none"
        columns = ("Title", "SKU", "Barcode", what, "Since", "Variant")
        console.print(table(columns, rows, empty="There is none."))

    answer(found, as_json, shown)


@catalog.command("suggest")
def suggest(
    ctx: typer.Context,
    connection: ConnectionName,
    show: Annotated[Show, typer.Option(help="unlinked or ambiguous.")] = Show.UNLINKED,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """Say what the variants without an item may be, as the backend knows its items, and why."""
    id_ = ConnectionId(connection)

    async def work(hub: Hub) -> Sequence[tuple[Listed, Sequence[Suggestion]]]:
        async with hub.database.begin() as tx:
            await connections.get(tx, id_)
            found = (await reads.page(tx, show, id_, limit=limit)).variants
        maybe = await suggestions(hub.database, hub.outside, id_, [one.seen for one in found])
        return [(one, maybe.get(one.seen.id, ())) for one in found]

    found = ask(ctx, work)
    document = [{"variant": one.seen, "detail": one.detail, "suggestions": some} for one, some in found]

    def shown(console: Console) -> None:
        rows = [
            (one.seen.title, each.item.code, each.score, each.reason, each.taken_by, one.seen.id)
            for one, some in found
            for each in some
        ]
        columns = ("Variant", "May be", "Of 100", "Why", "Which is", "Variant's id")
        console.print(table(columns, rows, empty="Nothing is alike."))

    answer(document, as_json, shown)


@catalog.command("link")
def link(
    ctx: typer.Context,
    connection: ConnectionName,
    variant: Annotated[str, typer.Argument(metavar="VARIANT", help="The variant: its number or its gid.")],
    item: Annotated[str, typer.Argument(metavar="ITEM", help="The item, by its code at the backend.")],
    replace: Annotated[bool, typer.Option("--replace", help="In the place of the link that it has.")] = False,
    as_json: AsJson = False,
) -> None:
    """Link a variant to an item. No later look takes that back."""
    id_, pair = ConnectionId(connection), Pair(variant_id(variant), ItemCode(item))

    async def work(hub: Hub) -> None:
        async with hub.database.begin() as tx:
            await connections.get(tx, id_)
        known = await hub.outside.items(id_, [pair.item])
        async with hub.database.begin() as tx:
            await link_one(tx, hub.actor, id_, pair, known, replace=replace)

    ask(ctx, work)
    line = f"{pair.variant} is item {item} now. What waited for that is looked at again."
    document = {"connection": id_, "variant": pair.variant, "item": pair.item}
    answer(document, as_json, lambda console: console.print(line, markup=False))


@catalog.command("unlink")
def take_off(ctx: typer.Context, connection: ConnectionName, variants: Variants, as_json: AsJson = False) -> None:
    """Take variants off their items, for good: nothing is written of their stock, and new orders for them are held."""
    id_ = ConnectionId(connection)

    async def work(hub: Hub) -> Sequence[Link]:
        async with hub.database.begin() as tx:
            return await unlink(tx, hub.actor, id_, [variant_id(one) for one in variants])

    gone = ask(ctx, work)
    document = [{"variant": one.variant, "item": one.item} for one in gone]
    line = f"{counted(len(gone), 'variant')} unlinked. To undo it: crossdock catalog link {id_} VARIANT ITEM."
    answer(document, as_json, lambda console: console.print(line, markup=False))


@catalog.command("match")
def match_them(ctx: typer.Context, connection: ConnectionName, variants: Variants, as_json: AsJson = False) -> None:
    """Let variants that a person unlinked be linked by SKU or barcode again."""
    id_ = ConnectionId(connection)

    async def work(hub: Hub) -> Sequence[VariantId]:
        async with hub.database.begin() as tx:
            return await match_again(tx, hub.actor, id_, [variant_id(one) for one in variants])

    free = ask(ctx, work)
    line = f"{counted(len(free), 'variant')} will be looked at by SKU and barcode again."
    answer(free, as_json, lambda console: console.print(line, markup=False))


@catalog.command("confirm")
def confirm(ctx: typer.Context, connection: ConnectionName, limit: Limit = 500, as_json: AsJson = False) -> None:
    """Link all unlinked variants of which a suggestion is sure: the same code but for case and dashes."""
    id_ = ConnectionId(connection)

    async def work(hub: Hub) -> Sequence[Pair]:
        async with hub.database.begin() as tx:
            await connections.get(tx, id_)
            found = (await reads.page(tx, Show.UNLINKED, id_, limit=limit)).variants
        maybe = await suggestions(hub.database, hub.outside, id_, [one.seen for one in found])
        sure = [Pair(variant, some[0].item.code) for variant, some in maybe.items() if some and some[0].sure]
        done: list[Pair] = []
        for pair in sure:
            async with hub.database.begin() as tx:
                try:
                    await link_one(tx, hub.actor, id_, pair, None, replace=False)
                except UsageError:  # two variants are sure of one item: the first one has it
                    continue
            done.append(pair)
        return done

    done = ask(ctx, work)
    answer(done, as_json, lambda console: _show_pairs(console, done))


@catalog.command("import")
def import_list(
    ctx: typer.Context,
    connection: ConnectionName,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file with the columns item, and variant or sku.")],
    only_check: Annotated[bool, typer.Option("--check", help="Only say what would become of it.")] = False,
    bad: Annotated[Path | None, typer.Option(help="Where the bad rows are written, to be mended.")] = None,
    as_json: AsJson = False,
) -> None:
    """Link what a list says: all good rows together; each bad one is told with its line and why."""
    try:
        written = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read as UTF-8 text. Name a CSV file.") from error

    async def work(hub: Hub) -> Imported:
        return await import_links(
            hub.database, hub.outside, hub.actor, ConnectionId(connection), written, only_check=only_check
        )

    done = ask(ctx, work)
    if bad is not None and done.bad:
        bad.write_text(done.bad_csv, "utf-8")

    def shown(console: Console) -> None:
        what = "could be linked" if only_check else "linked"
        console.print(f"{counted(done.linked, 'row')} {what}, {done.unchanged} as it was, {len(done.bad)} bad.")
        if done.bad:
            rows = [(one.row.line, one.row.variant or one.row.sku, one.row.item, one.problem) for one in done.bad]
            console.print(table(("Line", "Variant or SKU", "Item", "Why"), rows, empty=""))

    answer(done, as_json, shown)


@catalog.command("duplicates")
def duplicates(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List the SKUs and barcodes that several variants of a store carry."""

    async def work(hub: Hub) -> SharedCodes:
        async with hub.database.begin() as tx:
            return await reads.shared_codes(tx)

    every = ask(ctx, work)
    found = every.shared

    def shown(console: Console) -> None:
        rows = [
            (one.connection, f"{one.kind} {one.code}", twin.seen.title, twin.seen.id, twin.item or "not linked")
            for one in found
            for twin in one.variants
        ]
        columns = ("Connection", "Code", "Title", "Variant", "Item")
        console.print(table(columns, rows, empty="Every code is one variant's."))
        left = every.skus + every.barcodes - len(found)
        if left:
            console.print(f"… and {counted(left, 'more code')}; the ones that most variants carry stand here.")

    answer(found, as_json, shown)


def _show_pairs(console: Console, done: Sequence[Pair]) -> None:
    rows = [(pair.variant, pair.item) for pair in done]
    console.print(table(("Variant", "Item"), rows, empty="Nothing is sure enough to be linked without a look."))
