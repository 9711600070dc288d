"""Products, their variants, and the inventory items and levels behind them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from shopify_standin.ids import gid

ON_HAND_PARTS = ("available", "committed", "damaged", "quality_control", "reserved", "safety_stock")
"""What `on_hand` is the sum of; `incoming` stands apart (Shopify docs, 2026)."""

QUANTITY_NAMES = (
    "available",
    "committed",
    "damaged",
    "incoming",
    "on_hand",
    "quality_control",
    "reserved",
    "safety_stock",
)

GRAMS_PER = {"GRAMS": 1.0, "KILOGRAMS": 1000.0, "OUNCES": 28.349523125, "POUNDS": 453.59237}


@dataclass(slots=True)
class OptionValue:
    """One value of a product option."""

    TYPE: ClassVar = "ProductOptionValue"
    id: int
    name: str
    product_id: int
    option_id: int

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("ProductOptionValue", self.id)


@dataclass(slots=True)
class Option:
    """A product option, as Size, with its values in order, whether a variant has them or not."""

    TYPE: ClassVar = "ProductOption"
    id: int
    product_id: int
    name: str
    position: int
    option_values: list[OptionValue] = field(default_factory=list)

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("ProductOption", self.id)

    @property
    def values(self) -> list[str]:
        """The values' names."""
        return [value.name for value in self.option_values]


@dataclass(slots=True)
class Product:
    """A product; its variants are kept by id, in order of position."""

    TYPE: ClassVar = "Product"
    id: int
    title: str
    handle: str
    created_at: datetime
    updated_at: datetime
    status: str = "ACTIVE"
    vendor: str = ""
    product_type: str = ""
    description_html: str = ""
    tags: list[str] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    variant_ids: list[int] = field(default_factory=list)
    media_ids: list[int] = field(default_factory=list)
    """Its images, in their order."""
    published_at: datetime | None = None
    template_suffix: str | None = None
    is_gift_card: bool = False
    gift_card_template_suffix: str | None = None
    seo_title: str | None = None
    seo_description: str | None = None
    category_id: str | None = None
    """A category's key in Shopify's taxonomy, as `ap-2-7`."""
    combined_listing_role: str | None = None
    requires_selling_plan: bool = False
    published_on: dict[int, datetime] = field(default_factory=dict)
    """Publication by number, and since when."""

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("Product", self.id)


@dataclass(slots=True)
class Variant:
    """One sellable form of a product."""

    TYPE: ClassVar = "ProductVariant"
    id: int
    product_id: int
    item_id: int
    created_at: datetime
    updated_at: datetime
    selected: list[tuple[str, str]] = field(default_factory=list)
    """Option name and value, in the product's order of options."""
    price: Decimal = Decimal("0.00")
    compare_at_price: Decimal | None = None
    barcode: str | None = None
    inventory_policy: str = "DENY"
    taxable: bool = True
    tax_code: str | None = None
    requires_components: bool = False
    show_unit_price: bool = False
    media_id: int | None = None
    """The one of the product's images that shows it."""
    position: int = 1

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("ProductVariant", self.id)

    @property
    def barcode_key(self) -> str | None:
        """The barcode as search compares it."""
        return self.barcode.casefold() if self.barcode else None

    @property
    def title(self) -> str:
        """The option values joined, as `Red / L`."""
        return " / ".join(value for _, value in self.selected) or "Default Title"


@dataclass(slots=True)
class InventoryItem:
    """The stockable thing behind a variant; holds the SKU."""

    TYPE: ClassVar = "InventoryItem"
    id: int
    variant_id: int
    created_at: datetime
    updated_at: datetime
    sku: str | None = None
    tracked: bool = False
    requires_shipping: bool = True
    cost: Decimal | None = None
    weight_value: float = 0.0
    weight_unit: str = "KILOGRAMS"
    country_code_of_origin: str | None = None
    province_code_of_origin: str | None = None
    harmonized_system_code: str | None = None
    country_codes: dict[str, str] = field(default_factory=dict)
    """Harmonized system code by country, where it differs."""

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("InventoryItem", self.id)

    @property
    def sku_key(self) -> str | None:
        """The SKU as search compares it."""
        return self.sku.casefold() if self.sku else None

    @property
    def grams(self) -> int:
        """Weight of one unit."""
        return round(self.weight_value * GRAMS_PER[self.weight_unit])


@dataclass(slots=True)
class Level:
    """How much of one item one location has, by state; units."""

    TYPE: ClassVar = "InventoryLevel"
    id: int
    item_id: int
    location_id: int
    created_at: datetime
    updated_at: datetime
    is_active: bool = True
    units: dict[str, int] = field(default_factory=dict)
    changed_at: dict[str, datetime] = field(default_factory=dict)

    @property
    def gid(self) -> str:
        """Global id; a level's carries its item."""
        return f"{gid('InventoryLevel', self.id)}?inventory_item_id={self.item_id}"

    def of(self, name: str) -> int:
        """Units in the state `name`."""
        if name == "on_hand":
            return sum(self.units.get(part, 0) for part in ON_HAND_PARTS)
        return self.units.get(name, 0)

    @property
    def available(self) -> int:
        """Units that can be sold."""
        return self.units.get("available", 0)

    def move(self, name: str, delta: int, at: datetime) -> None:
        """Change the units of one state."""
        self.units[name] = self.units.get(name, 0) + delta
        self.updated_at = at
        self.touch((name, "on_hand"), at)

    def touch(self, names: Iterable[str], at: datetime) -> None:
        """Note when states changed."""
        for name in names:
            self.changed_at[name] = at
