"""Headers and body become one row that PostgreSQL can always store."""

from datetime import UTC, datetime

from crossdock.inbox.delivery import arrival
from crossdock.model.flow import Flow
from crossdock.model.names import ShopDomain

ACME = ShopDomain("acme.myshopify.com")
HEADERS = {
    "content-type": "application/json",
    "x-shopify-topic": "orders/create",
    "x-shopify-webhook-id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
    "x-shopify-event-id": "98880550",
    "x-shopify-api-version": "2026-07",
    "x-shopify-triggered-at": "2026-07-01T12:00:00.5Z",
    "x-shopify-hmac-sha256": "secret-ish",
    "x-forwarded-for": "10.0.0.1",
}


def test_a_delivery_is_kept_with_what_shopify_said_and_without_the_rest() -> None:
    row, note = arrival(ACME, HEADERS, b'{"id": 7}')

    assert note is None
    assert row.webhook_id == "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043"
    assert (row.topic, row.event_id, row.api_version) == ("orders/create", "98880550", "2026-07")
    assert row.triggered_at == datetime(2026, 7, 1, 12, 0, 0, 500_000, UTC)
    assert row.subjects == ((Flow.ORDERS, "gid://shopify/Order/7"),)
    assert not {"x-shopify-hmac-sha256", "x-forwarded-for", "content-type"} & set(row.headers)


def test_without_a_webhook_id_the_same_words_have_the_same_id_and_others_another() -> None:
    bare = {name: value for name, value in HEADERS.items() if name != "x-shopify-webhook-id"}

    first, again = arrival(ACME, bare, b"{}")[0], arrival(ACME, bare, b"{}")[0]
    others = [
        arrival(ACME, bare, b"{ }")[0],
        arrival(ACME, bare | {"x-shopify-topic": "orders/paid"}, b"{}")[0],
        arrival(ACME, bare | {"x-shopify-triggered-at": "2026-07-01T12:00:01Z"}, b"{}")[0],
    ]

    assert first.webhook_id == again.webhook_id
    assert len({first.webhook_id, *(other.webhook_id for other in others)}) == 4


def test_an_id_too_long_for_an_index_is_known_by_its_digest() -> None:
    long, longer = ("x" * length for length in (5000, 5001))

    ids = {arrival(ACME, HEADERS | {"x-shopify-webhook-id": given}, b"{}")[0].webhook_id for given in (long, longer)}

    assert len(ids) == 2
    assert all(len(one) < 100 for one in ids)


def test_a_moment_that_is_none_is_left_out() -> None:
    for said in ("yesterday", "", "2026-07-01T12:00:00", "2026-13-01T00:00:00Z"):
        assert arrival(ACME, HEADERS | {"x-shopify-triggered-at": said}, b"{}")[0].triggered_at is None
