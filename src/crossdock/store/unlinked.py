"""Table `unlinked`: variants that a person took off their item, which no look may link again."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from crossdock.model.names import ConnectionId, ItemCode, VariantId
from crossdock.model.unlinked import Unlinked
from crossdock.store.arrays import among
from crossdock.store.database import Tx
from crossdock.store.schema import unlinked


async def keep(tx: Tx, connection: ConnectionId, these: Sequence[Unlinked]) -> None:
    """Keep that these are to have no item; belongs into the transaction that takes their links."""
    if these:
        rows = [{"connection": connection, "variant": one.variant, "item": one.item, "by": one.by} for one in these]
        await tx.execute(insert(unlinked).on_conflict_do_nothing(), rows)


async def forget(tx: Tx, connection: ConnectionId, variants: Sequence[VariantId]) -> Sequence[VariantId]:
    """Let these have items again; return those that were kept from it."""
    rows = await tx.execute(
        delete(unlinked)
        .where(unlinked.c.connection == connection, among(unlinked.c.variant, variants))
        .returning(unlinked.c.variant)
    )
    return [VariantId(row.variant) for row in rows]


async def of_variants(tx: Tx, connection: ConnectionId, variants: Sequence[VariantId]) -> Mapping[VariantId, Unlinked]:
    """Return which of these a person took off their item."""
    rows = await tx.execute(
        select(unlinked).where(unlinked.c.connection == connection, among(unlinked.c.variant, variants))
    )
    return {VariantId(row.variant): Unlinked(VariantId(row.variant), ItemCode(row.item), row.by) for row in rows}
