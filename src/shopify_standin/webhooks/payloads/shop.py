"""`shop/update` and `app/uninstalled`: the REST shop."""

from shopify_standin.clock import iso
from shopify_standin.errors import JsonObject
from shopify_standin.geography import country_name, province_name
from shopify_standin.world import World

_NEVER_KNOWN = (
    "auto_configure_tax_inclusivity", "county_taxes", "google_apps_domain", "google_apps_login_enabled", "latitude",
    "longitude", "source", "tax_shipping",
)  # fmt: skip
_NOT_SO = (
    "eligible_for_payments", "has_discounts", "has_gift_cards", "marketing_sms_consent_enabled_at_checkout",
    "password_enabled", "pre_launch_enabled", "requires_extra_payments_agreement", "setup_required",
    "transactional_sms_disabled",
)  # fmt: skip


def shop_payload(world: World) -> JsonObject:
    """The shop as REST showed it; its address is that of the first location."""
    shop = world.shop
    address = next(iter(world.locations)).address
    with_currency = f"${{{{amount}}}} {shop.currency}"
    return {
        **dict.fromkeys(_NEVER_KNOWN),
        **dict.fromkeys(_NOT_SO, False),
        "id": shop.id,
        "name": shop.name,
        "email": shop.email,
        "domain": shop.domain,
        "myshopify_domain": shop.domain,
        "shop_owner": f"{shop.name} owner",
        "customer_email": shop.email,
        "phone": address.phone,
        "address1": address.address1,
        "address2": address.address2,
        "city": address.city,
        "zip": address.zip,
        "province": province_name(address.country_code, address.province_code),
        "province_code": address.province_code,
        "country": address.country_code,
        "country_code": address.country_code,
        "country_name": country_name(address.country_code),
        "currency": shop.currency,
        "money_format": "${{amount}}",
        "money_in_emails_format": "${{amount}}",
        "money_with_currency_format": with_currency,
        "money_with_currency_in_emails_format": with_currency,
        "enabled_presentment_currencies": [shop.currency],
        "iana_timezone": "UTC",
        "timezone": "(GMT+00:00) UTC",
        "taxes_included": shop.taxes_included,
        "weight_unit": "kg",
        "primary_locale": "en",
        "plan_name": shop.plan,
        "plan_display_name": shop.plan.title(),
        "primary_location_id": next(iter(world.locations)).id,
        "has_storefront": True,
        "checkout_api_supported": True,
        "multi_location_enabled": True,
        "finances": True,
        "created_at": iso(shop.created_at),
        "updated_at": iso(shop.created_at),
    }
