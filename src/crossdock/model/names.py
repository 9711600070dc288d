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
FulfillmentHoldId = NewType("FulfillmentHoldId", str)
"""`gid://shopify/Fulfillment/1`"""

FulfillmentLineId = NewType("FulfillmentLineId", str)
"""`gid://shopify/FulfillmentLineItem/1`"""

ReturnId = NewType("ReturnId", str)
"""`gid://shopify/Return/1`"""

ReturnLineId = NewType("ReturnLineId", str)
"""`gid://shopify/ReturnLineItem/1`"""

ExchangeLineId = NewType("ExchangeLineId", str)
"""`gid://shopify/ExchangeLineItem/1`"""

ReverseOrderId = NewType("ReverseOrderId", str)
"""`gid://shopify/ReverseFulfillmentOrder/1`"""

ReverseLineId = NewType("ReverseLineId", str)
"""`gid://shopify/ReverseFulfillmentOrderLineItem/1`"""

ReverseDeliveryId = NewType("ReverseDeliveryId", str)
"""`gid://shopify/ReverseDelivery/1`"""

PaymentId = NewType("PaymentId", str)
"""`gid://shopify/OrderTransaction/1`"""

RefundId = NewType("RefundId", str)
"""`gid://shopify/Refund/1`"""

RefundKey = NewType("RefundKey", str)
"""A backend's own name for money that it asks the hub to give back."""

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

ReturnKey = NewType("ReturnKey", str)
"""
What a backend and the hub both call goods that come back: the return's id at Shopify where the hub announced it, the
backend's own name where they came unannounced.
"""

Sku = NewType("Sku", str)
Barcode = NewType("Barcode", str)

Units = NewType("Units", int)
"""Whole pieces."""
