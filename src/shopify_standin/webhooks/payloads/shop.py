"""`shop/update` and `app/uninstalled`: the REST shop."""

from shopify_standin.clock import iso
from shopify_standin.errors import JsonObject
from shopify_standin.geography import country_name, province_name
from shopify_standin.world import World


def shop_payload(world: World) -> JsonObject:
    """The shop as REST showed it; its address is that of the first location."""
    shop = world.shop
    address = next(iter(world.locations)).address
    return {
        "id": shop.id,
        "name": shop.name,
        "email": shop.email,
        "domain": shop.domain,
        "myshopify_domain": shop.domain,
        "shop_owner": f"{shop.name} owner",
        "customer_email": None,
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
        "iana_timezone": "UTC",
        "timezone": "(GMT+00:00) UTC",
        "taxes_included": shop.taxes_included,
        "weight_unit": "kg",
        "primary_locale": "en",
        "plan_name": shop.plan,
        "plan_display_name": shop.plan.title(),
        "primary_location_id": next(iter(world.locations)).id,
        "eligible_for_payments": False,
        "setup_required": False,
        "password_enabled": False,
        "created_at": iso(shop.created_at),
        "updated_at": iso(shop.created_at),
    }
