"""What Shopify is told became of units that came back, in its own words. Pure."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import assert_never

from crossdock.flows.returns.sight import Case
from crossdock.model.names import FulfillmentLineId, LocationId, ReverseOrderId, Units, WarehouseCode
from crossdock.model.returning import Disposal, Disposition


def disposals(
    case: Case, places: Mapping[WarehouseCode, LocationId], *, restocks: bool
) -> Sequence[tuple[Disposal, ...]]:
    """
    Return what Shopify has not been told yet, one batch for each reverse fulfillment order.

    What it was told already counts, whoever told it, and nothing is told twice of one unit: where Shopify has other
    dispositions for all units of a line, they stay. `restocks` says that Shopify is to count restocked units itself.
    """
    wanted = _wanted(case, places, restocks=restocks)
    for line in case.of.reverse_lines:
        for done in line.disposed:
            wanted[line.fulfillment_line][done.type, done.location] -= done.units
    told: dict[ReverseOrderId, list[Disposal]] = defaultdict(list)
    for line in case.of.reverse_lines:
        room = line.total - sum(done.units for done in line.disposed)
        for (type_, place), units in sorted(wanted[line.fulfillment_line].items(), key=str):
            take = min(units, room)
            if take > 0:
                room -= take
                wanted[line.fulfillment_line][type_, place] -= take
                told[line.order].append(Disposal(line.id, type_, Units(take), place))
    return [tuple(batch) for batch in told.values()]


def _wanted(
    case: Case, places: Mapping[WarehouseCode, LocationId], *, restocks: bool
) -> dict[FulfillmentLineId, Counter[tuple[str, LocationId | None]]]:
    wanted: dict[FulfillmentLineId, Counter[tuple[str, LocationId | None]]] = defaultdict(Counter)
    for line in case.lines:
        for arrival in case.came.get(line.id, ()):
            if arrival.disposition is not None:
                place = places.get(arrival.warehouse)
                said = _said(arrival.disposition, restocks=restocks and place is not None)
                wanted[line.fulfillment_line][said, place] += arrival.units
    return wanted


def _said(disposition: Disposition, *, restocks: bool) -> str:
    """
    Return Shopify's word (Shopify docs, 2026-07).

    RESTOCKED adds to what Shopify may sell. Where the hub publishes stock, the warehouse's own figure has these units
    already: they would count twice until the level is read again, and be sold twice meanwhile.
    """
    match disposition:
        case Disposition.RESTOCK:
            return "RESTOCKED" if restocks else "NOT_RESTOCKED"
        case Disposition.SCRAP | Disposition.REPAIR:
            return "NOT_RESTOCKED"
        case Disposition.MISSING:
            return "MISSING"
        case _:
            assert_never(disposition)
