"""`crossdock overview` tells at a glance what the first page of the portal tells."""

import asyncio

from sqlalchemy import text
from tests.cli.terminal import Terminal, put_goods_on_sale

from crossdock.store.database import open_database
from shopify_standin.testing import RunningStandin


def _let_it_be_late(terminal: Terminal) -> None:
    async def changed() -> None:
        database = open_database(terminal.database_url)
        async with database.begin() as tx:
            await tx.execute(
                text(
                    "INSERT INTO orders (connection, order_id, name, placed_at, updated_at, fulfillment_status, state, "
                    "units, total, state_since) "
                    "SELECT 'standin', 'gid://shopify/Order/1', '#1', ago, ago, 'UNFULFILLED', 'at_warehouse', 2, "
                    "'9.00 EUR', ago FROM (SELECT hub_now() - interval '5 days' AS ago) AS t"
                )
            )
        await database.close()

    asyncio.run(changed())


def test_an_installation_without_a_store_says_what_to_do_first(terminal: Terminal) -> None:
    assert "No store is connected yet: crossdock store add DOMAIN" in terminal.read("overview")


def test_what_needs_a_person_comes_before_how_each_flow_stands(terminal: Terminal, shop: RunningStandin) -> None:
    put_goods_on_sale(shop)
    terminal.read("warehouse", "add", "MAIN", "Main warehouse")
    terminal.add_store(shop)
    terminal.read("connect", shop.shop_domain, "--orders-from", "all")
    calm = terminal.read("overview")
    _let_it_be_late(terminal)

    said = terminal.read("overview")
    late = terminal.data_of("orders", "list", "--late")

    assert "Nothing needs you." in calm
    assert "- standin: 1 late: at the warehouse for more than 2 d" in said
    assert said.index("Needs a person") < said.index("Complete up to")
    assert [(one["name"], one["late"]) for one in late] == [("#1", True)]
