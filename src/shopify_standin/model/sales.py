"""Orders, their lines and payments."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from shopify_standin.ids import gid
from shopify_standin.model.places import Address
from shopify_standin.money import NOTHING, Bag, Currencies

Attributes = list[tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class TaxLine:
    """One tax on a line, a shipping line or the order."""

    title: str
    rate: Decimal
    price: Bag
    channel_liable: bool | None = False


@dataclass(frozen=True, slots=True)
class RiskAssessment:
    """What an app found out about an order: a level in Shopify's spelling, and facts with what speaks for them."""

    level: str
    facts: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Discount:
    """A discount of the whole order; lines keep how much of it fell on them."""

    index: int
    description: str
    code: str | None = None
    """Null for one that staff gave by hand."""
    percentage: Decimal | None = None
    amount: Bag | None = None
    on_shipping: bool = False

    @property
    def TYPE(self) -> str:  # noqa: N802 - every model says its GraphQL type under this name
        """By code or by hand."""
        return "ManualDiscountApplication" if self.code is None else "DiscountCodeApplication"


Allocation = tuple[Discount, Bag]


@dataclass(frozen=True, slots=True)
class Duty:
    """What customs ask for one line, all its units."""

    TYPE: ClassVar = "Duty"
    id: int
    price: Bag
    country: str | None = None
    code: str | None = None

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("Duty", self.id)


@dataclass(frozen=True, slots=True)
class Worth:
    """What some units of a line cost: after discounts, and the tax on them."""

    subtotal: Bag
    tax: Bag

    def __add__(self, other: "Worth") -> "Worth":
        return Worth(self.subtotal + other.subtotal, self.tax + other.tax)

    def __sub__(self, other: "Worth") -> "Worth":
        return Worth(self.subtotal - other.subtotal, self.tax - other.tax)


NO_WORTH = Worth(NOTHING, NOTHING)


@dataclass(slots=True)
class LineItem:
    """One line of an order, with a snapshot of what was sold."""

    TYPE: ClassVar = "LineItem"
    id: int
    order_id: int
    title: str
    quantity: int
    unit_price: Bag
    variant_id: int | None = None
    product_id: int | None = None
    item_id: int | None = None
    variant_title: str | None = None
    sku: str | None = None
    vendor: str | None = None
    grams: int = 0
    requires_shipping: bool = True
    taxable: bool = True
    is_gift_card: bool = False
    custom_attributes: Attributes = field(default_factory=list)
    tax_lines: list[TaxLine] = field(default_factory=list)
    claimed: bool = False
    """Whether its units were taken out of `available` when the order was placed."""
    removed: int = 0
    """Units refunded, cancelled or edited away."""
    returned: int = 0
    """Units among `removed` that had been fulfilled before."""
    fulfilled: int = 0
    """Units in fulfillments that were not cancelled."""
    allocations: list[Allocation] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)
    gone: Worth = NO_WORTH
    """What the units among `removed` cost."""

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("LineItem", self.id)

    def worth_of(self, units: int) -> Worth:
        """What so many of the units left cost: their share, and with the last all that is left (assumed, 2026-07)."""
        if not self.current_quantity:
            return NO_WORTH
        left = Worth(self.total - self.discount, sum((tax.price for tax in self.tax_lines), NOTHING)) - self.gone
        share = Decimal(units) / self.current_quantity
        return Worth(left.subtotal.part(share), left.tax.part(share))

    def remove(self, units: int) -> None:
        """Take units out of the order, with what they cost."""
        self.gone = self.gone + self.worth_of(units)
        self.removed += units

    @property
    def current_quantity(self) -> int:
        """Units still part of the order."""
        return self.quantity - self.removed

    @property
    def unfulfilled_quantity(self) -> int:
        """Units still to ship."""
        return max(0, self.current_quantity - (self.fulfilled - self.returned))

    @property
    def total(self) -> Bag:
        """Price of all units as ordered."""
        return self.unit_price * self.quantity

    @property
    def discount(self) -> Bag:
        """All discounts on all units."""
        return sum((amount for _, amount in self.allocations), NOTHING)

    @property
    def own_discount(self) -> Bag:
        """Discounts given to this line alone, by hand."""
        return sum((amount for given, amount in self.allocations if given.code is None), NOTHING)

    @property
    def discounted_unit_price(self) -> Bag:
        """Price of one unit after the line's own discounts."""
        return self.unit_price - self.own_discount.part(1 / Decimal(self.quantity)) if self.quantity else NOTHING

    @property
    def net_unit_price(self) -> Bag:
        """Price of one unit after all discounts."""
        return self.unit_price - self.discount.part(1 / Decimal(self.quantity)) if self.quantity else NOTHING

    @property
    def current_total(self) -> Bag:
        """Price of the units still part of the order, after all discounts."""
        return self.total - self.discount - self.gone.subtotal

    @property
    def name(self) -> str:
        """Title and variant title."""
        return f"{self.title} - {self.variant_title}" if self.variant_title else self.title


@dataclass(slots=True)
class ShippingLine:
    """What the customer pays for shipping, and by what name."""

    TYPE: ClassVar = "ShippingLine"
    id: int
    title: str
    price: Bag
    code: str | None = None
    source: str | None = None
    tax_lines: list[TaxLine] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)
    is_removed: bool = False
    refunded: Bag = NOTHING
    refunded_tax: Bag = NOTHING

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("ShippingLine", self.id)

    @property
    def discounted(self) -> Bag:
        """The price after discounts."""
        return self.price - sum((amount for _, amount in self.allocations), NOTHING)

    @property
    def left(self) -> Bag:
        """The price that was not given back; nothing once it was taken away."""
        return NOTHING if self.is_removed else self.discounted - self.refunded

    @property
    def tax(self) -> Bag:
        """All taxes on it as ordered."""
        return sum((tax.price for tax in self.tax_lines), NOTHING)

    @property
    def tax_left(self) -> Bag:
        """Taxes on what was not given back."""
        return NOTHING if self.is_removed else self.tax - self.refunded_tax

    def give_back(self, amount: Bag) -> Bag:
        """Give some of the price back, with its share of the taxes (assumed, 2026-07); return the tax."""
        before = self.left
        tax = self.tax_left.part(amount.shop / before.shop) if before.shop else NOTHING
        self.refunded, self.refunded_tax = self.refunded + amount, self.refunded_tax + tax
        return tax


@dataclass(slots=True)
class Transaction:
    """A payment or what was tried of one."""

    TYPE: ClassVar = "OrderTransaction"
    id: int
    order_id: int
    kind: str
    status: str
    gateway: str
    amount: Bag
    created_at: datetime
    processed_at: datetime
    test: bool = False
    parent_id: int | None = None
    manual_gateway: bool = False
    authorization_code: str | None = None
    receipt: Any = None
    """What the gateway said, as any JSON."""

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("OrderTransaction", self.id)


@dataclass(frozen=True, slots=True)
class Share:
    """Units of one line that one location is to ship."""

    location_id: int
    line_item_id: int
    units: int


@dataclass(slots=True)
class Order:
    """An order; fulfillment orders and fulfillments of it are kept by id."""

    TYPE: ClassVar = "Order"
    id: int
    number: int
    name: str
    currencies: Currencies
    created_at: datetime
    updated_at: datetime
    processed_at: datetime
    lines: list[LineItem] = field(default_factory=list)
    shipping_lines: list[ShippingLine] = field(default_factory=list)
    order_tax_lines: list[TaxLine] = field(default_factory=list)
    transactions: list[Transaction] = field(default_factory=list)
    stated_financial_status: str | None = None
    """Given at creation where no transaction tells it."""
    restocked: bool = False
    """A fulfillment status that was given at creation."""
    email: str | None = None
    phone: str | None = None
    note: str | None = None
    tags: list[str] = field(default_factory=list)
    custom_attributes: Attributes = field(default_factory=list)
    po_number: str | None = None
    source_name: str | None = None
    source_identifier: str | None = None
    customer_id: int | None = None
    shipping_address: Address | None = None
    billing_address: Address | None = None
    taxes_included: bool = False
    test: bool = False
    closed_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancel_reason: str | None = None
    cancel_note: str | None = None
    cancel_job_id: str | None = None
    method_type: str = "SHIPPING"
    plan: list[Share] = field(default_factory=list)
    """Who ships what, as decided when the order was placed; fulfillment orders are made of it."""
    fulfillment_order_ids: list[int] = field(default_factory=list)
    fulfillment_ids: list[int] = field(default_factory=list)
    fulfillments_made: int = 0
    discounts: list[Discount] = field(default_factory=list)
    refund_ids: list[int] = field(default_factory=list)
    tip: Bag = NOTHING
    fees: list[tuple[str, Bag]] = field(default_factory=list)
    """Name and price of what is charged besides."""
    cash_rounding: Bag = NOTHING
    """What a cash register rounded of what it was paid."""
    return_ids: list[int] = field(default_factory=list)
    edited: bool = False
    referring_site: str | None = None
    source_url: str | None = None
    accepts_marketing: bool = False
    risk_assessments: list[RiskAssessment] = field(default_factory=list)

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("Order", self.id)

    @property
    def name_key(self) -> str:
        """The name as search compares it."""
        return self.name.casefold()

    @property
    def closed(self) -> bool:
        """Whether it is archived."""
        return self.closed_at is not None

    @property
    def confirmation_number(self) -> str:
        """Nine letters and digits that a customer can quote; made of the number."""
        return f"C{self.number:08d}"

    @property
    def tax_lines(self) -> list[TaxLine]:
        """All taxes: the order's own, else those of its lines, summed by title and rate."""
        if self.order_tax_lines:
            return self.order_tax_lines
        summed: dict[tuple[str, Decimal], TaxLine] = {}
        taxes = [part.tax_lines for part in self.lines] + [part.tax_lines for part in self.shipping_lines]
        for part in taxes:
            for tax in part:
                known = summed.get((tax.title, tax.rate))
                price = known.price + tax.price if known else tax.price
                summed[tax.title, tax.rate] = TaxLine(tax.title, tax.rate, price, tax.channel_liable)
        return list(summed.values())

    @property
    def subtotal(self) -> Bag:
        """Price of the lines as ordered, after discounts."""
        return sum((line.total - line.discount for line in self.lines), NOTHING)

    @property
    def current_subtotal(self) -> Bag:
        """Price of the units still part of the order, after discounts."""
        return sum((line.current_total for line in self.lines), NOTHING)

    @property
    def shipping(self) -> Bag:
        """Price of shipping, after discounts."""
        return sum((line.discounted for line in self.shipping_lines if not line.is_removed), NOTHING)

    @property
    def current_shipping(self) -> Bag:
        """Price of shipping that was not given back."""
        return sum((line.left for line in self.shipping_lines), NOTHING)

    @property
    def refunded_shipping(self) -> Bag:
        """Price of shipping that was given back."""
        return sum((line.refunded for line in self.shipping_lines), NOTHING)

    @property
    def duties(self) -> Bag:
        """All duties; refunds leave them."""
        return sum((duty.price for line in self.lines for duty in line.duties), NOTHING)

    @property
    def discount(self) -> Bag:
        """All discounts on lines and shipping."""
        on_shipping = (line.price - line.discounted for line in self.shipping_lines)
        return sum((*(line.discount for line in self.lines), *on_shipping), NOTHING)

    @property
    def tax(self) -> Bag:
        """All taxes together."""
        return sum((tax.price for tax in self.tax_lines), NOTHING)

    @property
    def current_tax(self) -> Bag:
        """Taxes on what is still part of the order."""
        if self.order_tax_lines:
            before = self.subtotal.shop
            return self.tax.part(self.current_subtotal.shop / before) if before else self.tax
        on_lines = (tax.price for line in self.lines for tax in line.tax_lines)
        gone = sum((line.gone.tax for line in self.lines), NOTHING)
        return sum((*on_lines, *(line.tax_left for line in self.shipping_lines)), NOTHING) - gone

    @property
    def total(self) -> Bag:
        """What the order came to when it was placed."""
        return self._with_extras(self.subtotal, self.shipping, self.tax)

    @property
    def current_total(self) -> Bag:
        """What it comes to after removals; nothing once it was cancelled and everything is gone."""
        if self.cancelled_at is not None and all(line.current_quantity == 0 for line in self.lines):
            return NOTHING
        return self._with_extras(self.current_subtotal, self.current_shipping, self.current_tax)

    @property
    def rest_fulfillment_status(self) -> str | None:
        """`fulfillment_status` in webhooks: null, partial or fulfilled."""
        if not any(line.fulfilled for line in self.lines):
            return None
        return "partial" if any(line.unfulfilled_quantity for line in self.lines) else "fulfilled"

    def _with_extras(self, goods: Bag, shipping: Bag, tax: Bag) -> Bag:
        total = goods + shipping + self.tip + self.duties + sum((price for _, price in self.fees), NOTHING)
        return total if self.taxes_included else total + tax

    def paid_by(self, *kinds: str) -> Bag:
        """Sum of the successful transactions of these kinds."""
        return sum((t.amount for t in self.transactions if t.status == "SUCCESS" and t.kind in kinds), NOTHING)

    @property
    def received(self) -> Bag:
        """Money that came in."""
        return self.paid_by("SALE", "CAPTURE")

    @property
    def net_payment(self) -> Bag:
        """Money that came in and was not given back."""
        return self.received - self.paid_by("REFUND")

    @property
    def capturable(self) -> Bag:
        """Authorized and not yet captured."""
        if not any(t.kind == "AUTHORIZATION" for t in self.transactions):
            return NOTHING
        left = self.paid_by("AUTHORIZATION") - self.paid_by("CAPTURE", "VOID")
        return left if left.shop > 0 else NOTHING

    @property
    def outstanding(self) -> Bag:
        """Still to be paid; an authorization counts as cover (recorded 2025-01)."""
        left = self.current_total - self.net_payment - self.capturable
        return left if left.shop > 0 else NOTHING

    @property
    def financial_status(self) -> str | None:
        """`displayFinancialStatus`; null where neither a payment nor a statement tells it (recorded 2026-04)."""
        if not self.transactions:
            return self.stated_financial_status
        given_back = self.paid_by("REFUND").shop
        if given_back > 0:
            return "REFUNDED" if self.net_payment.shop <= 0 else "PARTIALLY_REFUNDED"
        if self.received.shop > 0:
            return "PAID" if self.received.shop >= self.current_total.shop else "PARTIALLY_PAID"
        if any(t.kind == "VOID" and t.status == "SUCCESS" for t in self.transactions):
            return "VOIDED"
        if self.capturable.shop > 0:
            return "AUTHORIZED"
        return self.stated_financial_status or ("PENDING" if self.total.shop > 0 else "PAID")
