"""What a refund is as a credit document: each amount as Shopify has it, and the sum to the cent. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from crossdock.flows.money.sight import Sight
from crossdock.model.credit import Credit, CreditLine
from crossdock.model.money import NOTHING
from crossdock.model.money_move import Dealt
from crossdock.model.names import RefundId
from crossdock.model.order import OrderLine
from crossdock.model.order_money import RefundedLine
from crossdock.model.settlement import MadeRefund, Settlement


def due(sight: Sight) -> Sequence[Credit]:
    """
    Return a document for each refund that the hub is not done with, oldest first.

    Refunds from before the backend was asked for anything are not among them: it was asked for what was left. Nor are
    those that the rules leave alone, nor those of which it is not known yet what went back.
    """
    settlement, since = sight.settlement, sight.asked_at
    if settlement is None or since is None:
        return []
    if sight.rules.refunds_from is not None:
        since = max(since, sight.rules.refunds_from)
    done = {id_ for id_, how in sight.dealt.items() if how is not Dealt.WAITS or not sight.credits}
    return [
        credit_of(sight, settlement, refund, number)
        for number, refund in enumerate(settlement.refunds, start=1)
        if refund.id not in done and refund.made_at >= since and not refund.under_way
    ]


def credit_of(sight: Sight, settlement: Settlement, refund: MadeRefund, number: int) -> Credit:
    """Return the document for one refund, the order's `number`th."""
    lines = {line.id: line for line in sight.order.lines} if sight.order is not None else {}
    what = refund.what
    asked = {found.id: request.key for request in sight.requests if (found := sight.made(request)) is not None}
    document = Credit(
        key=RefundId(refund.id),
        name=f"{settlement.name}-C{number}",
        order=settlement.order,
        order_name=settlement.name,
        made_at=refund.made_at,
        currencies=settlement.currencies,
        taxes_included=settlement.taxes_included,
        duties_included=settlement.duties_included,
        lines=tuple(_line(sight, one, lines.get(one.line)) for one in what.lines),
        shipping=what.shipping,
        shipping_tax=what.shipping_tax,
        adjustment=NOTHING,
        reason="",
        total=what.paid_back,
        asked=asked.get(refund.id),
    )
    return _balanced(document, refund.reasons)


def _line(sight: Sight, one: RefundedLine, sold: OrderLine | None) -> CreditLine:
    return CreditLine(
        line=one.line,
        item=sight.items.get(sold.variant) if sold is not None and sold.variant is not None else None,
        sku=sold.sku if sold is not None else None,
        title=sold.title if sold is not None else "",
        units=one.units,
        subtotal=one.subtotal,
        tax=one.tax,
        duties=one.duties,
        restock=one.restock,
    )


def _balanced(document: Credit, reasons: Sequence[str]) -> Credit:
    """
    Let goods, shipping and adjustment come to what went back.

    The adjustment is reckoned, not read: in what sign Shopify lists it is nowhere said, and what it lists is there for
    the very reason that goods and money differ. Its reasons are Shopify's.
    """
    rest = document.total - document.listed
    return replace(document, adjustment=rest, reason=", ".join(dict.fromkeys(reasons)) if rest else "")
