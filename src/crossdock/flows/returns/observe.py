"""Loads what the returns of a batch of orders look like: what was done, then the backend, then Shopify."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crossdock.flows.returns.due import Due, due
from crossdock.flows.returns.sight import Sight, cases
from crossdock.model.capability import Capability
from crossdock.model.connection import Connection, RefundAt
from crossdock.model.flow import Flow
from crossdock.model.names import LocationId, OrderId, WarehouseCode
from crossdock.pending.sources import Sources
from crossdock.store import holds, links, requests, returns


async def observe(sources: Sources, ids: Sequence[OrderId]) -> Sequence[Sight]:
    """
    Return a sight per order, in the order of `ids`.

    Neither side is asked about orders of which this backend was never asked to ship anything, and none at all where
    it takes no returns.
    """
    connection = sources.connection
    async with sources.database.begin() as tx:
        shipped = await returns.shipped_from(tx, connection.id, ids)
        asked = await requests.of_orders(tx, connection.id, ids)
        known = await returns.of_orders(tx, connection.id, ids)
        held = {one.key: one.hold for one in await holds.held(tx, connection.id, Flow.RETURNS, keys=ids)}
    ours = [id_ for id_ in ids if shipped.get(id_)] if Capability.RETURNS in sources.can else []
    records = await sources.backend.return_orders(ours) if ours else {}
    found = await sources.storefront.returns(ours) if ours else {}
    variants = {line.variant for some in found.values() for one in some for line in one.lines}
    async with sources.database.begin() as tx:
        linked = await links.of_variants(tx, connection.id, sorted(one for one in variants if one is not None))
    items = {variant: link.item for variant, link in linked.items()}
    sights = []
    for id_ in ids:
        dealt = known.get(id_, ())
        tied = {one.key for one in dealt if one.id is not None}
        apart = {one.key for one in dealt if one.request is not None and not one.closed}
        sights.append(
            Sight(
                id=id_,
                name=asked[id_][0].name if asked.get(id_) else id_,
                cases=cases(found.get(id_, ()), records.get(id_, ()), dealt, items, shipped.get(id_, {})),
                unannounced=[
                    one for one in records.get(id_, ()) if not one.announced and one.arrivals and one.key not in tied
                ],
                known=dealt,
                apart=[one for one in records.get(id_, ()) if one.key in apart],
                items=items,
                shipped=shipped.get(id_, {}),
                places=_places(connection),
                rules=connection.rules.returns,
                publishes=Flow.INVENTORY in connection.flows,
                hold=held.get(id_),
            )
        )
    return [await _with_more(sources, sight) for sight in sights]


async def _with_more(sources: Sources, sight: Sight) -> Sight:
    """Ask Shopify what a decision may need besides: what is to be refunded, and what could still be returned."""
    rules = sight.rules
    outcomes = {}
    for case in sight.cases:
        now = due(case, rules) if case.of.status == "OPEN" else Due()
        if now.lines and (now.exchanges or rules.refund is not RefundAt.NONE):
            outcomes[case.of.id] = await sources.storefront.suggested_outcome(
                case.of.id, now.lines, now.exchanges, shipping=rules.refund_shipping
            )
    sight = replace(sight, outcomes=outcomes)
    if sight.unannounced and rules.create:
        returnable = await sources.storefront.returnable(sight.id)
        variants = sorted({row.variant for row in returnable if row.variant is not None})
        async with sources.database.begin() as tx:
            linked = await links.of_variants(tx, sources.connection.id, variants)
        items = {**sight.items, **{variant: link.item for variant, link in linked.items()}}
        sight = replace(sight, returnable=returnable, items=items)
    return sight


def _places(connection: Connection) -> Mapping[WarehouseCode, LocationId]:
    """Return the location that each warehouse serves; the first of them by id where it serves several."""
    places: dict[WarehouseCode, LocationId] = {}
    for location in sorted(connection.warehouses):
        for warehouse in connection.warehouses[location]:
            places.setdefault(warehouse, location)
    return places
