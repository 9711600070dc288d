"""Table `locations`: what a store's locations are called, as set-up and orders last named them."""

from collections.abc import Mapping

from sqlalchemy import select, text

from crossdock.model.names import ConnectionId, LocationId
from crossdock.store.database import Tx
from crossdock.store.schema import locations

# A conflict locks the row even where nothing is to be written, and every look at an order comes by here. So what is
# known already is left out first.
_LEARN = text("""
    INSERT INTO locations (connection, location, name)
    SELECT :connection, said.location, said.name
      FROM unnest(CAST(:locations AS text[]), CAST(:names AS text[])) AS said (location, name)
     WHERE NOT EXISTS (
           SELECT FROM locations AS known
            WHERE known.connection = :connection AND known.location = said.location AND known.name = said.name
           )
     ORDER BY said.location
    ON CONFLICT (connection, location) DO UPDATE SET name = excluded.name
""")


async def learn(tx: Tx, connection: ConnectionId, names: Mapping[LocationId, str]) -> None:
    """Write down what locations are called now; those that are called so already cost no write and no lock."""
    if names:
        said = {"connection": connection, "locations": list(names), "names": list(names.values())}
        await tx.execute(_LEARN, said)


async def names(tx: Tx, connection: ConnectionId) -> Mapping[LocationId, str]:
    """Return what the locations are called that the hub has read of."""
    rows = await tx.execute(select(locations).where(locations.c.connection == connection))
    return {LocationId(row.location): row.name for row in rows}
