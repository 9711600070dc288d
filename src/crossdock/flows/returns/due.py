"""What of a return Shopify is to process now: units that came back, and those that the customer gets instead. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from crossdock.flows.returns.sight import Case
from crossdock.model.connection import ExchangeAt, RefundAt, ReturnRules
from crossdock.model.names import ExchangeLineId, ReturnLineId, Units


@dataclass(frozen=True, slots=True)
class Due:
    """
    What is to be processed in one call: units by line of the return, and units by exchange.

    `ahead` says that some of it has not come as far yet as money may go back for it.
    """

    lines: Sequence[tuple[ReturnLineId, Units]] = ()
    exchanges: Sequence[tuple[ExchangeLineId, Units]] = ()
    ahead: bool = False


def due(case: Case, rules: ReturnRules) -> Due:
    """
    Return what is due of one open return.

    One with an exchange is processed whole, so that nobody pays more than the difference: nothing of it is due before
    the exchange may be sent. Where its goods came in part, or not all of them from here, a person sees to it.
    """
    paid_for = case.to_process(uninspected=rules.refund is RefundAt.AT_RECEIPT)
    instead = case.of.to_exchange
    if not instead:
        return Due(paid_for)
    if case.mixed or rules.exchange is ExchangeAt.BY_HAND:
        return Due()
    if rules.exchange is ExchangeAt.AT_APPROVAL:
        left = [(line.id, Units(line.units - line.processed)) for line in case.lines if line.units > line.processed]
    else:
        uninspected = rules.exchange is ExchangeAt.AT_RECEIPT
        left = list(case.to_process(uninspected=uninspected)) if case.is_back(uninspected=uninspected) else []
    return Due(left, instead, ahead=left != list(paid_for)) if left else Due()
