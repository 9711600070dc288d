"""Where Shopify's deliveries come in over HTTP. Checks and keeping are the inbox's; here they become answers."""
