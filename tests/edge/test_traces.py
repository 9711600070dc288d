"""One trace leads from a webhook to the look that it causes; where nobody traces, nothing is kept."""

import json
import logging
import sys
from collections.abc import Sequence

import httpx
import pytest
import structlog
from sqlalchemy import text
from tests.edge import ada
from tests.edge.edge_desk import ACME
from tests.edge.tracing import RememberingTracer

from crossdock.kit import telemetry
from crossdock.kit.logs import set_up_logs
from crossdock.model.flow import Flow
from crossdock.model.names import ShopDomain
from crossdock.pending.drain import drain
from crossdock.pending.mark import mark
from crossdock.pending.work import Claim, Look
from crossdock.store.database import Database


@pytest.fixture
def tracer(monkeypatch: pytest.MonkeyPatch) -> RememberingTracer:
    remembering = RememberingTracer()
    monkeypatch.setattr(telemetry, "_tracer", remembering)
    return remembering


async def look(database: Database, flow: Flow = Flow.ORDERS) -> list[str | None]:
    """Drain a flow that looks and tells the next one; return the trace that each batch was looked at in."""
    traces: list[str | None] = []

    async def handler(claims: Sequence[Claim]) -> Sequence[Look]:
        traces.append(telemetry.trace_id())
        async with database.begin() as tx:
            if flow is Flow.ORDERS:
                await mark(tx, ada.CONNECTION, Flow.FULFILLMENTS, [claims[0].key], "it was accepted")
        return [Look(claim) for claim in claims]

    await drain(database, handler, ada.CONNECTION, flow, "a worker")
    return traces


async def test_a_webhook_its_look_and_the_next_flows_look_are_one_trace(
    web: httpx.AsyncClient, database: Database, acme: ShopDomain, tracer: RememberingTracer
) -> None:
    await ada.post(web, "orders/create", {"id": 9001, "email": ada.EMAIL})

    traces = [*await look(database), *await look(database, Flow.FULFILLMENTS)]

    assert [span.name for span in tracer.spans] == ["webhook", "look at orders", "look at fulfillments"]
    assert traces == [tracer.spans[0].trace_id] * 2
    assert {span.trace_id for span in tracer.spans} == set(traces)
    assert tracer.spans[0].attributes == {"crossdock.store": ACME, "crossdock.topic": "orders/create"}
    assert tracer.spans[1].attributes == {
        "crossdock.connection": "acme", "crossdock.flow": "orders", "crossdock.keys": [ada.THROUGH],
    }  # fmt: skip
    assert ada.EMAIL not in str(tracer.spans)


async def test_a_batch_is_linked_to_every_webhook_that_it_follows(
    web: httpx.AsyncClient, database: Database, acme: ShopDomain, tracer: RememberingTracer
) -> None:
    for number in (9001, 9002, 9003):
        await ada.post(web, "orders/create", {"id": number})

    (trace,) = await look(database)

    *webhooks, batch = tracer.spans
    assert sorted(batch.links) == sorted(one.trace_id for one in webhooks)
    assert trace not in batch.links


async def test_where_nobody_traces_nothing_of_it_is_kept(
    web: httpx.AsyncClient, database: Database, acme: ShopDomain
) -> None:
    await ada.post(web, "orders/create", {"id": 9001})

    async with database.begin() as tx:
        kept = (await tx.execute(text("SELECT trace FROM news"))).scalars().all()
    assert kept == [None]
    assert telemetry.trace_id() is None


def test_a_span_tells_the_kind_of_an_error_and_not_its_words(tracer: RememberingTracer) -> None:
    with pytest.raises(ValueError, match="ada"), telemetry.span("a call"):
        raise ValueError(ada.EMAIL)

    assert [span.error for span in tracer.spans] == ["ValueError"]


def test_a_line_of_the_log_names_its_trace(
    tracer: RememberingTracer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    set_up_logs()
    with telemetry.span("a call"):
        logging.getLogger("crossdock").info("inside")
    logging.getLogger("crossdock").info("outside")
    structlog.reset_defaults()

    inside, outside = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert inside["trace_id"] == tracer.spans[0].trace_id
    assert "trace_id" not in outside


def test_traces_that_are_asked_for_in_vain_are_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)  # as where it is not installed

    why = telemetry.set_up_traces({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"})

    assert "Install opentelemetry-sdk and opentelemetry-exporter-otlp-proto-http" in str(why)


@pytest.mark.parametrize(
    "environment", [{}, {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "true"}]
)
def test_traces_are_off_unless_asked_for(environment: dict[str, str]) -> None:
    assert telemetry.set_up_traces(environment) is None
