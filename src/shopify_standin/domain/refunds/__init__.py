"""Refunds: money given back, goods restocked, and what Shopify would suggest."""
