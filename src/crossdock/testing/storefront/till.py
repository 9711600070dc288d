"""The till of the store that lives in memory: payments, captures and refunds, as Shopify books them."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from crossdock.kit.clock import Clock
from crossdock.kit.errors import Refused
from crossdock.model.money import NOTHING, Amount, Money, total
from crossdock.model.names import OrderId, PaymentId, RefundId
from crossdock.model.order import Order
from crossdock.model.order_money import Refund, RefundedLine
from crossdock.model.payment import Payments, Transaction
from crossdock.model.settlement import MadeRefund, PaidBack, Settlement

_IN = frozenset({"SALE", "CAPTURE"})


@dataclass(slots=True)
class _Drawer:
    transactions: list[Transaction] = field(default_factory=list)
    refunds: list[MadeRefund] = field(default_factory=list)
    given: dict[str, tuple[PaidBack, RefundId]] = field(default_factory=dict)

    def parts(self, parent: str, kind: str) -> Amount:
        return total([one.amount for one in self.transactions if (one.parent, one.kind) == (parent, kind)])


class Till:
    """
    Payments of orders by order id; what a test has not said is paid in full, by one sale.

    Amounts of captures and refunds are in the customer's currency; the shop's follow at the rate of the payment.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = itertools.count(1)
        self._drawers: dict[OrderId, _Drawer] = {}

    def authorize(self, order: Order, amount: Amount, expires_at: datetime | None = None) -> PaymentId:
        """Have the customer authorize so much of an order that is not paid yet."""
        drawer = self._drawers.setdefault(order.id, _Drawer())
        made = replace(self._transaction("AUTHORIZATION", amount), expires_at=expires_at)
        drawer.transactions.append(made)
        return PaymentId(made.id)

    def void(self, order: Order, authorization: PaymentId) -> None:
        """Give an authorization up."""
        drawer = self._drawer(order)
        drawer.transactions.append(self._transaction("VOID", self._found(drawer, authorization).amount, authorization))

    def give_back(
        self,
        order: Order,
        paid_back: Amount,
        *,
        lines: Sequence[RefundedLine] = (),
        shipping: Amount = NOTHING,
        note: str = "",
        under_way: bool = False,
        reasons: Sequence[str] = (),
    ) -> RefundId:
        """Refund in Shopify, as a person does: for these lines, for shipping, or for nothing in particular."""
        drawer = self._drawer(order)
        what = Refund(tuple(lines), shipping, NOTHING, paid_back)
        payment = next((one.id for one in drawer.transactions if one.kind in _IN), None)
        if paid_back:
            drawer.transactions.append(self._transaction("REFUND", paid_back, payment))
        return self._book(drawer, MadeRefund(_no_refund, self._clock.now(), note, what, under_way, tuple(reasons)))

    def settlement(self, order: Order) -> Settlement:
        """Return how an order is settled."""
        drawer = self._drawer(order)
        return Settlement(
            order=order.id,
            name=order.name,
            currencies=order.money.currencies,
            taxes_included=order.money.taxes_included,
            duties_included=order.money.duties_included,
            total=order.money.totals.total,
            received=self._received(drawer),
            refundable=self._received(drawer) - self._paid_back(drawer),
            transactions=tuple(replace(one, open=self._open(drawer, one)) for one in drawer.transactions),
            refunds=tuple(drawer.refunds),
        )

    def capture(self, order: Order, authorization: PaymentId, money: Money) -> None:
        """Capture so much of an authorization. Raises Refused for more than is open."""
        drawer = self._drawer(order)
        parent = self._found(drawer, authorization)
        left = self._open(drawer, parent)
        if money.amount > left.presentment or money.currency != order.money.currencies.presentment:
            raise Refused(f"The fake store: cannot capture more than the authorized {left.presentment}.")
        drawer.transactions.append(self._transaction("CAPTURE", _at_rate(money.amount, parent.amount), authorization))

    def refund(self, order: Order, what: PaidBack, key: str) -> RefundId:
        """Give money back, once per key. Raises Refused for more than was paid."""
        drawer = self._drawer(order)
        if key in drawer.given:
            before, made = drawer.given[key]
            if before != what:
                raise Refused("The fake store: one key was used for two different refunds.")
            return made
        parents = [self._found(drawer, payment) for payment, _, _ in what.parts]
        amounts = [_at_rate(part.amount, one.amount) for one, (_, _, part) in zip(parents, what.parts, strict=True)]
        for one, amount in zip(parents, amounts, strict=True):
            if amount.presentment > (one.amount - drawer.parts(one.id, "REFUND")).presentment:
                raise Refused("The fake store: refund amount is greater than net payment received.")
        drawer.transactions += [
            self._transaction("REFUND", amount, one.id) for one, amount in zip(parents, amounts, strict=True)
        ]
        given = Refund((), NOTHING, NOTHING, total(amounts))
        made = self._book(drawer, MadeRefund(_no_refund, self._clock.now(), what.note, given))
        drawer.given[key] = (what, made)
        return made

    def shown(self, order: Order) -> Payments:
        """Return what the order itself shows of its payments."""
        drawer = self._drawer(order)
        received = self._received(drawer)
        capturable = total([self._open(drawer, one) for one in drawer.transactions])
        return replace(
            order.payments,
            transactions=tuple(drawer.transactions),
            received=received,
            paid_back=self._paid_back(drawer),
            capturable=capturable,
        )

    def _drawer(self, order: Order) -> _Drawer:
        if order.id not in self._drawers:
            self._drawers[order.id] = _Drawer([self._transaction("SALE", order.money.totals.total)])
        return self._drawers[order.id]

    def _transaction(self, kind: str, amount: Amount, parent: str | None = None) -> Transaction:
        id_ = f"gid://shopify/OrderTransaction/{next(self._numbers)}"
        return Transaction(id_, kind, "SUCCESS", "bogus", amount, manual=False, parent=parent)

    def _book(self, drawer: _Drawer, refund: MadeRefund) -> RefundId:
        made = replace(refund, id=RefundId(f"gid://shopify/Refund/{next(self._numbers)}"))
        drawer.refunds.append(made)
        return made.id

    @staticmethod
    def _found(drawer: _Drawer, id_: str) -> Transaction:
        return next(one for one in drawer.transactions if one.id == id_)

    @staticmethod
    def _open(drawer: _Drawer, one: Transaction) -> Amount:
        if one.kind != "AUTHORIZATION":
            return NOTHING
        return one.amount - drawer.parts(one.id, "CAPTURE") - drawer.parts(one.id, "VOID")

    @staticmethod
    def _received(drawer: _Drawer) -> Amount:
        return total([one.amount for one in drawer.transactions if one.kind in _IN])

    @staticmethod
    def _paid_back(drawer: _Drawer) -> Amount:
        return total([one.amount for one in drawer.transactions if one.kind == "REFUND"])


_no_refund = RefundId("")


def _at_rate(amount: Decimal, rate: Amount) -> Amount:
    shop = amount if rate.shop == rate.presentment else round(amount * rate.shop / rate.presentment, 2)
    return Amount(shop, amount)
