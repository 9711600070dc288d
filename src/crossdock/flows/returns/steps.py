"""What may be done about an order's returns, as data: each step can be printed, and is written down before it."""

from collections import Counter
from dataclasses import dataclass
from typing import TypeAlias

from crossdock.flows.returns.parcels import Track, said
from crossdock.kit.wording import counted
from crossdock.model.money import Money
from crossdock.model.names import ExchangeLineId, FulfillmentLineId, OrderId, ReturnId, ReturnKey, ReturnLineId, Units
from crossdock.model.returning import Arrival, Disposal, Refund, ReturnRequest


@dataclass(frozen=True, slots=True)
class Approve:
    """Approve what a customer requested. Safe to repeat: Shopify approves once."""

    id: ReturnId
    name: str

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"Approve return {self.name}."


@dataclass(frozen=True, slots=True)
class Announce:
    """
    Tell the backend what to expect, and nothing else. Safe to repeat: it goes by the return's id.

    `of_parcels`: the goods are as it knows them, and only how they travel changed.
    """

    id: ReturnId
    request: ReturnRequest
    of_parcels: bool = False

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        units = sum(line.units for line in self.request.lines)
        if not units:
            return f"Tell warehouse {self.request.warehouse} that nothing more comes of return {self.request.name}."
        what = counted(units, "unit")
        return f"Announce return {self.request.name} to warehouse {self.request.warehouse}: {what}{self.travel}."

    @property
    def travel(self) -> str:
        """How it travels, as far as somebody knows."""
        parcels = self.request.parcels
        return f", in {', '.join(said(parcel) for parcel in parcels)}" if parcels else ""


@dataclass(frozen=True, slots=True)
class Tie:
    """Note that goods which came unannounced are those of a return that Shopify has."""

    key: ReturnKey
    id: ReturnId
    name: str
    reference: str

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"Note that {self.reference}, which came unannounced, is return {self.name}."


@dataclass(frozen=True, slots=True)
class Create:
    """Make a return for goods that came unannounced. Not safe to repeat blindly: `note` finds one that was made."""

    key: ReturnKey
    order: OrderId
    lines: tuple[tuple[FulfillmentLineId, Units], ...]
    note: str

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        units = sum(units for _, units in self.lines)
        return f"Create a return in Shopify for {self.note}: {counted(units, 'unit')}."


@dataclass(frozen=True, slots=True)
class Dispose:
    """Tell Shopify what became of units. Not safe to repeat blindly: what it was told is read before each try."""

    key: ReturnKey
    name: str
    disposals: tuple[Disposal, ...]

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"Tell Shopify what became of return {self.name}: {self.what}."

    @property
    def what(self) -> str:
        """What became of the units, in Shopify's words."""
        return ", ".join(f"{one.units} {one.type.lower().replace('_', ' ')}" for one in self.disposals)


@dataclass(frozen=True, slots=True)
class Process:
    """
    Undo the sale of units that came back, send what the customer gets instead, and settle the difference.

    Money goes back where `refund` says so; `owed` is what the customer is to pay, which Shopify asks them for. Not
    safe to repeat blindly: what was processed is read before each try.
    """

    key: ReturnKey
    id: ReturnId
    name: str
    lines: tuple[tuple[ReturnLineId, Units], ...]
    refund: Refund | None
    shipping: bool
    exchanges: tuple[tuple[ExchangeLineId, Units], ...] = ()
    owed: Money | None = None

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        money = f"refund {self.refund.amount}" if self.refund is not None else "no refund"
        money = f"the customer owes {self.owed}" if self.owed is not None else money
        sent = f", {counted(self.sent, 'unit')} sent instead" if self.exchanges else ""
        return f"Process return {self.name} in Shopify: {counted(self.back, 'unit')}{sent}, {money}."

    @property
    def back(self) -> int:
        """Units whose sale is undone."""
        return sum(units for _, units in self.lines)

    @property
    def sent(self) -> int:
        """Units that the customer gets instead."""
        return sum(units for _, units in self.exchanges)


@dataclass(frozen=True, slots=True)
class Close:
    """Close a return of which everything is accounted for. Safe to repeat, and done once."""

    key: ReturnKey
    id: ReturnId
    name: str

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"Close return {self.name}."


@dataclass(frozen=True, slots=True)
class BackApart:
    """Note that goods are back of which Shopify need not hear, for they were taken off the order. Done once."""

    key: ReturnKey
    reference: str
    arrivals: tuple[Arrival, ...]

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"Note that {self.reference} is back: {self.what}."

    @property
    def what(self) -> str:
        """What became of it."""
        units = Counter[str]()
        for one in self.arrivals:
            units[one.disposition.value if one.disposition is not None else "not inspected"] += one.units
        return ", ".join(f"{number} {became}" for became, number in units.items()) or "nothing came"


ReturnStep: TypeAlias = BackApart | Approve | Announce | Tie | Create | Track | Dispose | Process | Close
