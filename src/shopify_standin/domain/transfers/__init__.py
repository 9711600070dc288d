"""
Inventory transfers and their shipments.

A transfer that is ready holds its units at the origin as committed (Shopify changelog, 2026-08-05). A shipment in
transit takes them off there and shows them as incoming at the destination, where receiving makes them available.
Refusals have Shopify's codes in words that are assumed.
"""
