"""
Returns: Shopify's are announced to the backend, and what it received is told to Shopify, each unit once.

Looked at by order id, so that one order has one writer, and because goods that come back unannounced belong to an order
before there is a return. Shopify recognises no repeats, so what it was told already is read before it is told more.
"""
