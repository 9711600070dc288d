"""
Where a product stands in Shopify's taxonomy: known by key, as `ap-2-7`.

The taxonomy's names are not part of the stand-in, but for its roots; reading the name of a deeper category is
answered as not modelled. A key outside every root is refused (recorded 2025-01).
"""

import re

from shopify_standin.errors import ApiError, JsonObject, NotModelled
from shopify_standin.model.goods import Product
from shopify_standin.registry import Fields

ROOTS = {
    "aa": "Apparel & Accessories",
    "ae": "Arts & Entertainment",
    "ap": "Animals & Pet Supplies",
    "bi": "Business & Industrial",
    "bt": "Baby & Toddler",
    "bu": "Bundles",
    "co": "Cameras & Optics",
    "el": "Electronics",
    "fb": "Food, Beverages & Tobacco",
    "fr": "Furniture",
    "gc": "Gift Cards",
    "ha": "Hardware",
    "hb": "Health & Beauty",
    "hg": "Home & Garden",
    "lb": "Luggage & Bags",
    "ma": "Mature",
    "me": "Media",
    "na": "Uncategorized",
    "os": "Office Supplies",
    "pa": "Product Add-Ons",
    "rc": "Religious & Ceremonial",
    "se": "Services",
    "sg": "Sporting Goods",
    "so": "Software",
    "tg": "Toys & Games",
    "vp": "Vehicles & Parts",
}
_ID = re.compile(r"^gid://shopify/TaxonomyCategory/(?P<key>(?P<root>[a-z]{2})(-\d+)*)$")


class Category:
    """A place in the taxonomy."""

    TYPE = "TaxonomyCategory"

    def __init__(self, key: str) -> None:
        self.key = key
        self.root, *self.below = key.split("-")

    @property
    def gid(self) -> str:
        """Global id."""
        return f"gid://shopify/TaxonomyCategory/{self.key}"

    @property
    def level(self) -> int:
        """1 for a root."""
        return 1 + len(self.below)

    @property
    def ancestors(self) -> list[str]:
        """Global ids of what it lies in, the nearest first."""
        steps = [self.root, *self.below]
        return [Category("-".join(steps[:depth])).gid for depth in range(len(steps) - 1, 0, -1)]


CATEGORY = Fields("TaxonomyCategory")
CATEGORY.attributes("level", id="gid", ancestorIds="ancestors")
CATEGORY.constant(isArchived=False)

PRODUCT_CATEGORY = Fields("Product")


def category_key(value: str) -> str:
    """The key in a category's global id; raises ApiError for one that the taxonomy cannot have."""
    match = _ID.match(value)
    if match is None or match["root"] not in ROOTS:
        raise ApiError("Invalid product_taxonomy_node_id", "INVALID_PRODUCT_TAXONOMY_NODE_ID")
    return match["key"]


@PRODUCT_CATEGORY.field("category")
def category(product: Product) -> Category | None:
    """Where the product stands."""
    return None if product.category_id is None else Category(product.category_id)


@PRODUCT_CATEGORY.field("productCategory")
def product_category(product: Product) -> JsonObject | None:
    """The same under its old name."""
    found = category(product)
    return None if found is None else {"productTaxonomyNode": found}


@CATEGORY.field("name")
def name(category: Category) -> str:
    """What it is called."""
    return _name_of_root(category, "name")


@CATEGORY.field("fullName")
def full_name(category: Category) -> str:
    """Its name after those of all that it lies in."""
    return _name_of_root(category, "fullName")


@CATEGORY.field("isRoot")
def is_root(category: Category) -> bool:
    """Whether it lies in none."""
    return not category.below


@CATEGORY.field("parentId")
def parent_id(category: Category) -> str | None:
    """What it lies in."""
    return next(iter(category.ancestors), None)


def _name_of_root(category: Category, field: str) -> str:
    if category.below:
        raise NotModelled("TaxonomyCategory", f"{field} below the roots of the taxonomy")
    return ROOTS[category.root]
