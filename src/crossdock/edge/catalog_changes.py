"""
Linking variants to items by hand, from whichever face; written down with who did it.

A link of a person's is a link like any other: the catalog flow leaves every link that is there as it is, so no later
look takes it back, whatever the SKU says. What a person unlinks stays without an item in the same way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from crossdock.kit.errors import UsageError
from crossdock.model.catalog import SeenVariant
from crossdock.model.deed import Deed
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, ItemCode, VariantId
from crossdock.model.people import Actor
from crossdock.model.unlinked import Unlinked
from crossdock.pending.mark import mark, release
from crossdock.store import audit, connections, hold_care, holds, links, stock_ledger, unlinked, variants
from crossdock.store.database import Tx
from crossdock.store.hold_care import HoldKey
from crossdock.store.links import Link

BY_PERSON: Final = "person"
_GID: Final = "gid://shopify/ProductVariant/"


@dataclass(frozen=True, slots=True)
class Pair:
    """A variant and the item that it is to be."""

    variant: VariantId
    item: ItemCode


def variant_id(text: str) -> VariantId:
    """Return the variant that a person means by its gid or its number."""
    said = text.strip()
    return VariantId(f"{_GID}{said}" if said.isdecimal() else said)


async def link_one(
    tx: Tx, by: Actor, connection: ConnectionId, pair: Pair, items: Mapping[ItemCode, object] | None, *, replace: bool
) -> None:
    """
    Link a variant to an item; with `replace`, in the place of the link that it has.

    `items` are those that the backend says it has of the pair's, None where it cannot say. Raises UsageError with what
    would work.
    """
    await connections.get(tx, connection)
    seen = (await variants.of_ids(tx, connection, [pair.variant])).get(pair.variant)
    before = (await links.of_variants(tx, connection, [pair.variant])).get(pair.variant)
    taken = (await links.of_items(tx, connection, [pair.item])).get(pair.item)
    problem = problem_with(pair, seen, before, taken, items, replace=replace)
    if problem is not None:
        raise UsageError(problem)
    if seen is not None and not (before and before.item == pair.item):
        await tie(tx, by, connection, [(seen, pair.item)])
        await audit.record(
            tx,
            by,
            Deed.VARIANT_LINKED,
            f"{connection} {pair.variant}",
            before=None if before is None else {"item": before.item},
            after={"item": pair.item},
        )


def problem_with(
    pair: Pair,
    seen: SeenVariant | None,
    before: Link | None,
    taken: Link | None,
    items: Mapping[ItemCode, object] | None,
    *,
    replace: bool,
) -> str | None:
    """Return why a pair cannot be linked, in a sentence; None where it can. Pure."""
    if seen is None:
        return (
            f"Variant {pair.variant} is unknown. Read the store's variants first: crossdock sync CONNECTION --catalog."
        )
    if not pair.item:
        return f"“{seen.title}” is to be linked to no item. Name one by its code."
    if items is not None and pair.item not in items:
        return f"The backend has no item {pair.item}. Items are named by their code there, case included."
    if taken is not None and taken.variant != pair.variant:
        return f"Item {pair.item} is linked to {taken.variant} already. Link that one elsewhere first."
    if before is not None and before.item != pair.item and not replace:
        return f"“{seen.title}” is linked to {before.item}. Say that the link is to be replaced, if it is wrong."
    return None


async def tie(tx: Tx, by: Actor, connection: ConnectionId, pairs: Sequence[tuple[SeenVariant, ItemCode]]) -> None:
    """Write links in the place of those that the variants have, and have looked at what waited for them."""
    new = [Link(seen.id, seen.inventory_item, item, BY_PERSON, seen.sku) for seen, item in pairs]
    await links.replace(tx, connection, new)
    ids = [seen.id for seen, _ in pairs]
    await unlinked.forget(tx, connection, ids)
    await release(tx, connection, ids, f"{by.name} linked it")
    await mark(tx, connection, Flow.CATALOG, ids, f"{by.name} linked it")
    await mark(tx, connection, Flow.INVENTORY, [seen.inventory_item for seen, _ in pairs], f"{by.name} linked it")


async def unlink(tx: Tx, by: Actor, connection: ConnectionId, these: Sequence[VariantId]) -> Sequence[Link]:
    """
    Take variants off their items, for good; return the links that are gone, those of unlinked ones left out.

    Nothing is written of their stock from then on: Shopify keeps what it has. What a warehouse was asked for goes on;
    orders that it was not asked for yet are held. A write of stock that is under way just now may still arrive.
    """
    await connections.get(tx, connection)
    gone = list((await links.of_variants(tx, connection, these)).values())
    seen = await variants.of_ids(tx, connection, [one.variant for one in gone])
    apart = [Unlinked(one.variant, one.item, by.name) for one in gone]
    await links.remove(tx, connection, [one.variant for one in gone])
    await unlinked.keep(tx, connection, apart)
    await stock_ledger.doubt(tx, connection, [one.inventory_item for one in gone])
    titles = {one.variant: seen[one.variant].title if one.variant in seen else one.variant for one in apart}
    await holds.hold(tx, connection, Flow.CATALOG, {one.variant: one.hold(titles[one.variant]) for one in apart})
    # Whoever did it has read it: it waits for nobody.
    keys = [HoldKey(connection, Flow.CATALOG, one.variant) for one in apart]
    await hold_care.resolve(tx, keys, f"{by.name} unlinked it.")
    why = f"{by.name} unlinked it"
    await mark(tx, connection, Flow.CATALOG, [one.variant for one in gone], why)
    await mark(tx, connection, Flow.INVENTORY, [one.inventory_item for one in gone], why)
    for one in gone:
        name = f"{connection} {one.variant}"
        await audit.record(tx, by, Deed.VARIANT_UNLINKED, name, before={"item": one.item})
    return gone


async def match_again(tx: Tx, by: Actor, connection: ConnectionId, these: Sequence[VariantId]) -> Sequence[VariantId]:
    """Let variants that a person unlinked be linked by their codes again; return those that were unlinked."""
    await connections.get(tx, connection)
    free = await unlinked.forget(tx, connection, these)
    await mark(tx, connection, Flow.CATALOG, free, f"{by.name} has it matched again")
    for variant in free:
        await audit.record(tx, by, Deed.VARIANT_MATCHED, f"{connection} {variant}")
    return free
