"""How an order is settled: its payments, and its refunds with what each gave back."""

from collections.abc import Sequence
from datetime import UTC, datetime

from crossdock.model.money import Currencies
from crossdock.model.names import LineItemId, OrderId, RefundId
from crossdock.model.payment import Transaction
from crossdock.model.settlement import UNDER_WAY, MadeRefund, Settlement
from crossdock.shopify.generated.fragments import RefundLineFields, SettledTransaction
from crossdock.shopify.generated.order_settlement import OrderSettlementOrder, OrderSettlementOrderRefunds
from crossdock.shopify.mapping.money import to_amount, to_refund

Settled = tuple[OrderSettlementOrderRefunds, Sequence[RefundLineFields]]
"""A refund with all pages of its lines."""


def to_settlement(order: OrderSettlementOrder, refunds: Sequence[Settled]) -> Settlement:
    """Return how the order is settled; `refunds` are all there are."""
    duty_lines = {duty.id: LineItemId(line.id) for line in order.line_items.nodes for duty in line.duties}
    suggested = order.suggested_refund
    return Settlement(
        order=OrderId(order.id),
        name=order.name,
        currencies=Currencies(order.currency_code, order.presentment_currency_code),
        taxes_included=order.taxes_included,
        duties_included=order.duties_included,
        total=to_amount(order.current_total_price_set),
        received=to_amount(order.total_received_set),
        refundable=to_amount(suggested.maximum_refundable_set if suggested else None),
        transactions=tuple(_transaction(one) for one in order.transactions),
        refunds=tuple(
            MadeRefund(
                id=RefundId(refund.id),
                # Shopify has no time for refunds that were migrated from elsewhere; those are old.
                made_at=refund.created_at or datetime.min.replace(tzinfo=UTC),
                note=refund.note or "",
                what=to_refund(refund, lines, duty_lines),
                under_way=any(one.status in UNDER_WAY for one in refund.transactions.nodes),
                reasons=tuple(one.reason for one in refund.order_adjustments.nodes if one.reason),
            )
            for refund, lines in refunds
        ),
    )


def _transaction(one: SettledTransaction) -> Transaction:
    return Transaction(
        id=one.id,
        kind=one.kind,
        status=one.status,
        gateway=one.gateway or "",
        amount=to_amount(one.amount_set),
        manual=one.manual_payment_gateway,
        parent=one.parent_transaction.id if one.parent_transaction else None,
        open=to_amount(one.total_unsettled_set),
        expires_at=one.authorization_expires_at,
    )
