"""What pages and the time line are told of an order's money."""

from collections.abc import Mapping, Sequence

from crossdock.flows.orders.changing import Amend
from crossdock.flows.orders.collecting import payment_for
from crossdock.flows.orders.outcomes import Acted
from crossdock.flows.orders.parting import findings
from crossdock.flows.orders.sight import Sight
from crossdock.model.account import Account
from crossdock.model.names import RequestKey
from crossdock.model.order import Order
from crossdock.model.request import FulfillmentRequest


def account(order: Order, sight: Sight, acted: Acted) -> Account:
    """Return what the order comes to and how it is paid, after this look."""
    return Account(
        currencies=order.money.currencies,
        taxes_included=order.money.taxes_included,
        totals=order.money.totals,
        received=order.payments.received,
        paid_back=order.payments.paid_back,
        outstanding=order.payments.outstanding,
        payment=payment_for(order, sight.connection.rules.orders.cash_on_delivery),
        findings=tuple(findings(order, {**sight.told, **_told_now(acted)})),
    )


def newly_found(order: Order, sight: Sight, acted: Acted) -> Sequence[tuple[str, str]]:
    """Return the events of what does not sum up and did when the order was last looked at."""
    found = account(order, sight, acted).findings
    return [("money", sentence) for sentence in found if sentence not in sight.found_before]


def _told_now(acted: Acted) -> Mapping[RequestKey, FulfillmentRequest]:
    """What this look told the backend, or agreed that it need not hear."""
    changed = {
        one.step.key: one.step.terms.request for one in acted.askings if one.done and isinstance(one.step, Amend)
    }
    changed |= {one.terms.request.key: one.terms.request for one in acted.left}
    return changed | {one.step.request.key: one.step.request for one in acted.sendings if one.work is not None}
