"""
The hub's own words, frozen, no I/O: orders, stock, shipments, links, holds, plans.

Shopify's answers and backends' records are mapped into these at the edge of the hub; every decision reads and
returns only these. Nothing here imports anything but `kit`.
"""
