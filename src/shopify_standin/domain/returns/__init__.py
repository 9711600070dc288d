"""Returns from the request to the last disposition (Shopify docs, 2025-07 and later; answers recorded 2026-04)."""
