"""Making and changing variants, and the inventory items behind them."""

from decimal import Decimal
from typing import Any

from shopify_standin.domain.inventory.stock import change, stock_item
from shopify_standin.domain.metafields.writing import check, forget_owner
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.goods import InventoryItem, Product, Variant
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads.inventory import item_payload
from shopify_standin.world import World

Given = dict[str, Any]


def new_variant(world: World, product: Product, selected: list[tuple[str, str]], given: Given) -> Variant:
    """Add a variant to a product; it is stocked where quantities are given, else at the first location."""
    now = world.now()
    item = InventoryItem(world.ids.next("InventoryItem"), 0, now, now)
    variant = Variant(
        world.ids.next("ProductVariant"), product.id, item.id, now, now, selected, position=len(product.variant_ids) + 1
    )
    item.variant_id = variant.id
    world.items.add(item)
    world.variants.add(variant)
    product.variant_ids.append(variant.id)
    describe(world, variant, given)
    places = _initial_stock(given)
    if not places:
        first = next((x.id for x in world.locations if x.is_active), None)
        places = {} if first is None else {first: {}}
    for place, units in places.items():
        level = stock_item(world, item, place)
        if units:
            change(world, level, **units)
    emit(world, "INVENTORY_ITEMS_CREATE", lambda: item_payload(item))
    return variant


def describe(world: World, variant: Variant, given: Given) -> None:
    """Take over what an input says about a variant and its item."""
    if given.get("price") is not None:
        variant.price = Decimal(str(given["price"]))
    if "compareAtPrice" in given:
        before = given["compareAtPrice"]
        variant.compare_at_price = None if before is None else Decimal(str(before))
    variant.barcode = given.get("barcode", variant.barcode)
    variant.inventory_policy = given.get("inventoryPolicy") or variant.inventory_policy
    variant.taxable = variant.taxable if given.get("taxable") is None else given["taxable"]
    variant.tax_code = given.get("taxCode", variant.tax_code)
    variant.requires_components = bool(given.get("requiresComponents", variant.requires_components))
    variant.show_unit_price = bool(given.get("showUnitPrice", variant.show_unit_price))
    variant.updated_at = world.now()
    world.variants.reindex(variant)
    about_item = dict(given.get("inventoryItem") or {})
    if "sku" in given:
        about_item.setdefault("sku", given["sku"])
    if about_item:
        describe_item(world, world.items[variant.item_id], about_item)


def describe_item(world: World, item: InventoryItem, given: Given) -> None:
    """Take over what an input says about an inventory item."""
    item.sku = given.get("sku", item.sku)
    if given.get("tracked") is not None:
        item.tracked = given["tracked"]
    if given.get("requiresShipping") is not None:
        item.requires_shipping = given["requiresShipping"]
    if "cost" in given:
        item.cost = None if given["cost"] is None else Decimal(str(given["cost"]))
    item.country_code_of_origin = given.get("countryCodeOfOrigin", item.country_code_of_origin)
    item.province_code_of_origin = given.get("provinceCodeOfOrigin", item.province_code_of_origin)
    item.harmonized_system_code = given.get("harmonizedSystemCode", item.harmonized_system_code)
    if given.get("countryHarmonizedSystemCodes") is not None:
        rows = given["countryHarmonizedSystemCodes"]
        item.country_codes = {row["countryCode"]: row["harmonizedSystemCode"] for row in rows if row.get("countryCode")}
    weight = (given.get("measurement") or {}).get("weight")
    if weight:
        item.weight_value, item.weight_unit = float(weight["value"]), weight["unit"]
    item.updated_at = world.now()
    world.items.reindex(item)


def renumber(world: World, product: Product) -> None:
    """Bring the variants' positions in line with their order."""
    for position, number in enumerate(product.variant_ids, start=1):
        world.variants[number].position = position


def drop_variant(world: World, product: Product, variant: Variant) -> None:
    """Delete a variant with its item and levels."""
    for level in world.levels.where("item_id", variant.item_id):
        world.levels.remove(level.id)
    world.items.remove(variant.item_id)
    world.variants.remove(variant.id)
    product.variant_ids.remove(variant.id)
    forget_owner(world, variant.gid)
    renumber(world, product)


def check_locations(world: World, given: Given, path: list[str]) -> list[JsonObject]:
    """User errors for quantities at places that do not exist."""
    return [
        user_error([*path, "inventoryQuantities", str(index), "locationId"], "Location does not exist", "INVALID_INPUT")
        for index, entry in enumerate(given.get("inventoryQuantities") or ())
        if world.locations.get(number_of(entry["locationId"], "Location")) is None
    ]


def metafield_problems(world: World, given: Given, path: list[str], variant: Variant | None = None) -> list[JsonObject]:
    """What is wrong with the metafields of an input; None: for a variant that is still to come."""
    now = world.now()
    owner = variant or Variant(0, 0, 0, now, now)
    checked = [
        check(world, owner, entry, [*path, "metafields", str(index)])
        for index, entry in enumerate(given.get("metafields") or ())
    ]
    return [error for found in checked if isinstance(found, list) for error in found]


def _initial_stock(given: Given) -> dict[int, dict[str, int]]:
    """Units by location and state; `on_hand` of a new level is all available."""
    places: dict[int, dict[str, int]] = {}
    for entry in given.get("inventoryQuantities") or ():
        units = places.setdefault(number_of(entry["locationId"], "Location"), {})
        if "availableQuantity" in entry:
            units["available"] = entry["availableQuantity"]
        else:
            units["available" if entry["name"] == "on_hand" else entry["name"]] = entry["quantity"]
    return places


def known_variant(world: World, product: Product, value: str | None, path: list[str]) -> Variant:
    """The variant of this product that an input names; raises Refused where there is none."""
    variant = None if value is None else world.variants.get(number_of(value, "ProductVariant"))
    if variant is None or variant.product_id != product.id:
        raise Refused(user_error([*path, "id"], "Product variant does not exist", "PRODUCT_VARIANT_DOES_NOT_EXIST"))
    return variant
