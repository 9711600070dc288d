"""What the backend will not ship and Shopify still waits for, and what becomes of it there. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from crossdock.flows.orders.sight import Sent, Sight, Work
from crossdock.kit.wording import counted
from crossdock.model.answer import Word
from crossdock.model.cause import Cause, Hold
from crossdock.model.change import VOIDED
from crossdock.model.connection import GivenUpRules, OnGivenUp
from crossdock.model.names import LineItemId, OrderId, Units
from crossdock.model.order import FulfillmentOrder, Order
from crossdock.model.plan import Wait
from crossdock.model.request import WorkState
from crossdock.model.reshipping import ships_again
from crossdock.model.service_request import is_to_ship
from crossdock.model.withdrawal import Removal

IN_FLIGHT = timedelta(minutes=1)
"""A cancellation without an answer may show as late as this: the call, and the job after it (assumed)."""

JOB_TIME = timedelta(seconds=2)
"""How soon to ask again whether Shopify has ended a job."""


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """Have Shopify cancel an order. Irreversible and not to be repeated blindly: written down before each try."""

    order: OrderId
    name: str
    rules: GivenUpRules

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"Cancel {self.name} on Shopify: the warehouse ships none of it."

    @property
    def story(self) -> str:
        """What was done."""
        return f"The warehouse ships none of {self.name}: Shopify was asked to cancel it."


@dataclass(frozen=True, slots=True)
class RemoveUnits:
    """Take units out of an order on Shopify. Safe to repeat: it says what is to be left of each line."""

    removal: Removal
    name: str
    units: int

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"Take {counted(self.units, 'unit')} out of {self.name} on Shopify: the warehouse does not ship them."

    @property
    def story(self) -> str:
        """What was done."""
        return f"Out of {self.name} on Shopify: {counted(self.units, 'unit')} that the warehouse does not ship."


Withdraw = CancelOrder | RemoveUnits


@dataclass(frozen=True, slots=True)
class Missing:
    """What one request is short of: its units by what was bought, and how a person reads it."""

    sent: Sent
    work: Work
    units: Counter[LineItemId]
    part: FulfillmentOrder

    @property
    def hold(self) -> Hold:
        """What a person is asked about it."""
        name, reference = self.sent.name, self.work.reference
        if self.work.state is WorkState.CANCELLED:
            detail = f"The warehouse cancelled {name} ({reference}), and Shopify still waits for it."
            return Hold(Cause.CANCELLED_THERE, detail)
        units = counted(self.units.total(), "unit")
        detail = f"The warehouse shipped {name} ({reference}) short, and Shopify still waits for {units} of it."
        return Hold(Cause.SHORT_THERE, detail)


def missing(sight: Sight, order: Order) -> Sequence[Missing]:
    """Return what requests are short of; what a person left at that, or the hub itself had stopped, is not missed."""
    if order.cancelled_at is not None or order.financial_status in VOIDED:
        return []
    found = [_missing(order, sent, sent.work) for sent in sight.sent if sent.work is not None]
    return [one for one in found if one is not None]


def _missing(order: Order, sent: Sent, work: Work) -> Missing | None:
    fo = next((one for one in order.fulfillment_orders if one.id == sent.fulfillment_order), None)
    if fo is None or sent.terms is None or work.state.may_still_ship or sent.is_over(fo):
        return None
    if fo.at_service and not is_to_ship(fo):
        return None
    if not is_to_ship(fo):
        units = _given_up_after_it_came_back(order, sent, fo)
    else:
        asked = {line.reference for line in sent.terms.request.lines}
        units = Counter[LineItemId]()
        for line in fo.lines:
            if line.id in asked:
                short = sent.short.get(line.id, 0)
                off = line.remaining if work.state is WorkState.CANCELLED else min(short, line.remaining)
                units[line.line_item] += off
    known = work.state is WorkState.SHIPPED and units.total() <= sent.terms.let_be
    return None if known or not +units else Missing(sent, work, +units, fo)


def _given_up_after_it_came_back(order: Order, sent: Sent, fo: FulfillmentOrder) -> Counter[LineItemId]:
    """Return what the backend gave up on of a package that it took back: Shopify made a new fulfillment order of it."""
    again = [
        other
        for other in order.fulfillment_orders
        if sent.taken_back and other.can("CREATE_FULFILLMENT") and ships_again(order, other, {fo.id})
    ]
    short, waits = Counter[LineItemId](), Counter[LineItemId]()
    for line in fo.lines:
        short[line.line_item] += sent.short.get(line.id, 0)
    for line in (line for other in again for line in other.lines):
        waits[line.line_item] += line.remaining
    return short & waits


def withdraw(sight: Sight, order: Order, off: Sequence[Missing]) -> Withdraw | None:
    """Return how to take what is missing off at Shopify: the whole order where nothing else is in it, else units."""
    if not off:
        return None
    rules = sight.connection.rules.orders.given_up
    units = sum((one.units for one in off), Counter[LineItemId]())
    fulfilled = any(not one.cancelled for one in order.fulfillments)
    if not fulfilled and units.total() == sum(line.current_quantity for line in order.lines):
        return CancelOrder(order.id, order.name, rules)
    left = {line.id: Units(line.current_quantity - units[line.id]) for line in order.lines if units[line.id]}
    return RemoveUnits(Removal(order.id, left, rules.restock, rules.notify_customer), order.name, units.total())


def is_to_go(sight: Sight, one: Missing) -> bool:
    """Say whether what is missing is to be taken off at Shopify: by the rules, or because a person said so."""
    said = sight.answered
    if said is not None and said.word is Word.CANCEL and said.stands_for(one.hold.detail):
        return True
    return sight.connection.rules.orders.given_up.on_give_up is OnGivenUp.CANCEL


def under_way(sight: Sight, order: Order) -> Wait | Hold | None:
    """Return how an order rests that Shopify was asked to cancel; None where it may be asked, or is cancelled."""
    begun = sight.cancellation
    if begun is None or order.cancelled_at is not None:
        return None
    if begun.done:
        return Hold(Cause.SHOPIFY_REFUSED, f"Shopify began to cancel {order.name}, and did not end it.")
    if begun.job is not None:
        return Wait(JOB_TIME, f"Shopify is cancelling {order.name}.")
    if begun.ago < IN_FLIGHT:
        return Wait(IN_FLIGHT - begun.ago, f"Shopify may still be hearing that {order.name} is to be cancelled.")
    return None
