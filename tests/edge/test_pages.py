"""Pages say what is known, what is waited for and what a person has to do; they never change anything by being read."""

import html
import re
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from tests.edge.edge_desk import Person, asked_for
from tests.edge.portal_seed import ACME, a_morning, a_row, order_id

from crossdock.model.account import Account
from crossdock.model.answer import Answer, Word
from crossdock.model.cause import Cause, Hold
from crossdock.model.flow import Flow
from crossdock.model.money import Currencies, Money
from crossdock.model.names import ShopDomain
from crossdock.model.payment import Payment, PaymentMethod
from crossdock.model.state import OrderState
from crossdock.store import answers, holds, money_moves, orders
from crossdock.store.database import Database, open_database
from crossdock.testing.builders import a_line
from crossdock.testing.money_builders import a_charge, a_sold_line, a_tax, an_amount, an_order_money

OURS = {"Sec-Fetch-Site": "same-origin"}
"""What a browser says of a request that a page of the portal made."""


@pytest.fixture
async def morning(database: Database, acme: ShopDomain) -> None:
    await a_morning(database)


async def _text(web: httpx.AsyncClient, address: str) -> str:
    """The page as it reads: tags out, entities in, white space as one blank."""
    answer = await web.get(address)
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.text)))


async def _names(web: httpx.AsyncClient, address: str) -> list[str]:
    return re.findall(r"data-row>([^<]*)</a>", (await web.get(address)).text)


async def test_the_list_shows_each_orders_state_its_clock_age_last_event_and_the_cause_and_remedy_of_its_hold(
    web: httpx.AsyncClient, morning: None
) -> None:
    said = await _text(web, "/orders")

    mine = said[said.index("#1023 At the warehouse") : said.index("#1022 Held")]
    assert re.match(r"#1023 At the warehouse 6\d seconds placed 4 minutes ago 3 units EAST accepted", mine)
    assert mine.endswith("EAST accepted #1023 as WO-00023. 2 minutes ago ")
    assert (
        "#1022 Held 4 minutes placed 19 minutes ago 1 unit The location has no warehouse. #1022 is to ship from "
        "Hamburg, which no warehouse serves. Map it: crossdock map-location" in said
    )
    assert "#1020 Partly shipped 45 minutes placed 3 hours ago 6 units Package P-00020-2 left" in said
    assert "Tried 3 times without success; trying for 6 minutes" in said


async def test_newest_orders_come_first(web: httpx.AsyncClient, morning: None) -> None:
    assert await _names(web, "/orders") == [f"#{number}" for number in range(1024, 1013, -1)]


async def test_every_page_says_up_to_when_everything_was_looked_at_and_what_waits(
    web: httpx.AsyncClient, morning: None
) -> None:
    for address in ("/orders", "/holds", "/orders/acme/1020"):
        assert re.search(
            r"acme complete up to (\d{4}-\d\d-\d\d \d\d:\d\d|\d\d:\d\d:\d\d) 2 waiting", await _text(web, address)
        )


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("state=shipped", ["#1019", "#1016"]),
        ("state=held", ["#1022", "#1017"]),
        ("q=102", ["#1024", "#1023", "#1022", "#1021", "#1020"]),
        ("q=%231019", ["#1019"]),
        ("q=102&state=at_warehouse", ["#1023", "#1021"]),
        ("connection=acme&state=short", ["#1018"]),
        ("connection=other", []),
        ("q=%25", []),
        ("q=_", []),
        ("q=%5C", []),
    ],
)
async def test_the_list_can_be_narrowed(web: httpx.AsyncClient, morning: None, query: str, names: list[str]) -> None:
    assert await _names(web, f"/orders?{query}") == names


@pytest.mark.parametrize(
    "query", ["state=nonsense", "after=nonsense", "after=2026-01-01", "after=%00", "q=%00", "state=&q="]
)
async def test_a_query_that_makes_no_sense_shows_everything(web: httpx.AsyncClient, morning: None, query: str) -> None:
    assert len(await _names(web, f"/orders?{query}")) == 11


async def test_following_older_orders_shows_each_order_once_though_new_ones_come(
    web: httpx.AsyncClient, database: Database, acme: ShopDomain
) -> None:
    async with database.begin() as tx:
        for number in range(120):
            await orders.remember(tx, a_row(number, OrderState.SHIPPED, timedelta(minutes=200 - number // 3)))
    seen: list[str] = []
    address: str | None = "/orders"

    while address:
        answer = (await web.get(address)).text
        seen += re.findall(r"data-row>([^<]*)</a>", answer)
        older = re.search(r'href="([^"]*)" rel="next"', answer)
        address = html.unescape(older[1]) if older else None
        async with database.begin() as tx:
            await orders.remember(tx, a_row(1000 + len(seen), OrderState.WAITING, timedelta(0)))

    assert len(seen) == 120
    assert set(seen) == {f"#{number}" for number in range(120)}


async def test_one_orders_page_tells_its_whole_story(web: httpx.AsyncClient, morning: None) -> None:
    said = await _text(web, "/orders/acme/1020")

    assert said.index("Paid at Shopify") < said.index("EAST accepted #1020") < said.index("P-00020-2 left with 2 of 6")
    assert "#1020 picking Warehouse EAST Reference WO-00020 Units 6 Accepted" in said
    assert "00340434161094042551 Shopify knows Package P-00020-1 Of #1020 Units 2 Fulfillment 501 Told" in said
    assert "00340434161094042552 Shopify is not told yet" in said
    assert "Waiting for a look Fulfillments: a package left." in said
    assert "Tried 3 times: acme.myshopify.com did not answer within 30 seconds." in said
    assert "failed Orders" in said
    assert "ok CreateFulfillment" in said


@pytest.mark.parametrize(
    ("name", "decided"),
    [
        ("1024", "It waits for Shopify Nothing of it can go to the warehouse yet: Shopify says paid, unfulfilled."),
        ("1023", "It is left to builtin It was asked, and its answer is not known yet."),
        ("1019", "Nothing is left to do All that was asked for has left, and Shopify knows."),
        ("1018", "Nothing more will leave builtin has given up on the rest of it."),
        ("1015", "Nothing is left to do It was cancelled at Shopify."),
        ("1014", "It is left alone The rules of acme leave it alone. Which one: crossdock plan acme orders '#1014'."),
    ],
)
async def test_an_orders_page_says_what_was_decided_and_why(
    web: httpx.AsyncClient, morning: None, name: str, decided: str
) -> None:
    assert decided in await _text(web, f"/orders/acme/{name}")


async def test_an_orders_page_says_how_long_it_has_been_in_its_state_and_that_this_is_late(
    web: httpx.AsyncClient, morning: None
) -> None:
    assert "Held for 5 hours , late" in await _text(web, "/orders/acme/1017")
    assert "At the warehouse for 13 minutes" in await _text(web, "/orders/acme/1021")


async def test_an_orders_page_says_what_it_costs_in_both_currencies_and_what_does_not_sum_up(
    web: httpx.AsyncClient, database: Database, acme: ShopDomain
) -> None:
    money = an_order_money([a_sold_line(a_line(quantity=2), taxes=[a_tax("3.80")])], a_charge("4.90"))
    amount = an_amount("28.70", 4633)
    account = Account(
        currencies=Currencies("EUR", "JPY"),
        taxes_included=False,
        totals=replace(money.totals, total=amount),
        received=an_amount(0),
        paid_back=an_amount(0),
        outstanding=amount,
        payment=Payment(PaymentMethod.CASH_ON_DELIVERY, ("COD",), Money(amount.presentment, "JPY")),
        findings=("#1030: The taxes come to 3.81 EUR, and Shopify says 3.80 EUR: 0.01 EUR less.",),
    )
    async with database.begin() as tx:
        await orders.remember(tx, replace(a_row(1030, OrderState.WAITING, timedelta(0)), money=account))

    said = await _text(web, "/orders/acme/1030")

    assert "Total 28.70 EUR (4633 JPY)" in said
    assert "Still owed 28.70 EUR (4633 JPY)" in said
    assert "Payment Cash on delivery: COD" in said
    assert "Shopify says 3.80 EUR: 0.01 EUR less." in said


async def test_a_held_orders_page_says_what_is_the_matter_and_what_to_do(web: httpx.AsyncClient, morning: None) -> None:
    said = await _text(web, "/orders/acme/%231022")

    assert "The location has no warehouse" in said
    assert "What to do: Map it: crossdock map-location CONNECTION LOCATION WAREHOUSE." in said
    assert "It goes on by itself once that is done." in said


async def test_an_unknown_order_gets_a_sentence_and_a_way_on(web: httpx.AsyncClient, morning: None) -> None:
    for address in ("/orders/acme/4711", "/orders/nowhere/1020", "/orders/acme/a/b%00"):
        answer = await web.get(address)

        assert answer.status_code == 404
        assert "crossdock sync" in answer.text


async def test_an_order_name_may_hold_any_character(
    web: httpx.AsyncClient, database: Database, acme: ShopDomain
) -> None:
    name = "EN/10 01?&<b>#ü"
    row = a_row(1, OrderState.WAITING, timedelta(0))
    async with database.begin() as tx:
        await orders.remember(tx, replace(row, name=name))

    listing = (await web.get("/orders")).text
    (address,) = re.findall(r'href="(/orders/[^"]*)"', listing)
    answer = await web.get(html.unescape(address))

    assert answer.status_code == 200
    assert "<h1>EN/10 01?&amp;&lt;b&gt;#ü</h1>" in answer.text


async def test_holds_are_grouped_by_cause_with_their_remedy(web: httpx.AsyncClient, morning: None) -> None:
    said = await _text(web, "/holds")

    assert "4 objects wait for a person" in said
    assert said.index("No item has this SKU or barcode 2") < said.index("The location has no warehouse 1")
    assert "Create the item in the backend, or correct the SKU or barcode in Shopify." in said
    assert "#1022 #1022 is to ship from Hamburg" in said
    assert "ProductVariant/5 No item has SKU LAMP-XL" in said


async def test_look_again_marks_the_order_and_comes_back_to_it(
    web: httpx.AsyncClient, ada: Person, morning: None, database: Database
) -> None:
    form = ada.form | {"connection": "acme", "order_id": order_id(1022), "back": "/orders/acme/1022"}

    answer = await web.post("/look-again", data=form, headers=OURS)

    assert (answer.status_code, answer.headers["location"]) == (303, "/orders/acme/1022")
    assert await asked_for(database) == [
        ("acme", Flow.ORDERS, order_id(1022)),
        ("acme", Flow.FULFILLMENTS, order_id(1022)),
        ("acme", Flow.RETURNS, order_id(1022)),
        ("acme", Flow.MONEY, order_id(1022)),
    ]


async def test_the_time_line_says_who_asked_for_a_look(web: httpx.AsyncClient, ada: Person, morning: None) -> None:
    form = ada.form | {"connection": "acme", "order_id": order_id(1022)}

    await web.post("/look-again", data=form, headers=OURS)

    assert (await _text(web, "/orders/acme/1022")).count("ada@acme.test asked for another look.") == 1


async def test_look_again_at_a_cause_marks_all_alike_and_nothing_else(
    web: httpx.AsyncClient, ada: Person, morning: None, database: Database
) -> None:
    form = ada.form | {"connection": "acme", "cause": "item_missing"}

    answer = await web.post("/holds/look-again", data=form, headers=OURS)

    assert answer.status_code == 303
    assert await asked_for(database) == [
        ("acme", Flow.CATALOG, f"gid://shopify/ProductVariant/{number}") for number in (5, 6)
    ]


async def test_look_again_at_one_held_variant_marks_nothing_else(
    web: httpx.AsyncClient, ada: Person, morning: None, database: Database
) -> None:
    key = "gid://shopify/ProductVariant/6"
    form = ada.form | {"held": [f"acme catalog {key}"]}

    await web.post("/holds/retry", data=form, headers=OURS)

    assert await asked_for(database) == [("acme", Flow.CATALOG, key)]
    assert "Choose ProductVariant/6" in (await web.get("/holds")).text


async def test_a_changed_order_is_left_as_the_warehouse_has_it_by_who_read_what_changed(
    web: httpx.AsyncClient, ada: Person, morning: None, database: Database
) -> None:
    said = "#1022: the note was changed. The warehouse has WO-00022, packed."
    async with database.begin() as tx:
        await holds.hold(tx, ACME, Flow.ORDERS, {order_id(1022): Hold(Cause.CHANGED_LATE, said)})
    form = ada.form | {"connection": "acme", "order_id": order_id(1022), "back": "/orders/acme/1022"}

    shown = (await web.get("/orders/acme/1022")).text
    stale = await web.post("/answer", data={**form, "word": "leave", "read": "Something else."}, headers=OURS)
    async with database.begin() as tx:
        after_stale = await answers.of_orders(tx, ACME, Flow.ORDERS, [order_id(1022)])
    answer = await web.post("/answer", data={**form, "word": "leave", "read": said}, headers=OURS)

    assert "Leave it as the warehouse has it" in shown
    assert (stale.status_code, after_stale) == (303, {})
    assert (answer.status_code, answer.headers["location"]) == (303, "/orders/acme/1022")
    async with database.begin() as tx:
        assert await answers.of_orders(tx, ACME, Flow.ORDERS, [order_id(1022)]) == {
            order_id(1022): Answer(Word.LEAVE, said)
        }
    assert "ada@acme.test left it as the warehouse has it." in await _text(web, "/orders/acme/1022")


async def test_what_changed_after_an_order_left_is_followed_up_by_who_read_of_it(
    web: httpx.AsyncClient, ada: Person, morning: None, database: Database
) -> None:
    said = "#1022: a quantity went up on Shopify. The warehouse has WO-00022, shipped."
    async with database.begin() as tx:
        await holds.hold(tx, ACME, Flow.ORDERS, {order_id(1022): Hold(Cause.LEFT_ALREADY, said)})
    form = ada.form | {"connection": "acme", "order_id": order_id(1022), "back": "/orders/acme/1022", "read": said}

    shown = (await web.get("/orders/acme/1022")).text
    answer = await web.post("/answer", data=form | {"word": "follow_up"}, headers=OURS)

    assert "Follow it up" in shown
    assert "Leave it as the warehouse has it" in shown
    assert (answer.status_code, answer.headers["location"]) == (303, "/orders/acme/1022")
    async with database.begin() as tx:
        kept = await answers.of_orders(tx, ACME, Flow.ORDERS, [order_id(1022)])
    assert kept == {order_id(1022): Answer(Word.FOLLOW_UP, said)}


@pytest.mark.parametrize(("word", "did"), [("approve", "approves refund RR-1"), ("decline", "declines refund RR-1")])
async def test_a_refund_that_the_backend_asks_for_is_answered_by_who_read_of_it(
    web: httpx.AsyncClient, ada: Person, morning: None, database: Database, word: str, did: str
) -> None:
    what = "RR-1 asks for 10.00 EUR back"
    said = f"{what} (dented): up to 0.00 EUR of an order needs no person."
    async with database.begin() as tx:
        await holds.hold(tx, ACME, Flow.MONEY, {order_id(1022): Hold(Cause.REFUND_ASKED, said)})
        await money_moves.asked(tx, ACME, order_id(1022), "RR-1", what)
    form = ada.form | {"connection": "acme", "order_id": order_id(1022), "word": word, "back": "/orders/acme/1022"}

    shown = (await web.get("/orders/acme/1022")).text
    await web.post("/refund", data={**form, "read": "Something else."}, headers=OURS)
    async with database.begin() as tx:
        stale = (await money_moves.of_orders(tx, ACME, [order_id(1022)]))[order_id(1022)]["RR-1"]
    answer = await web.post("/refund", data={**form, "read": said}, headers=OURS)

    assert ("Refund on Shopify" in shown, "Do not refund" in shown, stale.answer) == (True, True, None)
    assert (answer.status_code, answer.headers["location"]) == (303, "/orders/acme/1022")
    async with database.begin() as tx:
        known = (await money_moves.of_orders(tx, ACME, [order_id(1022)]))[order_id(1022)]["RR-1"]
    assert known.answer == word
    assert f"ada@acme.test {did}." in await _text(web, "/orders/acme/1022")


async def test_what_the_warehouse_does_not_ship_is_cancelled_on_shopify_by_who_read_of_it(
    web: httpx.AsyncClient, ada: Person, morning: None, database: Database
) -> None:
    said = "The warehouse cancelled #1022 (WO-00022), and Shopify still waits for it."
    async with database.begin() as tx:
        await holds.hold(tx, ACME, Flow.ORDERS, {order_id(1022): Hold(Cause.CANCELLED_THERE, said)})
    form = ada.form | {"connection": "acme", "order_id": order_id(1022), "back": "/orders/acme/1022", "read": said}

    shown = (await web.get("/orders/acme/1022")).text
    answer = await web.post("/answer", data=form | {"word": "cancel"}, headers=OURS)

    assert "Cancel what does not ship on Shopify" in shown
    assert "Leave it as the warehouse has it" in shown
    assert answer.status_code == 303
    async with database.begin() as tx:
        assert await answers.of_orders(tx, ACME, Flow.ORDERS, [order_id(1022)]) == {
            order_id(1022): Answer(Word.CANCEL, said)
        }
    assert "ada@acme.test cancels on Shopify what does not ship." in await _text(web, "/orders/acme/1022")


async def test_a_package_that_left_from_elsewhere_is_told_as_assigned_by_who_read_of_it(
    web: httpx.AsyncClient, ada: Person, morning: None, database: Database
) -> None:
    said = "#1022, package P-1: it left from warehouse NORTH. Shopify: no items are stocked at this location."
    async with database.begin() as tx:
        await holds.hold(tx, ACME, Flow.FULFILLMENTS, {order_id(1022): Hold(Cause.PACKAGE_ELSEWHERE, said)})
    form = ada.form | {"connection": "acme", "order_id": order_id(1022), "back": "/orders/acme/1022"}

    shown = (await web.get("/orders/acme/1022")).text, (await web.get("/holds")).text
    await web.post("/answer", data={**form, "word": "as_assigned", "read": "Something else."}, headers=OURS)
    async with database.begin() as tx:
        after_stale = await answers.of_orders(tx, ACME, Flow.FULFILLMENTS, [order_id(1022)])
    answer = await web.post("/answer", data={**form, "word": "as_assigned", "read": said}, headers=OURS)

    assert all("Ship it from where Shopify has the goods" in one for one in shown)
    assert (answer.status_code, after_stale) == (303, {})
    async with database.begin() as tx:
        answered = await answers.of_orders(tx, ACME, Flow.FULFILLMENTS, [order_id(1022)])
        assert await answers.of_orders(tx, ACME, Flow.ORDERS, [order_id(1022)]) == {}
    assert answered == {order_id(1022): Answer(Word.AS_ASSIGNED, said)}
    assert "ada@acme.test ships it from where Shopify has the goods." in await _text(web, "/orders/acme/1022")


async def test_what_is_held_for_another_cause_offers_no_leaving(web: httpx.AsyncClient, morning: None) -> None:
    shown = (await web.get("/orders/acme/1022")).text

    assert "Leave it" not in shown
    assert "Cancel what does not ship" not in shown


@pytest.mark.parametrize("back", ["//evil.test", "https://evil.test", "/\\evil.test", "", "/a\r\nSet-Cookie: b"])
async def test_look_again_never_leads_to_another_site(
    web: httpx.AsyncClient, ada: Person, morning: None, back: str
) -> None:
    form = ada.form | {"connection": "acme", "order_id": order_id(1022), "back": back}

    answer = await web.post("/look-again", data=form, headers=OURS)

    assert answer.headers["location"] == "/"


async def test_without_a_store_the_page_says_how_to_begin(web: httpx.AsyncClient) -> None:
    said = await _text(web, "/orders")

    assert "Connect your first store" in said
    assert "crossdock store add" in said
    assert "All clear" in await _text(web, "/holds")


async def test_without_orders_the_page_says_how_they_come(web: httpx.AsyncClient, acme: ShopDomain) -> None:
    assert "No orders yet The next order of a connected store shows up here" in await _text(web, "/orders")


async def test_a_search_without_hits_says_so_and_leads_back(web: httpx.AsyncClient, morning: None) -> None:
    said = await _text(web, "/orders?q=4711")
    assert "No order has “4711” in its name, as a tracking number, SKU or item code, or as its customer's" in said


async def test_while_the_database_is_away_a_page_says_so_instead_of_lying(
    web: httpx.AsyncClient, app: FastAPI, acme: ShopDomain
) -> None:
    nowhere = open_database("postgresql://somebody@127.0.0.1:1/nothing")
    object.__setattr__(app.state.desk, "database", nowhere)

    answer = await web.get("/orders")

    assert answer.status_code == 503
    assert "The database does not answer" in answer.text
    await nowhere.close()


async def test_nothing_foreign_can_run_in_a_page(web: httpx.AsyncClient, morning: None) -> None:
    for address in ("/orders", "/holds", "/orders/acme/1020", "/orders/acme/none"):
        answer = await web.get(address)
        policy = answer.headers["content-security-policy"]

        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert not re.search(r"\son\w+=|\sstyle=|<style|<script(?![^>]*src=)|https?://(?!www.w3.org)", answer.text)


async def test_every_file_a_page_asks_for_is_served_by_us(web: httpx.AsyncClient, acme: ShopDomain) -> None:
    page = (await web.get("/orders")).text
    files = re.findall(r'(?:src|href)="(/static/[^"]*)"', page)

    assert len(files) == 4
    assert [(await web.get(file)).status_code for file in files] == [200] * 4
