"""What mappings ask of orders beyond the orders themselves: only what is asked for is read."""

from collections.abc import Mapping, Sequence

from crossdock.model.extras import Buyer, Extras, LineExtras, Metafields, Owner, Wishes
from crossdock.model.names import LineItemId, OrderId
from crossdock.model.order import Order
from crossdock.shopify.batches import Batches
from crossdock.shopify.generated import line_extras, order_extras
from crossdock.shopify.generated.admin import Admin
from crossdock.shopify.mapping.extras import to_buyer, to_line_extras, to_metafields


async def extras_of(
    admin: Admin, batches: Batches, orders: Sequence[Order], wishes: Wishes
) -> Mapping[OrderId, Extras]:
    """Return the extras of the orders. Raises AccessDenied where the token may not read what is wanted."""
    own = await _of_orders(admin, batches, [order.id for order in orders], wishes)
    lines = await _of_lines(admin, batches, [line.id for order in orders for line in order.lines], wishes)
    found = {}
    for order in orders:
        metafields, customer = own.get(order.id, ({}, None))
        theirs = {line.id: lines[line.id] for line in order.lines if line.id in lines}
        found[order.id] = Extras(metafields, customer, theirs)
    return found


async def _of_orders(
    admin: Admin, batches: Batches, ids: Sequence[OrderId], wishes: Wishes
) -> Mapping[OrderId, tuple[Metafields, Buyer | None]]:
    if not wishes.of_orders:
        return {}
    keys, of_customer = wishes.keys(Owner.ORDER), wishes.keys(Owner.CUSTOMER)

    async def ask(some: list[str]) -> order_extras.OrderExtras:
        return await admin.order_extras(some, bool(keys), keys, wishes.customer, bool(of_customer), of_customer)

    return {
        OrderId(node.id): (
            to_metafields(node.metafields.nodes, keys) if node.metafields else {},
            to_buyer(node.customer, of_customer) if node.customer else None,
        )
        for answer in await batches.read(ids, ask)
        for node in answer.nodes
        if isinstance(node, order_extras.OrderExtrasNodesOrder)
    }


async def _of_lines(
    admin: Admin, batches: Batches, ids: Sequence[LineItemId], wishes: Wishes
) -> Mapping[LineItemId, LineExtras]:
    if not wishes.of_lines:
        return {}
    of_product, of_variant = wishes.keys(Owner.PRODUCT), wishes.keys(Owner.VARIANT)

    async def ask(some: list[str]) -> line_extras.LineExtras:
        return await admin.line_extras(
            some, wishes.properties, bool(of_product), of_product, bool(of_variant), of_variant
        )

    return {
        LineItemId(node.id): to_line_extras(node, of_product, of_variant)
        for answer in await batches.read(ids, ask)
        for node in answer.nodes
        if isinstance(node, line_extras.LineExtrasNodesLineItem)
    }
