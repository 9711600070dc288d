"""Orders that change on Shopify while the warehouse has them, over the stand-in and the built-in warehouse."""

from pathlib import Path

from tests.spine.test_a_day_away import (
    BEGIN,
    CANCEL,
    COMMIT,
    asked,
    keys_of,
    one_fewer_of_the_first_line,
    until,
    until_all_are_at_the_warehouse,
)
from tests.spine.town import Town, a_town

from crossdock.app.demo.audit import EVERYTHING
from crossdock.app.demo.shop import DOMAIN
from crossdock.app.demo.story import CONNECTION, prepare, ship, until_for_sale
from crossdock.app.serve import address_of, listen, serving
from crossdock.backends.builtin.lists import OrderSheet
from crossdock.model.cause import Cause
from crossdock.model.money import Amount, Currencies, total
from crossdock.model.names import ItemCode, OrderId
from crossdock.model.order import Order
from crossdock.model.order_money import Charge
from crossdock.model.request import WorkState
from crossdock.store import holds, timeline

MOVE = """mutation($id: ID!) { orderUpdate(input: {id: $id, shippingAddress: {
  firstName: "Ada", lastName: "Lovelace", address1: "Am Wall 1", city: "Bremen", zip: "28195", countryCode: DE }}) {
  order { id } userErrors { message } } }"""

DISCOUNT = """mutation($id: ID!, $line: ID!) { orderEditAddLineItemDiscount(id: $id, lineItemId: $line, discount: {
  description: "Scratched", percentValue: 10 }) { userErrors { message } } }"""
CHARGE = """mutation($id: ID!, $currency: CurrencyCode!) { orderEditAddShippingLine(id: $id, shippingLine: {
  title: "Bulky", price: { amount: "3.50", currencyCode: $currency } }) { userErrors { message } } }"""


async def at_shopify(town: Town, id_: str) -> Order:
    return (await (await town.hub.storefront(DOMAIN)).orders([OrderId(id_)]))[OrderId(id_)]


async def at_work(town: Town, id_: str) -> list[OrderSheet]:
    """What the warehouse has of an order."""
    return [await town.cast.floor.order(key) for key in keys_of(await at_shopify(town, id_))]


async def until_told(town: Town, id_: str, kind: str) -> None:
    async def told() -> bool:
        async with town.hub.database.begin() as tx:
            return kind in {one.kind for one in await timeline.read(tx, CONNECTION, OrderId(id_))}

    await until(told)


async def for_sale_is_what_is_there(town: Town) -> bool:
    """Whether Shopify may sell just what the warehouse could still promise, of every item at every place."""
    storefront, connection = await town.hub.storefront(DOMAIN), await town.hub.connection(CONNECTION)
    found = await storefront.variants_updated(EVERYTHING)
    variants = await storefront.variants([id_ for id_, _ in found.objects])
    codes = {one.inventory_item: ItemCode(one.sku or "") for one in variants.values()}
    free = {(one.item, one.warehouse): one.available for one in await town.cast.floor.stock()}
    levels = await storefront.levels(sorted(codes))
    return bool(levels) and all(
        level.available == sum(free.get((codes[level.item], code), 0) for code in connection.warehouses[level.location])
        for level in levels
        if level.location in connection.warehouses
    )


async def test_what_changes_on_the_way_reaches_the_warehouse_or_a_person(database_url: str, tmp_path: Path) -> None:
    listener = listen("127.0.0.1", 0)
    async with a_town(database_url, tmp_path, address_of(listener)) as town:
        await prepare(town.cast, 40, seed=7)
        async with serving(town.hub, listener):
            await until_for_sale(town.cast)
            cancelled, moved, edited, gone = town.standin.buy(4, seed=7)
            await until_all_are_at_the_warehouse(town, 4)
            before = sum(line.ordered for sheet in await at_work(town, edited) for line in sheet.order.lines)

            asked(town, CANCEL, id=cancelled)
            asked(town, MOVE, id=moved)
            one_fewer_of_the_first_line(town, edited)
            await until_told(town, cancelled, "stopped")
            await until_told(town, moved, "amended")
            await until(lambda: changed(town, edited))
            await ship(town.cast, seed=7)
            await until_told(town, gone, "told")
            asked(town, MOVE, id=gone)
            await until_told(town, gone, "held")

            assert {sheet.order.state for sheet in await at_work(town, cancelled)} == {WorkState.CANCELLED}
            assert {sheet.request.ship_to and sheet.request.ship_to.city for sheet in await at_work(town, moved)} == {
                "Bremen"
            }
            left = [sheet for sheet in await at_work(town, edited) if sheet.order.state is not WorkState.CANCELLED]
            assert sum(line.ordered for sheet in left for line in sheet.order.lines) == before - 1
            async with town.hub.database.begin() as tx:
                held = await holds.held(tx, CONNECTION)
            assert [(one.key, one.hold.cause) for one in held] == [(gone, Cause.LEFT_ALREADY)]
            await until(lambda: for_sale_is_what_is_there(town))


async def test_prices_that_an_edit_changes_reach_the_order_sheet(database_url: str, tmp_path: Path) -> None:
    listener = listen("127.0.0.1", 0)
    async with a_town(database_url, tmp_path, address_of(listener)) as town:
        await prepare(town.cast, 20, seed=7)
        async with serving(town.hub, listener):
            await until_for_sale(town.cast)
            (bought,) = town.standin.buy(1, seed=7)
            await until_all_are_at_the_warehouse(town, 1)
            before = await at_work(town, bought)

            ten_percent_off_and_three_fifty_more(town, bought, (await at_shopify(town, bought)).money.currencies)
            await until_told(town, bought, "amended")

            after, order = await at_work(town, bought), await at_shopify(town, bought)
            async with town.hub.database.begin() as tx:
                said = [one for one in await timeline.read(tx, CONNECTION, OrderId(bought)) if one.kind == "amended"]
                held = await holds.held(tx, CONNECTION)
            assert comes_to(after) == order.money.totals.total != comes_to(before)
            assert units_of(after) == units_of(before)
            assert all("the prices were changed" in one.sentence for one in said)
            assert [charge.title for sheet in after for charge in charges_of(sheet)][-1] == "Bulky"
            assert held == []


def ten_percent_off_and_three_fifty_more(town: Town, order: str, currencies: Currencies) -> None:
    """Edit the prices of an order, and nothing else."""
    edit = asked(town, BEGIN, id=order)["calculatedOrder"]
    (line,) = edit["lineItems"]["nodes"]
    asked(town, DISCOUNT, id=edit["id"], line=line["id"])
    asked(town, CHARGE, id=edit["id"], currency=currencies.presentment)
    asked(town, COMMIT, id=edit["id"])


def comes_to(sheets: list[OrderSheet]) -> Amount:
    return total([sheet.comes_to for sheet in sheets if sheet.comes_to is not None])


def units_of(sheets: list[OrderSheet]) -> list[int]:
    return [line.ordered for sheet in sheets for line in sheet.order.lines]


def charges_of(sheet: OrderSheet) -> tuple[Charge, ...]:
    return () if sheet.request.money is None else sheet.request.money.charges


async def changed(town: Town, id_: str) -> bool:
    """Whether the warehouse heard of an edit: by fewer units, or by an order that is off."""
    async with town.hub.database.begin() as tx:
        return bool({"amended", "stopped"} & {one.kind for one in await timeline.read(tx, CONNECTION, OrderId(id_))})
