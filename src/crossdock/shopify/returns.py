"""Returns read whole, and told what became of the goods and of the money."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from crossdock.kit.errors import TryAgain
from crossdock.model.money import Money
from crossdock.model.names import (
    ExchangeLineId,
    FulfillmentLineId,
    OrderId,
    PaymentId,
    ReturnId,
    ReturnLineId,
    Units,
    VariantId,
)
from crossdock.model.returning import Disposal, Owed, Refund, Return, Returnable
from crossdock.shopify.batches import Batches
from crossdock.shopify.complaints import complaint
from crossdock.shopify.generated.admin import Admin
from crossdock.shopify.generated.enums import ReturnReason, ReverseFulfillmentOrderDispositionType
from crossdock.shopify.generated.input_types import (
    MoneyInput,
    RefundShippingInput,
    ReturnApproveRequestInput,
    ReturnInput,
    ReturnLineItemInput,
    ReturnProcessExchangeLineItemInput,
    ReturnProcessFinancialTransferInput,
    ReturnProcessInput,
    ReturnProcessRefundInput,
    ReturnProcessReturnLineItemInput,
    ReturnRefundOrderTransactionInput,
    ReverseFulfillmentOrderDisposeInput,
    SuggestedOutcomeExchangeLineItemInput,
    SuggestedOutcomeReturnLineItemInput,
)
from crossdock.shopify.generated.return_outcome import (
    ReturnOutcomeReturnSuggestedFinancialOutcomeFinancialTransferInvoiceReturnOutcome as InvoiceOutcome,
)
from crossdock.shopify.generated.return_outcome import (
    ReturnOutcomeReturnSuggestedFinancialOutcomeFinancialTransferRefundReturnOutcome as RefundOutcome,
)
from crossdock.shopify.generated.returns import ReturnsNodesReturn
from crossdock.shopify.generated.returns_of_orders import ReturnsOfOrdersNodesOrder
from crossdock.shopify.mapping.money import to_money
from crossdock.shopify.mapping.returns import refuse_more, to_return

LARGEST_RETURNS = 7
"""Whole returns in one call: by the cost fitted to recorded answers (2026-04) under the limit."""


async def returns_of(admin: Admin, small: Batches, orders: Sequence[OrderId]) -> Mapping[OrderId, Sequence[Return]]:
    """Return all returns of these orders. Raises Refused for an order or a return that is larger than a page."""
    ids: list[str] = []
    for answer in await small.read(orders, admin.returns_of_orders):
        for node in answer.nodes:
            if isinstance(node, ReturnsOfOrdersNodesOrder):
                refuse_more(f"The list of returns of {node.id}", node.returns.page_info)
                ids += [one.id for one in node.returns.nodes]
    found: dict[OrderId, list[Return]] = defaultdict(list)
    for whole in await Batches(LARGEST_RETURNS).read(ids, admin.returns):
        for one in whole.nodes:
            if isinstance(one, ReturnsNodesReturn):
                found[OrderId(one.order.id)].append(to_return(one))
    return found


async def returnable(admin: Admin, order: OrderId) -> Sequence[Returnable]:
    """Return what of an order's fulfillments no return speaks for, of the first 50 with 50 lines each."""
    answer = await admin.returnable(order)
    return [
        Returnable(
            FulfillmentLineId(line.fulfillment_line_item.id),
            VariantId(line.fulfillment_line_item.line_item.variant.id)
            if line.fulfillment_line_item.line_item.variant
            else None,
            Units(line.quantity),
        )
        for fulfillment in answer.returnable_fulfillments.nodes
        for line in fulfillment.returnable_fulfillment_line_items.nodes
    ]


async def create_return(
    admin: Admin, order: OrderId, lines: Sequence[tuple[FulfillmentLineId, Units]], note: str
) -> ReturnId:
    """Create an approved return. Raises TryAgain where it may or may not have been created."""
    given = ReturnInput(
        order_id=order,
        return_line_items=[
            ReturnLineItemInput(
                fulfillment_line_item_id=line,
                quantity=units,
                return_reason=ReturnReason.OTHER,
                return_reason_note=note,
            )
            for line, units in lines
        ],
    )
    payload = (await admin.create_return(given)).return_create
    _raise_errors(f"A return for {note}", [error.message for error in payload.user_errors] if payload else [])
    if payload is None or payload.return_ is None:
        raise TryAgain("Shopify answered a new return with neither its id nor an error; the hub reads the order.")
    return ReturnId(payload.return_.id)


async def approve_return(admin: Admin, id_: ReturnId) -> None:
    """Approve a requested return. Raises TryAgain where it is not requested any more."""
    payload = (await admin.approve_return(ReturnApproveRequestInput(id=id_))).return_approve_request
    _raise_errors(f"Approving {id_}", [error.message for error in payload.user_errors] if payload else [])


async def dispose(admin: Admin, disposals: Sequence[Disposal]) -> None:
    """Say what became of units of one reverse fulfillment order."""
    given = []
    for one in disposals:
        entry = ReverseFulfillmentOrderDisposeInput(
            reverse_fulfillment_order_line_item_id=one.line,
            disposition_type=ReverseFulfillmentOrderDispositionType(one.type),
            quantity=one.units,
        )
        if one.location is not None:
            entry.location_id = one.location
        given.append(entry)
    payload = (await admin.dispose(given)).reverse_fulfillment_order_dispose
    _raise_errors("What came back", [error.message for error in payload.user_errors] if payload else [])


async def suggested_outcome(
    admin: Admin,
    id_: ReturnId,
    lines: Sequence[tuple[ReturnLineId, Units]],
    exchanges: Sequence[tuple[ExchangeLineId, Units]],
    *,
    shipping: bool,
) -> Refund | Owed | None:
    """Return what Shopify reckons is to be given back, or still to be paid; None where it is nothing."""
    asked = [SuggestedOutcomeReturnLineItemInput(id=line, quantity=units) for line, units in lines]
    instead = [SuggestedOutcomeExchangeLineItemInput(id=line, quantity=units) for line, units in exchanges]
    found = (await admin.return_outcome(id_, asked, instead, RefundShippingInput(full_refund=shipping))).return_
    outcome = found.suggested_financial_outcome if found else None
    transfer = outcome.financial_transfer if outcome else None
    if isinstance(transfer, InvoiceOutcome):
        return Owed(to_money(transfer.amount))
    if not isinstance(transfer, RefundOutcome):
        return None
    payments = tuple(
        (
            PaymentId(one.parent_transaction.id),
            Money(one.amount_set.presentment_money.amount, one.amount_set.presentment_money.currency_code),
        )
        for one in transfer.suggested_transactions
        if one.parent_transaction is not None
    )
    return Refund(to_money(transfer.amount), payments)


async def process_return(
    admin: Admin,
    id_: ReturnId,
    lines: Sequence[tuple[ReturnLineId, Units]],
    refund: Refund | None,
    exchanges: Sequence[tuple[ExchangeLineId, Units]],
    *,
    shipping: bool,
) -> None:
    """Undo the sale of units that came back. Raises TryAgain where it may or may not have been done."""
    given = ReturnProcessInput(
        return_id=id_,
        return_line_items=[ReturnProcessReturnLineItemInput(id=line, quantity=units) for line, units in lines],
        exchange_line_items=[ReturnProcessExchangeLineItemInput(id=line, quantity=units) for line, units in exchanges],
    )
    if refund is not None:
        transactions = [
            ReturnRefundOrderTransactionInput(
                parent_id=payment, transaction_amount=MoneyInput(amount=part.amount, currency_code=part.currency)
            )
            for payment, part in refund.payments
        ]
        given.financial_transfer = ReturnProcessFinancialTransferInput(
            issue_refund=ReturnProcessRefundInput(order_transactions=transactions)
        )
        if shipping:
            given.refund_shipping = RefundShippingInput(full_refund=True)
    payload = (await admin.process_return(given)).return_process
    _raise_errors(f"Processing {id_}", [error.message for error in payload.user_errors] if payload else [])


async def close_return(admin: Admin, id_: ReturnId) -> None:
    """Close a return; one that is closed already is no error."""
    payload = (await admin.close_return(id_)).return_close
    _raise_errors(f"Closing {id_}", [error.message for error in payload.user_errors] if payload else [])


def _raise_errors(what: str, messages: Sequence[str]) -> None:
    if messages:
        raise complaint(what, messages)
