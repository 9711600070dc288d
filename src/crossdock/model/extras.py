"""What mappings may ask of an order that is not read with every order: metafields, its customer, lines' properties."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from crossdock.model.names import LineItemId


class Owner(StrEnum):
    """What a metafield belongs to."""

    ORDER = "order"
    CUSTOMER = "customer"
    PRODUCT = "product"
    VARIANT = "variant"


@dataclass(frozen=True, slots=True, order=True)
class Metafield:
    """One metafield, by its place."""

    owner: Owner
    namespace: str
    key: str


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is to be read of an order beyond itself; nothing that is not named here is."""

    customer: bool = False
    properties: bool = False
    metafields: frozenset[Metafield] = frozenset()

    def __or__(self, other: "Wishes") -> "Wishes":
        return Wishes(
            self.customer or other.customer, self.properties or other.properties, self.metafields | other.metafields
        )

    def keys(self, *owners: Owner) -> list[str]:
        """Return the metafields of these owners as Shopify names them, `custom.engraving`, in order."""
        return sorted({f"{one.namespace}.{one.key}" for one in self.metafields if one.owner in owners})

    @property
    def of_orders(self) -> bool:
        """Whether anything of orders themselves is wanted."""
        return self.customer or bool(self.keys(Owner.ORDER))

    @property
    def of_lines(self) -> bool:
        """Whether anything of their lines is wanted."""
        return self.properties or bool(self.keys(Owner.PRODUCT, Owner.VARIANT))


NO_WISHES: Final = Wishes()

Metafields: TypeAlias = Mapping[str, Mapping[str, object]]
"""Values by namespace and key: texts, whole numbers, exact amounts (Decimal), yes or no, lists and objects of these."""


@dataclass(frozen=True, slots=True)
class Buyer:
    """What the shop knows of an order's customer. `id` is Shopify's number."""

    id: str
    note: str | None
    tags: tuple[str, ...]
    metafields: Metafields = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LineExtras:
    """What belongs to one line: what the customer chose or wrote, and the metafields of what was bought."""

    properties: tuple[tuple[str, str | None], ...] = ()
    product: Metafields = field(default_factory=dict)
    variant: Metafields = field(default_factory=dict)


NO_LINE_EXTRAS: Final = LineExtras()


@dataclass(frozen=True, slots=True)
class Extras:
    """What was read of an order beyond itself."""

    metafields: Metafields = field(default_factory=dict)
    customer: Buyer | None = None
    lines: Mapping[LineItemId, LineExtras] = field(default_factory=dict)


NO_EXTRAS: Final = Extras()
