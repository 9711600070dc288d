"""What a token must be allowed to do: the least scopes of the flows that are switched on."""

from collections.abc import Collection

from crossdock.model.flow import Flow

# Found by the access notes of the Admin API's fields and topics that the flows use (Shopify docs, 2026-07).
_NEEDED: dict[Flow, tuple[str, ...]] = {
    Flow.CATALOG: ("read_products", "read_inventory"),
    Flow.INVENTORY: ("read_inventory", "write_inventory", "read_products", "read_locations"),
    Flow.ORDERS: ("read_orders", "read_products", "read_locations", "read_merchant_managed_fulfillment_orders"),
    Flow.FULFILLMENTS: (
        "read_orders",
        "read_products",
        "read_locations",
        "read_merchant_managed_fulfillment_orders",
        "write_merchant_managed_fulfillment_orders",
        "read_fulfillments",
        "write_fulfillments",
    ),
    Flow.RETURNS: ("read_orders", "read_products", "read_locations", "read_returns", "write_returns"),
    Flow.MONEY: ("read_orders",),
}
_TO_CANCEL = ("write_orders", "write_order_edits")
_TO_MOVE_MONEY = ("write_orders",)
_TO_KNOW_CUSTOMERS = ("read_customers",)
# What is at a fulfillment service's location is said to be assigned to the app whose service it is.
_TO_SERVE = ("read_assigned_fulfillment_orders", "write_assigned_fulfillment_orders")
_ALWAYS = ("read_locations", "read_products")


def needed_scopes(
    flows: Collection[Flow],
    *,
    cancels: bool,
    moves_money: bool = False,
    knows_customers: bool = False,
    serves: bool = False,
) -> tuple[str, ...]:
    """
    Return the least scopes, each once.

    `cancels` says that what does not ship is cancelled from here, `moves_money` that payments are captured or refunded,
    `knows_customers` that a mapping asks for customers, `serves` that a fulfillment service's location is served.
    """
    wanted = [scope for flow in Flow if flow in flows for scope in _NEEDED[flow]]
    wanted += _TO_CANCEL if cancels else ()
    wanted += _TO_MOVE_MONEY if moves_money else ()
    wanted += _TO_KNOW_CUSTOMERS if knows_customers and Flow.ORDERS in flows else ()
    wanted += _TO_SERVE if serves and {Flow.ORDERS, Flow.FULFILLMENTS} & {*flows} else ()
    return tuple(dict.fromkeys([*_ALWAYS, *wanted]))


def missing_scopes(granted: Collection[str], needed: Collection[str]) -> tuple[str, ...]:
    """Return those of the needed that a token lacks; one that may write may read, too (Shopify docs, 2026-07)."""
    return tuple(one for one in needed if one not in granted and one.replace("read_", "write_", 1) not in granted)
