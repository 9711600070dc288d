"""Trying a field mapping out on real orders, by the very steps that send them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crossdock.app.hub import Hub
from crossdock.app.plugins import backend_of
from crossdock.edge.mapping_changes import Tried, in_force
from crossdock.flows.orders.filling import Filling
from crossdock.flows.orders.reading_extras import with_extras
from crossdock.kit.batches import batched
from crossdock.model.connection import Connection
from crossdock.model.field_mapping import FieldMapping
from crossdock.model.names import ConnectionId, OrderId, WarehouseCode
from crossdock.model.order import FulfillmentOrderLine, Order
from crossdock.model.request_field import FieldSpec

_BEFORE, _AFTER = 1, 2
_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Trial:
    """Tries mappings out for an open hub; satisfies the protocol `MappingTrial`."""

    hub: Hub

    async def fields_of(self, connection: ConnectionId) -> Sequence[FieldSpec]:
        """Return the fields that the connection's backend takes. Raises UnknownConnection."""
        return backend_of((await self.hub.connection(connection)).backend).manifest.fields

    async def try_mapping(
        self, connection: ConnectionId, orders: Sequence[OrderId], mapping: FieldMapping | None
    ) -> Sequence[Tried]:
        """Return what each request of these orders says, in the order of `orders`; unknown orders say nothing."""
        tied = await self.hub.connection(connection)
        async with self.hub.database.begin() as tx:
            before = await in_force(tx, connection)
        after = before if mapping is None else mapping
        filling = Filling(await self.fields_of(connection), _AFTER, {_BEFORE: before, _AFTER: after})
        storefront = await self.hub.storefront(tied.store)
        found: list[Tried] = []
        for batch in batched(orders, _AT_ONCE):
            read = await with_extras(storefront, await storefront.orders(batch), filling.wishes)
            found += [tried for one in batch if one in read for tried in _tried(read[one], tied, filling)]
        return found


def _tried(order: Order, connection: Connection, filling: Filling) -> Iterator[Tried]:
    rules = connection.rules.orders
    for (warehouse, location), lines in _places(order, connection).items():
        before, after = (filling.of(order, rules, version, warehouse, location, lines) for version in (_BEFORE, _AFTER))
        yield Tried(order.id, order.name, warehouse, before, after, {line.id: line.title for line in lines})


def _places(
    order: Order, connection: Connection
) -> Mapping[tuple[WarehouseCode | None, str | None], Sequence[FulfillmentOrderLine]]:
    """Return the lines of each place that the order ships from; no place is known where it is not routed yet."""
    places: dict[tuple[WarehouseCode | None, str | None], list[FulfillmentOrderLine]] = {}
    for fo in order.fulfillment_orders:
        warehouse = next(iter(connection.warehouses.get(fo.location, ())), None) if fo.location else None
        places.setdefault((warehouse, fo.location_name), []).extend(fo.lines)
    return places or {(None, None): []}
