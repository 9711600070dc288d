"""
Orders: Shopify's fulfillment orders become the backend's orders, one request per fulfillment order.

Looked at by order id. A fulfillment order's id may be marked too (its webhooks carry no order): it is looked up and
its order is marked instead.
"""
