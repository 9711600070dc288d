"""Identifiers, each its own type, so that an id from the shop cannot pass where the warehouse's is wanted."""

from typing import NewType

ShopDomain = NewType("ShopDomain", str)
"""`acme.myshopify.com`: how a store is known everywhere."""

ConnectionId = NewType("ConnectionId", str)
"""A short name that a person gives: one store tied to one backend."""

OrderId = NewType("OrderId", str)
"""`gid://shopify/Order/1`"""

LineItemId = NewType("LineItemId", str)
"""`gid://shopify/LineItem/1`"""

FulfillmentOrderId = NewType("FulfillmentOrderId", str)
"""`gid://shopify/FulfillmentOrder/1`; splits, moves and edits make new ones and close old ones."""

FulfillmentOrderLineId = NewType("FulfillmentOrderLineId", str)
"""`gid://shopify/FulfillmentOrderLineItem/1`"""

FulfillmentId = NewType("FulfillmentId", str)
"""`gid://shopify/Fulfillment/1`"""

VariantId = NewType("VariantId", str)
"""`gid://shopify/ProductVariant/1`"""

InventoryItemId = NewType("InventoryItemId", str)
"""`gid://shopify/InventoryItem/1`"""

LocationId = NewType("LocationId", str)
"""`gid://shopify/Location/1`"""

WarehouseCode = NewType("WarehouseCode", str)
"""A backend's own name for a place that holds stock and ships."""

ItemCode = NewType("ItemCode", str)
"""A backend's own name for a thing that is stocked."""

RequestKey = NewType("RequestKey", str)
"""Our name for one request to a backend, the same at every try: by default the fulfillment order's id."""

PackageId = NewType("PackageId", str)
"""A backend's own name for one package that left."""

Sku = NewType("Sku", str)
Barcode = NewType("Barcode", str)

Units = NewType("Units", int)
"""Whole pieces."""
