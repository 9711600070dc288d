"""
`POST /webhooks/shopify/{store}`: takes one delivery, answers 200 once it is committed.

Shopify counts anything but 2xx within 5 seconds as failed, sends it 8 times more over 4 hours, then deletes the
subscription (Shopify docs, 2026-07). So whatever is signed is kept, even where nothing follows from it.
"""

import asyncio
import time
from dataclasses import dataclass

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from crossdock.edge.desk import Desk
from crossdock.edge.meters import Meters
from crossdock.inbox.delivery import SIGNATURE, arrival
from crossdock.inbox.signature import signed_by_any
from crossdock.kit import telemetry
from crossdock.kit.errors import HubError
from crossdock.model.names import ShopDomain

LARGEST_BODY = 2 * 1024 * 1024
ANSWER_SECONDS = 4.5
"""Shopify waits 5 seconds for the whole answer."""

RETRY_AFTER_SECONDS = 10

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Refusal:
    """`outcome` counts it in `/metrics`; `sentence` is all that a stranger is told."""

    status: int
    outcome: str
    sentence: str


class _Refused(Exception):
    def __init__(self, refusal: _Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.outcome)


_NOT_JSON = _Refusal(415, "not_json", "A webhook's content type is application/json.")
_TOO_LARGE = _Refusal(413, "too_large", "The body is larger than 2 MiB.")
_UNKNOWN_STORE = _Refusal(404, "unknown_store", "There is no such store here.")
_UNSIGNED = _Refusal(401, "unsigned", "The signature does not fit the body.")
_ANOTHER_STORE = _Refusal(401, "another_store", "The delivery is of another store than the address.")
_INTERRUPTED = _Refusal(400, "interrupted", "The body did not come to its end.")
_BUSY = _Refusal(503, "busy", "It cannot be kept at this moment; send it again later.")
_FAILED = _Refusal(500, "failed", "It could not be kept; send it again later.")


class Receiver:
    """Receives deliveries for all stores of the desk."""

    def __init__(self, desk: Desk, meters: Meters) -> None:
        self._keyring = desk.keyring
        self._acceptance = desk.acceptance
        self._meters = meters

    def routes(self) -> list[Route]:
        """
        Return the routes, plain ones: this is the path that has to hold while a sale sends thousands.

        The one without a store is for an app's privacy topics, which have one address for all stores; there the header
        says which store it is, and whoever takes the delivery up compares what is under the signature.
        """
        return [
            Route("/webhooks/shopify/{store}", self.receive, methods=["POST"]),
            Route("/webhooks/shopify", self.receive, methods=["POST"]),
        ]

    async def receive(self, request: Request) -> Response:
        """Answer one delivery."""
        began = time.perf_counter()
        named = request.path_params.get("store") or request.headers.get("x-shopify-shop-domain", "")
        store = ShopDomain(named.lower())
        try:
            topic = request.headers.get("x-shopify-topic", "")[:100]
            with telemetry.span("webhook", store=store[:100], topic=topic):
                async with asyncio.timeout(ANSWER_SECONDS):
                    outcome = await self._keep(store, request)
        except _Refused as refused:
            return self._refused(store, request, refused.refusal)
        except ClientDisconnect:
            return self._refused(store, request, _INTERRUPTED)
        except (HubError, TimeoutError) as error:
            return self._refused(store, request, _BUSY, str(error) or "it took too long")
        except Exception as error:  # noqa: BLE001 - one delivery's trouble ends here; its body must not reach a log
            return self._refused(store, request, _FAILED, type(error).__name__)
        self._meters.webhook(outcome, time.perf_counter() - began)
        return PlainTextResponse(outcome)

    async def _keep(self, store: ShopDomain, request: Request) -> str:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise _Refused(_NOT_JSON)
        secrets = await self._keyring.secrets(store)
        if secrets is None:
            secrets = await self._keyring.afresh(store)
        if secrets is None:
            raise _Refused(_UNKNOWN_STORE)
        body = await _body(request)
        signature = request.headers.get(SIGNATURE, "")
        if not signed_by_any(body, signature, secrets):
            fresh = await self._keyring.afresh(store)
            if not fresh or fresh == secrets or not signed_by_any(body, signature, fresh):
                raise _Refused(_UNSIGNED)
        # The signature covers the body only, and all stores of one app share their secret.
        if request.headers.get("x-shopify-shop-domain", store).lower() != store:
            raise _Refused(_ANOTHER_STORE)
        row, note = arrival(store, request.headers, body)
        receipt = await self._acceptance.accept(row)
        if note is not None:
            _log.info("a webhook is kept, nothing follows", store=store, topic=row.topic, why=note)
        return receipt.value

    def _refused(self, store: str, request: Request, refusal: _Refusal, why: str | None = None) -> Response:
        self._meters.webhook(refusal.outcome)
        topic = request.headers.get("x-shopify-topic", "")[:100]
        _log.warning("a webhook is refused", store=store[:100], topic=topic, outcome=refusal.outcome, why=why)
        again = {"retry-after": str(RETRY_AFTER_SECONDS)} if refusal.status == _BUSY.status else None
        return PlainTextResponse(refusal.sentence, refusal.status, again)


async def _body(request: Request) -> bytes:
    """Read the raw body, and stop as soon as it is too large."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > LARGEST_BODY:
        raise _Refused(_TOO_LARGE)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise _Refused(_TOO_LARGE)
    return bytes(body)
