"""An order's payments and refunds: read, an authorization captured, money given back."""

from crossdock.kit.errors import TryAgain
from crossdock.kit.keys import effect_key
from crossdock.model.money import Money
from crossdock.model.names import OrderId, PaymentId, RefundId
from crossdock.model.settlement import PaidBack, Settlement
from crossdock.shopify.complaints import complaint
from crossdock.shopify.generated.admin import Admin
from crossdock.shopify.generated.enums import CurrencyCode, OrderTransactionKind
from crossdock.shopify.generated.input_types import OrderCaptureInput, OrderTransactionInput, RefundInput
from crossdock.shopify.mapping.settlement import to_settlement
from crossdock.shopify.whole_orders import refunded_lines


async def settlement(admin: Admin, order: OrderId) -> Settlement | None:
    """Return how an order is settled now; None where there is no such order."""
    found = (await admin.order_settlement(order)).order
    if found is None:
        return None
    return to_settlement(found, [(refund, await refunded_lines(admin, refund)) for refund in found.refunds])


async def capture(admin: Admin, order: OrderId, authorization: PaymentId, money: Money) -> None:
    """Capture so much of an authorization. Raises TryAgain where it may or may not have been captured."""
    given = OrderCaptureInput(
        id=order,
        parent_transaction_id=authorization,
        amount=str(money.amount),
        currency=CurrencyCode(money.currency),
    )
    payload = (await admin.capture(given)).order_capture
    errors = [error.message for error in payload.user_errors] if payload else []
    if errors:
        raise complaint(f"Capturing {money}", errors)


async def refund(admin: Admin, what: PaidBack, key: str) -> RefundId:
    """
    Give money back; `key` stands for this very refund, and keeps a repeat within 24 hours from giving it twice.

    Raises TryAgain where it may or may not have been given.
    """
    given = RefundInput(
        order_id=what.order,
        note=what.note,
        currency=CurrencyCode(what.parts[0][2].currency),
        transactions=[
            OrderTransactionInput(
                order_id=what.order,
                parent_id=payment,
                gateway=gateway,
                amount=str(part.amount),
                kind=OrderTransactionKind.REFUND,
            )
            for payment, gateway, part in what.parts
        ],
    )
    payload = (await admin.create_refund(given, effect_key(what.order, key))).refund_create
    errors = [error.message for error in payload.user_errors] if payload else []
    if errors:
        raise complaint(f"Refunding {what.note}", errors)
    if payload is None or payload.refund is None:
        raise TryAgain("Shopify answered a refund with neither its id nor an error; the hub reads the order.")
    return RefundId(payload.refund.id)
