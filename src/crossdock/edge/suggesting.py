"""What the unlinked variants of a page may be, as the backend knows its items now."""

from collections.abc import Mapping, Sequence

from crossdock.edge.outside import Outside
from crossdock.model.catalog import SeenVariant
from crossdock.model.names import ConnectionId, VariantId
from crossdock.model.suggestion import Suggestion, suggest
from crossdock.store import links
from crossdock.store.database import Database


async def suggestions(
    database: Database, outside: Outside, connection: ConnectionId, variants: Sequence[SeenVariant]
) -> Mapping[VariantId, Sequence[Suggestion]]:
    """Return what each of a connection's variants may be, the likeliest first."""
    if not variants:
        return {}
    items = await outside.candidates(connection, variants)
    async with database.begin() as tx:
        taken = await links.of_items(tx, connection, [item.code for item in items])
    owners = {code: link.variant for code, link in taken.items()}
    return {one.id: suggest(one, items, owners) for one in variants}
