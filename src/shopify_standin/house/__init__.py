"""Rules of the house: what Shopify asks of every call, whatever it is about (cost, limits, keys, versions)."""
