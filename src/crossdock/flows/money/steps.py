"""What may be done about an order's money, as data: each step can be printed, and is written down before it."""

from dataclasses import dataclass
from typing import TypeAlias

from crossdock.model.credit import Credit, RefundAnswer
from crossdock.model.money import Money
from crossdock.model.names import OrderId, PaymentId, RefundKey
from crossdock.model.settlement import PaidBack


@dataclass(frozen=True, slots=True)
class Capture:
    """
    Capture so much of an authorization.

    Not safe to repeat blindly: what of it is open is read before each try. `why` says what let it.
    """

    order: OrderId
    authorization: PaymentId
    money: Money
    why: str

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"Capture {self.money}: {self.why}."


@dataclass(frozen=True, slots=True)
class GiveBack:
    """
    Give money back that the backend asked for.

    Its idempotency key holds for a day; beyond that a refund with the same note is looked for before each try. `tries`
    are those that Shopify refused; each has spent a key.
    """

    key: RefundKey
    money: Money
    what: PaidBack
    tries: int

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"Refund {self.money}, which the backend asks for as {self.key}."


@dataclass(frozen=True, slots=True)
class Reply:
    """Tell the backend what became of the refund that it asked for. Safe to repeat: it goes by the request's key."""

    key: RefundKey
    answer: RefundAnswer

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"Tell the backend of {self.key}: {self.answer.said}"


@dataclass(frozen=True, slots=True)
class Book:
    """Have the backend keep a credit document. Safe to repeat: it goes by the refund's id."""

    credit: Credit

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        credit = self.credit
        return f"Tell the backend of refund {credit.name}: {credit.total.written(credit.currencies)}."


@dataclass(frozen=True, slots=True)
class Note:
    """Note a refund that the backend does not hear of, and ask a person to book it where `ask` says so."""

    credit: Credit
    ask: bool

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        credit = self.credit
        what = "Ask a person to book" if self.ask else "Note"
        return f"{what} refund {credit.name}: {credit.total.written(credit.currencies)}."


MoneyStep: TypeAlias = Capture | GiveBack | Reply | Book | Note
