"""Draft orders, put together by staff or apps and made into orders (as the schema tells it; texts assumed, 2026-07)."""
