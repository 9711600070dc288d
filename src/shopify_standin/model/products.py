"""Around products: where they are sold, collections of them, and the background work that makes and deletes them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from shopify_standin.errors import JsonObject
from shopify_standin.ids import gid


@dataclass(frozen=True, slots=True)
class Publication:
    """A place where products are on sale, as the online store."""

    TYPE: ClassVar = "Publication"
    id: int
    name: str

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("Publication", self.id)


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition of a smart collection, as `TAG EQUALS summer`."""

    column: str
    relation: str
    condition: str


@dataclass(slots=True)
class Collection:
    """Products under one title: picked by hand, or by rules."""

    TYPE: ClassVar = "Collection"
    id: int
    title: str
    handle: str
    updated_at: datetime
    description_html: str = ""
    sort_order: str = "BEST_SELLING"
    template_suffix: str | None = None
    seo_title: str | None = None
    seo_description: str | None = None
    product_ids: list[int] = field(default_factory=list)
    """Picked by hand, in their order; empty where rules pick."""
    rules: list[Rule] | None = None
    any_rule: bool = False
    """Whether one rule is enough."""
    published_on: dict[int, datetime] = field(default_factory=dict)
    """Publication by number, and since when."""

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("Collection", self.id)


@dataclass(slots=True)
class ProductOperation:
    """Work on a product that was asked for with `synchronous: false`; `kind` is its GraphQL type."""

    kind: str
    id: int
    arguments: JsonObject
    status: str = "CREATED"
    product_id: int | None = None
    new_product_id: int | None = None
    deleted_product_id: str | None = None
    errors: list[JsonObject] = field(default_factory=list)

    @property
    def TYPE(self) -> str:  # noqa: N802 - the name by which every object here tells its GraphQL type
        """Its GraphQL type, which differs from one operation to the next."""
        return self.kind

    @property
    def gid(self) -> str:
        """Global id."""
        return gid(self.kind, self.id)

    def settle(self, payload: dict[str, Any]) -> None:
        """Note what came of it."""
        self.status = "COMPLETE"
        self.errors = payload.get("userErrors") or []
        for name, attribute in (("product", "product_id"), ("newProduct", "new_product_id")):
            if payload.get(name) is not None:
                setattr(self, attribute, payload[name].id)
        self.deleted_product_id = payload.get("deletedProductId")
