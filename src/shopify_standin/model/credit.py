"""Money that the shop owes its customers: store credit."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from shopify_standin.ids import gid


@dataclass(slots=True)
class CreditMove:
    """One credit (positive) or debit (negative) of an account."""

    id: int
    account_id: int
    amount: Decimal
    balance: Decimal
    """The account's balance after it."""
    event: str
    created_at: datetime
    expires_at: datetime | None = None

    @property
    def TYPE(self) -> str:  # noqa: N802 - every model says its GraphQL type under this name
        """Credit or debit."""
        return f"StoreCreditAccount{'Credit' if self.amount > 0 else 'Debit'}Transaction"

    @property
    def gid(self) -> str:
        """Global id."""
        return gid(self.TYPE, self.id)


@dataclass(slots=True)
class StoreCreditAccount:
    """What one owner has to spend in one currency."""

    TYPE: ClassVar = "StoreCreditAccount"
    id: int
    owner: str
    """Global id of the customer or company location."""
    currency: str
    moves: list[CreditMove] = field(default_factory=list)

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("StoreCreditAccount", self.id)

    @property
    def balance(self) -> Decimal:
        """Sum of all moves."""
        return self.moves[-1].balance if self.moves else Decimal(0)
