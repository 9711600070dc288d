"""What the web process counts, for `/metrics`."""

import math
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from crossdock.model.outage import Outage
from crossdock.store.reads.health import Backlog
from crossdock.store.reads.proof import Proof
from crossdock.store.reconciliations import Open
from crossdock.store.unheard import Silence


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
        self._behind = Gauge(
            "crossdock_proof_behind_seconds",
            "How far up to now it is not proven that nothing was missed; +Inf where it never was.",
            ["connection", "flow"],
            registry=self._registry,
        )
        self._unheard = Gauge(
            "crossdock_unheard_changes",
            "Changes that the sweep found and a topic that fell silent should have told of.",
            ["store", "topic"],
            registry=self._registry,
        )
        self._differences = Gauge(
            "crossdock_differences",
            "Objects about which both sides were found to differ, not settled yet.",
            ["connection"],
            registry=self._registry,
        )
        self._database = Gauge("crossdock_database_up", "1 while the database answers.", registry=self._registry)
        self._workers = Gauge("crossdock_workers", "Workers that are there now, anywhere.", registry=self._registry)
        self._outages = Gauge(
            "crossdock_outage",
            "1 for each store and backend that answers nobody.",
            ["party"],
            registry=self._registry,
        )

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

    def proof(self, proofs: Iterable[Proof], silences: Iterable[Silence], open_: Iterable[Open]) -> None:
        """Take over up to when nothing was missed, which topics fell silent, and what is known to differ."""
        for gauge in (self._behind, self._unheard, self._differences):
            gauge.clear()
        for one in proofs:
            behind = math.inf if one.behind is None else one.behind.total_seconds()
            self._behind.labels(one.connection, one.flow.value).set(behind)
            self._differences.labels(one.connection).set(0)
        for silence in silences:
            self._unheard.labels(silence.store, silence.topic).set(silence.changes)
        for difference in open_:
            self._differences.labels(difference.connection).inc()

    def workers(self, there: int) -> None:
        """Take over how many workers are there."""
        self._workers.set(there)

    def outages(self, outages: Iterable[Outage]) -> None:
        """Take over who answers nobody."""
        self._outages.clear()
        for one in outages:
            self._outages.labels(one.party).set(1)

    def exposition(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self._registry)
