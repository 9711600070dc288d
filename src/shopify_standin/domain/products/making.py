"""Making a product and taking over what an input says of it."""

import re
from typing import Any

from shopify_standin.domain.collections.membership import join, leave, set_memberships
from shopify_standin.domain.metafields.writing import set_inline
from shopify_standin.domain.products.categories import category_key
from shopify_standin.domain.products.options import default_options
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.model.goods import Product
from shopify_standin.world import World

Given = dict[str, Any]

MAX_TITLE = 255


def check_description(world: World, given: Given, product: Product | None, at: list[str]) -> None:
    """Raise Refused or ApiError for what no product can be; `at` leads to the input."""
    if product is None or "title" in given:
        title = (given.get("title") or "").strip()
        if not title:
            raise Refused(user_error([*at, "title"], "Title can't be blank", "INVALID_INPUT"))
        if len(title) > MAX_TITLE:
            message = f"Title is too long (maximum is {MAX_TITLE} characters)"
            raise Refused(user_error([*at, "title"], message, "INVALID_INPUT"))
    if given.get("category"):
        category_key(given["category"])
    handle = given.get("handle")
    if handle and any(known is not product for known in world.products.where("handle", handle)):
        message = f"Handle '{handle}' already in use. Please provide a new handle."
        raise Refused(user_error([*at, "handle"], message, "HANDLE_NOT_UNIQUE"))


def make_product(world: World, given: Given) -> Product:
    """A product without variants, as an input that was checked describes it."""
    now = world.now()
    title = given["title"].strip()
    handle = given.get("handle") or _free_handle(world, title)
    product = Product(world.ids.next("Product"), title, handle, now, now, vendor=world.shop.name)
    product.options = default_options(world, product.id)
    world.products.add(product)
    describe_product(world, product, given)
    return product


def describe_product(world: World, product: Product, given: Given) -> None:
    """Take over what an input says about a product; what it leaves out stays."""
    product.title = (given.get("title") or product.title).strip()
    product.status = given.get("status") or product.status
    product.vendor = given.get("vendor") or product.vendor
    for name, attribute in (("productType", "product_type"), ("descriptionHtml", "description_html")):
        if given.get(name) is not None:
            setattr(product, attribute, given[name])
    product.template_suffix = given.get("templateSuffix", product.template_suffix)
    product.is_gift_card = bool(given.get("giftCard", product.is_gift_card))
    product.gift_card_template_suffix = given.get("giftCardTemplateSuffix", product.gift_card_template_suffix)
    product.requires_selling_plan = bool(given.get("requiresSellingPlan", product.requires_selling_plan))
    product.combined_listing_role = given.get("combinedListingRole", product.combined_listing_role)
    if "category" in given:
        product.category_id = category_key(given["category"]) if given["category"] else None
    seo = given.get("seo") or {}
    product.seo_title = seo.get("title", product.seo_title)
    product.seo_description = seo.get("description", product.seo_description)
    if given.get("tags") is not None:
        product.tags = sorted_tags(given["tags"])
    if given.get("handle"):
        product.handle = given["handle"]
    join(world, product, given.get("collectionsToJoin") or ())
    leave(world, product, given.get("collectionsToLeave") or ())
    if given.get("collections") is not None:
        set_memberships(world, product, given["collections"])
    product.updated_at = world.now()
    world.products.reindex(product)


def set_metafields(world: World, product: Product, given: Given, at: list[str]) -> list[JsonObject]:
    """Set the metafields of an input; answers user errors, and sets none if there are any."""
    return set_inline(world, product, given.get("metafields"), [*at, "metafields"])


def sorted_tags(tags: list[str]) -> list[str]:
    """Tags as Shopify keeps them: trimmed, each once whatever its case, in order of the alphabet."""
    unique: dict[str, str] = {}
    for entry in tags:
        for part in entry.split(","):
            tag = part.strip()
            if tag:
                unique.setdefault(tag.casefold(), tag)
    return [unique[key] for key in sorted(unique)]


def handle_of(title: str) -> str:
    """A title as part of an address."""
    return re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-") or "product"


def _free_handle(world: World, title: str) -> str:
    base = handle_of(title)
    handle, number = base, 0
    while world.products.where("handle", handle):
        number += 1
        handle = f"{base}-{number}"
    return handle
