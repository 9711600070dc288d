"""
What Shopify does, one folder or module per kind of object. Importing this package enters every resolver.

A domain module reads and changes the World, nothing else; it may use the model, the connections and the search.
A new one enters its resolvers through `registry` and is named in `MODULES`.
"""

from importlib import import_module

MODULES = (
    "shop",
    "nodes",
    "locations.reading",
    "locations.editing",
    "locations.opening",
    "customers.reading",
    "customers.writing",
    "customers.setting",
    "customers.consent",
    "customers.addresses",
    "store_credit",
    "products.reading",
    "products.categories",
    "products.writing",
    "products.operations",
    "products.bulk_variants",
    "products.option_changes",
    "products.duplicating",
    "collections.reading",
    "collections.writing",
    "inventory.items",
    "inventory.reading",
    "inventory.groups",
    "inventory.quantities",
    "inventory.moving",
    "inventory.activation",
    "orders.reading",
    "orders.lines",
    "orders.transactions",
    "orders.creating",
    "orders.changing",
    "orders.paying",
    "orders.capturing",
    "orders.cancelling",
    "orders.deleting",
    "tags",
    "metafields.reading",
    "metafields.writing",
    "metafields.definitions",
    "fulfillment_services.reading",
    "fulfillment_services.changing",
    "fulfillment_orders.reading",
    "fulfillment_orders.waiting",
    "fulfillment_orders.prospects",
    "fulfillment_orders.lists",
    "fulfillment_orders.holding",
    "fulfillment_orders.moving",
    "fulfillment_orders.splitting",
    "fulfillment_orders.working",
    "fulfillment_orders.requests",
    "fulfillments.reading",
    "fulfillments.events",
    "fulfillments.creating",
    "fulfillments.changing",
    "subscriptions",
    "bulk.operations",
    "bulk.uploads",
)


def enter_all() -> None:
    """Import every module, which enters its resolvers; repeating it does nothing."""
    for name in MODULES:
        import_module(f"{__name__}.{name}")
