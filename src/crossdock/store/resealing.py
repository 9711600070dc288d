"""Every sealed column of every table, whichever module owns it: counted by key, and sealed anew under the newest."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ARRAY, Column, Table, select, text, update

from crossdock.kit.sealing import Sealer
from crossdock.store.database import Tx
from crossdock.store.schema import metadata


def sealed_columns() -> Iterator[tuple[Table, Column[Any]]]:
    """Yield every column that says of itself that it is sealed (`schema.SEALED`)."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if column.info.get("sealed"):
                yield table, column


async def count_by_key(tx: Tx, sealer: Sealer) -> Counter[str]:
    """
    Return how many secrets are sealed under each key, by the key's fingerprint.

    Raises UsageError where a secret is sealed under none of the sealer's keys.
    """
    counted: Counter[str] = Counter()
    for _, column in sealed_columns():
        for (value,) in await tx.execute(select(column).where(column.is_not(None))):
            counted.update(sealer.key_of(bytes(one)) for one in (value if _is_several(column) else [value]))
    return counted


async def seal_anew(tx: Tx, sealer: Sealer) -> int:
    """
    Seal every secret under the newest key, and return how many there are.

    All or nothing, in the caller's transaction; readers go on meanwhile, writers wait. Raises UsageError where a
    secret is sealed under none of the sealer's keys.
    """
    many = 0
    for table, column in sealed_columns():
        await tx.execute(text(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE"))
        keys = list(table.primary_key.columns)
        for row in (await tx.execute(select(*keys, column).where(column.is_not(None)))).all():
            *identity, value = row
            anew = [sealer.seal(sealer.open(bytes(one))) for one in (value if _is_several(column) else [value])]
            many += len(anew)
            where = [key == known for key, known in zip(keys, identity, strict=True)]
            await tx.execute(update(table).where(*where).values({column: anew if _is_several(column) else anew[0]}))
    return many


def _is_several(column: Column[Any]) -> bool:
    return isinstance(column.type, ARRAY)
