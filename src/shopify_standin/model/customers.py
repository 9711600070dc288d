"""Customers, and what they allowed the shop to send them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from shopify_standin.ids import gid
from shopify_standin.model.places import Address


@dataclass(frozen=True, slots=True)
class Consent:
    """Whether marketing may be sent by one way."""

    state: str = "NOT_SUBSCRIBED"
    level: str = "SINGLE_OPT_IN"
    updated_at: datetime | None = None
    location_id: int | None = None


@dataclass(slots=True)
class Customer:
    """Somebody who orders."""

    TYPE: ClassVar = "Customer"
    id: int
    created_at: datetime
    updated_at: datetime
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    note: str | None = None
    locale: str = "en"
    tags: list[str] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    default_address_id: int | None = None
    tax_exempt: bool = False
    tax_exemptions: list[str] = field(default_factory=list)
    state: str = "DISABLED"
    multipass_identifier: str | None = None
    email_consent: Consent = field(default_factory=Consent)
    sms_consent: Consent = field(default_factory=Consent)

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("Customer", self.id)

    @property
    def display_name(self) -> str:
        """Name, else e-mail, else phone."""
        name = " ".join(part for part in (self.first_name, self.last_name) if part)
        return name or self.email or self.phone or ""

    @property
    def sorting_name(self) -> str:
        """Last name first, as lists by name are ordered (recorded 2025-01)."""
        return ", ".join(part for part in (self.last_name, self.first_name) if part)

    @property
    def default_address(self) -> Address | None:
        """The address chosen as default, else the first."""
        chosen = next((x for x in self.addresses if x.id == self.default_address_id), None)
        return chosen or next(iter(self.addresses), None)
