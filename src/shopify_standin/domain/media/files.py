"""`fileCreate`, `fileUpdate` and `fileDelete`: images as files, with the products that show them (texts assumed)."""

from typing import Any

from shopify_standin.domain.media.making import forget_in_variants, is_address, known_image, media_errors, take_on
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.goods import Product
from shopify_standin.model.images import MediaImage
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World

Given = dict[str, Any]


@mutation("fileCreate")
def file_create(world: World, args: Args) -> JsonObject:
    """Take images on that no product shows yet."""
    errors = media_errors(args["files"], ["files"], "INVALID_IMAGE_SOURCE_URL")
    if errors:
        raise Refused(*errors)
    return {
        "files": [take_on(world, entry) for entry in args["files"]],
        "userErrors": [],
    }


@mutation("fileUpdate")
def file_update(world: World, args: Args) -> JsonObject:
    """Change ready images, and which products show them; all or nothing."""
    wanted = [
        (known_image(world, entry["id"], ["files", str(index), "id"], "FILE_DOES_NOT_EXIST"), entry)
        for index, entry in enumerate(args["files"])
    ]
    if not all(image.is_ready for image, _ in wanted):
        raise Refused(user_error(["files"], "Non-ready files cannot be updated.", "NON_READY_STATE"))
    placed = [_checked(world, entry, ["files", str(index)]) for index, (_, entry) in enumerate(wanted)]
    for (image, entry), (added, removed) in zip(wanted, placed, strict=True):
        _change(world, image, entry, added, removed)
    return {"files": [image for image, _ in wanted], "userErrors": []}


@mutation("fileDelete")
def file_delete(world: World, args: Args) -> JsonObject:
    """Delete images, also from the products that show them."""
    gone = [known_image(world, value, ["fileIds"], "FILE_DOES_NOT_EXIST") for value in args["fileIds"]]
    for image in gone:
        for product in world.products:
            _take_off(world, product, image)
        world.images.remove(image.id)
    return {"deletedFileIds": [image.gid for image in gone], "userErrors": []}


def _checked(world: World, entry: Given, path: list[str]) -> tuple[list[Product], list[Product]]:
    source = entry.get("originalSource") or entry.get("previewImageSource")
    if source is not None and not is_address(source):
        message = "Image URL is invalid"
        raise Refused(user_error([*path, "originalSource"], message, "INVALID_IMAGE_SOURCE_URL"))
    return (
        _products(world, entry.get("referencesToAdd"), [*path, "referencesToAdd"]),
        _products(world, entry.get("referencesToRemove"), [*path, "referencesToRemove"]),
    )


def _products(world: World, values: list[str] | None, path: list[str]) -> list[Product]:
    found = [world.products.get(number_of(value, "Product")) for value in values or ()]
    known = [product for product in found if product is not None]
    if len(known) < len(found):
        message = "The reference target does not exist."
        raise Refused(user_error(path, message, "REFERENCE_TARGET_DOES_NOT_EXIST"))
    return known


def _change(world: World, image: MediaImage, entry: Given, added: list[Product], removed: list[Product]) -> None:
    image.alt = entry.get("alt", image.alt)
    image.given_name = entry.get("filename", image.given_name)
    image.source = entry.get("originalSource") or entry.get("previewImageSource") or image.source
    image.updated_at = world.now()
    for product in added:
        if image.id not in product.media_ids:
            product.media_ids.append(image.id)
    for product in removed:
        _take_off(world, product, image)


def _take_off(world: World, product: Product, image: MediaImage) -> None:
    if image.id in product.media_ids:
        product.media_ids.remove(image.id)
        forget_in_variants(world, product)
