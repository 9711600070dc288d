"""What the backend's own fields say of an order, by the version of the mapping that goes with a request. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from crossdock.flows.orders.collecting import payment_for
from crossdock.model.connection import OrderRules
from crossdock.model.extras import NO_WISHES, Wishes
from crossdock.model.field_mapping import NOTHING_MAPPED, FieldMapping, Filled, fill
from crossdock.model.names import WarehouseCode
from crossdock.model.order import FulfillmentOrderLine, Order
from crossdock.model.order_facts import line_facts, order_facts
from crossdock.model.request_field import FieldSpec


@dataclass(frozen=True, slots=True)
class Filling:
    """
    What fields the backend takes, and how the connection fills them.

    `version` is the one that new requests go by. A request that the backend accepted stays with the version that it
    was sent with, so that a new mapping changes no order that is under way; `versions` holds those that are needed.
    """

    specs: Sequence[FieldSpec] = ()
    version: int = 0
    versions: Mapping[int, FieldMapping] = field(default_factory=dict)
    by_hand: Mapping[str, str] = field(default_factory=dict)
    """What people say of this one order, by field."""

    @property
    def wishes(self) -> Wishes:
        """What has to be read of orders for any of the versions, beside the orders themselves."""
        return reduce(or_, (mapping.wishes for mapping in self.versions.values()), NO_WISHES)

    def of(
        self,
        order: Order,
        rules: OrderRules,
        version: int,
        warehouse: WarehouseCode | None,
        location: str | None,
        lines: Sequence[FulfillmentOrderLine] = (),
    ) -> Filled:
        """Return what a request for these lines of the order says in the fields; `location` is its name on Shopify."""
        facts = order_facts(order, payment_for(order, rules.cash_on_delivery), warehouse, location)
        lines_said = line_facts(order, lines)
        return fill(self.versions.get(version, NOTHING_MAPPED), self.specs, facts, self.by_hand, lines_said)
