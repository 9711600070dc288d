"""Gift cards and what moved on them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from shopify_standin.ids import gid


@dataclass(slots=True)
class GiftCardMove:
    """One credit (positive) or debit (negative)."""

    id: int
    card_id: int
    amount: Decimal
    processed_at: datetime
    note: str | None = None

    @property
    def TYPE(self) -> str:  # noqa: N802 - every model says its GraphQL type under this name
        """Credit or debit."""
        return "GiftCardCreditTransaction" if self.amount > 0 else "GiftCardDebitTransaction"

    @property
    def gid(self) -> str:
        """Global id."""
        return gid(self.TYPE, self.id)


@dataclass(slots=True)
class GiftCard:
    """A card with an amount to spend."""

    TYPE: ClassVar = "GiftCard"
    id: int
    code: str
    initial: Decimal
    currency: str
    created_at: datetime
    updated_at: datetime
    customer_id: int | None = None
    recipient_id: int | None = None
    recipient_name: str | None = None
    message: str | None = None
    send_at: datetime | None = None
    note: str | None = None
    template_suffix: str | None = None
    expires_on: date | None = None
    deactivated_at: datetime | None = None
    moves: list[GiftCardMove] = field(default_factory=list)

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("GiftCard", self.id)

    @property
    def balance(self) -> Decimal:
        """What is left."""
        return self.initial + sum((move.amount for move in self.moves), Decimal(0))

    @property
    def last_characters(self) -> str:
        """What of the code may be shown."""
        return self.code[-4:]

    @property
    def masked_code(self) -> str:
        """The code as it may be shown."""
        return f"•••• •••• •••• {self.last_characters}"

    @property
    def enabled(self) -> bool:
        """Whether it was not deactivated."""
        return self.deactivated_at is None
