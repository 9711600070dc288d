"""What OpenTelemetry's own SDK exports of an order: one trace over the web process, the worker, and their calls."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.spine.collector import Collector, Span, collecting
from tests.spine.test_a_day_away import until
from tests.spine.town import HubProcess, Town, a_town, free_port, until_it_answers

from crossdock.app.demo.shop import DOMAIN
from crossdock.app.demo.story import prepare
from crossdock.app.settings import http_url


def _is_whole(trace: Sequence[Span]) -> bool:
    names = {(span.service, span.name.split(" ")[0]) for span in trace}
    return names >= {("web", "webhook"), ("worker", "look"), ("worker", "shopify"), ("worker", "backend")}


async def _bought_until_traced(town: Town, collector: Collector) -> None:
    """Buy until an order arrives by its webhook: a sweep, as at the worker's start, may have found the one before."""

    async def a_whole_trace_arrived() -> bool:
        return any(_is_whole(trace) for trace in collector.traces())

    for seed in range(12):
        town.standin.buy(1, seed=seed)
        with suppress(TimeoutError):
            return await until(a_whole_trace_arrived, 10)
    pytest.fail("Of twelve orders none arrived as one trace.")


async def test_a_webhook_and_what_the_worker_does_of_it_arrive_as_one_trace(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    url = http_url("127.0.0.1", port)
    async with a_town(database_url, tmp_path, url) as town:
        await prepare(town.cast, 5, seed=3)
        await town.hub.watch_subscriptions(DOMAIN)
        with collecting() as collector:
            monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
            monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
            monkeypatch.setenv("NO_PROXY", "127.0.0.1")
            web = HubProcess(("web", "--port", str(port)), town.settings, tmp_path / "web.log")
            worker = HubProcess(("worker",), town.settings, tmp_path / "worker.log")
            for process in (web, worker):
                monkeypatch.setenv("OTEL_SERVICE_NAME", process.command[0])
                process.start()
            try:
                until_it_answers(url)
                town.standin.control("seed", products=1, stock=50)
                await _bought_until_traced(town, collector)
            finally:
                assert (worker.stop(), web.stop()) == (0, 0)

        whole = next(trace for trace in collector.traces() if _is_whole(trace))
        async with town.hub.database.begin() as tx:
            kept = (await tx.execute(text("SELECT trace_id FROM exchanges"))).scalars().all()
        assert whole[0].trace in kept
        assert not any("@" in span.attributes for span in collector.spans)
