"""Saving and rolling back a connection's field mapping, and trying one out on real orders before that."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from crossdock.edge.written_mappings import document_of
from crossdock.kit.errors import UsageError
from crossdock.model.cause import Cause
from crossdock.model.deed import Deed
from crossdock.model.field_mapping import NOTHING_MAPPED, FieldMapping, Filled, mistakes
from crossdock.model.names import ConnectionId, FulfillmentOrderLineId, OrderId
from crossdock.model.people import Actor
from crossdock.model.request_field import FieldSpec, RequestField, spelled
from crossdock.pending.mark import retry_like
from crossdock.store import audit, mappings
from crossdock.store.database import Tx
from crossdock.store.reads import orders

LAST: Final = 500
"""How many of the newest orders a mapping is compared on, unless somebody says otherwise."""

REASON: Final = "the mapping was changed"


@dataclass(frozen=True, slots=True)
class Tried:
    """What the fields of one request say by the mapping in force, and by the one that is tried out."""

    order: OrderId
    name: str
    warehouse: str | None
    before: Filled
    after: Filled
    lines: Mapping[FulfillmentOrderLineId, str] = field(default_factory=dict)
    """The titles of the lines that it would be asked for."""

    @property
    def says(self) -> Sequence[tuple[str, RequestField]]:
        """What each field would say, by its name, and of which line."""
        return _named(self.after, self.lines)

    @property
    def differences(self) -> Sequence[tuple[str, str, str]]:
        """The fields that would differ: name, as it is, as it would be; and what would hold the order or no longer."""
        old, new = (
            {name: spelled(one.value) for name, one in _named(filled, self.lines)}
            for filled in (self.before, self.after)
        )
        found = [
            (name, old.get(name, "nothing"), new.get(name, "nothing"))
            for name in sorted(old.keys() | new.keys())
            if old.get(name) != new.get(name)
        ]
        if bool(self.before.missing) != bool(self.after.missing):
            held = ("is sent", "is held")
            found.append(("the order", held[bool(self.before.missing)], held[bool(self.after.missing)]))
        return found


def _named(filled: Filled, titles: Mapping[FulfillmentOrderLineId, str]) -> Sequence[tuple[str, RequestField]]:
    """Return the fields with what they are called; a line's name it, and lines of one title are numbered."""
    found = [(one.name, one) for one in filled.fields]
    named = Counter[str]()
    for reference, fields in filled.lines.items():
        title = titles.get(reference, reference)
        named[title] += 1
        which = f"“{title}”" if named[title] == 1 else f"“{title}” ({named[title]})"
        found += [(f"{one.name} of {which}", one) for one in fields]
    return found


class MappingTrial(Protocol):
    """What the hub answers about a mapping that is not saved; both sides of the connection are only read."""

    async def fields_of(self, connection: ConnectionId) -> Sequence[FieldSpec]:
        """Return the fields that the connection's backend takes. Raises UnknownConnection."""
        ...

    async def try_mapping(
        self, connection: ConnectionId, orders: Sequence[OrderId], mapping: FieldMapping | None
    ) -> Sequence[Tried]:
        """Fill the fields of these orders as Shopify has them now, by `mapping`, else by the one in force."""
        ...


async def in_force(tx: Tx, connection: ConnectionId) -> FieldMapping:
    """Return the mapping that new orders go by. Raises UnknownConnection."""
    found = await mappings.newest(tx, connection)
    return NOTHING_MAPPED if found is None else found.mapping


async def newest_orders(tx: Tx, connection: ConnectionId, last: int = LAST) -> Sequence[OrderId]:
    """Return the newest orders that the hub knows of, newest first."""
    found = await orders.page(tx, orders.Filter(connection), limit=last)
    return [one.order_id for one in found.orders]


def refuse_mistakes(mapping: FieldMapping, specs: Sequence[FieldSpec]) -> None:
    """Raise UsageError, with every mistake, where the mapping cannot work for any order."""
    found = mistakes(mapping, specs)
    if found:
        raise UsageError(" ".join(found))


async def save_mapping(
    tx: Tx, by: Actor, connection: ConnectionId, mapping: FieldMapping, specs: Sequence[FieldSpec], note: str
) -> int:
    """
    Put a mapping in force, and return its version; orders that a field held are looked at again.

    Raises UnknownConnection, and UsageError where it cannot work or is in force already.
    """
    refuse_mistakes(mapping, specs)
    before = await in_force(tx, connection)
    if before == mapping:
        raise UsageError(f"{connection} is mapped like that already. Nothing was saved.")
    version = await mappings.save(tx, connection, mapping, by.name, note)
    await audit.record(
        tx,
        by,
        Deed.MAPPING_SAVED,
        connection,
        before={"fields": document_of(before)},
        after={"version": version, "fields": document_of(mapping), "note": note},
    )
    await retry_like(tx, connection, Cause.FIELD_UNFILLED, REASON)
    return version


async def roll_back(tx: Tx, by: Actor, connection: ConnectionId, version: int, specs: Sequence[FieldSpec]) -> int:
    """
    Put an earlier version in force again, as a new one, and return its number.

    Raises NoSuchVersion, and UsageError where the backend does not take its fields any more.
    """
    earlier = await mappings.get(tx, connection, version)
    return await save_mapping(tx, by, connection, earlier.mapping, specs, f"as version {version}")
