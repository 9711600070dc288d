"""Subscriptions are compared with what should be there, and only ours are touched."""

import httpx
import pytest
from tests.shopify_answers import Bench, Json, page, says

from crossdock.kit.errors import Refused, UsageError
from crossdock.ports.storefront import Subscription
from crossdock.shopify.subscriptions import Repairs, compare, repair

OURS = "https://hub.example/webhooks/shopify/acme.myshopify.com"
MOVED = "https://old.example/webhooks/shopify/acme.myshopify.com"
THEIRS = "https://other.example/hooks"


def known(number: int, topic: str, uri: str = OURS, narrowed: tuple[str, ...] = ()) -> Subscription:
    return Subscription(f"gid://shopify/WebhookSubscription/{number}", topic, uri, narrowed, "2026-07")


def told(subscription: Subscription, **altered: str | list[str]) -> Json:
    return {
        "id": subscription.id,
        "topic": subscription.topic.replace("/", "_").upper(),
        "uri": subscription.uri,
        "format": "JSON",
        "filter": "",
        "includeFields": [],
        "apiVersion": {"handle": "2026-07"},
    } | altered


def test_what_is_missing_is_created_and_what_is_there_is_left() -> None:
    actual = [known(1, "orders/create")]

    repairs = compare(OURS, ["orders/create", "orders/updated"], actual)

    assert repairs == Repairs(create=("orders/updated",), delete=())


def test_subscriptions_of_others_are_left_alone() -> None:
    repairs = compare(OURS, [], [known(1, "orders/create", THEIRS), known(2, "orders/create", "pubsub://p:t")])

    assert repairs == Repairs((), ())


def test_a_topic_no_longer_wanted_and_one_kept_twice_go() -> None:
    actual = [known(1, "orders/create"), known(2, "orders/create"), known(3, "carts/create")]

    repairs = compare(OURS, ["orders/create"], actual)

    assert repairs == Repairs(create=(), delete=(actual[1], actual[2]))


def test_our_subscriptions_at_an_address_we_left_go() -> None:
    actual = [known(1, "orders/create", MOVED)]

    repairs = compare(OURS, ["orders/create"], actual)

    assert repairs == Repairs(create=("orders/create",), delete=(actual[0],))


def test_one_that_a_person_narrowed_is_made_anew() -> None:
    filtered = known(1, "orders/create", narrowed=("filtered by total_price:>=10.00",))

    repairs = compare(OURS, ["orders/create"], [filtered])

    assert repairs == Repairs((), (), renew=(filtered,))
    assert repairs.findings == ("orders/create was altered: filtered by total_price:>=10.00.",)


def test_of_two_the_whole_one_is_kept() -> None:
    filtered, whole = known(1, "orders/create", narrowed=("filtered by test:false",)), known(2, "orders/create")

    assert compare(OURS, ["orders/create"], [filtered, whole]) == Repairs((), (filtered,))


async def test_what_narrows_a_subscription_is_seen(bench: Bench) -> None:
    one = known(1, "orders/create")
    altered = told(one, filter="test:false", includeFields=["id", "name"], format="XML")
    bench.shopify.will("Subscriptions", says({"webhookSubscriptions": page(altered)}))

    (seen,) = await bench.storefront.subscriptions()

    assert seen.narrowed == ("filtered by test:false", "only the fields id, name", "as XML")


async def test_an_altered_one_goes_before_its_successor_comes(bench: Bench) -> None:
    one = known(1, "orders/create")
    bench.shopify.will("Subscriptions", says({"webhookSubscriptions": page(told(one, filter="test:false"))}))
    bench.shopify.will("Unsubscribe", unsubscribed())
    bench.shopify.will("Subscribe", subscribed(known(2, "orders/create")))

    await repair(bench.storefront, OURS, ["orders/create"])

    assert bench.shopify.operations() == ["Subscriptions", "Unsubscribe", "Subscribe"]


async def test_repair_reads_creates_and_only_then_deletes(bench: Bench) -> None:
    moved = known(1, "orders/create", MOVED)
    bench.shopify.will("Subscriptions", says({"webhookSubscriptions": page(told(moved))}))
    bench.shopify.will("Subscribe", subscribed(known(2, "orders/create")))
    bench.shopify.will("Unsubscribe", unsubscribed())

    repairs = await repair(bench.storefront, OURS, ["orders/create"])

    assert repairs == Repairs(("orders/create",), (moved,))
    assert bench.shopify.operations() == ["Subscriptions", "Subscribe", "Unsubscribe"]
    assert bench.shopify.asked[1].variables == {"topic": "ORDERS_CREATE", "uri": OURS}


async def test_a_topic_that_shopify_refuses_keeps_no_other_away(bench: Bench) -> None:
    bench.shopify.will("Subscriptions", says({"webhookSubscriptions": page()}))
    bench.shopify.will("Subscribe", subscribed(None, "You need the scope read_returns"))
    bench.shopify.will("Subscribe", subscribed(known(2, "orders/updated")))

    with pytest.raises(Refused, match="read_returns"):
        await repair(bench.storefront, OURS, ["returns/request", "orders/updated"])

    assert [kept.operation for kept in bench.journal.kept] == ["Subscriptions", "Subscribe", "Subscribe"]


async def test_all_pages_of_subscriptions_are_read(bench: Bench) -> None:
    bench.shopify.will(
        "Subscriptions",
        says({"webhookSubscriptions": page(told(known(1, "orders/create")), after="C")}),
        says({"webhookSubscriptions": page(told(known(2, "products/update")))}),
    )

    assert await bench.storefront.subscriptions() == (known(1, "orders/create"), known(2, "products/update"))


async def test_a_subscription_that_is_there_already_is_the_answer(bench: Bench) -> None:
    """Two processes start at once, or an answer was lost."""
    taken = subscribed(None, "Address for this topic has already been taken")
    bench.shopify.will("Subscribe", taken)
    bench.shopify.will("Subscriptions", says({"webhookSubscriptions": page(told(known(7, "orders/create")))}))

    assert await bench.storefront.subscribe("orders/create", OURS) == known(7, "orders/create")


async def test_an_address_that_shopify_cannot_reach_is_refused_with_what_to_do(bench: Bench) -> None:
    bench.shopify.will("Subscribe", subscribed(None, "Address protocol http:// is not supported"))

    with pytest.raises(Refused, match="Give the hub a public https:// address"):
        await bench.storefront.subscribe("orders/create", "http://localhost/")


async def test_a_topic_that_shopify_does_not_have_is_not_sent(bench: Bench) -> None:
    with pytest.raises(UsageError, match="should look like orders/create"):
        await bench.storefront.subscribe("orders/teleported", OURS)

    assert bench.shopify.asked == []


async def test_deleting_what_is_gone_is_no_error(bench: Bench) -> None:
    bench.shopify.will("Unsubscribe", unsubscribed("Webhook subscription does not exist"))

    await bench.storefront.unsubscribe(known(1, "orders/create"))

    assert bench.journal.kept[0].outcome == "ok"


async def test_a_deletion_that_shopify_refuses_is_told(bench: Bench) -> None:
    bench.shopify.will("Unsubscribe", unsubscribed("You cannot do that"))

    with pytest.raises(Refused, match="You cannot do that"):
        await bench.storefront.unsubscribe(known(1, "orders/create"))


def subscribed(subscription: Subscription | None, *messages: str) -> httpx.Response:
    made = told(subscription) if subscription else None
    return says({"webhookSubscriptionCreate": {"webhookSubscription": made, "userErrors": _errors(messages)}})


def unsubscribed(*messages: str) -> httpx.Response:
    return says({"webhookSubscriptionDelete": {"deletedWebhookSubscriptionId": None, "userErrors": _errors(messages)}})


def _errors(messages: tuple[str, ...]) -> list[Json]:
    return [{"field": ["webhookSubscription", "callbackUrl"], "message": message} for message in messages]
