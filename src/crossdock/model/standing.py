"""What an order comes to now, line by line, and whether that is what Shopify says. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from crossdock.model.money import NOTHING, Amount, divided, total
from crossdock.model.names import LineItemId
from crossdock.model.order_money import Charge, ChargeKind, OrderMoney, SoldLine, Tax, Totals, taxes_of


@dataclass(frozen=True, slots=True)
class Worth:
    """What some units of a line cost: each before discounts, all their discounts, taxes and duties."""

    units: int
    unit_price: Amount
    discount: Amount
    taxes: tuple[Tax, ...]
    duties: Amount

    @property
    def net(self) -> Amount:
        """What they cost after discounts."""
        return self.unit_price * self.units - self.discount

    @property
    def tax(self) -> Amount:
        """All taxes on them."""
        return total([tax.amount for tax in self.taxes])


@dataclass(frozen=True, slots=True)
class Standing:
    """
    What an order comes to now. `total` is Shopify's; lines and charges sum to it exactly.

    `findings` say in words where Shopify's own figures do not sum up; the difference then is one of the charges.
    """

    lines: tuple[tuple[LineItemId, Worth], ...]
    charges: tuple[Charge, ...]
    total: Amount
    findings: tuple[str, ...]


def standing(money: OrderMoney) -> Standing:
    """Return what the order comes to now; a tip that Shopify lists among the lines is counted as the tip, once."""
    lines, charges = _parts(money)
    ours = _sums(money, lines, charges)
    missing = money.totals.total - ours.total
    if missing:
        charges = (*charges, Charge(ChargeKind.DIFFERENCE, "Difference to Shopify's total", missing))
    return Standing(lines, charges, money.totals.total, tuple(_differences(money, ours)))


def _parts(money: OrderMoney) -> tuple[tuple[tuple[LineItemId, Worth], ...], tuple[Charge, ...]]:
    tip_line = _tip_line(money)
    lines = tuple((one.line, worth(money, one, one.current)) for one in money.lines if one.line != tip_line)
    tip = (Charge(ChargeKind.TIP, "Tip", money.totals.tip),) if money.totals.tip else ()
    return lines, (*money.charges, *_duties_kept(money), *tip)


def _duties_kept(money: OrderMoney) -> list[Charge]:
    """A refund takes units out and leaves their duties, unless `refundDuties` says so (by the inputs of 2026-07)."""
    kept = []
    for line in money.lines:
        refunds = money.refunded(line.line)
        left = line.duties - total([one.duties for one in refunds])
        if refunds and not line.current and left and not money.duties_included:
            kept.append(Charge(ChargeKind.DUTIES, f"Duties on “{line.title}”", left))
    return kept


def summed(money: OrderMoney) -> Totals:
    """Return what Shopify's totals must be, by all that Shopify lists."""
    return _sums(money, *_parts(money))


def _sums(money: OrderMoney, lines: Sequence[tuple[LineItemId, Worth]], charges: Sequence[Charge]) -> Totals:
    of = {kind: total([one.net for one in charges if one.kind is kind]) for kind in ChargeKind}
    return Totals(
        goods=total([one.net for _, one in lines]),
        shipping=of[ChargeKind.SHIPPING],
        tax=total([one.tax for _, one in lines]) + total([one.tax for one in charges]),
        duties=total([one.duties for _, one in lines]) + of[ChargeKind.DUTIES],
        fees=of[ChargeKind.FEE],
        tip=of[ChargeKind.TIP],
        total=total([payable(money, one) for _, one in lines]) + total([charged(money, one) for one in charges]),
    )


def payable(money: OrderMoney, part: Worth) -> Amount:
    """Return what a customer pays for these units, all in."""
    return money.payable(part.net, part.tax, part.duties)


def charged(money: OrderMoney, charge: Charge) -> Amount:
    """Return what a customer pays for a charge, all in."""
    return money.payable(charge.net, charge.tax, NOTHING)


def worth(money: OrderMoney, line: SoldLine, units: int) -> Worth:
    """
    Return what `units` of a line cost: its current ones, or more, where units were given back after they shipped.

    Refunds say exactly what their units cost. Of units that went without one, an edit's, Shopify does not say it; they
    take their share, rounded.
    """
    refunds = money.refunded(line.line)
    if not refunds and units == line.current == line.quantity:
        return Worth(units, line.unit_price, line.discount, line.taxes, line.duties)
    back = sum(one.units for one in refunds)
    shipped_back = max(0, units - line.current)
    kept = (line.current, max(0, line.quantity - line.current - back))
    again = (min(shipped_back, back), max(0, back - shipped_back))

    def of_units(sold: Amount, refunded: Amount) -> Amount:
        now = divided(sold - refunded, kept, money.currencies)[0] if line.current else NOTHING
        return now + (divided(refunded, again, money.currencies)[0] if again[0] else NOTHING)

    off = line.unit_price * back - total([one.subtotal for one in refunds])
    tax = of_units(total([one.amount for one in line.taxes]), total([one.tax for one in refunds]))
    return Worth(
        units,
        line.unit_price,
        of_units(line.discount, off),
        taxes_of(line.taxes, tax, money.currencies),
        of_units(line.duties, total([one.duties for one in refunds])),
    )


def _tip_line(money: OrderMoney) -> LineItemId | None:
    """The line that is the tip: no goods, no tax, and as much as Shopify says was tipped."""
    tips = [
        one.line
        for one in money.lines
        if not one.goods and one.current and not one.taxes and one.net == money.totals.tip != NOTHING
    ]
    return tips[0] if len(tips) == 1 else None


def _differences(money: OrderMoney, ours: Totals) -> list[str]:
    """Name what does not sum up: by kind of amount, and the lines that it may lie in."""
    says, currencies = money.totals, money.currencies
    # A tip may be part of Shopify's subtotal or stand beside it; both sum up.
    goods = ours.goods if says.goods - says.tip == ours.goods else says.goods
    compared = [
        ("lines come", ours.goods, goods),
        ("shipping comes", ours.shipping, says.shipping),
        ("taxes come", ours.tax, says.tax),
        ("duties come", ours.duties, says.duties),
        ("fees come", ours.fees, says.fees),
    ]
    found = [
        f"The {come} to {sum_.written(currencies)}, and Shopify says {said.written(currencies)}: "
        f"{_more(said - sum_, money)}."
        for come, sum_, said in compared
        if sum_ != said
    ]
    if ours.total != says.total and not found:
        found.append(
            f"All that Shopify lists comes to {ours.total.written(currencies)}, and its total is "
            f"{says.total.written(currencies)}: {_more(says.total - ours.total, money)}."
        )
    without = [one.title for one in money.lines if _gone_without_refund(money, one)]
    if found and without:
        named = ", ".join(f"“{title}”" for title in without)
        found.append(f"Units were taken off {named} without a refund, so what they cost was reckoned.")
    return found


def _gone_without_refund(money: OrderMoney, line: SoldLine) -> bool:
    return line.quantity - line.current > sum(one.units for one in money.refunded(line.line))


def _more(difference: Amount, money: OrderMoney) -> str:
    size = Amount(abs(difference.shop), abs(difference.presentment))
    return f"{size.written(money.currencies)} {'less' if min(difference.shop, difference.presentment) < 0 else 'more'}"
