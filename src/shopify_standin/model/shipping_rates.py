"""Carrier services: apps that a shop asks for shipping rates."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from shopify_standin.ids import gid


@dataclass(slots=True)
class CarrierService:
    """One app's rates at the checkout."""

    TYPE: ClassVar = "DeliveryCarrierService"
    id: int
    name: str
    callback_url: str
    created_at: datetime
    updated_at: datetime
    active: bool = True
    supports_service_discovery: bool = False

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("DeliveryCarrierService", self.id)

    @property
    def formatted_name(self) -> str:
        """What the merchant sees."""
        return f"{self.name} (Rates provided by app)"
