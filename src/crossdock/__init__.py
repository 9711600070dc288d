"""Crossdock keeps Shopify stores and the systems that hold the goods in agreement."""
