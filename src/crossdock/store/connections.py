"""The owner of `connections` and `location_maps`: which store is tied to which backend, and by which rules."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from crossdock.kit.errors import UsageError
from crossdock.kit.sealing import Sealer
from crossdock.model.connection import Connection, Rules
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, LocationId, ShopDomain, WarehouseCode
from crossdock.store.database import Tx
from crossdock.store.schema import connections, location_maps

_RULES = TypeAdapter(Rules)


class UnknownConnection(UsageError):
    """A connection that was never made."""

    def __init__(self, connection: ConnectionId) -> None:
        super().__init__(f"There is no connection {connection}. Make one: crossdock connect STORE BACKEND.")


async def add(tx: Tx, connection: Connection, settings: str, sealer: Sealer) -> None:
    """
    Make a connection with its location map; `settings` is the JSON of the backend's settings, kept under seal.

    Raises UsageError where the id is taken.
    """
    added = await tx.execute(
        insert(connections)
        .values(
            id=connection.id,
            store=connection.store,
            backend=connection.backend,
            settings=sealer.seal(settings),
            flows=sorted(connection.flows),
            rules=_RULES.dump_python(connection.rules, mode="json"),
            started_at=func.hub_now() if connection.started else None,
        )
        .on_conflict_do_nothing()
        .returning(connections.c.id)
    )
    if added.first() is None:
        raise UsageError(f"There is a connection {connection.id} already. Choose another name for this one.")
    for location, warehouses in connection.warehouses.items():
        for warehouse in warehouses:
            await map_location(tx, connection.id, location, warehouse)


async def find(tx: Tx, connection: ConnectionId) -> Connection | None:
    """Return the connection, None where there is none."""
    found = await _select(tx, connections.c.id == connection)
    return found[0] if found else None


async def get(tx: Tx, connection: ConnectionId) -> Connection:
    """Return the connection. Raises UnknownConnection."""
    found = await find(tx, connection)
    if found is None:
        raise UnknownConnection(connection)
    return found


async def listed(tx: Tx) -> Sequence[Connection]:
    """Return every connection, by id."""
    return await _select(tx)


async def of_store(tx: Tx, store: ShopDomain) -> Sequence[Connection]:
    """Return the connections of one store, by id."""
    return await _select(tx, connections.c.store == store)


async def settings_of(tx: Tx, connection: ConnectionId, sealer: Sealer) -> str:
    """Return the JSON of the backend's settings. Raises UnknownConnection, UsageError where another key sealed it."""
    sealed = (await tx.execute(select(connections.c.settings).where(connections.c.id == connection))).scalar()
    if sealed is None:
        raise UnknownConnection(connection)
    return sealer.open(sealed)


async def rules_to_change(tx: Tx, connection: ConnectionId) -> Rules:
    """Return the rules, and let nobody else change them before `tx` ends. Raises UnknownConnection."""
    query = select(connections.c.rules).where(connections.c.id == connection).with_for_update()
    row = (await tx.execute(query)).first()
    if row is None:
        raise UnknownConnection(connection)
    return _RULES.validate_python(row.rules)


async def set_rules(tx: Tx, connection: ConnectionId, rules: Rules) -> None:
    """Replace the connection's rules. Raises UnknownConnection."""
    written = _RULES.dump_python(rules, mode="json")
    changed = await tx.execute(update(connections).where(connections.c.id == connection).values(rules=written))
    if not changed.rowcount:
        raise UnknownConnection(connection)


async def flows_to_change(tx: Tx, connection: ConnectionId) -> frozenset[Flow]:
    """Return the flows that are on, and let nobody else switch them before `tx` ends. Raises UnknownConnection."""
    query = select(connections.c.flows).where(connections.c.id == connection).with_for_update()
    row = (await tx.execute(query)).first()
    if row is None:
        raise UnknownConnection(connection)
    return frozenset(Flow(flow) for flow in row.flows)


async def set_flows(tx: Tx, connection: ConnectionId, flows: Collection[Flow]) -> None:
    """Have these flows on, and no others."""
    await tx.execute(update(connections).where(connections.c.id == connection).values(flows=sorted(flows)))


async def start(tx: Tx, connection: ConnectionId) -> bool:
    """Let the hub work for a connection that was being set up; return whether that is news."""
    started = await tx.execute(
        update(connections)
        .where(connections.c.id == connection, connections.c.started_at.is_(None))
        .values(started_at=func.hub_now())
    )
    return bool(started.rowcount)


async def map_location(tx: Tx, connection: ConnectionId, location: LocationId, warehouse: WarehouseCode) -> None:
    """Let a warehouse serve a location; a pair that is mapped already stays."""
    row = insert(location_maps).values(connection=connection, location=location, warehouse=warehouse)
    await tx.execute(row.on_conflict_do_nothing())


async def unmap_location(tx: Tx, connection: ConnectionId, location: LocationId, warehouse: WarehouseCode) -> None:
    """Take a warehouse away from a location; a pair that is not mapped is no error."""
    await tx.execute(
        delete(location_maps).where(
            location_maps.c.connection == connection,
            location_maps.c.location == location,
            location_maps.c.warehouse == warehouse,
        )
    )


async def _select(tx: Tx, *where: ColumnElement[bool]) -> list[Connection]:
    query = select(
        connections.c.id,
        connections.c.store,
        connections.c.backend,
        connections.c.flows,
        connections.c.rules,
        connections.c.shadow_since,
        connections.c.started_at,
    )
    rows = (await tx.execute(query.where(*where).order_by(connections.c.id))).all()
    pairs = await tx.execute(
        select(location_maps.c.connection, location_maps.c.location, location_maps.c.warehouse)
        .where(location_maps.c.connection.in_([row.id for row in rows]))
        .order_by(location_maps.c.location, location_maps.c.warehouse)
    )
    maps = _by_connection(pairs)
    return [_connection(row, maps.get(row.id, {})) for row in rows]


def _by_connection(
    pairs: Iterable[Row[*tuple[Any, ...]]],
) -> dict[str, dict[LocationId, tuple[WarehouseCode, ...]]]:
    maps: dict[str, dict[LocationId, tuple[WarehouseCode, ...]]] = {}
    for connection, location, warehouse in pairs:
        served = maps.setdefault(connection, {})
        served[LocationId(location)] = (*served.get(LocationId(location), ()), WarehouseCode(warehouse))
    return maps


def _connection(row: Row[*tuple[Any, ...]], warehouses: Mapping[LocationId, tuple[WarehouseCode, ...]]) -> Connection:
    return Connection(
        id=ConnectionId(row.id),
        store=ShopDomain(row.store),
        backend=row.backend,
        flows=frozenset(Flow(flow) for flow in row.flows),
        rules=_RULES.validate_python(row.rules),
        warehouses=warehouses,
        shadow_since=row.shadow_since,
        started=row.started_at is not None,
    )
