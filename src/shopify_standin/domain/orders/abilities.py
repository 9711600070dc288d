"""What can still be done with an order."""

from shopify_standin.domain.orders.paying import markable_as_paid
from shopify_standin.domain.orders.reading import ORDER
from shopify_standin.model.sales import Order


@ORDER.field("canMarkAsPaid")
def can_mark_as_paid(order: Order) -> bool:
    """Whether `orderMarkAsPaid` would do."""
    return markable_as_paid(order)


@ORDER.field("capturable")
def capturable(order: Order) -> bool:
    """Whether an authorization waits to be captured."""
    return order.capturable.shop > 0


@ORDER.field("refundable")
def refundable(order: Order) -> bool:
    """Whether money could be given back."""
    return order.net_payment.shop > 0 or any(line.current_quantity for line in order.lines)


@ORDER.field("restockable", "fulfillable")
def fulfillable(order: Order) -> bool:
    """Whether units are still to be shipped."""
    return order.cancelled_at is None and any(line.unfulfilled_quantity for line in order.lines)


@ORDER.field("merchantEditable")
def merchant_editable(order: Order) -> bool:
    """Whether the lines can be edited."""
    return order.cancelled_at is None


@ORDER.field("requiresShipping")
def requires_shipping(order: Order) -> bool:
    """Whether any line is to be shipped."""
    return any(line.requires_shipping for line in order.lines)


@ORDER.field("canNotifyCustomer")
def can_notify(order: Order) -> bool:
    """Whether there is an address to write to."""
    return order.email is not None
