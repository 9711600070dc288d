"""What deliveries say, by topic: REST-like JSON with numeric ids and money as strings (Shopify docs, 2026-07)."""
