"""`products/create` and `products/update`: the REST product with its variants."""

from shopify_standin.clock import iso
from shopify_standin.errors import JsonObject
from shopify_standin.ids import gid
from shopify_standin.model.goods import Product, Variant
from shopify_standin.model.images import MediaImage
from shopify_standin.money import money_text
from shopify_standin.world import World


def product_payload(world: World, product: Product) -> JsonObject:
    """The product as REST showed it."""
    variants = [world.variants[number] for number in product.variant_ids]
    shown = [world.images[number] for number in product.media_ids]
    images = [_image(product, variants, image, place) for place, image in enumerate(shown, 1) if image.is_ready]
    media = [_media(product, variants, image, place) for place, image in enumerate(shown, 1)]
    return {
        "id": product.id,
        "admin_graphql_api_id": product.gid,
        "title": product.title,
        "body_html": product.description_html or None,
        "handle": product.handle,
        "vendor": product.vendor,
        "product_type": product.product_type,
        "status": product.status.lower(),
        "tags": ", ".join(product.tags),
        "template_suffix": product.template_suffix,
        "created_at": iso(product.created_at),
        "updated_at": iso(product.updated_at),
        "published_at": iso(product.published_at),
        "published_scope": "global",
        "category": None,
        "has_variants_that_requires_components": any(variant.requires_components for variant in variants),
        "variants": [_variant(world, variant) for variant in variants],
        "options": [
            {
                "id": option.id,
                "product_id": product.id,
                "name": option.name,
                "position": option.position,
                "values": option.values,
            }
            for option in product.options
        ],
        "images": images,
        "image": images[0] if images else None,
        "media": media,
        "variant_gids": [
            {"admin_graphql_api_id": variant.gid, "updated_at": iso(variant.updated_at)} for variant in variants
        ],
    }


def _image(product: Product, variants: list[Variant], image: MediaImage, position: int) -> JsonObject:
    return {
        "id": image.id,
        "admin_graphql_api_id": gid("ProductImage", image.id),
        "product_id": product.id,
        "position": position,
        "alt": image.alt,
        "src": image.source,
        "width": None,
        "height": None,
        "variant_ids": [variant.id for variant in variants if variant.media_id == image.id],
        "created_at": iso(image.created_at),
        "updated_at": iso(image.updated_at),
    }


def _media(product: Product, variants: list[Variant], image: MediaImage, position: int) -> JsonObject:
    shown = _image(product, variants, image, position)
    for name in ("src", "width", "height"):
        del shown[name]
    return {
        **shown,
        "admin_graphql_api_id": image.gid,
        "alt": image.alt or "",
        "media_content_type": "IMAGE",
        "status": image.status,
        "preview_image": {"src": image.source, "width": None, "height": None, "status": image.status},
    }


def _variant(world: World, variant: Variant) -> JsonObject:
    item = world.items[variant.item_id]
    values = [value for _, value in variant.selected]
    return {
        "id": variant.id,
        "admin_graphql_api_id": variant.gid,
        "product_id": variant.product_id,
        "title": variant.title,
        "price": money_text(variant.price),
        "compare_at_price": None if variant.compare_at_price is None else money_text(variant.compare_at_price),
        "position": variant.position,
        "inventory_policy": variant.inventory_policy.lower(),
        "option1": values[0] if values else "Default Title",
        "option2": values[1] if len(values) > 1 else None,
        "option3": values[2] if len(values) > 2 else None,
        "taxable": variant.taxable,
        "barcode": variant.barcode,
        "sku": item.sku,
        "inventory_item_id": item.id,
        "inventory_quantity": world.available(item.id),
        "old_inventory_quantity": world.available(item.id),
        "image_id": variant.media_id,
        "created_at": iso(variant.created_at),
        "updated_at": iso(variant.updated_at),
    }
