"""
Fulfillments: packages that left the backend become Shopify's fulfillments, each once, with tracking and contents.

Looked at by order id, so that one order has one writer. Shopify neither recognises a repeated create nor keeps a
reference of ours, so what it already has is looked for before anything is created.
"""
