"""
The way to Shopify: reserve points, send, read the answer, wait or retry where that helps, keep the exchange.

Every call of every operation goes through here. What an answer means is decided in `answers`, how long to go on
in `retry`, what an operation costs in `prices`; this module only does the talking.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias, assert_never

import httpx
import structlog
from pydantic import BaseModel

from crossdock.kit import telemetry
from crossdock.kit.clock import Clock
from crossdock.kit.errors import NoAnswer
from crossdock.kit.redaction import redacted
from crossdock.model.names import ShopDomain
from crossdock.ports.calls import Budget, Exchange, Journal
from crossdock.shopify.answers import (
    DEPRECATED,
    REQUEST_ID,
    VERSION,
    Answer,
    Broken,
    Denied,
    Granted,
    Throttled,
    read_answer,
)
from crossdock.shopify.domains import shop_domain
from crossdock.shopify.generated.base_model import UNSET
from crossdock.shopify.operation_table import OPERATIONS
from crossdock.shopify.prices import Prices
from crossdock.shopify.refusals import VersionFellForward
from crossdock.shopify.retry import Patience, Waiting

TOKEN = "X-Shopify-Access-Token"  # noqa: S105 - a header's name

# An answer above this is kept by its size only: fifty whole orders are of no use to a person reading one exchange.
_LARGEST_KEPT = 256 * 1024

Sleep: TypeAlias = Callable[[float], Awaitable[None]]

_log = structlog.get_logger()


def base_url(domain: ShopDomain, endpoint: str | None) -> str:
    """Return scheme, host and port of a store, or of what plays it. Raises UsageError where it is not a shop's."""
    return endpoint.rstrip("/") if endpoint else f"https://{shop_domain(domain)}"


@dataclass(frozen=True, slots=True)
class Access:
    """
    How to reach one store.

    `endpoint` stands for `https://{domain}` where something else plays Shopify; it names scheme, host and port only.
    """

    domain: ShopDomain
    token: str
    api_version: str
    endpoint: str | None = None

    def __repr__(self) -> str:
        return f"Access({self.domain}, {self.api_version})"  # the token must not get into a log

    @property
    def url(self) -> str:
        """Where operations are posted to. Raises UsageError where the domain is not a shop's."""
        return f"{base_url(self.domain, self.endpoint)}/admin/api/{self.api_version}/graphql.json"


@dataclass(frozen=True, slots=True)
class _Reply:
    """What one HTTP call came to."""

    answer: Answer
    began_at: datetime
    took: timedelta
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    size: int = 0


class AdminClient:
    """
    Sends operations to one store.

    `http` is shared by all stores of a process; it must not follow redirects. `sleep` and `jitter` are passed in so
    that a test or a simulation need not wait.
    """

    def __init__(
        self,
        access: Access,
        http: httpx.AsyncClient,
        budget: Budget,
        journal: Journal,
        clock: Clock,
        *,
        patience: Patience | None = None,
        sleep: Sleep = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.store = access.domain
        self._access = access
        self._url = access.url
        self._http = http
        self._budget = budget
        self._journal = journal
        self._clock = clock
        self._patience = patience or Patience()
        self._sleep = sleep
        self._jitter = jitter
        self._prices = Prices()
        self._noted: set[str] = set()

    async def send(self, operation: str, query: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """
        Return the `data` of the answer to one operation of `OPERATIONS`.

        Raises NoAnswer where Shopify fails or stays silent for too long; also at the first such failure of an
        operation that must not be repeated, if it may have been done. Raises NotNow where Shopify throttles for too
        long; Refused, StoreUnusable or one of `refusals` where it says no.
        """
        how = OPERATIONS[operation]
        plain = {name: _plain(value) for name, value in variables.items() if value is not UNSET}
        waiting = Waiting(self._patience, self._jitter)
        while True:
            reply = await self._attempt(operation, query, plain, waiting)
            match reply.answer.verdict:
                case Granted(data):
                    return data
                case Denied(error):
                    raise error
                case Throttled(wait):
                    sentence = f"{self.store}: Shopify throttles the app; {operation} did not get its turn in time."
                    delay = waiting.for_points(timedelta(seconds=wait), sentence)
                case Broken(sentence, began):
                    if began and not how.repeatable:
                        # It may have been done; only a fresh read can tell, and that is the flow's to do.
                        raise NoAnswer(f"{sentence} {operation} may have been done; the hub reads before it repeats.")
                    delay = waiting.after_failure(sentence, reply.took)
                case _:
                    assert_never(reply.answer.verdict)
            await self._sleep(delay.total_seconds())

    async def _attempt(self, operation: str, query: str, variables: Mapping[str, Any], waiting: Waiting) -> _Reply:
        with telemetry.span(f"shopify {operation}", store=self.store, operation=operation):
            return await self._traced_attempt(operation, query, variables, waiting)

    async def _traced_attempt(
        self, operation: str, query: str, variables: Mapping[str, Any], waiting: Waiting
    ) -> _Reply:
        points, rows = await self._reserve(operation, variables, waiting)
        bucket = None
        try:
            reply = await self._post({"query": query, "operationName": operation, "variables": variables})
            bucket = reply.answer.bucket
        finally:
            await self._budget.settle(self.store, points, bucket)
        if reply.answer.requested_cost is not None:
            self._prices.learn(operation, rows, reply.answer.requested_cost)
        exchange = self._exchange(operation, variables, reply)
        telemetry.note(status=exchange.status, outcome=exchange.outcome, request_id=exchange.request_id)
        await self._journal.record(exchange)
        if reply.status == 200:
            self._look_at(operation, reply.headers)
        return reply

    async def _reserve(self, operation: str, variables: Mapping[str, Any], waiting: Waiting) -> tuple[float, int]:
        ids = variables.get("ids")
        rows = len(ids) if isinstance(ids, list) else 1
        points = self._prices.estimate(operation, rows)
        while wait := await self._budget.reserve(self.store, points, OPERATIONS[operation].lane):
            sentence = f"{self.store}: the budget of calls is used up; {operation} did not get its turn in time."
            await self._sleep(waiting.for_points(wait, sentence).total_seconds())
        return points, rows

    async def _post(self, document: Mapping[str, Any]) -> _Reply:
        operation = document["operationName"]
        began_at = self._clock.now()
        try:
            response = await self._http.post(self._url, json=document, headers={TOKEN: self._access.token})
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            sentence = f"{self.store}: cannot be reached ({type(error).__name__})."
            return self._silence(Broken(sentence, began=False), began_at)
        except httpx.RequestError as error:
            sentence = f"{self.store}: the connection broke during {operation} ({type(error).__name__})."
            return self._silence(Broken(sentence), began_at)
        took = self._clock.now() - began_at
        try:
            body = response.json()
        except ValueError:
            body = None
        answer = read_answer(self.store, operation, response.status_code, response.headers, body)
        return _Reply(answer, began_at, took, response.status_code, response.headers, body, len(response.content))

    def _silence(self, broken: Broken, began_at: datetime) -> _Reply:
        return _Reply(Answer(broken), began_at, self._clock.now() - began_at)

    def _look_at(self, operation: str, headers: Mapping[str, str]) -> None:
        """Notice what Shopify says beside its answer: another version, fields that will go."""
        reason = headers.get(DEPRECATED)
        if reason and operation not in self._noted:
            self._noted.add(operation)
            _log.warning("shopify_deprecated", store=self.store, operation=operation, reason=reason)
        answered = headers.get(VERSION)
        if answered and answered != self._access.api_version:
            raise VersionFellForward(
                f"{self.store}: asked for API version {self._access.api_version}, Shopify answered by {answered}: "
                "the version asked for is no longer served. Install a newer Crossdock if this one does not know "
                f"{answered}, enter {answered} as the store's api_version, then resume the store."
            )

    def _exchange(self, operation: str, variables: Mapping[str, Any], reply: _Reply) -> Exchange:
        kept = redacted(reply.body) if reply.size <= _LARGEST_KEPT else {"bytes": reply.size}
        return Exchange(
            store=self.store,
            operation=operation,
            subjects=tuple(dict.fromkeys(_gids(variables))),
            began_at=reply.began_at,
            took=reply.took,
            status=reply.status,
            outcome=_outcome(reply.answer),
            request_id=reply.headers.get(REQUEST_ID),
            requested_cost=reply.answer.requested_cost,
            actual_cost=reply.answer.actual_cost,
            request=redacted(variables),
            response=kept,
            trace_id=telemetry.trace_id(),
        )


def _outcome(answer: Answer) -> str:
    match answer.verdict:
        case Granted():
            return "ok"
        case Throttled():
            return "throttled"
        case Denied():
            return "refused"
        case Broken():
            return "failed"
        case _:
            assert_never(answer.verdict)


def _plain(value: Any) -> Any:
    # Only what was set: Shopify treats an explicit null as a value (Shopify docs, 2026-07).
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _gids(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value.startswith("gid://shopify/"):
            yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _gids(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _gids(inner)
