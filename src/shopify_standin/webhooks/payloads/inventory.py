"""`inventory_levels/*` and `inventory_items/*`."""

from shopify_standin.clock import iso
from shopify_standin.errors import JsonObject
from shopify_standin.model.goods import InventoryItem, Level
from shopify_standin.money import money_text

_POUNDS_AND_CO = {"KILOGRAMS": "kg", "GRAMS": "g", "POUNDS": "lb", "OUNCES": "oz"}


def level_payload(level: Level) -> JsonObject:
    """`inventory_levels/update` and `…/connect`: only `available`, and no SKU."""
    return {
        "inventory_item_id": level.item_id,
        "location_id": level.location_id,
        "available": level.available,
        "updated_at": iso(level.updated_at),
        "admin_graphql_api_id": level.gid,
    }


def item_payload(item: InventoryItem) -> JsonObject:
    """`inventory_items/create` and `…/update`."""
    return {
        "id": item.id,
        "sku": item.sku,
        "created_at": iso(item.created_at),
        "updated_at": iso(item.updated_at),
        "requires_shipping": item.requires_shipping,
        "cost": None if item.cost is None else money_text(item.cost),
        "country_code_of_origin": item.country_code_of_origin,
        "province_code_of_origin": item.province_code_of_origin,
        "harmonized_system_code": item.harmonized_system_code,
        "tracked": item.tracked,
        "country_harmonized_system_codes": [
            {"country_code": country, "harmonized_system_code": code} for country, code in item.country_codes.items()
        ],
        "weight_value": item.weight_value,
        "weight_unit": _POUNDS_AND_CO[item.weight_unit],
        "admin_graphql_api_id": item.gid,
    }
