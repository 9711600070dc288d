"""Which prices of a request are not what a backend was told. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from crossdock.model.money import NOTHING, Amount, total
from crossdock.model.names import FulfillmentOrderLineId
from crossdock.model.order_money import Charge, ChargeKind
from crossdock.model.request_money import LineShare, RequestMoney

PRICED = (ChargeKind.SHIPPING, ChargeKind.FEE, ChargeKind.TIP)
"""The charges that somebody sets. The others are what is left over: where figures do not sum up, or by a refund."""


@dataclass(frozen=True, slots=True)
class Repriced:
    """
    Units of one line, or all charges, that cost something else now, all in.

    `line` is None and `units` 0 for the charges. Both amounts are the same where only the discounts and taxes in them
    are others.
    """

    line: FulfillmentOrderLineId | None
    units: int
    was: Amount
    now: Amount


def repriced(before: RequestMoney, now: RequestMoney) -> Sequence[Repriced]:
    """
    Return what costs something else now: lines in the order of `now`, then the charges.

    Lines that came or went, or hold other units, are changes of goods: their prices go along with them.
    """
    were = {one.reference: one for one in before.lines}
    pairs = [(were[one.reference], one) for one in now.lines if one.reference in were]
    found = [
        Repriced(new.reference, new.worth.units, _all_in(before, old), _all_in(now, new))
        for old, new in pairs
        if old.worth.units == new.worth.units and old.worth != new.worth
    ]
    if any(charged(before.charges, kind) != charged(now.charges, kind) for kind in PRICED):
        found.append(Repriced(None, 0, _all_charged(before), _all_charged(now)))
    return found


def charged(charges: Sequence[Charge], kind: ChargeKind) -> tuple[Amount, Amount]:
    """Return what all charges of one kind come to after discounts, and the taxes on them."""
    of_kind = [one for one in charges if one.kind is kind]
    return total([one.net for one in of_kind]), total([one.tax for one in of_kind])


def _all_in(money: RequestMoney, share: LineShare) -> Amount:
    return money.payable(share.worth.net, share.worth.tax, share.worth.duties)


def _all_charged(money: RequestMoney) -> Amount:
    return total([money.payable(*charged(money.charges, kind), NOTHING) for kind in PRICED])
