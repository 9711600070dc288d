"""What an order costs, what was given back of it, and how it is paid."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from crossdock.model.money import NOTHING, Amount, Currencies, Money, total
from crossdock.model.names import LineItemId, Units
from crossdock.model.order_money import (
    Charge,
    ChargeKind,
    OrderMoney,
    Refund,
    RefundedLine,
    SoldLine,
    Tax,
    Totals,
    taxes_of,
)
from crossdock.model.payment import Payments, Transaction
from crossdock.shopify.generated.fragments import (
    BothMoneys,
    OrderFields,
    OrderLineFields,
    OrderMoneyFields,
    PaymentFields,
    RefundFields,
    RefundLineFields,
    ShippingLineFields,
    TaxFields,
)

Refunded = tuple[RefundFields, Sequence[RefundLineFields]]
"""A refund with all pages of its lines."""


def to_amount(bag: BothMoneys | None) -> Amount:
    """Return an amount in both currencies; none where Shopify has none."""
    return NOTHING if bag is None else Amount(bag.shop_money.amount, bag.presentment_money.amount)


def to_money(bag: BothMoneys) -> Money:
    """Return the amount in the shop's own currency."""
    return Money(bag.shop_money.amount, bag.shop_money.currency_code)


def to_order_money(
    order: OrderMoneyFields,
    lines: Sequence[OrderLineFields],
    shipping: Sequence[ShippingLineFields],
    refunds: Sequence[Refunded],
) -> OrderMoney:
    """Return all money of the order; `lines`, `shipping` and `refunds` are all there are."""
    currencies = Currencies(order.currency_code, order.presentment_currency_code)
    duties = {duty.id: LineItemId(line.id) for line in lines for duty in line.duties}
    fees = [
        Charge(ChargeKind.FEE, fee.name, to_amount(fee.price), taxes=to_taxes(fee.tax_lines))
        for fee in order.additional_fees
    ]
    return OrderMoney(
        currencies=currencies,
        taxes_included=order.taxes_included,
        duties_included=order.duties_included,
        lines=tuple(_sold(line) for line in lines),
        charges=(*(_shipping(line, refunds, currencies) for line in shipping), *fees),
        refunds=tuple(to_refund(refund, units, duties) for refund, units in refunds),
        totals=Totals(
            goods=to_amount(order.current_subtotal_price_set),
            shipping=to_amount(order.current_shipping_price_set),
            tax=to_amount(order.current_total_tax_set),
            duties=to_amount(order.current_total_duties_set),
            fees=to_amount(order.current_total_additional_fees_set),
            tip=to_amount(order.total_tip_received_set),
            total=to_amount(order.current_total_price_set),
        ),
    )


def has_refunds(order: OrderFields, lines: Sequence[OrderLineFields]) -> bool:
    """Tell whether refunds may have taken something out of the order."""
    gone = any(line.current_quantity < line.quantity for line in lines)
    return gone or bool(to_amount(order.total_refunded_shipping_set))


def to_payments(order: PaymentFields) -> Payments:
    """Return what was paid and what was not."""
    return Payments(
        transactions=tuple(
            Transaction(
                id=one.id,
                kind=one.kind,
                status=one.status,
                gateway=one.gateway or "",
                amount=to_amount(one.amount_set),
                manual=one.manual_payment_gateway,
            )
            for one in order.transactions
        ),
        gateways=tuple(order.payment_gateway_names),
        received=to_amount(order.total_received_set),
        paid_back=to_amount(order.total_refunded_set),
        capturable=to_amount(order.total_capturable_set),
        outstanding=to_amount(order.total_outstanding_set),
        rounding=to_amount(order.total_cash_rounding_adjustment.payment_set),
    )


def to_taxes(taxes: Sequence[TaxFields]) -> tuple[Tax, ...]:
    """Return the taxes in Shopify's order; those of nothing are left out."""
    return tuple(
        # JSON has no decimals: the shortest one that is this float is what Shopify wrote.
        Tax(tax.title, None if tax.rate is None else Decimal(str(tax.rate)), to_amount(tax.price_set))
        for tax in taxes
        if to_amount(tax.price_set)
    )


def _sold(line: OrderLineFields) -> SoldLine:
    on_duties = tuple(tax for duty in line.duties for tax in to_taxes(duty.tax_lines))
    return SoldLine(
        line=LineItemId(line.id),
        title=line.name,
        quantity=Units(line.quantity),
        current=Units(line.current_quantity),
        unit_price=to_amount(line.original_unit_price_set),
        discount=total([to_amount(one.allocated_amount_set) for one in line.discount_allocations]),
        taxes=(*to_taxes(line.tax_lines), *on_duties),
        duties=total([to_amount(duty.price) for duty in line.duties]),
        goods=line.requires_shipping or line.variant is not None,
    )


def _shipping(line: ShippingLineFields, refunds: Sequence[Refunded], currencies: Currencies) -> Charge:
    """What a shipping line stands at: less what was given back of it, and of the taxes on it."""
    discount = to_amount(line.original_price_set) - to_amount(line.discounted_price_set)
    taxes = to_taxes(line.tax_lines)
    back = [
        to_amount(one.tax_amount_set)
        for refund, _ in refunds
        for one in refund.refund_shipping_lines.nodes
        if one.shipping_line.id == line.id
    ]
    return Charge(
        kind=ChargeKind.SHIPPING,
        title=line.title,
        price=to_amount(line.current_discounted_price_set) + discount,
        discount=discount,
        taxes=taxes_of(taxes, total([tax.amount for tax in taxes]) - total(back), currencies),
    )


def to_refund(refund: RefundFields, units: Sequence[RefundLineFields], duty_lines: Mapping[str, LineItemId]) -> Refund:
    """Return what a refund took out; `units` are all of its lines, `duty_lines` the order line of each duty."""
    lines = [
        RefundedLine(
            LineItemId(one.line_item.id),
            Units(one.quantity),
            to_amount(one.subtotal_set),
            to_amount(one.total_tax_set),
            restock=one.restock_type,
        )
        for one in units
    ]
    # Shopify gives duties back by the duty; here they are part of what went out of their line.
    lines += [
        RefundedLine(duty_lines[duty.original_duty.id], Units(0), NOTHING, NOTHING, to_amount(duty.amount_set))
        for duty in refund.duties or ()
        if duty.original_duty is not None and duty.original_duty.id in duty_lines
    ]
    shipping = refund.refund_shipping_lines.nodes
    return Refund(
        lines=tuple(lines),
        shipping=total([to_amount(one.subtotal_amount_set) for one in shipping]),
        shipping_tax=total([to_amount(one.tax_amount_set) for one in shipping]),
        paid_back=to_amount(refund.total_refunded_set),
    )
