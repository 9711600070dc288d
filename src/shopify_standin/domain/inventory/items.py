"""`inventoryItemUpdate`."""

from shopify_standin.domain.products.bulk_variants import product_changed
from shopify_standin.domain.products.variants import describe_item
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.registry import Args, mutation
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads.inventory import item_payload
from shopify_standin.world import World


@mutation("inventoryItemUpdate")
def inventory_item_update(world: World, args: Args) -> JsonObject:
    """Change an item's SKU, cost, tracking or customs data."""
    item = world.items.get(number_of(args["id"], "InventoryItem"))
    if item is None:
        raise Refused(user_error(["id"], "The product couldn't be updated because it does not exist."))
    describe_item(world, item, args["input"])
    variant = world.variants[item.variant_id]
    variant.updated_at = world.now()
    world.variants.reindex(variant)
    emit(world, "INVENTORY_ITEMS_UPDATE", lambda: item_payload(item))
    product_changed(world, world.products[variant.product_id])
    return {"inventoryItem": item, "userErrors": []}
