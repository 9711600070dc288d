"""Reading collections."""

import re
from typing import Any

from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.connections import connection, count
from shopify_standin.domain.collections.membership import holds, members
from shopify_standin.errors import JsonObject
from shopify_standin.ids import number_of
from shopify_standin.model.products import Collection
from shopify_standin.registry import Args, Fields, node, query
from shopify_standin.search import filters
from shopify_standin.search.search import Search
from shopify_standin.world import World

node("Collection", lambda world, number: world.collections.get(number))

COLLECTION = Fields("Collection")
COLLECTION.attributes(
    "title", "handle", "descriptionHtml", "sortOrder", "templateSuffix", id="gid", legacyResourceId="id"
)
COLLECTION.constant(image=None, feedback=None)

_SEARCH = Search(
    {
        "id": filters.number(lambda x, _: x.id),
        "title": filters.words(lambda x, _: x.title),
        "handle": filters.text(lambda x, _: x.handle),
        "updated_at": filters.moment(lambda x, _: x.updated_at),
        "collection_type": filters.text(lambda x, _: "custom" if x.rules is None else "smart"),
        "product_id": filters.number(lambda x, world: [product.id for product in members(world, x)]),
    },
    filters.words(lambda x, _: x.title),
)
_SORT: dict[str, Any] = {
    "ID": None,
    "RELEVANCE": None,
    "TITLE": lambda x: x.title,
    "UPDATED_AT": lambda x: x.updated_at,
}
_PRODUCT_SORT: dict[str, Any] = {
    "TITLE": lambda x: x.title,
    "CREATED": lambda x: x.created_at,
    "ID": lambda x: x.id,
}
"""How products may be sorted; in every other order they come as the collection has them."""


@query("collection")
def collection(world: World, args: Args) -> Collection | None:
    """One collection."""
    return world.collections.get(number_of(args["id"], "Collection"))


@query("collectionByHandle")
def collection_by_handle(world: World, args: Args) -> Collection | None:
    """One collection."""
    return next(iter(world.collections.where("handle", args["handle"])), None)


@query("collectionByIdentifier")
def collection_by_identifier(world: World, args: Args) -> Collection | None:
    """One collection by id or handle."""
    identifier = args["identifier"]
    if identifier.get("id"):
        return world.collections.get(number_of(identifier["id"], "Collection"))
    return next(iter(world.collections.where("handle", identifier.get("handle"))), None)


@query("collections")
def collections(world: World, args: Args, call: Call) -> JsonObject:
    """Collections by id unless asked otherwise."""
    found = _SEARCH.select(world.collections, args.get("query"), call, ["collections"])
    return connection(found, args, _SORT[args["sortKey"]])


@query("collectionsCount")
def collections_count(world: World, args: Args, call: Call) -> JsonObject:
    """How many collections a query selects."""
    return count(_SEARCH.select(world.collections, args.get("query"), call, ["collectionsCount"]), args.get("limit"))


@COLLECTION.field("updatedAt")
def updated_at(collection: Collection) -> str | None:
    """When it last changed."""
    return iso(collection.updated_at)


@COLLECTION.field("description")
def description(collection: Collection, args: Args) -> str:
    """The description without its markup."""
    plain = re.sub(r"<[^>]*>", "", collection.description_html).strip()
    return plain[: args.get("truncateAt")]


@COLLECTION.field("seo")
def seo(collection: Collection) -> JsonObject:
    """What search engines are told."""
    return {"title": collection.seo_title, "description": collection.seo_description}


@COLLECTION.field("ruleSet")
def rule_set(collection: Collection) -> JsonObject | None:
    """The rules that pick its products; null where people pick them."""
    if collection.rules is None:
        return None
    rules = [
        {"column": r.column, "relation": r.relation, "condition": r.condition, "conditionObject": None}
        for r in collection.rules
    ]
    return {"appliedDisjunctively": collection.any_rule, "rules": rules}


@COLLECTION.field("products")
def products(collection: Collection, args: Args, call: Call) -> JsonObject:
    """What it holds."""
    rows = members(call.world, collection)
    return connection(rows, args, _PRODUCT_SORT.get(args["sortKey"], rows.index))


@COLLECTION.field("productsCount")
def products_count(collection: Collection, call: Call) -> JsonObject:
    """How many products it holds."""
    return count(members(call.world, collection))


@COLLECTION.field("hasProduct")
def has_product(collection: Collection, args: Args, call: Call) -> bool:
    """Whether it holds one product."""
    product = call.world.products.get(number_of(args["id"], "Product"))
    return product is not None and holds(call.world, collection, product)
