"""What of an order's shipments may still be returned."""

from dataclasses import dataclass
from typing import ClassVar

from shopify_standin.call import Call
from shopify_standin.connections import connection
from shopify_standin.domain.returns.status import returnable_units
from shopify_standin.errors import JsonObject
from shopify_standin.ids import gid, number_of
from shopify_standin.model.shipping import Fulfillment
from shopify_standin.registry import Args, Fields, node, query
from shopify_standin.world import World


@dataclass(frozen=True, slots=True)
class Returnable:
    """A shipment, seen as what may come back; it has the shipment's number (recorded 2026-04)."""

    TYPE: ClassVar = "ReturnableFulfillment"
    fulfillment: Fulfillment

    @property
    def id(self) -> int:
        """The shipment's number."""
        return self.fulfillment.id

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("ReturnableFulfillment", self.id)


RETURNABLE = Fields("ReturnableFulfillment")
RETURNABLE.attributes("fulfillment", id="gid")


def _returnable(world: World, number: int) -> Returnable | None:
    shipment = world.fulfillments.get(number)
    return Returnable(shipment) if shipment is not None and shipment.status == "SUCCESS" else None


node("ReturnableFulfillment", _returnable)


@query("returnableFulfillment")
def returnable_fulfillment(world: World, args: Args) -> Returnable | None:
    """One shipment that may come back."""
    return _returnable(world, number_of(args["id"], "ReturnableFulfillment"))


@query("returnableFulfillments")
def returnable_fulfillments(world: World, args: Args) -> JsonObject:
    """The shipments of an order of which something may come back."""
    order = world.orders.get(number_of(args["orderId"], "Order"))
    numbers = order.fulfillment_ids if order else []
    found = [x for number in numbers if (x := _returnable(world, number)) is not None]
    return connection([x for x in found if _rows(world, x)], args)


@RETURNABLE.field("returnableFulfillmentLineItems")
def rows(row: Returnable, args: Args, call: Call) -> JsonObject:
    """Its lines, each with the units that no return speaks for."""
    return connection(_rows(call.world, row), args)


def _rows(world: World, row: Returnable) -> list[JsonObject]:
    order = world.orders[row.fulfillment.order_id]
    counted = [(line, returnable_units(world, order, line)) for line in row.fulfillment.lines]
    return [{"fulfillmentLineItem": line, "quantity": units} for line, units in counted if units]
