"""What the doctor finds of goods, scopes and shared warehouses, by decisions without I/O."""

from dataclasses import replace

from crossdock.app.doctor.goods import addresses, look_over
from crossdock.app.doctor.sharing import shared_warehouses
from crossdock.edge.checks import Verdict
from crossdock.model.catalog import Good
from crossdock.model.connection import Connection, InventoryRules, Rules
from crossdock.model.flow import Flow
from crossdock.model.names import Barcode, ConnectionId, InventoryItemId, LocationId, ShopDomain, Sku, WarehouseCode
from crossdock.shopify.scopes import missing_scopes, needed_scopes

HERE = Connection(
    ConnectionId("acme"),
    ShopDomain("acme.myshopify.com"),
    "builtin",
    frozenset(Flow),
    Rules(),
    {LocationId("gid://shopify/Location/1"): (WarehouseCode("MAIN"),)},
)
THERE = replace(HERE, id=ConnectionId("beta"), store=ShopDomain("beta.myshopify.com"))
SAME = {HERE.id: "{}", THERE.id: "{}"}


def _good(title: str, sku: str | None = None, *, barcode: str | None = None, archived: bool = False) -> Good:
    return Good(
        InventoryItemId(title), title, Sku(sku) if sku else None, Barcode(barcode) if barcode else None, True, archived
    )


def test_goods_that_can_be_told_apart_are_in_order() -> None:
    checks = look_over(HERE, [_good("Mug", "MUG"), _good("Lamp", barcode="400")])

    assert {check.verdict for check in checks} == {Verdict.OK}


def test_each_shared_sku_is_named_with_those_that_share_it() -> None:
    skus, _, _ = look_over(HERE, [_good("Mug", "MUG"), _good("Cup", "MUG"), _good("Lamp", "LAMP")])

    assert skus.finding == "1 SKU on several variants: MUG (Mug, Cup). Only one of them can be linked."
    assert skus.remedy


def test_skus_differ_by_case() -> None:
    skus, _, _ = look_over(HERE, [_good("Mug", "MUG"), _good("Cup", "mug")])

    assert skus.verdict is Verdict.OK


def test_a_long_list_is_cut_and_counted() -> None:
    _, nameless, _ = look_over(HERE, [_good(f"Thing {number}") for number in range(5)])

    assert nameless.finding.startswith("5 variants with neither SKU nor barcode: Thing 0, Thing 1, Thing 2 and 2 more.")


def test_what_is_archived_is_not_asked_for_a_code() -> None:
    _, nameless, archived = look_over(HERE, [_good("Poster", archived=True)])

    assert nameless.verdict is Verdict.OK
    assert archived.finding.startswith("1 variant of archived products: Poster.")


def test_orders_that_go_nowhere_are_named() -> None:
    assert addresses(HERE, []).verdict is Verdict.OK
    assert addresses(HERE, ["#1001"]).finding == "1 open order to be shipped without a shipping address: #1001."


def test_two_stores_on_one_warehouse_are_told_of() -> None:
    check = shared_warehouses(HERE, [HERE, THERE], SAME)

    assert check.verdict is Verdict.WARN
    assert check.finding.startswith("Warehouse MAIN also serves beta.myshopify.com (connection beta).")


def test_the_same_code_at_another_backend_is_another_warehouse() -> None:
    assert shared_warehouses(HERE, [HERE, THERE], {**SAME, THERE.id: '{"url": "elsewhere"}'}).verdict is Verdict.OK


def test_who_keeps_a_buffer_knows_about_it() -> None:
    careful = replace(HERE, rules=Rules(inventory=InventoryRules(buffer=2)))

    assert shared_warehouses(careful, [careful, THERE], SAME).verdict is Verdict.OK


def test_fewer_flows_need_fewer_scopes() -> None:
    assert needed_scopes({Flow.ORDERS}, cancels=False) == (
        "read_locations",
        "read_products",
        "read_orders",
        "read_merchant_managed_fulfillment_orders",
    )
    assert "read_customers" in needed_scopes({Flow.ORDERS}, cancels=False, knows_customers=True)
    assert "read_customers" not in needed_scopes({Flow.INVENTORY}, cancels=False, knows_customers=True)
    assert "write_inventory" in needed_scopes({Flow.INVENTORY}, cancels=False)
    assert {"write_orders", "write_order_edits"} <= set(needed_scopes({Flow.ORDERS}, cancels=True))


def test_who_serves_a_fulfillment_services_location_needs_to_answer_for_it() -> None:
    served = set(needed_scopes({Flow.ORDERS}, cancels=False, serves=True))

    assert served - set(needed_scopes({Flow.ORDERS}, cancels=False)) == {
        "read_assigned_fulfillment_orders",
        "write_assigned_fulfillment_orders",
    }
    assert needed_scopes({Flow.CATALOG}, cancels=False, serves=True) == needed_scopes({Flow.CATALOG}, cancels=False)


def test_what_may_be_written_may_be_read() -> None:
    assert missing_scopes({"write_inventory"}, ["read_inventory", "write_inventory", "read_orders"]) == ("read_orders",)
