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

    CATALOG = "catalog"
    """Shopify's variants tied to the backend's items. Key: variant id."""
