"""Whether a refund that the backend asks for is made, by which payments, or put to a person. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from crossdock.flows.money.sight import Sight, noted
from crossdock.flows.money.steps import GiveBack, Reply
from crossdock.model.credit import RefundAnswer, RefundRequest
from crossdock.model.money import Money
from crossdock.model.money_move import KnownMove, Say
from crossdock.model.names import PaymentId
from crossdock.model.payment import Transaction
from crossdock.model.plan import Wait
from crossdock.model.settlement import MadeRefund, PaidBack, Settlement

IN_FLIGHT = timedelta(seconds=30)
"""A call without an answer may arrive as late as this; what Shopify does not show until then it did not hear."""

UNTIL_PAID = timedelta(hours=1)
"""How soon to look again at a refund that is under way; news of it comes earlier, as a rule."""

NEXT = timedelta(seconds=1)
"""How soon to look again where one step rests on the one before."""

_LONGEST_REASON = 200
_NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Question:
    """A refund that needs a person: what it comes to, in words that name no people, and what is in the way."""

    request: RefundRequest
    why: str

    @property
    def sentence(self) -> str:
        """What a person reads of it."""
        reason = f" ({self.request.reason})" if self.request.reason else ""
        return f"{what(self.request)}{reason}: {self.why}"


def what(request: RefundRequest) -> str:
    """Return what a person says yes or no to: another amount would be another question."""
    return f"{request.key} asks for {request.amount} back"


def weigh(sight: Sight, request: RefundRequest) -> GiveBack | Reply | Question | Wait:
    """
    Say what is done about one refund that the backend asks for and has no answer to.

    What Shopify has already is only reported. A person's no ends it, a person's yes lifts the limit of the rules;
    nothing lifts Shopify's, and no amount is converted.
    """
    settlement, known = sight.settlement, _known(sight, request)
    if settlement is None or sight.asked_at is None:
        return _no(request, "The hub has not asked this backend to ship anything of this order.")
    made = sight.made(request)
    if made is not None:
        return _outcome(settlement, request, made)
    if known is not None and known.telling and known.ago < IN_FLIGHT:
        return Wait(IN_FLIGHT - known.ago, f"Shopify may still be hearing of {request.key}.")
    if known is not None and known.answer is Say.DECLINE:
        return _no(request, "A person has declined it.")
    if request.amount.amount <= 0:
        return _no(request, f"{request.amount} is nothing that could go back.")
    hindrance = _hindrance(sight, settlement, request, known)
    parts = _spread(settlement, request.amount.amount)
    if hindrance is not None:
        return Question(request, hindrance)
    if not parts:
        return Question(request, "no payment of the order can give so much back.")
    note = f"{request.reason[:_LONGEST_REASON]} {noted(sight.connection, request)}".strip()
    return GiveBack(
        request.key, request.amount, PaidBack(sight.id, parts, note), known.refusals if known is not None else 0
    )


def _known(sight: Sight, request: RefundRequest) -> KnownMove | None:
    """What was done about it so far, as long as it asks for the same."""
    known = sight.moves.get(request.key)
    return known if known is not None and known.what == what(request) else None


def _hindrance(sight: Sight, settlement: Settlement, request: RefundRequest, known: KnownMove | None) -> str | None:
    """What keeps the hub from making it by itself."""
    paid_in = settlement.currencies.presentment
    if request.amount.currency != paid_in:
        return f"the customer paid in {paid_in}, and the hub converts nothing. Refund it in Shopify, and decline this."
    most = settlement.customers(settlement.refundable)
    if request.amount.amount > most.amount:
        return f"Shopify lets no more than {most} go back."
    if known is not None and known.refused is not None:
        return f"Shopify said: {known.refused}"
    limit = Money(sight.rules.refund_limit, settlement.currencies.shop)
    approved = known is not None and known.answer is Say.APPROVE
    if not approved and _in_shop_money(settlement, request.amount.amount) + _given(sight) > limit.amount:
        return f"up to {limit} of an order needs no person."
    return None


def _given(sight: Sight) -> Decimal:
    """What went back already as the backend asked for it, in the shop's currency: many small ones are a large one."""
    made = {found.id: found for request in sight.requests if (found := sight.made(request)) is not None}
    return sum((one.what.paid_back.shop for one in made.values()), _NONE)


def _in_shop_money(settlement: Settlement, amount: Decimal) -> Decimal:
    """About what an amount is in the shop's currency, at the rate of the order's own payments: for the limit alone."""
    paid = settlement.received
    return amount * paid.shop / paid.presentment if paid.presentment else amount


def _spread(settlement: Settlement, amount: Decimal) -> tuple[tuple[PaymentId, str, Money], ...]:
    """Divide an amount over the payments that can give it back, the oldest first; none where they cannot."""
    parts = []
    for payment in settlement.transactions:
        part = min(amount, _left(settlement, payment))
        if part > 0:
            amount -= part
            parts.append((PaymentId(payment.id), payment.gateway, Money(part, settlement.currencies.presentment)))
    return () if amount > 0 else tuple(parts)


def _left(settlement: Settlement, payment: Transaction) -> Decimal:
    if payment.kind not in {"SALE", "CAPTURE"} or payment.status != "SUCCESS":
        return _NONE
    back: Sequence[Transaction] = settlement.parts_of(payment.id, "REFUND")
    return payment.amount.presentment - sum((one.amount.presentment for one in back), _NONE)


def _outcome(settlement: Settlement, request: RefundRequest, made: MadeRefund) -> Reply | Wait:
    """What there is to say of a refund that Shopify has: its payment may still be under way, and may have failed."""
    if made.under_way:
        return Wait(UNTIL_PAID, f"The payment provider has not given {request.amount} back yet.")
    if not made.what.paid_back:
        return _no(request, "The payment provider gave nothing back.")
    back = settlement.customers(made.what.paid_back)
    return Reply(request.key, RefundAnswer(made=True, refund=made.id, said=f"{back} went back."))


def _no(request: RefundRequest, said: str) -> Reply:
    return Reply(request.key, RefundAnswer(made=False, refund=None, said=said))
