"""A local Shopify you can break: the Admin API, its webhooks and its bad days, for tests and demos."""
