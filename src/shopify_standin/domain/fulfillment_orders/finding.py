"""Find the fulfillment orders and the lines of them that a mutation names."""

from collections.abc import Sequence
from typing import Any

from shopify_standin.errors import InvalidId, Refused, user_error
from shopify_standin.ids import number_of, parse_gid
from shopify_standin.model.shipping import FulfillmentOrder, FulfillmentOrderLine
from shopify_standin.world import World

Units = list[tuple[FulfillmentOrderLine, int]]
"""How many units of which lines."""


def find_part(
    world: World, value: str, path: Sequence[str] | None = ("id",), code: str | None = None
) -> FulfillmentOrder:
    """
    The fulfillment order with this id.

    Raises InvalidId for an id of another type and for number 0 (recorded 2026-04), Refused for an unknown one
    (words assumed).
    """
    kind, number = parse_gid(value)
    if kind != "FulfillmentOrder" or number == 0:
        raise InvalidId(value)
    part = world.fulfillment_orders.get(number)
    if part is None:
        raise Refused(user_error(None if path is None else list(path), "Fulfillment order does not exist.", code))
    return part


def find_units(part: FulfillmentOrder, given: Sequence[dict[str, Any]] | None) -> Units:
    """The units that the input names, or all that remain; raises Refused for more than remain (recorded 2026-04)."""
    if not given:
        return [(line, line.remaining) for line in part.lines if line.remaining]
    lines = {line.id: line for line in part.lines}
    wanted: dict[int, int] = {}
    for row in given:
        number = number_of(row["id"], "FulfillmentOrderLineItem")
        if number not in lines:
            raise Refused(user_error(None, "Fulfillment order line item does not exist."))
        wanted[number] = wanted.get(number, 0) + row["quantity"]
    if any(units < 1 or units > lines[number].remaining for number, units in wanted.items()):
        raise Refused(user_error(None, "Invalid fulfillment order line item quantity requested."))
    return [(lines[number], units) for number, units in wanted.items()]


def is_all(part: FulfillmentOrder, units: Units) -> bool:
    """Whether these units are all that remain to ship."""
    return sum(count for _, count in units) == part.remaining
