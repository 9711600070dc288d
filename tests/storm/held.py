"""Whether Shopify shows what the warehouse holds, and shows it no longer once the warehouse goes on."""

from collections.abc import Iterator, Mapping

from tests.storm.store import StormStore

from crossdock.model.generation import fulfillment_order_of
from crossdock.model.names import RequestKey
from crossdock.model.request import WorkOrder
from shopify_standin.model.shipping import FulfillmentOrder


def amiss(store: StormStore, work: Mapping[RequestKey, WorkOrder]) -> Iterator[str]:
    """
    Yield where a hold of the hub's own stands for nothing, says something else than the warehouse, or is missing.

    Where people took it off, that stands until the warehouse gives another reason. Holds of others the hub lets be.
    """
    for hold in store.shop.torn_off:
        yield f"{store.name}: the hub took {hold.gid} off {hold.fulfillment_order_id}, which somebody else had put"
    for part in store.shop.parts():
        if not part.is_open:
            continue
        there = _reasons(part, work)
        shown = {hold.reason_notes for hold in store.shop.holds(ours=True) if hold.fulfillment_order_id == part.id}
        off = {reason for number, reason in store.shop.let_go if number == part.id}
        who = f"{store.name} {store.shop.world.orders[part.order_id].name}, {part.gid}"
        if shown - there:
            yield f"{who}: Shopify shows the hold {shown}, the warehouse {there or 'goes on'}"
        if not shown and there - off:
            yield f"{who}: Shopify shows no hold, the warehouse {there}"


def _reasons(part: FulfillmentOrder, work: Mapping[RequestKey, WorkOrder]) -> set[str | None]:
    return {
        known.on_hold
        for key, known in work.items()
        if fulfillment_order_of(key) == part.gid and known.on_hold is not None
    }
