"""Archiving orders and changing what they say of themselves (recorded 2025-01 and 2026-04)."""

from shopify_standin.domain.addresses import address_from
from shopify_standin.domain.metafields.writing import set_inline
from shopify_standin.domain.orders.checking import contact_errors
from shopify_standin.domain.orders.finding import order_named
from shopify_standin.domain.orders.telling import order_changed
from shopify_standin.domain.products.making import sorted_tags
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World


@mutation("orderClose")
def order_close(world: World, args: Args) -> JsonObject:
    """Archive; repeating it is no error."""
    order = order_named(world, args["input"]["id"], ["id"])
    if order.closed_at is None:
        order.closed_at = world.now()
        order_changed(world, order)
    return {"order": order, "userErrors": []}


@mutation("orderOpen")
def order_open(world: World, args: Args) -> JsonObject:
    """Take out of the archive; repeating it is no error."""
    order = order_named(world, args["input"]["id"], ["id"])
    if order.closed_at is not None:
        order.closed_at = None
        order_changed(world, order)
    return {"order": order, "userErrors": []}


@mutation("orderUpdate")
def order_update(world: World, args: Args) -> JsonObject:
    """Change what an order says of itself; lists given replace the whole list."""
    given = args["input"]
    order = order_named(world, given["id"], ["id"])
    contact = contact_errors(given, [])
    if contact:
        raise Refused(*contact)
    errors = set_inline(world, order, given.get("metafields"), ["metafields"])
    if errors:
        raise Refused(*errors)
    if given.get("tags") is not None:
        order.tags = sorted_tags(given["tags"])
    if given.get("customAttributes") is not None:
        order.custom_attributes = [(a["key"], a.get("value")) for a in given["customAttributes"]]
    order.note = given.get("note", order.note)
    order.email = given.get("email", order.email)
    order.phone = given.get("phone", order.phone)
    order.po_number = given.get("poNumber", order.po_number)
    if given.get("shippingAddress") is not None:
        order.shipping_address = address_from(given["shippingAddress"]).numbered(world.ids.next("MailingAddress"))
    order_changed(world, order)
    return {"order": order, "userErrors": []}


@mutation("orderCustomerSet")
def order_customer_set(world: World, args: Args) -> JsonObject:
    """Give an order to a customer."""
    order = order_named(world, args["orderId"], ["orderId"], "NOT_FOUND")
    customer = world.customers.get(number_of(args["customerId"], "Customer"))
    if customer is None:
        raise Refused(user_error(["customerId"], "Customer does not exist", "NOT_FOUND"))
    order.customer_id = customer.id
    world.orders.reindex(order)
    order_changed(world, order)
    return {"order": order, "userErrors": []}


@mutation("orderCustomerRemove")
def order_customer_remove(world: World, args: Args) -> JsonObject:
    """Take an order from its customer."""
    order = order_named(world, args["orderId"], ["orderId"], "NOT_FOUND")
    order.customer_id = None
    world.orders.reindex(order)
    order_changed(world, order)
    return {"order": order, "userErrors": []}
