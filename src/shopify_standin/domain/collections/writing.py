"""Making, changing and deleting collections."""

from typing import Any

from shopify_standin.clock import iso
from shopify_standin.domain.collections.membership import COLUMNS
from shopify_standin.domain.metafields.writing import forget_owner, set_inline
from shopify_standin.errors import JsonObject, NotModelled, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.products import Collection, Rule
from shopify_standin.registry import Args, mutation
from shopify_standin.webhooks.events import emit
from shopify_standin.world import World

Given = dict[str, Any]


@mutation("collectionCreate")
def collection_create(world: World, args: Args) -> JsonObject:
    """A collection, of products picked by hand or of rules."""
    given = args.get("collection") or args.get("input") or {}
    _check(given)
    title = (given.get("title") or "").strip()
    if not title:
        raise Refused(user_error(["title"], "Title can't be blank"))
    handle = _free_handle(world, given.get("handle") or title)
    made = Collection(world.ids.next("Collection"), title, handle, world.now())
    world.collections.add(made)
    _describe(world, made, {**given, "handle": None})
    emit(world, "COLLECTIONS_CREATE", lambda: _payload(made))
    return {"collection": made, "userErrors": []}


@mutation("collectionUpdate")
def collection_update(world: World, args: Args) -> JsonObject:
    """Change what a collection says of itself, and its rules."""
    given = args.get("collection") or args.get("input") or {}
    _check(given)
    known = _known(world, given.get("id"), ["id"])
    _describe(world, known, given)
    emit(world, "COLLECTIONS_UPDATE", lambda: _payload(known))
    return {"collection": known, "job": None, "userErrors": []}


@mutation("collectionDelete")
def collection_delete(world: World, args: Args) -> JsonObject:
    """Delete a collection; its products stay."""
    known = _known(world, args["input"]["id"], ["id"])
    forget_owner(world, known.gid)
    world.collections.remove(known.id)
    emit(
        world,
        "COLLECTIONS_DELETE",
        lambda: {"id": known.id, "published_scope": "web", "admin_graphql_api_id": known.gid},
    )
    return {"deletedCollectionId": known.gid, "shop": world.shop, "userErrors": []}


@mutation("collectionAddProducts", "collectionAddProductsV2")
def collection_add_products(world: World, args: Args) -> JsonObject:
    """Put products into a collection that is picked by hand."""
    known = _picked(world, args)
    for value in args["productIds"]:
        number = number_of(value, "Product")
        if number in world.products.rows and number not in known.product_ids:
            known.product_ids.append(number)
    return {"collection": known, "job": None, "userErrors": []}


@mutation("collectionRemoveProducts")
def collection_remove_products(world: World, args: Args) -> JsonObject:
    """Take products out of a collection that is picked by hand."""
    known = _picked(world, args)
    gone = {number_of(value, "Product") for value in args["productIds"]}
    known.product_ids = [number for number in known.product_ids if number not in gone]
    return {"job": None, "userErrors": []}


def _known(world: World, value: str | None, path: list[str]) -> Collection:
    known = None if value is None else world.collections.get(number_of(value, "Collection"))
    if known is None:
        raise Refused(user_error(path, "Collection does not exist"))
    return known


def _picked(world: World, args: Args) -> Collection:
    known = _known(world, args["id"], ["id"])
    if known.rules is not None:
        raise Refused(user_error(["id"], "Can't manually add products to a smart collection"))
    return known


def _check(given: Given) -> None:
    for rule in (given.get("ruleSet") or {}).get("rules") or ():
        if rule["column"] not in COLUMNS:
            raise NotModelled("CollectionRule", f"column {rule['column']}")


def _describe(world: World, collection: Collection, given: Given) -> None:
    collection.title = (given.get("title") or collection.title).strip()
    collection.handle = given.get("handle") or collection.handle
    collection.description_html = given.get("descriptionHtml") or collection.description_html
    collection.sort_order = given.get("sortOrder") or collection.sort_order
    collection.template_suffix = given.get("templateSuffix", collection.template_suffix)
    seo = given.get("seo") or {}
    collection.seo_title = seo.get("title", collection.seo_title)
    collection.seo_description = seo.get("description", collection.seo_description)
    if given.get("ruleSet"):
        collection.any_rule = given["ruleSet"]["appliedDisjunctively"]
        collection.rules = [
            Rule(rule["column"], rule["relation"], rule["condition"]) for rule in given["ruleSet"].get("rules") or ()
        ]
    if given.get("products") is not None:
        numbers = [number_of(value, "Product") for value in given["products"]]
        collection.product_ids = [number for number in numbers if number in world.products.rows]
    errors = set_inline(world, collection, given.get("metafields"), ["metafields"])
    if errors:
        raise Refused(*errors)
    collection.updated_at = world.now()
    world.collections.reindex(collection)


def _free_handle(world: World, wanted: str) -> str:
    base = "-".join("".join(c if c.isalnum() else " " for c in wanted.casefold()).split()) or "collection"
    handle, number = base, 0
    while world.collections.where("handle", handle):
        number += 1
        handle = f"{base}-{number}"
    return handle


def _payload(collection: Collection) -> JsonObject:
    return {
        "id": collection.id,
        "admin_graphql_api_id": collection.gid,
        "handle": collection.handle,
        "title": collection.title,
        "updated_at": iso(collection.updated_at),
        "body_html": collection.description_html or None,
        "published_at": None,
        "sort_order": collection.sort_order.lower().replace("_", "-"),
        "template_suffix": collection.template_suffix,
        "published_scope": "web",
    }
