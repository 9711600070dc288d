"""Which orders a connection takes, and what they lack. Pure."""

from collections.abc import Iterable
from datetime import datetime

from crossdock.flows.orders.collecting import payment_for
from crossdock.flows.orders.parting import Told, findings
from crossdock.model.answer import Answer, Word
from crossdock.model.cause import Cause, Hold
from crossdock.model.connection import Field, OrderRules
from crossdock.model.order import Order
from crossdock.model.plan import Wait


def never_ours(order: Order, rules: OrderRules) -> str | None:
    """Why the connection leaves the order alone for good, None where it does not."""
    if order.test and not rules.test_orders:
        return "A test order; this connection does not take those."
    if rules.placed_from is not None and order.created_at < rules.placed_from:
        return f"Placed before {rules.placed_from:%Y-%m-%d %H:%M} UTC, from when on this connection takes orders."
    return None


def left_alone(order: Order, rules: OrderRules) -> str | None:
    """Why the connection does not take the order, for good or as it is now; None where it does."""
    if order.cancelled_at is not None:
        return "Cancelled on Shopify."
    reason = never_ours(order, rules) or _not_yet(order, rules)
    if reason is not None:
        return reason
    if not any(line.requires_shipping for line in order.lines):
        return "Nothing in it needs shipping."
    return None


def _not_yet(order: Order, rules: OrderRules) -> str | None:
    """Why the connection does not take the order in the state it is in, None where it does."""
    if order.financial_status not in rules.financial and not _on_delivery(order, rules):
        return f"Payment is {order.financial_status or 'unknown'}; this connection takes {_listed(rules.financial)}."
    if order.fulfillment_status not in rules.fulfillment:
        return f"Fulfillment is {order.fulfillment_status}; this connection takes {_listed(rules.fulfillment)}."
    return None


def _on_delivery(order: Order, rules: OrderRules) -> bool:
    """Whether the order is one of those that the connection takes though nobody has paid."""
    waits = order.financial_status in {"PENDING", "PARTIALLY_PAID"}
    return rules.take_cash_on_delivery and waits and payment_for(order, rules.cash_on_delivery).on_delivery


def _listed(states: Iterable[str]) -> str:
    return ", ".join(sorted(states))


def lacking(order: Order, told: Told, rules: OrderRules, said: Answer | None) -> Hold | None:
    """
    Return what has to be put right before any of it is asked for; None where a person read of all of it, and let it go.

    `told` is what was asked for so far, and `said` what a person answered to what the order was held for.
    """
    found = [
        hold
        for hold in (_missing_fields(order, rules), _money_differs(order, told, rules), _risky(order, told, rules))
        if hold is not None
    ]
    released = said if said is not None and said.word is Word.RELEASE else None
    if not found or (released is not None and all(released.stands_for(hold.detail) for hold in found)):
        return None
    # All of it at once: one word stands for what one hold says.
    return Hold(found[0].cause, " ".join(hold.detail for hold in found))


def resting(order: Order, told: Told, rules: OrderRules, now: datetime) -> Wait | None:
    """Say how long an order still rests before any of it is asked for, so that it may be changed; None: no more."""
    until = order.created_at + rules.grace
    if told or now >= until:
        return None
    return Wait(until - now, f"It rests until {until:%Y-%m-%d %H:%M} UTC before it goes to the warehouse.")


def _missing_fields(order: Order, rules: OrderRules) -> Hold | None:
    empty = {
        Field.SHIPPING_ADDRESS: order.shipping_address is None or not order.shipping_address.address1,
        Field.BILLING_ADDRESS: order.billing_address is None or not order.billing_address.address1,
        Field.EMAIL: not order.email,
        Field.PHONE: not (order.phone or (order.shipping_address and order.shipping_address.phone)),
        Field.SKU: any(line.requires_shipping and not line.sku for line in order.lines if line.current_quantity > 0),
    }
    missing = [wanted.value.replace("_", " ") for wanted in Field if wanted in rules.required and empty[wanted]]
    if not missing:
        return None
    return Hold(Cause.FIELD_MISSING, f"{order.name} lacks: {', '.join(missing)}.")


def _risky(order: Order, told: Told, rules: OrderRules) -> Hold | None:
    """Hold a risky order before any of it is asked for; afterwards it is a change that the decision table knows."""
    if told or order.risk not in rules.hold_risk:
        return None
    return Hold(Cause.RISKY, f"{order.name}: Shopify's fraud analysis says {order.risk}.")


def _money_differs(order: Order, told: Told, rules: OrderRules) -> Hold | None:
    found = findings(order, told) if rules.hold_money else ()
    return Hold(Cause.MONEY_DIFFERS, " ".join(found)) if found else None
