"""Reading images: through products and variants, and as files."""

from typing import Any

from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.connections import connection, count
from shopify_standin.errors import JsonObject
from shopify_standin.ids import gid
from shopify_standin.model.goods import Product, Variant
from shopify_standin.model.images import MediaImage
from shopify_standin.registry import Args, Fields, node, query
from shopify_standin.search import filters
from shopify_standin.search.search import Search
from shopify_standin.world import World

node("MediaImage", lambda world, number: world.images.get(number))

IMAGE = Fields("MediaImage")
IMAGE.attributes("alt", "status", id="gid", fileStatus="status")
IMAGE.constant(mediaContentType="IMAGE", mediaErrors=[], mediaWarnings=[], fileErrors=[], translations=[])
PICTURE = Fields("Image")
PRODUCT = Fields("Product")
VARIANT = Fields("ProductVariant")

_SEARCH = Search(
    {
        "id": filters.number(lambda x, _: x.id),
        "filename": filters.text(lambda x, _: x.filename),
        "media_type": filters.choice(lambda _, __: "IMAGE", image=["IMAGE"], video=[], model3d=[]),
        "status": filters.choice(
            lambda x, _: x.status, ready=["READY"], uploaded=["UPLOADED"], processing=[], failed=[]
        ),
        "created_at": filters.moment(lambda x, _: x.created_at),
        "updated_at": filters.moment(lambda x, _: x.updated_at),
    },
    filters.words(lambda x, _: [x.filename, x.alt]),
)
_SORT = {
    "ID": None,
    "RELEVANCE": None,
    "ORIGINAL_UPLOAD_SIZE": None,
    "FILENAME": lambda x: x.filename,
    "CREATED_AT": lambda x: x.created_at,
    "UPDATED_AT": lambda x: x.updated_at,
}


@query("files")
def files(world: World, args: Args, call: Call) -> JsonObject:
    """All files of the shop, which are images here."""
    return connection(_SEARCH.select(world.images, args.get("query"), call, ["files"]), args, _SORT[args["sortKey"]])


def picture(image: MediaImage, kind: str = "ImageSource") -> JsonObject | None:
    """An `Image`, once it is ready; nobody measured it."""
    if not image.is_ready:
        return None
    return {
        "id": gid(kind, image.id),
        "altText": image.alt,
        "url": image.source,
        "src": image.source,
        "originalSrc": image.source,
        "transformedSrc": image.source,
        "width": None,
        "height": None,
        "thumbhash": None,
        "translations": [],
    }


@IMAGE.field("image")
def image_of(image: MediaImage) -> JsonObject | None:
    """What is to be seen."""
    return picture(image)


@IMAGE.field("preview")
def preview(image: MediaImage) -> JsonObject:
    """The same, as a preview."""
    return {"image": picture(image), "status": image.status}


@IMAGE.field("originalSource")
def original_source(image: MediaImage) -> JsonObject:
    """Where it came from."""
    return {"url": image.source, "fileSize": None}


@IMAGE.field("mimeType")
def mime_type(image: MediaImage) -> str | None:
    """Of what kind it is by its name, once it is ready."""
    ending = image.filename.rsplit(".", 1)[-1].casefold()
    kinds = {"jpg": "jpeg", "jpeg": "jpeg", "png": "png", "gif": "gif", "webp": "webp"}
    return f"image/{kinds[ending]}" if image.is_ready and ending in kinds else None


@IMAGE.field("createdAt")
def created_at(image: MediaImage) -> str | None:
    """When it was added."""
    return iso(image.created_at)


@IMAGE.field("updatedAt")
def updated_at(image: MediaImage) -> str | None:
    """When it was changed last."""
    return iso(image.updated_at)


def images_of(product: Product, world: World) -> list[MediaImage]:
    """A product's images, in their order."""
    return [world.images[number] for number in product.media_ids]


@PRODUCT.field("media")
def media(product: Product, args: Args, call: Call) -> JsonObject:
    """All images, also those not ready."""
    found = images_of(product, call.world)
    return connection(found if args["sortKey"] == "POSITION" else sorted(found, key=lambda x: x.id), args)


@PRODUCT.field("images")
def images(product: Product, args: Args, call: Call) -> JsonObject:
    """The images that can be seen."""
    shown = (picture(image, "ProductImage") for image in images_of(product, call.world))
    return connection([image for image in shown if image is not None], args)


@PRODUCT.field("mediaCount")
def media_count(product: Product) -> JsonObject:
    """How many there are."""
    return count(product.media_ids)


@PRODUCT.field("featuredMedia")
def featured_media(product: Product, call: Call) -> MediaImage | None:
    """The first."""
    return next(iter(images_of(product, call.world)), None)


@PRODUCT.field("featuredImage")
def featured_image(product: Product, call: Call) -> Any:
    """The first, to be seen."""
    first = featured_media(product, call)
    return None if first is None else picture(first, "ProductImage")


def _variants_image(variant: Variant, world: World) -> MediaImage | None:
    return world.images.get(variant.media_id)


@VARIANT.field("media")
def variant_media(variant: Variant, args: Args, call: Call) -> JsonObject:
    """The one image chosen for it."""
    chosen = _variants_image(variant, call.world)
    return connection([] if chosen is None else [chosen], args)


@VARIANT.field("image")
def variant_image(variant: Variant, call: Call) -> Any:
    """The same, to be seen."""
    chosen = _variants_image(variant, call.world)
    return None if chosen is None else picture(chosen, "ProductImage")
