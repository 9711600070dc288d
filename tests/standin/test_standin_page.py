import re

from tests.standin.standin_asking import Shop

from shopify_standin.testing import RunningStandin


def page(standin: RunningStandin) -> str:
    answer = standin.client.get("/_standin/")
    assert answer.status_code == 200
    return answer.text


def test_an_empty_shop_says_what_to_do_next(standin: RunningStandin) -> None:
    text = page(standin)

    assert "No orders yet" in text
    assert "POST /_standin/seed" in text


def test_the_page_shows_orders_stock_calls_and_the_fate_of_webhooks(shop: Shop, standin: RunningStandin) -> None:
    shop.variant("MUG", default=5)
    shop.do(
        """mutation($u: String!) { webhookSubscriptionCreate(topic: ORDERS_CREATE, webhookSubscription: {uri: $u}) {
          userErrors { message } } }""",
        u="pubsub://project:topic",
    )
    standin.buy(1)

    text = page(standin)
    assert "#1001" in text
    assert "MUG" in text
    assert "productSet" in text
    assert "handed over" in text
    assert re.search(r"<polyline class=\"budget\" points=\"0\.5,", text)


def test_the_page_names_the_faults_in_force(standin: RunningStandin) -> None:
    standin.faults(calls=[{"kind": "503", "operation": "orderCreate", "times": 2}])

    assert "503 for the next 2 of orderCreate" in page(standin)


def test_what_customers_write_cannot_become_markup(shop: Shop, standin: RunningStandin) -> None:
    shop.variant("<script>alert(1)</script>", default=1)

    assert "&lt;script&gt;alert(1)" in page(standin)


def test_the_page_fetches_nothing_from_another_host(standin: RunningStandin) -> None:
    assert re.findall(r"(?:src|href)=\"(?!data:)[^\"]*\"", page(standin)) == []
