"""`tagsAdd` and `tagsRemove` on orders, products and customers."""

from functools import partial

from shopify_standin.clock import iso
from shopify_standin.domain.customers.telling import customer_changed
from shopify_standin.domain.orders.telling import order_changed
from shopify_standin.domain.products.making import sorted_tags
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import parse_gid
from shopify_standin.model.customers import Customer
from shopify_standin.model.goods import Product
from shopify_standin.model.sales import Order
from shopify_standin.registry import NODES, Args, mutation
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads.customers import tags_payload
from shopify_standin.webhooks.payloads.products import product_payload
from shopify_standin.world import World


@mutation("tagsAdd")
def tags_add(world: World, args: Args) -> JsonObject:
    """Add tags; those there already stay."""
    tagged = _tagged(world, args["id"])
    return _retag(world, tagged, sorted_tags([*tagged.tags, *args["tags"]]))


@mutation("tagsRemove")
def tags_remove(world: World, args: Args) -> JsonObject:
    """Remove tags; those not there are no error."""
    tagged = _tagged(world, args["id"])
    gone = {tag.strip().casefold() for tag in args["tags"]}
    return _retag(world, tagged, [tag for tag in tagged.tags if tag.casefold() not in gone])


def _tagged(world: World, value: str) -> Order | Product | Customer:
    type_name, number = parse_gid(value)
    load = NODES.get(type_name)
    found = load(world, number) if load else None
    if not isinstance(found, Order | Product | Customer):
        raise Refused(user_error(["id"], f"{type_name} does not exist"))
    return found


def _retag(world: World, tagged: Order | Product | Customer, tags: list[str]) -> JsonObject:
    before = tagged.tags
    if tags != before:
        tagged.tags = tags
        tagged.updated_at = world.now()
        if isinstance(tagged, Order):
            order_changed(world, tagged)
        elif isinstance(tagged, Product):
            product = tagged
            world.products.reindex(product)
            emit(world, "PRODUCTS_UPDATE", lambda: product_payload(world, product))
        else:
            _tell_customer(world, tagged, before)
    return {"node": tagged, "userErrors": []}


def _tell_customer(world: World, customer: Customer, before: list[str]) -> None:
    changes = {
        "CUSTOMER_TAGS_ADDED": [tag for tag in customer.tags if tag not in before],
        "CUSTOMER_TAGS_REMOVED": [tag for tag in before if tag not in customer.tags],
    }
    for topic, tags in changes.items():
        if tags:
            emit(world, topic, partial(tags_payload, customer, tags, iso(world.now())))
    customer_changed(world, customer)
