"""What the web process counts, for `/metrics`."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from crossdock.store.reads.health import Backlog


class Meters:
    """The counters of one application, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._webhooks = Counter(
            "crossdock_webhooks",
            "Webhooks by what became of them: new and known are accepted, the others refused.",
            ["outcome"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "crossdock_webhook_seconds",
            "From the first byte of an accepted webhook to its answer.",
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
            registry=self._registry,
        )
        self._due = Gauge(
            "crossdock_pending_due",
            "Objects that need a look now.",
            ["connection", "flow"],
            registry=self._registry,
        )
        self._waiting = Gauge(
            "crossdock_pending_waiting",
            "Objects that need a look, now or later.",
            ["connection", "flow"],
            registry=self._registry,
        )
        self._oldest = Gauge(
            "crossdock_pending_oldest_seconds",
            "How long the longest-waiting object that is due has waited.",
            ["connection", "flow"],
            registry=self._registry,
        )
        self._database = Gauge("crossdock_database_up", "1 while the database answers.", registry=self._registry)

    def webhook(self, outcome: str, seconds: float | None = None) -> None:
        """Count a webhook; `seconds` is how long an accepted one took."""
        self._webhooks.labels(outcome).inc()
        if seconds is not None:
            self._seconds.observe(seconds)

    def backlog(self, backlog: Iterable[Backlog] | None) -> None:
        """Take over what waits; None where the database did not say."""
        for gauge in (self._due, self._waiting, self._oldest):
            gauge.clear()
        self._database.set(backlog is not None)
        for one in backlog or ():
            labels = (one.connection, one.flow.value)
            self._due.labels(*labels).set(one.due)
            self._waiting.labels(*labels).set(one.waiting)
            self._oldest.labels(*labels).set(one.oldest_due.total_seconds())

    def exposition(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self._registry)
