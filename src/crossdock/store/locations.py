"""Table `locations`: what a store's locations are called, as set-up and orders last named them."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from crossdock.model.names import ConnectionId, LocationId
from crossdock.store.database import Tx
from crossdock.store.schema import locations


async def learn(tx: Tx, connection: ConnectionId, names: Mapping[LocationId, str]) -> None:
    """Write down what locations are called now; those that are called so already cost no write."""
    if not names:
        return
    # In one order everywhere, so that no two looks wait for each other.
    rows = [{"connection": connection, "location": one, "name": names[one]} for one in sorted(names)]
    wanted = insert(locations).values(rows)
    await tx.execute(
        wanted.on_conflict_do_update(
            index_elements=[locations.c.connection, locations.c.location],
            set_={"name": wanted.excluded.name},
            where=locations.c.name != wanted.excluded.name,
        )
    )


async def names(tx: Tx, connection: ConnectionId) -> Mapping[LocationId, str]:
    """Return what the locations are called that the hub has read of."""
    rows = await tx.execute(select(locations).where(locations.c.connection == connection))
    return {LocationId(row.location): row.name for row in rows}
