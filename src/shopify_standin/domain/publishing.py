"""Where products and collections are on sale: publications, and what is published on them."""

from datetime import UTC, datetime
from typing import Any

from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.connections import connection, count
from shopify_standin.errors import JsonObject, NotModelled, Refused, user_error
from shopify_standin.ids import number_of, parse_gid
from shopify_standin.model.goods import Product
from shopify_standin.model.products import Collection, Publication
from shopify_standin.registry import NODES, Args, Fields, mutation, node, query
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads.products import product_payload
from shopify_standin.world import World

node("Publication", lambda world, number: world.publications.get(number))

PUBLICATION = Fields("Publication")
PUBLICATION.attributes("name", id="gid")
PUBLICATION.constant(autoPublish=False, supportsFuturePublishing=True, catalog=None, operation=None)

PRODUCT, COLLECTION = Fields("Product"), Fields("Collection")

Published = Product | Collection


@query("publication")
def publication(world: World, args: Args) -> Publication | None:
    """One publication."""
    return world.publications.get(number_of(args["id"], "Publication"))


@query("publications")
def publications(world: World, args: Args) -> JsonObject:
    """All publications; a new shop has its online store."""
    return connection(list(world.publications), args)


@query("publicationsCount")
def publications_count(world: World, args: Args) -> JsonObject:
    """How many there are."""
    return count(list(world.publications), args.get("limit"))


@mutation("publishablePublish")
def publishable_publish(world: World, args: Args) -> JsonObject:
    """Put a product or collection on sale, at once or from a date on."""
    return _change(world, args, published=True)


@mutation("publishableUnpublish")
def publishable_unpublish(world: World, args: Args) -> JsonObject:
    """Take a product or collection off."""
    return _change(world, args, published=False)


def _change(world: World, args: Args, *, published: bool) -> JsonObject:
    thing = _publishable(world, args["id"])
    wanted: list[tuple[int, datetime]] = []
    for index, given in enumerate(args["input"]):
        if given.get("publicationId") is None:
            raise NotModelled("PublicationInput", "channelId")
        number = number_of(given["publicationId"], "Publication")
        if number not in world.publications.rows:
            message = "Publication does not exist or is not publishable"
            raise Refused(user_error(["input", str(index), "publicationId"], message))
        wanted.append((number, _moment(given.get("publishDate")) or world.now()))
    for number, at in wanted:
        if published:
            thing.published_on[number] = at
        else:
            thing.published_on.pop(number, None)
    if isinstance(thing, Product):
        _product_changed(world, thing)
    return {"publishable": thing, "shop": world.shop, "userErrors": []}


def _product_changed(world: World, product: Product) -> None:
    product.published_at = min(product.published_on.values(), default=None)
    product.updated_at = world.now()
    world.products.reindex(product)
    emit(world, "PRODUCTS_UPDATE", lambda: product_payload(world, product))


def _publishable(world: World, value: str) -> Published:
    type_name, number = parse_gid(value)
    found = NODES[type_name](world, number) if type_name in {"Product", "Collection"} else None
    if not isinstance(found, Published):
        raise Refused(user_error(["id"], f"{type_name} does not exist"))
    return found


def _moment(value: Any) -> datetime | None:
    if value is None:
        return None
    at = datetime.fromisoformat(value)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _rows(thing: Published, call: Call, args: Args) -> list[JsonObject]:
    """Where a thing is published, as `ResourcePublicationV2`; those to come only where they are asked for."""
    world = call.world
    now = world.now()
    return [
        {
            "id": number,
            "isPublished": at <= now,
            "publishDate": iso(at),
            "publication": world.publications[number],
            "publishable": thing,
        }
        for number, at in thing.published_on.items()
        if at <= now or args.get("onlyPublished") is False
    ]


@PRODUCT.field("resourcePublications", "resourcePublicationsV2")
@COLLECTION.field("resourcePublications", "resourcePublicationsV2")
def resource_publications(thing: Published, args: Args, call: Call) -> JsonObject:
    """Where it is on sale."""
    return connection(_rows(thing, call, args), args)


@PRODUCT.field("resourcePublicationsCount")
@COLLECTION.field("resourcePublicationsCount")
def resource_publications_count(thing: Published, args: Args, call: Call) -> JsonObject:
    """In how many places it is on sale."""
    return count(_rows(thing, call, args))


@PRODUCT.field("publicationCount")
@COLLECTION.field("publicationCount")
def publication_count(thing: Published, args: Args, call: Call) -> int:
    """The same as a plain number."""
    return len(_rows(thing, call, args))


@PRODUCT.field("availablePublicationsCount")
@COLLECTION.field("availablePublicationsCount")
def available_publications_count(_thing: Published, call: Call) -> JsonObject:
    """In how many places it could be."""
    return count(list(call.world.publications))


@PRODUCT.field("publishedOnPublication")
@COLLECTION.field("publishedOnPublication")
def published_on_publication(thing: Published, args: Args, call: Call) -> bool:
    """Whether it is on sale in one place."""
    return any(row["publication"].gid == args["publicationId"] for row in _rows(thing, call, {}))


@PRODUCT.field("publishedOnCurrentPublication", "publishedOnCurrentChannel")
@COLLECTION.field("publishedOnCurrentPublication", "publishedOnCurrentChannel")
def published_on_current_publication(_thing: Published) -> bool:
    """Whether it is on sale where the asking app sells; the stand-in's apps are no sales channels."""
    return False


@PRODUCT.field("unpublishedPublications")
@COLLECTION.field("unpublishedPublications")
def unpublished_publications(thing: Published, args: Args, call: Call) -> JsonObject:
    """Where it is not on sale."""
    on_sale = {row["id"] for row in _rows(thing, call, {})}
    return connection([row for row in call.world.publications if row.id not in on_sale], args)


@PUBLICATION.field("products", "includedProducts")
def products_of(publication: Publication, args: Args, call: Call) -> JsonObject:
    """What is on sale there."""
    now = call.world.now()
    later = datetime.max.replace(tzinfo=UTC)
    rows = [row for row in call.world.products if row.published_on.get(publication.id, later) <= now]
    return connection(rows, args)


@PUBLICATION.field("hasCollection")
def has_collection(publication: Publication, args: Args, call: Call) -> bool:
    """Whether a collection is on sale there."""
    found = call.world.collections.get(number_of(args["id"], "Collection"))
    return found is not None and publication.id in found.published_on


@PUBLICATION.field("collections")
def collections_of_publication(publication: Publication, args: Args, call: Call) -> JsonObject:
    """The collections that are on sale there, with something in them or not."""
    return connection([row for row in call.world.collections if publication.id in row.published_on], args)


@query("publishedProductsCount")
def published_products_count(world: World, args: Args) -> JsonObject:
    """How many products are on sale in one place."""
    number = number_of(args["publicationId"], "Publication")
    return count([row for row in world.products if number in row.published_on], args.get("limit"))
