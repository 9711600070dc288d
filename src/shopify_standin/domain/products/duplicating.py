"""`productDuplicate`: a copy under another title, with its own variants and no stock."""

from typing import Any

from shopify_standin.domain.media.making import add_media
from shopify_standin.domain.products.making import make_product
from shopify_standin.domain.products.operations import later
from shopify_standin.domain.products.options import new_option
from shopify_standin.domain.products.variants import new_variant
from shopify_standin.domain.products.writing import tell_product
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.goods import Product, Variant
from shopify_standin.money import money_text
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World


@mutation("productDuplicate")
def product_duplicate(world: World, args: Args) -> JsonObject:
    """Copy a product; SKUs and barcodes are copied, stock is not (assumed)."""
    if args.get("synchronous") is False:
        shape = later(world, "ProductDuplicateOperation", args)
        return shape | {"newProduct": None, "imageJob": None, "shop": world.shop}
    product = world.products.get(number_of(args["productId"], "Product"))
    if product is None:
        raise Refused(user_error(["productId"], "Product does not exist"))
    copy = _copied(world, product, args)
    tell_product(world, copy, "PRODUCTS_CREATE")
    return {
        "newProduct": copy,
        "imageJob": None,
        "productDuplicateOperation": None,
        "shop": world.shop,
        "userErrors": [],
    }


def _copied(world: World, product: Product, args: Args) -> Product:
    given: dict[str, Any] = {
        "title": args["newTitle"],
        "status": args.get("newStatus") or product.status,
        "vendor": product.vendor,
        "productType": product.product_type,
        "descriptionHtml": product.description_html,
        "tags": product.tags,
        "templateSuffix": product.template_suffix,
        "seo": {"title": product.seo_title, "description": product.seo_description},
    }
    copy = make_product(world, given)
    copy.category_id, copy.is_gift_card = product.category_id, product.is_gift_card
    copy.options = [new_option(world, copy.id, o.name, o.position, o.values) for o in product.options]
    if args.get("includeImages"):
        shown = (world.images[number] for number in product.media_ids)
        add_media(world, copy, [{"originalSource": image.source, "alt": image.alt} for image in shown])
    for number in product.variant_ids:
        _copy_variant(world, copy, world.variants[number])
    return copy


def _copy_variant(world: World, copy: Product, variant: Variant) -> None:
    item = world.items[variant.item_id]
    before = variant.compare_at_price
    new_variant(
        world,
        copy,
        list(variant.selected),
        {
            "price": money_text(variant.price),
            "compareAtPrice": None if before is None else money_text(before),
            "barcode": variant.barcode,
            "inventoryPolicy": variant.inventory_policy,
            "taxable": variant.taxable,
            "inventoryItem": {
                "sku": item.sku,
                "tracked": item.tracked,
                "requiresShipping": item.requires_shipping,
                "cost": item.cost,
                "measurement": {"weight": {"value": item.weight_value, "unit": item.weight_unit}},
            },
        },
    )
