"""`productCreate`, `productUpdate`, `productDelete` and `productSet`: one product as a whole."""

from typing import Any

from shopify_standin.domain.media.making import add_media, check_media, set_files
from shopify_standin.domain.metafields.writing import by_custom_id, forget_owner
from shopify_standin.domain.products.making import (
    check_description,
    describe_product,
    make_product,
    set_metafields,
)
from shopify_standin.domain.products.operations import later
from shopify_standin.domain.products.options import SEPARATOR, options_from
from shopify_standin.domain.products.setting import check_variants, set_variants
from shopify_standin.domain.products.variants import drop_variant, new_variant
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.goods import Product
from shopify_standin.registry import Args, mutation
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads.products import product_payload
from shopify_standin.world import World

Given = dict[str, Any]


@mutation("productCreate")
def product_create(world: World, args: Args) -> JsonObject:
    """A product with its options and its first variant, which has the first value of each."""
    given = args.get("product") or args.get("input") or {}
    check_media(args.get("media"), ["media"])
    check_description(world, given, None, [])
    if any(SEPARATOR in (option.get("name") or "") for option in given.get("productOptions") or ()):
        raise Refused(user_error(["options"], f'Name cannot contain the character sequence "{SEPARATOR}"'))
    product = make_product(world, given)
    errors = set_metafields(world, product, given, [])
    if errors:
        forget_product(world, product)
        raise Refused(*errors)
    if given.get("productOptions"):
        product.options = options_from(world, product, given["productOptions"])
    new_variant(world, product, [(o.name, o.values[0]) for o in product.options if o.values], {})
    add_media(world, product, args.get("media"))
    tell_product(world, product, "PRODUCTS_CREATE")
    return {"product": product, "shop": world.shop, "userErrors": []}


@mutation("productUpdate")
def product_update(world: World, args: Args) -> JsonObject:
    """Change what a product says of itself."""
    given = args.get("product") or args.get("input") or {}
    product = _identified(world, (args.get("identifier") or {}) | ({"id": given["id"]} if given.get("id") else {}))
    if product is None:
        raise Refused(user_error(["id"], "Product does not exist"))
    if given.get("productOptions"):
        message = "Product options can only be given when a product is created"
        raise Refused(user_error(["productOptions"], message))
    check_media(args.get("media"), ["media"])
    check_description(world, given, product, [])
    errors = set_metafields(world, product, given, [])
    if errors:
        raise Refused(*errors)
    describe_product(world, product, given)
    add_media(world, product, args.get("media"))
    tell_product(world, product, "PRODUCTS_UPDATE")
    return {"product": product, "userErrors": []}


@mutation("productDelete")
def product_delete(world: World, args: Args) -> JsonObject:
    """Delete a product with its variants."""
    if args.get("synchronous") is False:
        return later(world, "ProductDeleteOperation", args) | {"deletedProductId": None, "shop": world.shop}
    product = world.products.get(number_of(args["input"]["id"], "Product"))
    if product is None:
        raise Refused(user_error(["id"], "Product does not exist"))
    forget_product(world, product)
    emit(world, "PRODUCTS_DELETE", lambda: {"id": product.id})
    return {
        "deletedProductId": product.gid,
        "shop": world.shop,
        "productDeleteOperation": None,
        "userErrors": [],
    }


@mutation("productChangeStatus")
def product_change_status(world: World, args: Args) -> JsonObject:
    """Put a product on sale, or take it off."""
    product = world.products.get(number_of(args["productId"], "Product"))
    if product is None:
        raise Refused(user_error(["productId"], "Product does not exist", "PRODUCT_NOT_FOUND"))
    describe_product(world, product, {"status": args["status"]})
    tell_product(world, product, "PRODUCTS_UPDATE")
    return {"product": product, "userErrors": []}


@mutation("productSet")
def product_set(world: World, args: Args) -> JsonObject:
    """Bring a product to the state described: variants given are made or changed, absent ones are deleted."""
    if args.get("synchronous") is False:
        return later(world, "ProductSetOperation", args)
    given = args["input"]
    product = _find_for_set(world, args)
    errors = check_variants(world, given, product) + _option_errors(given)
    if errors:
        raise Refused(*errors)
    check_media(given.get("files"), ["input", "files"])
    check_description(world, given, product, ["input"])
    topic = "PRODUCTS_UPDATE"
    if product is None:
        product, topic = make_product(world, given), "PRODUCTS_CREATE"
    else:
        describe_product(world, product, given)
    errors = set_metafields(world, product, given, ["input"])
    if errors:
        if topic == "PRODUCTS_CREATE":
            forget_product(world, product)
        raise Refused(*({**error, "code": "INVALID_METAFIELD"} for error in errors))
    set_files(world, product, given.get("files"))
    if "productOptions" in given:
        product.options = options_from(world, product, given.get("productOptions"))
    if "variants" in given or not product.variant_ids:
        set_variants(world, product, given.get("variants") or [])
    tell_product(world, product, topic)
    return {"product": product, "productSetOperation": None, "userErrors": []}


def _find_for_set(world: World, args: Args) -> Product | None:
    identifier = args.get("identifier") or {}
    if args["input"].get("id"):
        identifier = {"id": args["input"]["id"]}
    product = _identified(world, identifier)
    if product is None and identifier.get("id"):
        raise Refused(user_error(["input", "id"], "Product does not exist", "PRODUCT_DOES_NOT_EXIST"))
    return product


def _identified(world: World, identifier: Given) -> Product | None:
    """The product that an identifier names by id, handle or custom id."""
    if identifier.get("id"):
        return world.products.get(number_of(identifier["id"], "Product"))
    if identifier.get("customId"):
        owner = by_custom_id(world, "PRODUCT", identifier["customId"])
        return None if owner is None else world.products.get(number_of(owner, "Product"))
    return next(iter(world.products.where("handle", identifier.get("handle"))), None)


def _option_errors(given: Given) -> list[JsonObject]:
    message = f"The name contains unsupported sequence '{SEPARATOR}'"
    return [
        user_error(["input", "productOptions", str(index), "name"], message, "INVALID_INPUT")
        for index, option in enumerate(given.get("productOptions") or ())
        if SEPARATOR in (option.get("name") or "")
    ]


def forget_product(world: World, product: Product) -> None:
    """Let a product go, with all that belongs to it."""
    for number in list(product.variant_ids):
        drop_variant(world, product, world.variants[number])
    for collection in world.collections:
        if product.id in collection.product_ids:
            collection.product_ids.remove(product.id)
    forget_owner(world, product.gid)
    world.products.remove(product.id)


def tell_product(world: World, product: Product, topic: str) -> None:
    """Tell subscribers about a product."""
    emit(world, topic, lambda: product_payload(world, product))


def known_product(world: World, args: Args) -> Product:
    """The product of a mutation with `productId`; raises Refused where there is none."""
    product = world.products.get(number_of(args["productId"], "Product"))
    if product is None:
        raise Refused(user_error(["productId"], "Product does not exist", "PRODUCT_DOES_NOT_EXIST"))
    return product
