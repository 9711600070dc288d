"""How much of which authorization is captured: what is open on it and still owed, never more. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from crossdock.model.money import Money
from crossdock.model.names import PaymentId
from crossdock.model.payment import Transaction
from crossdock.model.settlement import UNDER_WAY, Settlement

_NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Capturing:
    """
    What is to be captured of which authorization, in the customer's currency.

    `short` is owed and covered by no authorization, though the customer had authorized the order; nothing where the
    order never had one: it is then paid in another way. `under_way` says that captures have no known end yet.
    """

    parts: tuple[tuple[PaymentId, Money], ...]
    short: Money
    under_way: bool


def capturing(settlement: Settlement, now: datetime) -> Capturing:
    """
    Reckon what is to be captured, the oldest authorization first.

    Owed is what the order comes to now less all that the customer paid, whoever captured it, and what is being paid.
    What was given back beside the goods is not asked for again. An authorization that was voided has nothing open, nor
    has one that expired.
    """
    coming = [one for one in settlement.transactions if one.status in UNDER_WAY and one.kind in {"SALE", "CAPTURE"}]
    owed = settlement.total.presentment - settlement.received.presentment
    owed -= sum((one.amount.presentment for one in coming), _NONE)
    parts: list[tuple[PaymentId, Money]] = []
    for one in settlement.authorizations:
        take = min(owed, _open(settlement, one, now))
        if take > 0:
            owed -= take
            parts.append((PaymentId(one.id), Money(take, settlement.currencies.presentment)))
    short = max(_NONE, owed) if settlement.authorizations else _NONE
    return Capturing(
        tuple(parts), Money(short, settlement.currencies.presentment), any(one.kind == "CAPTURE" for one in coming)
    )


def _open(settlement: Settlement, authorization: Transaction, now: datetime) -> Decimal:
    """What of it can still be captured, by Shopify's figure and by the captures that it lists: the lesser."""
    if authorization.expires_at is not None and authorization.expires_at <= now:
        return _NONE
    if settlement.parts_of(authorization.id, "VOID"):
        return _NONE
    captured: Sequence[Transaction] = settlement.parts_of(authorization.id, "CAPTURE")
    left = authorization.amount.presentment - sum((one.amount.presentment for one in captured), _NONE)
    return max(_NONE, min(left, authorization.open.presentment))
