"""A webhook topic's two spellings: the Admin API's and that of deliveries."""

# Resources of topics that are more than one word (Shopify docs, 2026-07); all others are one word.
_LONG_RESOURCES = (
    "app_purchases_one_time",
    "app_subscriptions",
    "audit_events",
    "bulk_operations",
    "collection_listings",
    "collection_publications",
    "company_contact_roles",
    "company_contacts",
    "company_locations",
    "customer_account_settings",
    "customer_groups",
    "customer_payment_methods",
    "customers_email_marketing_consent",
    "customers_marketing_consent",
    "customers_whats_app_marketing_consent",
    "delivery_promise_settings",
    "draft_orders",
    "finance_app_staff_member",
    "finance_kyc_information",
    "fulfillment_events",
    "fulfillment_holds",
    "fulfillment_orders",
    "inventory_items",
    "inventory_levels",
    "inventory_shipments",
    "inventory_transfers",
    "markets_backup_region",
    "metafield_definitions",
    "order_transactions",
    "payment_schedules",
    "payment_terms",
    "product_feeds",
    "product_listings",
    "product_publications",
    "reverse_deliveries",
    "reverse_fulfillment_orders",
    "scheduled_product_listings",
    "selling_plan_groups",
    "shipping_addresses",
    "subscription_billing_attempts",
    "subscription_billing_cycle_edits",
    "subscription_billing_cycles",
    "subscription_contracts",
    "tax_services",
    "tender_transactions",
)


def topic_enum(topic: str) -> str:
    """Return the topic as the Admin API spells it: `orders/create` is `ORDERS_CREATE`."""
    return topic.replace("/", "_").replace(".", "_").upper()


def topic_name(enum: str) -> str:
    """Return the topic as deliveries spell it: `ORDERS_CREATE` is `orders/create`."""
    text = enum.lower()
    resource = max((name for name in _LONG_RESOURCES if text.startswith(f"{name}_")), key=len, default=None)
    if resource is None:
        resource = text.split("_", 1)[0]
    event = text[len(resource) + 1 :]
    # Four topics about what happens to one customer use a dot (Shopify docs, 2026-07).
    return f"{resource}.{event}" if resource == "customer" else f"{resource}/{event}"
