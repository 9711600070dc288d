"""Metafields and their definitions: what apps and merchants add to Shopify's own objects."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from shopify_standin.ids import gid


@dataclass(slots=True)
class Metafield:
    """One value of one owner, under a namespace and a key."""

    TYPE: ClassVar = "Metafield"
    id: int
    owner: str
    """Global id of the owner, without a query part."""
    owner_type: str
    """A `MetafieldOwnerType`."""
    namespace: str
    key: str
    type: str
    value: str
    created_at: datetime
    updated_at: datetime

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("Metafield", self.id)

    @property
    def place(self) -> tuple[str, str, str]:
        """Owner, namespace and key: there is at most one metafield there."""
        return self.owner, self.namespace, self.key

    @property
    def meaning(self) -> tuple[str, str, str, str]:
        """By what a custom id is found: kind of owner, namespace, key and value."""
        return self.owner_type, self.namespace, self.key, self.value

    @property
    def compare_digest(self) -> str:
        """What a writer hands back to show which value it has seen. Shopify's own digest is not published."""
        return hashlib.sha256(json.dumps([self.type, self.value]).encode()).hexdigest()


@dataclass(slots=True)
class MetafieldDefinition:
    """What every metafield of one kind of owner, namespace and key must be like."""

    TYPE: ClassVar = "MetafieldDefinition"
    id: int
    owner_type: str
    namespace: str
    key: str
    name: str
    type: str
    description: str | None = None
    validations: list[tuple[str, str]] = field(default_factory=list)
    pinned_position: int | None = None
    unique_values: bool = False
    admin_filterable: bool = False
    smart_collection_condition: bool = False
    analytics_queryable: bool = False
    cart_to_order_copyable: bool = False
    storefront_access: str = "NONE"
    admin_access: str | None = None
    customer_account_access: str = "NONE"

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("MetafieldDefinition", self.id)

    @property
    def place(self) -> tuple[str, str, str]:
        """Kind of owner, namespace and key: there is at most one definition there."""
        return self.owner_type, self.namespace, self.key
