"""Taking an image on: its address is checked and kept, and a moment later it is ready (the time is assumed)."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from shopify_standin.errors import JsonObject, NotModelled, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.goods import Product, Variant
from shopify_standin.model.images import MediaImage
from shopify_standin.world import World

Given = dict[str, Any]
PROCESSING = timedelta(seconds=1)
MAX_ALT = 512


def media_errors(given: list[Given] | None, path: list[str], code: str = "INVALID") -> list[JsonObject]:
    """What is wrong with inputs of images; raises NotModelled for media of other kinds."""
    errors: list[JsonObject] = []
    for index, entry in enumerate(given or ()):
        kind = entry.get("mediaContentType") or entry.get("contentType") or "IMAGE"
        if kind != "IMAGE":
            raise NotModelled("MediaContentType", kind)
        if entry.get("duplicateResolutionMode", "APPEND_UUID") != "APPEND_UUID":
            raise NotModelled("FileCreateInputDuplicateResolutionMode", entry["duplicateResolutionMode"])
        at = [*path, str(index)]
        source = entry.get("originalSource")
        if not is_address(source) if source is not None else not entry.get("id"):
            errors.append(user_error([*at, "originalSource"], "Image URL is invalid", code))
        if len(entry.get("alt") or "") > MAX_ALT:
            errors.append(user_error([*at, "alt"], "The alt value exceeds the maximum limit of 512 characters.", code))
    return errors


def check_media(given: list[Given] | None, path: list[str]) -> None:
    """Raise Refused for inputs that can be no images."""
    errors = media_errors(given, path)
    if errors:
        raise Refused(*errors)


def is_address(source: str) -> bool:
    """Whether an image could be fetched from there."""
    parts = urlsplit(source)
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def take_on(world: World, given: Given) -> MediaImage:
    """Keep a new image, as a checked input describes it."""
    now = world.now()
    made = MediaImage(world.ids.next("MediaImage"), given.get("originalSource") or "", now, now, given.get("alt"))
    made.given_name = given.get("filename")
    world.images.add(made)
    world.agenda.add(now + PROCESSING, get_ready, made.id)
    return made


def get_ready(world: World, number: int) -> None:
    """Now it can be seen."""
    image = world.images.get(number)
    if image is not None:
        image.status = "READY"


def add_media(world: World, product: Product, given: list[Given] | None) -> list[MediaImage]:
    """Give a product checked images, behind those it has."""
    made = [take_on(world, entry) for entry in given or ()]
    product.media_ids += [image.id for image in made]
    return made


def set_files(world: World, product: Product, given: list[Given] | None) -> None:
    """Let a product have just the images of a `productSet`: known ones by id, others new; None changes nothing."""
    if given is None:
        return
    kept: list[int] = []
    for index, entry in enumerate(given):
        if entry.get("id"):
            image = known_image(world, entry["id"], ["input", "files", str(index), "id"], "FILE_DOES_NOT_EXIST")
            image.alt = entry.get("alt", image.alt)
        else:
            image = take_on(world, entry)
        kept.append(image.id)
    product.media_ids = kept
    forget_in_variants(world, product)


def known_image(world: World, value: str, path: list[str], code: str) -> MediaImage:
    """The image with this global id; raises Refused where there is none."""
    image = world.images.get(number_of(value, "MediaImage"))
    if image is None:
        raise Refused(user_error(path, f"Media id {value} does not exist", code))
    return image


def check_choice(world: World, product: Product, coming: list[Given] | None, entry: Given, path: list[str]) -> None:
    """Raise Refused where a variant's input names an image that its product has not, nor gets with it."""
    sources = {world.images[number].source for number in product.media_ids}
    sources |= {media["originalSource"] for media in coming or ()}
    value = entry.get("mediaId")
    known = {world.images[number].gid for number in product.media_ids}
    if (value and value not in known) or (entry.get("mediaSrc") and entry["mediaSrc"][0] not in sources):
        message = "The media does not exist on the product"
        raise Refused(user_error(path, message, "MEDIA_DOES_NOT_EXIST_ON_PRODUCT"))


def show_variant(world: World, product: Product, variant: Variant, entry: Given) -> None:
    """Choose the image that `mediaId` or `mediaSrc` of a checked input names."""
    if entry.get("mediaId"):
        variant.media_id = number_of(entry["mediaId"], "MediaImage")
    elif entry.get("mediaSrc"):
        sources = {world.images[number].source: number for number in product.media_ids}
        variant.media_id = sources[entry["mediaSrc"][0]]


def forget_in_variants(world: World, product: Product) -> None:
    """Variants show images of their product alone."""
    for number in product.variant_ids:
        variant = world.variants[number]
        if variant.media_id not in product.media_ids:
            variant.media_id = None
