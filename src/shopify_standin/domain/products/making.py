"""Making a product and taking over what an input says of it."""

import re
from typing import Any

from shopify_standin.domain.products.options import default_options
from shopify_standin.errors import Refused, user_error
from shopify_standin.model.goods import Product
from shopify_standin.world import World

Given = dict[str, Any]


def check_title(given: Given, path: list[str]) -> None:
    """Raise Refused for a blank title."""
    if not (given.get("title") or "").strip():
        raise Refused(user_error(path, "Title can't be blank", "INVALID_INPUT"))


def make_product(world: World, given: Given) -> Product:
    """A product without variants, as an input describes it."""
    now = world.now()
    title = given["title"].strip()
    handle = _free_handle(world, given.get("handle") or title)
    product = Product(world.ids.next("Product"), title, handle, now, now, vendor=world.shop.name)
    world.products.add(product)
    describe_product(world, product, {k: v for k, v in given.items() if k != "handle"})
    if not given.get("productOptions"):
        product.options = default_options(world)
    return product


def describe_product(world: World, product: Product, given: Given) -> None:
    """Take over what an input says about a product."""
    product.title = (given.get("title") or product.title).strip()
    product.status = given.get("status") or product.status
    product.vendor = given.get("vendor") or product.vendor
    product.product_type = given.get("productType") or product.product_type
    product.description_html = given.get("descriptionHtml") or product.description_html
    product.template_suffix = given.get("templateSuffix", product.template_suffix)
    product.is_gift_card = bool(given.get("giftCard", product.is_gift_card))
    if given.get("tags") is not None:
        product.tags = sorted_tags(given["tags"])
    if given.get("handle"):
        product.handle = given["handle"]
    product.updated_at = world.now()
    world.products.reindex(product)


def sorted_tags(tags: list[str]) -> list[str]:
    """Tags as Shopify keeps them: trimmed, each once whatever its case, in order of the alphabet."""
    unique: dict[str, str] = {}
    for entry in tags:
        for part in entry.split(","):
            tag = part.strip()
            if tag:
                unique.setdefault(tag.casefold(), tag)
    return [unique[key] for key in sorted(unique)]


def _free_handle(world: World, wanted: str) -> str:
    base = re.sub(r"[^a-z0-9]+", "-", wanted.casefold()).strip("-") or "product"
    handle, number = base, 0
    while world.products.where("handle", handle):
        number += 1
        handle = f"{base}-{number}"
    return handle
