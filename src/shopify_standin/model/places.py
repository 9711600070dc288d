"""The shop, its locations and the addresses of both and of customers."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar

from shopify_standin.geography import country_name, province_name
from shopify_standin.ids import gid


@dataclass(slots=True)
class Shop:
    """The store itself."""

    TYPE: ClassVar = "Shop"
    id: int
    domain: str
    name: str
    created_at: datetime
    currency: str = "USD"
    plan: str = "standard"
    taxes_included: bool = False
    order_prefix: str = "#"
    order_suffix: str = ""

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("Shop", self.id)

    @property
    def email(self) -> str:
        """Where customers write to; made of the shop's name."""
        return f"owner@{self.domain}"


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; codes are ISO 3166 (`CA`, `ON`)."""

    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    zip: str | None = None
    province_code: str | None = None
    country_code: str | None = None
    phone: str | None = None
    id: int = 0
    kept_as: str = "Address"
    """`Address` inside orders, `CustomerAddress` at customers."""

    @property
    def gid(self) -> str:
        """Global id, which tells what the address belongs to."""
        return f"{gid('MailingAddress', self.id)}?model_name={self.kept_as}"

    @property
    def country(self) -> str | None:
        """The country's name."""
        return country_name(self.country_code)

    @property
    def province(self) -> str | None:
        """The province's or state's name."""
        return province_name(self.country_code, self.province_code)

    @property
    def name(self) -> str | None:
        """First and last name together."""
        return " ".join(part for part in (self.first_name, self.last_name) if part) or None

    @property
    def formatted_area(self) -> str | None:
        """City with province code, and country (recorded 2025-01)."""
        town = " ".join(part for part in (self.city, self.province_code) if part)
        return ", ".join(part for part in (town, self.country) if part) or None

    @property
    def formatted(self) -> list[str]:
        """Lines as printed on a label."""
        return self.label(with_name=True, with_company=True)

    def label(self, *, with_name: bool, with_company: bool) -> list[str]:
        """The lines of a label, with or without who lives there."""
        town = " ".join(part for part in (self.city, self.province_code, self.zip) if part)
        name, company = self.name if with_name else None, self.company if with_company else None
        lines = (name, company, self.address1, self.address2, town, self.country)
        return [line for line in lines if line]

    def numbered(self, number: int, kept_as: str = "Address") -> "Address":
        """The same address under a number."""
        return replace(self, id=number, kept_as=kept_as)


@dataclass(frozen=True, slots=True)
class LocalPickup:
    """How customers collect orders at a location."""

    pickup_time: str
    instructions: str


@dataclass(slots=True)
class Location:
    """A place that holds stock and ships."""

    TYPE: ClassVar = "Location"
    id: int
    name: str
    address: Address
    created_at: datetime
    updated_at: datetime
    is_active: bool = True
    deactivated_at: datetime | None = None
    fulfills_online_orders: bool = True
    ships_inventory: bool = False
    """Whether shipping rates are figured from here; of the shop's first location alone (recorded 2026-04)."""
    service_id: int | None = None
    """The fulfillment service that works here."""
    pickup: LocalPickup | None = None
    metafields: list[Any] = field(default_factory=list)

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("Location", self.id)
