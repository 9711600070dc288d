"""Shopify's deliveries over HTTP: what is signed is kept before it is answered, everything else is turned away."""

import base64
import hmac
import itertools
from collections.abc import AsyncIterator, Mapping

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from structlog.testing import capture_logs
from tests.edge.edge_desk import SECRET, HandClock

from crossdock.kit.sealing import Sealer
from crossdock.model.names import ShopDomain
from crossdock.store import inbox, stores
from crossdock.store.database import Database, Tx, open_database
from crossdock.store.schema import inbox as table

BODY = b'{"id": 7, "email": "jane@example.com"}'


def _signature(body: bytes, secret: str = SECRET) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()


async def _post(
    web: httpx.AsyncClient, store: str, body: bytes = BODY, *, secret: str = SECRET, **headers: str
) -> httpx.Response:
    sent = {
        "Content-Type": "application/json",
        "X-Shopify-Topic": "orders/create",
        "X-Shopify-Hmac-Sha256": _signature(body, secret),
        "X-Shopify-Webhook-Id": "one",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return await web.post(f"/webhooks/shopify/{store}", content=body, headers=sent)


async def _kept(database: Database, store: ShopDomain) -> int:
    async with database.begin() as tx:
        return await inbox.count(tx, store)


@pytest.mark.parametrize("secret", ["newer", "older"])
async def test_a_signed_delivery_is_kept_and_answered_200(
    web: httpx.AsyncClient, database: Database, acme: ShopDomain, secret: str
) -> None:
    answer = await _post(web, acme, secret=secret, X_Shopify_Shop_Domain=acme.upper())

    assert (answer.status_code, answer.text) == (200, "new")
    async with database.begin() as tx:
        assert bytes((await tx.execute(select(table.c.body))).scalar_one()) == BODY


async def test_the_same_delivery_again_is_answered_200_and_not_kept_twice(
    web: httpx.AsyncClient, database: Database, acme: ShopDomain
) -> None:
    await _post(web, acme)

    answer = await _post(web, acme)

    assert (answer.status_code, answer.text) == (200, "known")
    assert await _kept(database, acme) == 1


async def test_whatever_is_signed_is_kept_even_where_nothing_follows(
    web: httpx.AsyncClient, database: Database, acme: ShopDomain
) -> None:
    topics = (b"orders/create", b"brand/new", b"customers/data_request", b"\xfcn\x00known", b"")
    bodies = (b"", b"{", b"null", b"\xff", b"[" * 10_000)

    for topic, body in itertools.product(topics, bodies):
        sent = [
            (b"Content-Type", b"application/json; charset=utf-8"),
            (b"X-Shopify-Hmac-Sha256", _signature(body).encode()),
            (b"X-Shopify-Topic", topic),
        ]
        answer = await web.post(f"/webhooks/shopify/{acme}", content=body, headers=sent)
        assert (answer.status_code, answer.text) == (200, "new")

    assert await _kept(database, acme) == len(topics) * len(bodies)


async def test_a_bad_or_missing_signature_is_refused_and_nothing_is_kept(
    web: httpx.AsyncClient, database: Database, acme: ShopDomain
) -> None:
    json = (b"Content-Type", b"application/json")
    bad = ["", "AAAA", "nönsense", _signature(BODY, "stranger"), _signature(b"other")]

    answers = [await web.post(f"/webhooks/shopify/{acme}", content=BODY, headers=[json])]
    for signature in bad:
        headers = [json, (b"X-Shopify-Hmac-Sha256", signature.encode("latin-1"))]
        answers.append(await web.post(f"/webhooks/shopify/{acme}", content=BODY, headers=headers))

    assert {answer.status_code for answer in answers} == {401}
    assert await _kept(database, acme) == 0


async def test_a_delivery_of_another_store_of_the_same_app_is_refused(web: httpx.AsyncClient, acme: ShopDomain) -> None:
    answer = await _post(web, acme, X_Shopify_Shop_Domain="other.myshopify.com")

    assert answer.status_code == 401


async def test_an_unknown_store_is_not_found(web: httpx.AsyncClient, acme: ShopDomain) -> None:
    assert (await _post(web, "nowhere.myshopify.com")).status_code == 404


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_what_is_not_json_by_its_own_word_is_refused(
    web: httpx.AsyncClient, acme: ShopDomain, content_type: str
) -> None:
    assert (await _post(web, acme, Content_Type=content_type)).status_code == 415


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_other_methods_are_refused(web: httpx.AsyncClient, acme: ShopDomain, method: str) -> None:
    answer = await web.request(method, f"/webhooks/shopify/{acme}")

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


async def test_a_body_of_two_mebibytes_is_kept_and_one_byte_more_refused(
    web: httpx.AsyncClient, database: Database, acme: ShopDomain
) -> None:
    largest = b" " * (2 * 1024 * 1024)

    assert (await _post(web, acme, largest)).status_code == 200
    assert (await _post(web, acme, largest + b" ")).status_code == 413
    assert await _kept(database, acme) == 1


async def test_a_body_that_hides_its_length_is_read_no_further_than_the_limit(
    web: httpx.AsyncClient, acme: ShopDomain
) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 64 * 1024
            yield b" " * (64 * 1024)

    answer = await web.post(
        f"/webhooks/shopify/{acme}", content=endless(), headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 413
    assert sent < 3 * 1024 * 1024


async def test_a_store_and_a_secret_that_are_added_work_at_once(
    web: httpx.AsyncClient, database: Database, sealer: Sealer, clock: HandClock
) -> None:
    late = ShopDomain("late.myshopify.com")
    assert (await _post(web, late)).status_code == 404
    async with database.begin() as tx:
        await stores.add(tx, late, stores.Credentials("token", ("first",)), sealer, api_version="2026-07")
    clock.seconds += 1
    assert (await _post(web, late, secret="first")).status_code == 200
    async with database.begin() as tx:
        await stores.add(tx, late, stores.Credentials("token", ("second", "first")), sealer, api_version="2026-07")
    clock.seconds += 1

    answer = await _post(web, late, secret="second")

    assert answer.status_code == 200


async def test_a_secret_that_is_taken_away_stops_working(
    web: httpx.AsyncClient, database: Database, acme: ShopDomain, sealer: Sealer, clock: HandClock
) -> None:
    assert (await _post(web, acme, secret="older")).status_code == 200
    async with database.begin() as tx:
        await stores.add(tx, acme, stores.Credentials("token", ("newer",)), sealer, api_version="2026-07")

    clock.seconds += 10

    assert (await _post(web, acme, secret="older")).status_code == 401


async def test_guessing_at_stores_does_not_become_the_databases_load(
    web: httpx.AsyncClient, app: FastAPI, acme: ShopDomain, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = 0
    read = stores.sealed_secrets

    async def counted(tx: Tx) -> Mapping[ShopDomain, tuple[bytes, ...]]:
        nonlocal reads
        reads += 1
        return await read(tx)

    monkeypatch.setattr(stores, "sealed_secrets", counted)

    for number in range(20):
        assert (await _post(web, f"guess-{number}.myshopify.com")).status_code == 404

    assert reads == 1


async def test_while_the_database_is_away_shopify_is_asked_to_come_again(
    app: FastAPI, web: httpx.AsyncClient, acme: ShopDomain
) -> None:
    await _post(web, acme)  # the secrets are at hand
    desk = app.state.desk
    nowhere = open_database("postgresql://somebody@127.0.0.1:1/nothing")
    desk.acceptance._database = nowhere

    answer = await _post(web, acme, X_Shopify_Webhook_Id="two")

    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    await nowhere.close()


async def test_no_log_line_holds_a_body_or_a_signature(web: httpx.AsyncClient, acme: ShopDomain) -> None:
    with capture_logs() as lines:
        await _post(web, acme)
        await _post(web, acme, secret="stranger")
        await _post(web, acme, b"jane@example.com", X_Shopify_Webhook_Id="two")

    assert {line["event"] for line in lines} == {"a webhook is refused", "a webhook is kept, nothing follows"}
    assert "jane@example.com" not in str(lines)
    assert _signature(BODY) not in str(lines)
