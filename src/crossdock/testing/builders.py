"""Model objects with readable defaults: a test names what matters to it, and the rest is filled in."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from crossdock.model.catalog import Item, Location, Variant
from crossdock.model.money import Currencies, Money
from crossdock.model.names import (
    Barcode,
    FulfillmentId,
    FulfillmentOrderId,
    FulfillmentOrderLineId,
    InventoryItemId,
    ItemCode,
    LineItemId,
    LocationId,
    OrderId,
    PackageId,
    RequestKey,
    ReturnKey,
    ReturnLineId,
    Sku,
    Units,
    VariantId,
    WarehouseCode,
)
from crossdock.model.order import (
    Address,
    Fulfillment,
    FulfillmentOrder,
    FulfillmentOrderLine,
    Order,
    OrderLine,
)
from crossdock.model.order_money import OrderMoney
from crossdock.model.payment import Payment, PaymentMethod, Payments
from crossdock.model.request import FulfillmentRequest, Package, RequestLine, WorkOrder, WorkState
from crossdock.model.request_field import FieldKind, FieldSpec, RequestField
from crossdock.model.request_money import RequestMoney
from crossdock.model.returning import ReturnRequest, ReturnRequestLine
from crossdock.testing.money_builders import (
    a_charge,
    a_request_money,
    a_sold_line,
    a_tax,
    an_amount,
    an_order_money,
    euros,
    some_payments,
)

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
"""When things happen in tests that do not care when."""

MAIN = WarehouseCode("MAIN")

_numbers = itertools.count(1001)


def an_address(*, country: str | None = "DE", city: str | None = "Hamburg", zip_code: str | None = "20095") -> Address:
    """Return where Ada lives."""
    return Address(
        first_name="Ada",
        last_name="Beispiel",
        company=None,
        address1="Kai 1",
        address2=None,
        city=city,
        zip=zip_code,
        province_code=None,
        country=country,
        phone=None,
    )


def an_item(code: str = "MUG", *, sku: str | None = None, barcodes: Sequence[str] = (), title: str = "") -> Item:
    """Return an item whose SKU is its code unless another is given."""
    return Item(
        ItemCode(code), title or code.capitalize(), Sku(sku or code), tuple(Barcode(barcode) for barcode in barcodes)
    )


def a_variant(number: int = 1, *, sku: str | None = "MUG", barcode: str | None = None, tracked: bool = True) -> Variant:
    """Return the variant of this number, with the inventory item of the same number."""
    return Variant(
        id=VariantId(f"gid://shopify/ProductVariant/{number}"),
        inventory_item=InventoryItemId(f"gid://shopify/InventoryItem/{number}"),
        title=f"Variant {number}",
        sku=None if sku is None else Sku(sku),
        barcode=None if barcode is None else Barcode(barcode),
        tracked=tracked,
    )


def a_location(number: int = 1, *, name: str = "Hamburg", active: bool = True, ships: bool = True) -> Location:
    """Return the location of this number."""
    return Location(LocationId(f"gid://shopify/Location/{number}"), name, active=active, ships=ships)


def a_request_line(
    item: str = "MUG", units: int = 1, *, reference: str | None = None, unit_price: str | int = 10
) -> RequestLine:
    """Return units of one item to ship; each call makes another line unless `reference` is given."""
    return RequestLine(
        reference=FulfillmentOrderLineId(reference or f"gid://shopify/FulfillmentOrderLineItem/{next(_numbers)}"),
        item=ItemCode(item),
        sku=Sku(item),
        title=item.capitalize(),
        units=Units(units),
        unit_price=euros(unit_price),
    )


def a_request(
    *lines: RequestLine,
    key: str | None = None,
    name: str | None = None,
    warehouse: str = MAIN,
    to_collect: str | int = 0,
    ship_to: Address | None = None,
    money: RequestMoney | None = None,
) -> FulfillmentRequest:
    """Return a paid request for `lines`, else for one mug; each call makes another one unless `key` is given."""
    number = next(_numbers)
    wanted = lines or (a_request_line(),)
    return FulfillmentRequest(
        key=RequestKey(key or f"gid://shopify/FulfillmentOrder/{number}"),
        name=name or f"#{number}",
        order=OrderId(f"gid://shopify/Order/{number}"),
        warehouse=WarehouseCode(warehouse),
        placed_at=NOON,
        ship_to=ship_to or an_address(),
        bill_to=None,
        email="ada@example.com",
        phone=None,
        note=None,
        shipping_method="Standard",
        total=euros(sum(line.units * 10 for line in wanted)),
        to_collect=euros(to_collect),
        lines=wanted,
        money=money
        or a_request_money(
            *wanted,
        ),
        payment=Payment(
            PaymentMethod.CASH_ON_DELIVERY if euros(to_collect).amount else PaymentMethod.PREPAID,
            ("bogus",),
            euros(to_collect),
        ),
    )


def a_value_for(spec: FieldSpec) -> RequestField:
    """Return something that a field takes: the longest text, a choice, a number with places."""
    text = spec.choices[0] if spec.choices else ("Überfällig; „bitte“ 包 " * 300)[: spec.longest]
    values: Mapping[FieldKind, object] = {
        FieldKind.TEXT: text,
        FieldKind.NUMBER: -7,
        FieldKind.AMOUNT: Decimal("1234.50"),
        FieldKind.FLAG: True,
        FieldKind.DAY: NOON.date(),
    }
    said = spec.take(values[spec.kind])
    assert said is not None
    return said


def a_return_line(item: str = "MUG", units: int = 1, *, reference: str | None = None) -> ReturnRequestLine:
    """Return units of one item that will come back; each call makes another line unless `reference` is given."""
    line = ReturnLineId(reference or f"gid://shopify/ReturnLineItem/{next(_numbers)}")
    return ReturnRequestLine(line, ItemCode(item), Sku(item), item.capitalize(), Units(units), "too-small")


def a_return_request(
    *lines: ReturnRequestLine, order: OrderId, key: str | None = None, warehouse: str = MAIN
) -> ReturnRequest:
    """Return the announcement of these lines; each call makes another one unless `key` is given."""
    number = next(_numbers)
    name = ReturnKey(key or f"gid://shopify/Return/{number}")
    return ReturnRequest(name, f"#{number}-R1", order, WarehouseCode(warehouse), lines)


def a_priced_request(*lines: RequestLine) -> FulfillmentRequest:
    """Return a request to be collected, in a shop that reckons in euros, of a customer who reckons in yen."""
    vat = a_tax()
    on_goods, on_shipping = (replace(vat, amount=one) for one in (an_amount("5.71", 921), an_amount("0.93", 150)))
    shipping = replace(a_charge(taxes=[on_shipping]), price=an_amount("4.90", 790))
    money = a_request_money(*lines, charges=[shipping])
    taxed = [
        replace(one, worth=replace(one.worth, unit_price=an_amount("10.01", 1615), taxes=(on_goods,)))
        for one in money.lines
    ]
    in_yen = replace(money, currencies=Currencies("EUR", "JPY"), lines=tuple(taxed))
    to_collect = Money(in_yen.total.presentment, "JPY")
    payment = Payment(PaymentMethod.CASH_ON_DELIVERY, ("Cash on Delivery (COD)",), to_collect)
    known = replace(in_yen, order_total=in_yen.total)
    return replace(a_request(*lines, money=known), to_collect=to_collect, payment=payment)


def a_package(
    name: str = "P-1",
    *contents: tuple[str, int],
    carrier: str | None = "DHL",
    tracking_number: str | None = "00340434161094000001",
    tracking_url: str | None = None,
    shipped_at: datetime = NOON,
) -> Package:
    """Return a package that left with these units by line reference."""
    held = tuple((FulfillmentOrderLineId(line), Units(units)) for line, units in contents)
    return Package(PackageId(name), shipped_at, carrier, tracking_number, tracking_url, held)


def a_work_order(
    key: str,
    *packages: Package,
    state: WorkState = WorkState.NOT_RELEASED,
    reference: str = "SO-000001",
    short: Sequence[tuple[str, int]] = (),
) -> WorkOrder:
    """Return a backend's order for the request of this key."""
    return WorkOrder(
        RequestKey(key),
        reference,
        state,
        packages,
        tuple((FulfillmentOrderLineId(line), Units(units)) for line, units in short),
    )


def a_line(
    number: int = 1,
    *,
    sku: str | None = "MUG",
    quantity: int = 1,
    current_quantity: int | None = None,
    variant: int | None = 1,
    requires_shipping: bool = True,
    unit_price: str | int = 10,
) -> OrderLine:
    """Return the order line of this number; `variant` is the variant's number, None where it was deleted."""
    return OrderLine(
        id=LineItemId(f"gid://shopify/LineItem/{number}"),
        variant=None if variant is None else VariantId(f"gid://shopify/ProductVariant/{variant}"),
        sku=None if sku is None else Sku(sku),
        title=f"Line {number}",
        quantity=Units(quantity),
        current_quantity=Units(quantity if current_quantity is None else current_quantity),
        requires_shipping=requires_shipping,
        unit_price=euros(unit_price),
    )


def a_fulfillment_order_line(
    of: OrderLine, *, total: int | None = None, remaining: int | None = None
) -> FulfillmentOrderLine:
    """Return all units of one order line, or `total` of them; `remaining` are still to ship."""
    number = of.id.rsplit("/", 1)[-1]
    units = of.current_quantity if total is None else total
    variant = None if of.variant is None else of.variant.rsplit("/", 1)[-1]
    return FulfillmentOrderLine(
        id=FulfillmentOrderLineId(f"gid://shopify/FulfillmentOrderLineItem/{number}"),
        line_item=of.id,
        variant=of.variant,
        inventory_item=None if variant is None else InventoryItemId(f"gid://shopify/InventoryItem/{variant}"),
        sku=of.sku,
        title=of.title,
        total=Units(units),
        remaining=Units(units if remaining is None else remaining),
    )


def a_fulfillment_order(
    *lines: FulfillmentOrderLine,
    number: int = 1,
    status: str = "OPEN",
    request_status: str = "UNSUBMITTED",
    location: int | None = 1,
    actions: Sequence[str] = ("CREATE_FULFILLMENT", "HOLD", "MOVE", "REPORT_PROGRESS", "SPLIT"),
    fulfill_by: datetime | None = None,
) -> FulfillmentOrder:
    """Return the fulfillment order of this number, else one for the first order line; `location` is a number too."""
    return FulfillmentOrder(
        id=FulfillmentOrderId(f"gid://shopify/FulfillmentOrder/{number}"),
        status=status,
        request_status=request_status,
        location=None if location is None else LocationId(f"gid://shopify/Location/{location}"),
        location_name=f"Location {location}",
        supported_actions=frozenset(actions),
        fulfill_by=fulfill_by,
        lines=lines or (a_fulfillment_order_line(a_line()),),
    )


def a_fulfillment(
    *lines: tuple[str, int], number: int = 1, status: str = "SUCCESS", tracking_numbers: Sequence[str] = ()
) -> Fulfillment:
    """Return the fulfillment of this number with units by order line id."""
    return Fulfillment(
        id=FulfillmentId(f"gid://shopify/Fulfillment/{number}"),
        name=f"#1001-F{number}",
        status=status,
        tracking_company=None,
        tracking_numbers=tuple(tracking_numbers),
        lines=tuple((LineItemId(line), Units(units)) for line, units in lines),
    )


def an_order(
    *,
    number: int = 1001,
    lines: Sequence[OrderLine] | None = None,
    fulfillment_orders: Sequence[FulfillmentOrder] | None = None,
    fulfillments: Sequence[Fulfillment] = (),
    financial_status: str | None = "PAID",
    fulfillment_status: str = "UNFULFILLED",
    cancelled_at: datetime | None = None,
    closed_at: datetime | None = None,
    updated_at: datetime = NOON,
    outstanding: str | int = 0,
    shipping_address: Address | None = None,
    shipping_method: str | None = "Standard",
    email: str | None = "ada@example.com",
    phone: str | None = None,
    note: str | None = None,
    tags: Sequence[str] = (),
    gateways: Sequence[str] = ("bogus",),
    test: bool = False,
    money: OrderMoney | None = None,
    payments: Payments | None = None,
) -> Order:
    """
    Return a paid order with one mug to ship, unless told otherwise.

    Without `fulfillment_orders` it has one, at location 1, for all units of all lines. Without `money` it costs what
    its lines do. What is `outstanding` is to be collected on delivery.
    """
    bought = tuple(lines) if lines is not None else (a_line(),)
    if fulfillment_orders is None:
        fulfillment_orders = [a_fulfillment_order(*(a_fulfillment_order_line(line) for line in bought), number=number)]
    return Order(
        id=OrderId(f"gid://shopify/Order/{number}"),
        name=f"#{number}",
        created_at=NOON,
        updated_at=updated_at,
        cancelled_at=cancelled_at,
        closed_at=closed_at,
        financial_status=financial_status,
        fulfillment_status=fulfillment_status,
        test=test,
        email=email,
        phone=phone,
        note=note,
        tags=tuple(tags),
        attributes=(),
        money=money or an_order_money([a_sold_line(line) for line in bought]),
        payments=payments or some_payments(outstanding=outstanding, gateways=gateways),
        shipping_method=shipping_method,
        shipping_code=shipping_method,
        shipping_address=shipping_address or an_address(),
        billing_address=None,
        lines=bought,
        fulfillment_orders=tuple(fulfillment_orders),
        fulfillments=tuple(fulfillments),
    )
