"""Images of products and variants: adding, changing, removing, ordering (words of refusals assumed)."""

from typing import Any

from shopify_standin.domain.media.making import add_media, check_media, forget_in_variants, known_image
from shopify_standin.domain.products.writing import tell_product
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.goods import Product, Variant
from shopify_standin.model.images import MediaImage
from shopify_standin.model.notices import Job
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World


@mutation("productCreateMedia")
def product_create_media(world: World, args: Args) -> JsonObject:
    """Add images behind those there are."""
    product = _product(world, args["productId"], "productId")
    check_media(args["media"], ["media"])
    made = add_media(world, product, args["media"])
    return _changed(world, product) | {"media": made}


@mutation("productUpdateMedia")
def product_update_media(world: World, args: Args) -> JsonObject:
    """Change what images say; only ready ones can be changed."""
    product = _product(world, args["productId"], "productId")
    wanted = [
        (_own(world, product, entry["id"], ["media", str(index), "id"]), entry)
        for index, entry in enumerate(args["media"])
    ]
    if not all(image.is_ready for image, _ in wanted):
        raise Refused(user_error(["media"], "Non-ready media cannot be updated.", "NON_READY_MEDIA"))
    for image, entry in wanted:
        image.alt = entry.get("alt", image.alt)
        image.source = entry.get("previewImageSource") or image.source
        image.updated_at = world.now()
    return _changed(world, product) | {"media": [image for image, _ in wanted]}


@mutation("productDeleteMedia")
def product_delete_media(world: World, args: Args) -> JsonObject:
    """Take images off a product, and delete them."""
    product = _product(world, args["productId"], "productId")
    gone = [_own(world, product, value, ["mediaIds"]) for value in args["mediaIds"]]
    for image in gone:
        product.media_ids.remove(image.id)
        world.images.remove(image.id)
    forget_in_variants(world, product)
    return _changed(world, product) | {
        "deletedMediaIds": [image.gid for image in gone],
        "deletedProductImageIds": [f"gid://shopify/ProductImage/{image.id}" for image in gone],
    }


@mutation("productReorderMedia")
def product_reorder_media(world: World, args: Args) -> JsonObject:
    """Move images to other places, one after the other, in a job that is done at once."""
    product = _product(world, args["id"], "id")
    moves = [(_own(world, product, move["id"], ["moves"]), int(move["newPosition"])) for move in args["moves"]]
    for image, place in moves:
        product.media_ids.remove(image.id)
        product.media_ids.insert(place, image.id)
    job = Job(world.uuid("Job"), done=True)
    world.jobs[job.id] = job
    return _changed(world, product) | {"job": job}


@mutation("productVariantAppendMedia")
def product_variant_append_media(world: World, args: Args) -> JsonObject:
    """Choose an image of the product for a variant that has none."""
    product = _product(world, args["productId"], "productId")
    changed: list[tuple[Variant, MediaImage]] = []
    for index, (variant, image) in enumerate(_pairs(world, product, args)):
        if variant.media_id is not None:
            path = ["variantMedia", str(index), "variantId"]
            message = "Product variant already has attached media."
            raise Refused(user_error(path, message, "PRODUCT_VARIANT_ALREADY_HAS_MEDIA"))
        if not image.is_ready:
            message = "Non-ready media cannot be attached to variants."
            raise Refused(user_error(["variantMedia", str(index), "mediaIds"], message, "NON_READY_MEDIA"))
        changed.append((variant, image))
    for variant, image in changed:
        variant.media_id = image.id
    return _changed(world, product) | {"productVariants": [variant for variant, _ in changed]}


@mutation("productVariantDetachMedia")
def product_variant_detach_media(world: World, args: Args) -> JsonObject:
    """Choose no image for a variant any more."""
    product = _product(world, args["productId"], "productId")
    pairs = _pairs(world, product, args)
    for index, (variant, image) in enumerate(pairs):
        if variant.media_id != image.id:
            path = ["variantMedia", str(index), "mediaIds"]
            message = "The specified media is not attached to the specified variant."
            raise Refused(user_error(path, message, "MEDIA_IS_NOT_ATTACHED_TO_VARIANT"))
    for variant, _ in pairs:
        variant.media_id = None
    return _changed(world, product) | {"productVariants": [variant for variant, _ in pairs]}


def _pairs(world: World, product: Product, args: dict[str, Any]) -> list[tuple[Variant, MediaImage]]:
    pairs: list[tuple[Variant, MediaImage]] = []
    for index, entry in enumerate(args["variantMedia"]):
        path = ["variantMedia", str(index)]
        variant = world.variants.get(number_of(entry["variantId"], "ProductVariant"))
        if variant is None or variant.product_id != product.id:
            message = "Variant does not exist on the specified product."
            raise Refused(user_error([*path, "variantId"], message, "PRODUCT_VARIANT_DOES_NOT_EXIST_ON_PRODUCT"))
        if len(entry["mediaIds"]) != 1:
            message = "Only one mediaId is allowed per variantMedia input pair."
            raise Refused(user_error([*path, "mediaIds"], message, "TOO_MANY_MEDIA_PER_INPUT_PAIR"))
        pairs.append((variant, _own(world, product, entry["mediaIds"][0], [*path, "mediaIds"])))
    return pairs


def _own(world: World, product: Product, value: str, path: list[str]) -> MediaImage:
    image = known_image(world, value, path, "MEDIA_DOES_NOT_EXIST")
    if image.id not in product.media_ids:
        message = f"Media id {value} does not exist on product"
        raise Refused(user_error(path, message, "MEDIA_DOES_NOT_EXIST_ON_PRODUCT"))
    return image


def _product(world: World, value: str, name: str) -> Product:
    product = world.products.get(number_of(value, "Product"))
    if product is None:
        raise Refused(user_error([name], "Product does not exist", "PRODUCT_DOES_NOT_EXIST"))
    return product


def _changed(world: World, product: Product) -> JsonObject:
    product.updated_at = world.now()
    world.products.reindex(product)
    tell_product(world, product, "PRODUCTS_UPDATE")
    return {"product": product, "mediaUserErrors": [], "userErrors": []}
