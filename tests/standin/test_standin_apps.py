from typing import Any

import httpx
import pytest
from tests.standin.standin_asking import Shop

from shopify_standin.standin import CLIENT_ID
from shopify_standin.testing import RunningStandin


def asked(standin: RunningStandin, query: str, **variables: Any) -> httpx.Response:
    body = {"query": query, "variables": variables}
    return standin.client.post(
        "/admin/api/2026-07/graphql.json", json=body, headers={"X-Shopify-Access-Token": "narrow"}
    )


def test_an_app_reads_what_its_own_token_may_do(standin: RunningStandin) -> None:
    standin.control("tokens", token="narrow", scopes=["read_orders", "write_products"])

    told = asked(standin, "{ currentAppInstallation { app { apiKey } accessScopes { handle } } }").json()["data"]
    assert told["currentAppInstallation"] == {
        "app": {"apiKey": CLIENT_ID},
        "accessScopes": [{"handle": "read_orders"}, {"handle": "write_products"}],
    }


def test_another_app_is_found_by_its_handle(shop: Shop, standin: RunningStandin) -> None:
    standin.control("apps", client_id="second", secret="s", handle="warehouse")

    assert shop.ask('{ appByHandle(handle: "warehouse") { apiKey title } }')["appByHandle"] == {
        "apiKey": "second",
        "title": "warehouse",
    }
    assert shop.ask('{ appByHandle(handle: "nobody") { apiKey } }')["appByHandle"] is None


def test_an_app_gives_up_scopes_and_has_them_no_more(standin: RunningStandin) -> None:
    standin.control("tokens", token="narrow", scopes=["read_orders", "read_products"])

    revoke = """mutation { appRevokeAccessScopes(scopes: ["read_orders"]) {
      revoked { handle } userErrors { message code } } }"""
    told = asked(standin, revoke).json()["data"]["appRevokeAccessScopes"]
    assert told == {"revoked": [{"handle": "read_orders"}], "userErrors": []}
    denied = asked(standin, '{ order(id: "gid://shopify/Order/1") { id } }').json()
    assert denied["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"


def test_an_app_that_uninstalls_itself_is_out_at_once(standin: RunningStandin) -> None:
    standin.control("tokens", token="narrow")

    assert asked(standin, "mutation { appUninstall { userErrors { message } } }").status_code == 200
    assert asked(standin, "{ shop { name } }").status_code == 401


def test_two_tokens_of_an_app_share_its_budget(shop: Shop, standin: RunningStandin) -> None:
    standin.control("tokens", token="narrow")
    standin.control("clock", frozen=True)
    try:
        shop.variant("MUG")
        cost = asked(standin, "{ shop { name } }").json()["extensions"]["cost"]["throttleStatus"]
    finally:
        standin.control("clock", frozen=False)

    assert cost["currentlyAvailable"] < cost["maximumAvailable"] - 10


def test_a_deprecated_field_is_named_in_a_header(standin: RunningStandin) -> None:
    standin.control("tokens", token="narrow")

    plain, old = asked(standin, "{ shop { name } }"), asked(standin, "{ currentBulkOperation { id } }")
    assert "X-Shopify-API-Deprecated-Reason" not in plain.headers
    assert old.headers["X-Shopify-API-Deprecated-Reason"].startswith("QueryRoot.currentBulkOperation: ")


@pytest.mark.parametrize(
    ("topic", "told"),
    [("ORDERS_CREATE", True), ("APP_UNINSTALLED", True), ("PRODUCTS_UPDATE", True), ("INVENTORY_LEVELS_UPDATE", False)],
)
def test_an_app_hears_of_what_its_scopes_reach(standin: RunningStandin, topic: str, *, told: bool) -> None:
    standin.control("tokens", token="narrow", scopes=["read_orders", "write_products"])
    subscribe = """mutation($topic: WebhookSubscriptionTopic!) {
      webhookSubscriptionCreate(topic: $topic, webhookSubscription: {uri: "https://app.example.com/hooks"}) {
        webhookSubscription { topic } userErrors { field message } } }"""

    made = asked(standin, subscribe, topic=topic).json()["data"]["webhookSubscriptionCreate"]

    assert [error["field"] for error in made["userErrors"]] == ([] if told else [["topic"]])
    if not told:
        message = made["userErrors"][0]["message"]
        assert message.startswith("Invalid topic specified: inventory_levels/update. Does it exist?")
        assert "orders/create" in message


def test_orders_older_than_60_days_need_a_scope_of_their_own(shop: Shop, standin: RunningStandin) -> None:
    old = shop.order((shop.variant("MUG", default=9), 1), email="ada@example.com")
    standin.advance(61 * 86_400)
    new = shop.order((shop.variant("CUP", default=9), 1), email="ada@example.com")
    query = """query($old: ID!) { order(id: $old) { id } node(id: $old) { id } ordersCount { count }
      orders(first: 5) { nodes { id } } customers(first: 1) { nodes { orders(first: 5) { nodes { id } } } } }"""

    seen = {}
    for scope in ("read_orders", "read_all_orders"):
        standin.control("tokens", token="narrow", scopes=["read_orders", "read_customers", scope])
        seen[scope] = asked(standin, query, old=old).json()["data"]

    some, everything = ([{"id": new}], [{"id": old}, {"id": new}])
    assert seen["read_orders"] == {
        "order": None,
        "node": None,
        "ordersCount": {"count": 1},
        "orders": {"nodes": some},
        "customers": {"nodes": [{"orders": {"nodes": some}}]},
    }
    assert seen["read_all_orders"] == {
        "order": {"id": old},
        "node": {"id": old},
        "ordersCount": {"count": 2},
        "orders": {"nodes": everything},
        "customers": {"nodes": [{"orders": {"nodes": everything}}]},
    }
