"""Orders cancelled, and units taken out of them, on Shopify."""

from collections.abc import Sequence

from crossdock.kit.errors import TryAgain
from crossdock.model.names import OrderId
from crossdock.model.withdrawal import JobId, Removal
from crossdock.shopify.complaints import complaint
from crossdock.shopify.generated.admin import Admin
from crossdock.shopify.generated.enums import OrderCancelReason
from crossdock.shopify.generated.input_types import OrderCancelRefundMethodInput


async def cancel_order(admin: Admin, order: OrderId, *, restock: bool, refund: bool, notify_customer: bool) -> JobId:
    """Begin to cancel, and return the job. Raises TryAgain where it may have begun, or the order has changed."""
    method = OrderCancelRefundMethodInput(original_payment_methods_refund=refund)
    payload = (
        await admin.cancel_order(order, OrderCancelReason.INVENTORY, restock, notify_customer, method)
    ).order_cancel
    _raise_errors(f"Cancelling {order}", [one.message for one in payload.order_cancel_user_errors] if payload else [])
    if payload is None or payload.job is None:
        raise TryAgain("Shopify answered a cancellation with neither its job nor an error; the hub reads the order.")
    return JobId(payload.job.id)


async def is_done(admin: Admin, job: JobId) -> bool:
    """Say whether a job has ended; one that Shopify does not know any more has."""
    found = (await admin.job(job)).job
    return found is None or found.done


async def remove_units(admin: Admin, removal: Removal) -> None:
    """Edit the order in one session. Raises TryAgain where it may or may not have been committed."""
    what = f"Taking units out of {removal.order}"
    begun = (await admin.begin_order_edit(removal.order)).order_edit_begin
    _raise_errors(what, [one.message for one in begun.user_errors] if begun else [])
    if begun is None or begun.calculated_order is None:
        raise TryAgain("Shopify answered a new order edit with neither its id nor an error. Nothing was changed.")
    edit = begun.calculated_order.id
    for line, left in removal.left.items():
        # Lines of the order keep their number in an edit (Shopify docs, 2026-07).
        calculated = line.replace("/LineItem/", "/CalculatedLineItem/")
        staged = (await admin.set_edited_quantity(edit, calculated, left, removal.restock)).order_edit_set_quantity
        _raise_errors(what, [one.message for one in staged.user_errors] if staged else [])
    committed = (await admin.commit_order_edit(edit, removal.notify_customer, _NOTE)).order_edit_commit
    _raise_errors(what, [one.message for one in committed.user_errors] if committed else [])


_NOTE = "The warehouse does not ship these units."


def _raise_errors(what: str, messages: Sequence[str]) -> None:
    if messages:
        raise complaint(what, messages)
