"""What cannot be done is refused in one sentence that says what would work, and no secret is ever printed."""

import psycopg
import pytest
from tests.cli.terminal import (
    SECRET,
    Terminal,
    let_the_token_be_worthless,
    put_goods_on_sale,
)

from crossdock.edge.cli import stores
from shopify_standin.testing import RunningStandin


def test_a_domain_that_is_no_store_is_refused_before_anything_is_sent(terminal: Terminal) -> None:
    said = terminal.refusal("store", "add", "acme.example.com", "--token", "t", "--secret", "s")

    assert "acme.example.com is where customers find the store" in said
    assert "the name that ends in myshopify.com under Settings > Domains" in said


def test_a_store_that_refuses_the_token_is_not_kept(terminal: Terminal, shop: RunningStandin) -> None:
    said = terminal.refusal(
        "store", "add", shop.shop_domain, "--token", "wrong-token", "--secret", SECRET, "--endpoint", shop.url
    )

    assert "does not accept the access token" in said
    assert "wrong-token" not in said
    assert terminal.data_of("store", "list") == []


def test_a_token_of_another_store_is_refused(terminal: Terminal, shop: RunningStandin) -> None:
    said = terminal.refusal(
        "store", "add", "other.myshopify.com", "--token", shop.token, "--secret", SECRET, "--endpoint", shop.url
    )

    assert f"This token opens {shop.shop_domain}" in said


def test_without_a_terminal_a_missing_token_is_a_sentence_and_not_a_question(terminal: Terminal) -> None:
    said = terminal.refusal("store", "add", "acme.myshopify.com")

    assert "--token, or set CROSSDOCK_TOKEN" in said


def test_token_and_secret_come_from_the_environment(
    terminal: Terminal, shop: RunningStandin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(stores.TOKEN_VARIABLE, shop.token)
    monkeypatch.setenv(stores.SECRET_VARIABLE, f"{SECRET}, older")

    added = terminal.data_of("store", "add", shop.shop_domain, "--endpoint", shop.url)

    assert added["domain"] == shop.shop_domain


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--endpoint", "ftp://127.0.0.1", "should look like http://127.0.0.1:8100"),
        ("--endpoint", "http://127.0.0.1/admin", "should look like http://127.0.0.1:8100"),
        ("--api-version", "2026-05", "should look like 2026-10"),
    ],
)
def test_an_option_of_a_store_that_cannot_be_is_refused(terminal: Terminal, option: str, value: str, said: str) -> None:
    assert said in terminal.refusal(
        "store", "add", "acme.myshopify.com", "--token", "t", "--secret", "s", option, value
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("sap",), "There is no backend of the kind sap. Installed are: builtin"),
        (("builtin", "--settings", "{"), "These settings do not fit Built-in warehouse"),
        (("builtin", "--name", "My shop"), "A connection cannot be called 'My shop'"),
        (("builtin", "--orders-from", "yesterday"), "Write now, all, or a date like 2026-07-01"),
    ],
    ids=["kind", "settings", "name", "date"],
)
def test_a_connection_that_cannot_be_is_refused(
    terminal: Terminal, shop: RunningStandin, options: tuple[str, ...], said: str
) -> None:
    terminal.add_store(shop)

    assert said in terminal.refusal("connect", shop.shop_domain, *options)
    assert terminal.data_of("connections") == []


def test_a_second_connection_of_the_same_name_is_refused(terminal: Terminal, shop: RunningStandin) -> None:
    terminal.add_store(shop)
    terminal.read("connect", shop.shop_domain)

    assert "There is a connection standin already" in terminal.refusal("connect", shop.shop_domain)


def test_an_unknown_place_is_answered_with_those_that_there_are(terminal: Terminal, shop: RunningStandin) -> None:
    terminal.read("warehouse", "add", "MAIN", "Main warehouse")
    terminal.add_store(shop)
    terminal.read("connect", shop.shop_domain)

    assert "It has: Shop location" in terminal.refusal("map-location", "standin", "Berlin", "MAIN")
    assert "It has: MAIN (Main warehouse)" in terminal.refusal("map-location", "standin", "Shop location", "SOUTH")


def test_an_order_of_two_connections_asks_which(terminal: Terminal, shop: RunningStandin) -> None:
    put_goods_on_sale(shop)
    terminal.add_store(shop)
    for name in ("one", "two"):
        terminal.read("connect", shop.shop_domain, "--name", name, "--orders-from", "all")
    shop.buy(1)
    shop.advance(60)
    for name in ("one", "two"):
        terminal.read("sync", name)
    [order, _] = terminal.data_of("orders", "list")

    said = terminal.refusal("orders", "show", order["name"])

    assert "--connection one" in said
    assert "--connection two" in said
    assert terminal.data_of("orders", "show", order["name"], "--connection", "two")["order"]["connection"] == "two"


def test_a_paused_store_is_not_synced(terminal: Terminal, shop: RunningStandin) -> None:
    terminal.add_store(shop)
    terminal.read("connect", shop.shop_domain)
    terminal.read("store", "pause", shop.shop_domain, "--reason", "Stocktaking.")

    assert "is paused: Stocktaking." in terminal.refusal("sync", "standin")


def test_a_store_whose_token_was_revoked_is_paused_by_sync(terminal: Terminal, shop: RunningStandin) -> None:
    terminal.add_store(shop)
    terminal.read("connect", shop.shop_domain)
    let_the_token_be_worthless(terminal, shop)

    said = terminal.refusal("sync", "standin")

    assert "does not accept the access token" in said
    assert terminal.data_of("store", "list")[0]["paused"] in said


def test_one_tracking_number_is_not_put_on_two_packages(terminal: Terminal, shop: RunningStandin) -> None:
    put_goods_on_sale(shop)
    terminal.read("warehouse", "add", "MAIN", "Main warehouse")
    for code in ("MUG", "LAMP"):
        terminal.read("warehouse", "items", "add", code, code)
        terminal.read("warehouse", "receive", code, "MAIN", "50")
    terminal.add_store(shop)
    terminal.read("connect", shop.shop_domain, "--orders-from", "all")
    shop.buy(1)
    shop.advance(60)
    terminal.read("sync", "standin")
    [order] = terminal.data_of("warehouse", "orders")
    reference = order["reference"]
    terminal.read("warehouse", "release", reference)
    [line, *_] = terminal.data_of("warehouse", "pick", reference)["lines"]
    terminal.read("warehouse", "pack", reference, "--box", f"{line['item']}=1")
    terminal.read("warehouse", "pack", reference)

    said = terminal.refusal("warehouse", "ship", reference, "--tracking", "1Z1")

    assert f"--package: {reference}-1, {reference}-2" in said


def test_no_secret_reaches_the_screen_or_the_database_in_the_clear(
    terminal: Terminal, shop: RunningStandin, database_url: str
) -> None:
    terminal.add_store(shop)
    terminal.read("connect", shop.shop_domain)
    screens = [
        terminal.type(*words)
        for words in (("store", "list"), ("store", "list", "--json"), ("connections", "--json"), ("doctor", "--json"))
    ]
    with psycopg.connect(database_url) as connection:
        kept = connection.execute("SELECT row_to_json(stores)::text FROM stores").fetchall()
        calls = connection.execute("SELECT row_to_json(exchanges)::text FROM exchanges").fetchall()

    seen = "".join(screen.out + screen.err for screen in screens) + str(kept) + str(calls)

    assert shop.shop_domain in seen
    assert SECRET not in seen
    assert shop.token not in seen
