"""
Inventory: what the backend may still promise becomes what Shopify may still sell.

Looked at by inventory item id. Written as `available`, absolutely, and only if Shopify still holds what it held when
we looked: a sale in between makes the write fail, not the stock wrong.
"""
