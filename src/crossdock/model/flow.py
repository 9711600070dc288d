"""The flows: one business process in one direction each."""

from enum import StrEnum


class Flow(StrEnum):
    """Names a flow in `pending`, in holds, in the portal and on the command line."""

    ORDERS = "orders"
    """Shopify's fulfillment orders to the backend's orders. Key: order id."""

    FULFILLMENTS = "fulfillments"
    """The backend's packages to Shopify's fulfillments. Key: order id."""

    INVENTORY = "inventory"
    """The backend's stock to Shopify's inventory levels. Key: inventory item id."""

    RETURNS = "returns"
    """
    Shopify's returns to the backend, and what came back to Shopify's returns. Key: order id, because goods that come
    back unannounced belong to an order before there is a return.
    """

    MONEY = "money"
    """
    What moves of an order's money once it was asked for: authorizations captured, refunds told to the backend, refunds
    that it asks for. Key: order id.
    """

    CATALOG = "catalog"
    """Shopify's variants tied to the backend's items. Key: variant id."""
