"""Orders are read whole, in as few calls as Shopify's limits allow."""

from datetime import UTC, datetime
from decimal import Decimal

import httpx
import pytest
from tests.shopify_answers import (
    Bench,
    Json,
    a_fulfillment,
    a_fulfillment_order,
    a_fulfillment_order_line,
    a_line,
    a_shipping_line,
    an_address,
    an_order,
    complains,
    gid,
    money,
    page,
    says,
)

from crossdock.model.money import Currencies, Money, total
from crossdock.model.names import FulfillmentOrderId, InventoryItemId, LineItemId, OrderId, Units, VariantId
from crossdock.testing.money_builders import a_tax, an_amount

ORDER = OrderId(gid("Order", 1))


async def test_an_order_comes_with_its_lines_fulfillment_orders_and_fulfillments(bench: Bench) -> None:
    bench.shopify.will("Orders", says({"nodes": [an_order(fulfillments=[a_fulfillment()])]}))

    order = (await bench.storefront.orders([ORDER]))[ORDER]

    assert order.name == "#1001"
    assert order.created_at == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert order.total == Money(Decimal("19.00"), "EUR")
    assert order.attributes == (("gift", "yes"),)
    assert order.shipping_method == "Standard"
    assert order.lines[0].unit_price == Money(Decimal("9.50"), "EUR")
    fulfillment_order = order.fulfillment_orders[0]
    assert fulfillment_order.can("CREATE_FULFILLMENT")
    assert not fulfillment_order.can("MOVE")
    assert fulfillment_order.lines[0].inventory_item == InventoryItemId(gid("InventoryItem", 1))
    assert fulfillment_order.lines[0].title == "Mug - 1"
    assert order.fulfillments[0].tracking_numbers == ("JD01",)
    assert order.fulfillments[0].lines == ((LineItemId(gid("LineItem", 1)), Units(2)),)


async def test_empty_texts_and_nulls_are_both_nothing(bench: Bench) -> None:
    blank = an_order(
        email="", shippingAddress=an_address(company=" ", zip=None, latitude=None, longitude=None), shippingLines=page()
    )
    blank["lineItems"] = page(a_line(sku="", variant=None))
    bench.shopify.will("Orders", says({"nodes": [blank]}))

    order = (await bench.storefront.orders([ORDER]))[ORDER]

    assert order.email is None
    assert order.shipping_address is not None
    assert order.shipping_address.company is None
    assert order.shipping_address.zip is None
    assert order.billing_address is None
    assert order.shipping_method is None
    assert (order.lines[0].sku, order.lines[0].variant) == (None, None)


async def test_a_deleted_location_leaves_its_name(bench: Bench) -> None:
    gone = a_fulfillment_order(assignedLocation={"name": "Old shed", "location": None})
    bench.shopify.will("Orders", says({"nodes": [an_order(fulfillmentOrders=page(gone))]}))

    order = (await bench.storefront.orders([ORDER]))[ORDER]

    assert order.fulfillment_orders[0].location is None
    assert order.fulfillment_orders[0].location_name == "Old shed"


async def test_a_status_that_nobody_knew_of_passes_through(bench: Bench) -> None:
    """Shopify adds values to enums without a new version; 2026-10 brought FULFILLMENT_NOT_REQUIRED."""
    odd = a_fulfillment_order(status="DREAMING", supportedActions=[{"action": "LEVITATE"}])
    news = an_order(displayFulfillmentStatus="FULFILLMENT_NOT_REQUIRED", fulfillmentOrders=page(odd))
    news["displayFinancialStatus"] = "PAID_IN_SHELLS"
    bench.shopify.will("Orders", says({"nodes": [news]}))

    order = (await bench.storefront.orders([ORDER]))[ORDER]

    assert order.fulfillment_status == "FULFILLMENT_NOT_REQUIRED"
    assert order.financial_status == "PAID_IN_SHELLS"
    assert order.fulfillment_orders[0].status == "DREAMING"
    assert order.fulfillment_orders[0].can("LEVITATE")


async def test_ids_that_the_store_does_not_know_are_left_out(bench: Bench) -> None:
    bench.shopify.will("Orders", says({"nodes": [None, an_order(2), {"__typename": "Product"}]}))

    orders = await bench.storefront.orders([OrderId(gid("Order", n)) for n in (1, 2, 3)])

    assert list(orders) == [gid("Order", 2)]


async def test_every_long_list_is_read_to_its_end(bench: Bench) -> None:
    first = an_order(
        lineItems=page(a_line(1), after="L1"),
        fulfillmentOrders=page(a_fulfillment_order(1, lines=page(a_fulfillment_order_line(1), after="F1")), after="O1"),
        fulfillments=[a_fulfillment(lines=page({"lineItem": {"id": gid("LineItem", 1)}, "quantity": 1}, after="S1"))],
    )
    bench.shopify.will("Orders", says({"nodes": [first]}))
    bench.shopify.will(
        "OrderLinesPage",
        says({"order": {"lineItems": page(a_line(2), after="L2")}}),
        says({"order": {"lineItems": page(a_line(3))}}),
    )
    bench.shopify.will(
        "OrderFulfillmentOrdersPage", says({"order": {"fulfillmentOrders": page(a_fulfillment_order(2))}})
    )
    bench.shopify.will(
        "FulfillmentOrderLinesPage", says({"fulfillmentOrder": {"lineItems": page(a_fulfillment_order_line(2))}})
    )
    last = {"lineItem": {"id": gid("LineItem", 2)}, "quantity": 1}
    bench.shopify.will("FulfillmentLinesPage", says({"fulfillment": {"fulfillmentLineItems": page(last)}}))

    order = (await bench.storefront.orders([ORDER]))[ORDER]

    assert [line.sku for line in order.lines] == ["SKU-1", "SKU-2", "SKU-3"]
    assert [found.id for found in order.fulfillment_orders] == [gid("FulfillmentOrder", n) for n in (1, 2)]
    assert [line.sku for line in order.fulfillment_orders[0].lines] == ["SKU-1", "SKU-2"]
    assert len(order.fulfillments[0].lines) == 2
    cursors = [asked.variables["after"] for asked in bench.shopify.asked if asked.operation == "OrderLinesPage"]
    assert cursors == ["L1", "L2"]


async def test_orders_are_read_fifty_at_a_time_and_each_once(bench: Bench) -> None:
    bench.shopify.always("Orders", _orders_asked_for)
    ids = [OrderId(gid("Order", number)) for number in range(1, 121)]

    orders = await bench.storefront.orders([*ids, *ids])

    assert list(orders) == ids
    assert [len(asked.variables["ids"]) for asked in bench.shopify.asked] == [50, 50, 20]


async def test_a_batch_too_dear_for_shopify_is_halved_from_then_on(bench: Bench) -> None:
    def answer(variables: Json) -> httpx.Response:
        too_dear = len(variables["ids"]) > 25
        return complains("MAX_COST_EXCEEDED", cost=1500, maxCost=1000) if too_dear else _orders_asked_for(variables)

    bench.shopify.always("Orders", answer)
    ids = [OrderId(gid("Order", number)) for number in range(1, 61)]

    orders = await bench.storefront.orders(ids)

    assert list(orders) == ids
    assert [len(asked.variables["ids"]) for asked in bench.shopify.asked] == [50, 25, 25, 10]


@pytest.mark.parametrize("status", ["CLOSED", "CANCELLED"])
async def test_of_a_fulfillment_order_that_is_over_nothing_remains_whatever_shopify_goes_on_saying(
    bench: Bench, status: str
) -> None:
    row = a_fulfillment_order_line(totalQuantity=3, remainingQuantity=2)
    over = a_fulfillment_order(status=status, supportedActions=[], lines=page(row))
    bench.shopify.will("Orders", says({"nodes": [an_order(fulfillmentOrders=page(over))]}))

    order = (await bench.storefront.orders([ORDER]))[ORDER]

    (line,) = order.fulfillment_orders[0].lines
    assert (line.total, line.remaining) == (1, 0)


async def test_a_fulfillment_order_leads_to_its_order(bench: Bench) -> None:
    found = {"__typename": "FulfillmentOrder", "id": gid("FulfillmentOrder", 7), "orderId": gid("Order", 1)}
    bench.shopify.will("OrdersOfFulfillmentOrders", says({"nodes": [found, None]}))

    orders = await bench.storefront.orders_of(
        [FulfillmentOrderId(gid("FulfillmentOrder", number)) for number in (7, 8)]
    )

    assert orders == {gid("FulfillmentOrder", 7): ORDER}


async def test_changed_orders_are_asked_for_by_time_of_change_quoted_and_in_utc(bench: Bench) -> None:
    node = {"id": gid("Order", 1), "updatedAt": "2026-07-01T10:00:05Z"}
    bench.shopify.will("OrdersUpdated", says({"orders": page(node, after="C")}), says({"orders": page()}))
    since = datetime.fromisoformat("2026-07-01T12:00:00.9+02:00")

    first = await bench.storefront.orders_updated(since)
    second = await bench.storefront.orders_updated(since, first.after)

    assert first.objects == ((ORDER, datetime(2026, 7, 1, 10, 0, 5, tzinfo=UTC)),)
    assert (first.after, second.after) == ("C", None)
    assert bench.shopify.asked[0].variables["query"] == "updated_at:>='2026-07-01T10:00:00Z'"
    assert bench.shopify.asked[1].variables["after"] == "C"


async def test_amounts_are_read_in_the_shops_currency_and_in_the_customers(bench: Bench) -> None:
    owed = money("58.10", "SEK", "5.25", "EUR")
    changes: Json = {"currencyCode": "SEK", "presentmentCurrencyCode": "EUR", "totalOutstandingSet": owed}
    bench.shopify.will("Orders", says({"nodes": [an_order(**changes)]}))

    order = (await bench.storefront.orders([ORDER]))[ORDER]

    assert order.payments.outstanding == an_amount("58.10", "5.25")
    assert order.money.currencies == Currencies("SEK", "EUR")


async def test_what_a_line_was_sold_for_comes_with_its_discounts_taxes_and_duties(bench: Bench) -> None:
    taxed = a_line(
        discountAllocations=[{"allocatedAmountSet": money("1.00")}, {"allocatedAmountSet": money("0.50")}],
        taxLines=[{"title": "VAT", "rate": 0.19, "priceSet": money("3.33")}],
        duties=[{"id": gid("Duty", 1), "price": money("0.70"), "taxLines": []}],
    )
    bench.shopify.will("Orders", says({"nodes": [an_order(lineItems=page(taxed))]}))

    order = (await bench.storefront.orders([ORDER]))[ORDER]

    [sold] = order.money.lines
    assert (sold.discount, sold.duties) == (an_amount("1.50"), an_amount("0.70"))
    assert sold.taxes == (a_tax("3.33", title="VAT", rate="0.19"),)


async def test_what_went_back_is_asked_for_only_where_something_did(bench: Bench) -> None:
    two = page({"lineItem": {"id": gid("LineItem", 1)}, "quantity": 1, **_cost("9.50", "1.81")}, after="R1")
    shipping = {"shippingLine": {"id": gid("ShippingLine", 1)}, **_shipping_cost("2.00", "0.38")}
    duty = {"amountSet": money("0.35"), "originalDuty": {"id": gid("Duty", 1)}}
    refund = {
        "id": gid("Refund", 1),
        "totalRefundedSet": money("14.04"),
        "refundLineItems": two,
        "refundShippingLines": {"nodes": [shipping]},
        "duties": [duty],
    }
    line = a_line(currentQuantity=1, duties=[{"id": gid("Duty", 1), "price": money("0.70"), "taxLines": []}])
    taxed = {"title": "VAT", "rate": 0.19, "priceSet": money("0.93")}
    posted = a_shipping_line(1, "4.90", currentDiscountedPriceSet=money("2.90"), taxLines=[taxed])
    bench.shopify.will("Orders", says({"nodes": [an_order(lineItems=page(line), shippingLines=page(posted))]}))
    bench.shopify.will("OrderRefunds", says({"order": {"refunds": [refund]}}))
    more = page({"lineItem": {"id": gid("LineItem", 1)}, "quantity": 0, **_cost("0.01", "0.00")})
    bench.shopify.will("RefundLinesPage", says({"refund": {"refundLineItems": more}}))

    order = (await bench.storefront.orders([ORDER]))[ORDER]

    [charge] = order.money.charges
    assert (charge.net, charge.tax) == (an_amount("2.90"), an_amount("0.55"))
    back = order.money.refunded(LineItemId(gid("LineItem", 1)))
    assert total([one.subtotal for one in back]) == an_amount("9.51")
    assert total([one.duties for one in back]) == an_amount("0.35")


async def test_payments_come_with_their_gateways(bench: Bench) -> None:
    cash = {
        "id": gid("OrderTransaction", 1),
        "kind": "SALE",
        "status": "PENDING",
        "gateway": "Cash on Delivery (COD)",
        "manualPaymentGateway": True,
        "amountSet": money("19.00"),
    }
    bench.shopify.will("Orders", says({"nodes": [an_order(transactions=[cash])]}))

    payments = (await bench.storefront.orders([ORDER]))[ORDER].payments

    [one] = payments.transactions
    assert (one.status, one.gateway, one.manual) == ("PENDING", "Cash on Delivery (COD)", True)


def _cost(subtotal: str, tax: str) -> Json:
    return {"restockType": "NO_RESTOCK", "subtotalSet": money(subtotal), "totalTaxSet": money(tax)}


def _shipping_cost(subtotal: str, tax: str) -> Json:
    return {"subtotalAmountSet": money(subtotal), "taxAmountSet": money(tax)}


async def test_a_product_with_very_many_variants_gives_all_of_them(bench: Bench) -> None:
    product = {
        "__typename": "Product",
        "id": gid("Product", 1),
        "variants": page({"id": gid("ProductVariant", 1)}, after="V"),
    }
    bench.shopify.will("VariantsOfProducts", says({"nodes": [product]}))
    more = says({"product": {"variants": page({"id": gid("ProductVariant", 2)})}})
    bench.shopify.will("ProductVariantsPage", more)

    variants = await bench.storefront.variants_of([gid("Product", 1)])

    assert variants == {gid("Product", 1): tuple(VariantId(gid("ProductVariant", n)) for n in (1, 2))}


def _orders_asked_for(variables: Json) -> httpx.Response:
    return says({"nodes": [an_order(int(asked.rsplit("/", 1)[1])) for asked in variables["ids"]]})
