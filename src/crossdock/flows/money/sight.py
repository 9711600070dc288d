"""What the money of one order looks like from both sides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crossdock.model.cause import Hold
from crossdock.model.credit import RefundRequest
from crossdock.model.money_move import Dealt, KnownMove
from crossdock.model.money_rules import CaptureAt, MoneyRules
from crossdock.model.names import ConnectionId, ItemCode, OrderId, RefundId, VariantId
from crossdock.model.order import Order
from crossdock.model.settlement import MadeRefund, Settlement


@dataclass(frozen=True, slots=True)
class Sight:
    """
    One order's money.

    `asked_at` is when the backend was first asked to ship anything of it, None where it never was. `requests` are the
    refunds that the backend asks for, `credits` says whether it keeps credit documents. `now` is the hub's clock.
    """

    connection: ConnectionId
    backend: str
    id: OrderId
    name: str
    order: Order | None
    settlement: Settlement | None
    asked_at: datetime | None
    now: datetime
    moves: Mapping[str, KnownMove]
    dealt: Mapping[RefundId, Dealt]
    requests: Sequence[RefundRequest]
    items: Mapping[VariantId, ItemCode]
    rules: MoneyRules
    credits: bool
    hold: Hold | None = None

    def made(self, request: RefundRequest) -> MadeRefund | None:
        """Return the refund that Shopify has for what the backend asked for, if there is one."""
        refunds = self.settlement.refunds if self.settlement is not None else ()
        known = self.moves.get(request.key)
        mark = noted(self.connection, request)
        return next(
            (one for one in refunds if one.note.endswith(mark) or (known is not None and one.id == known.refund)), None
        )

    @property
    def has_left(self) -> bool:
        """Whether as much of it has left, and is on Shopify, as the rule waits for before it captures."""
        order = self.order
        if order is None or order.cancelled_at is not None or self.rules.capture is CaptureAt.OFF:
            return False
        if not any(one.lines for one in order.fulfillments if not one.cancelled):
            return False
        return self.rules.capture is CaptureAt.FIRST_PACKAGE or not _to_ship(order)


def noted(connection: ConnectionId, request: RefundRequest) -> str:
    """Return the end of the note by which a refund at Shopify is known as the one that was asked for."""
    return f"[{connection}/{request.key}]"


def _to_ship(order: Order) -> int:
    """Units that are still to leave, whoever ships them."""
    goods = {line.id for line in order.lines if line.requires_shipping}
    return sum(
        line.remaining
        for part in order.fulfillment_orders
        if part.status not in {"CLOSED", "CANCELLED"}
        for line in part.lines
        if line.line_item in goods
    )
