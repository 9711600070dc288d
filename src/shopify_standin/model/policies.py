"""What a shop promises its customers in writing."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from shopify_standin.ids import gid

TITLES = {
    "CONTACT_INFORMATION": "Contact",
    "LEGAL_NOTICE": "Legal notice",
    "PRIVACY_POLICY": "Privacy policy",
    "REFUND_POLICY": "Refund policy",
    "SHIPPING_POLICY": "Shipping policy",
    "SUBSCRIPTION_POLICY": "Cancellation policy",
    "TERMS_OF_SALE": "Terms of sale",
    "TERMS_OF_SERVICE": "Terms of service",
}
"""Recorded 2026-04 for contact, privacy and refund."""


@dataclass(slots=True)
class ShopPolicy:
    """One policy; a shop has at most one of each type."""

    TYPE: ClassVar = "ShopPolicy"
    id: int
    type: str
    body: str
    shop_id: int
    created_at: datetime
    updated_at: datetime

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("ShopPolicy", self.id)

    @property
    def title(self) -> str:
        """What customers see above it."""
        return TITLES[self.type]

    @property
    def url(self) -> str:
        """Where customers read it."""
        return f"https://checkout.shopify.com/{self.shop_id}/policies/{self.id}.html?locale=en"
