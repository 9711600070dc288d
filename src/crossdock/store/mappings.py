"""The owner of `mappings`: how each connection fills its backend's fields, every version of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, func, insert, or_, select

from crossdock.kit.errors import UsageError
from crossdock.model.field_mapping import FieldMapping
from crossdock.model.names import ConnectionId
from crossdock.store.connections import UnknownConnection
from crossdock.store.database import Tx
from crossdock.store.schema import connections, mappings

_DOCUMENT = TypeAdapter(FieldMapping)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a connection's mapping, who saved it and why."""

    connection: ConnectionId
    version: int
    author: str
    at: datetime
    note: str
    mapping: FieldMapping


class NoSuchVersion(UsageError):
    """A version that was never saved."""

    def __init__(self, connection: ConnectionId, version: int) -> None:
        super().__init__(
            f"{connection} has no mapping of version {version}. See those that it has: crossdock mappings show "
            f"{connection}."
        )


async def newest(tx: Tx, connection: ConnectionId) -> Version | None:
    """Return the version in force, None where none was ever saved. Raises UnknownConnection."""
    await _refuse_unknown(tx, connection)
    query = select(mappings).where(mappings.c.connection == connection).order_by(mappings.c.version.desc()).limit(1)
    row = (await tx.execute(query)).first()
    return None if row is None else _version(row)


async def get(tx: Tx, connection: ConnectionId, version: int) -> Version:
    """Return one version. Raises NoSuchVersion."""
    query = select(mappings).where(mappings.c.connection == connection, mappings.c.version == version)
    row = (await tx.execute(query)).first()
    if row is None:
        raise NoSuchVersion(connection, version)
    return _version(row)


async def listed(tx: Tx, connection: ConnectionId, limit: int = 100) -> Sequence[Version]:
    """Return the versions, newest first."""
    query = select(mappings).where(mappings.c.connection == connection).order_by(mappings.c.version.desc()).limit(limit)
    return [_version(row) for row in await tx.execute(query)]


async def needed(tx: Tx, connection: ConnectionId, versions: Collection[int]) -> tuple[int, Mapping[int, FieldMapping]]:
    """Return the number of the version in force (0 for none), and the mappings of it and of these versions."""
    last = select(func.coalesce(func.max(mappings.c.version), 0)).where(mappings.c.connection == connection)
    force = last.scalar_subquery()
    query = select(mappings.c.version, mappings.c.document, force.label("force")).where(
        mappings.c.connection == connection, or_(mappings.c.version.in_(sorted(versions)), mappings.c.version == force)
    )
    rows = (await tx.execute(query)).all()
    found = {row.version: _DOCUMENT.validate_python(row.document) for row in rows}
    return rows[0].force if rows else 0, found


async def save(tx: Tx, connection: ConnectionId, mapping: FieldMapping, author: str, note: str) -> int:
    """Put a mapping in force as the next version, and return its number. Raises UnknownConnection."""
    await _refuse_unknown(tx, connection, lock=True)
    last = select(func.coalesce(func.max(mappings.c.version), 0)).where(mappings.c.connection == connection)
    version: int = (await tx.execute(last)).scalar_one() + 1
    await tx.execute(
        insert(mappings).values(
            connection=connection,
            version=version,
            author=author,
            note=note,
            document=_DOCUMENT.dump_python(mapping, mode="json"),
        )
    )
    return version


async def _refuse_unknown(tx: Tx, connection: ConnectionId, *, lock: bool = False) -> None:
    query = select(connections.c.id).where(connections.c.id == connection)
    if (await tx.execute(query.with_for_update() if lock else query)).first() is None:
        raise UnknownConnection(connection)


def _version(row: Row[Any]) -> Version:
    return Version(
        ConnectionId(row.connection), row.version, row.author, row.at, row.note, _DOCUMENT.validate_python(row.document)
    )
