"""A collector of OpenTelemetry traces on this machine: it takes OTLP over HTTP, and remembers spans."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from gzip import decompress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True, slots=True)
class Span:
    """One span as it arrived: which service made it, in which trace, and what it says of itself."""

    service: str
    trace: str
    name: str
    attributes: str


@dataclass(slots=True)
class Collector:
    """Where spans arrive: its address, and all of them so far."""

    url: str = ""
    spans: list[Span] = field(default_factory=list)

    def traces(self) -> Sequence[Sequence[Span]]:
        """Return the spans of each trace."""
        known = list(self.spans)
        return [[span for span in known if span.trace == trace] for trace in sorted({span.trace for span in known})]

    def take(self, body: bytes) -> None:
        """Read what an exporter sent."""
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            named = {one.key: one.value.string_value for one in resource.resource.attributes}
            for scope in resource.scope_spans:
                self.spans += [
                    Span(named["service.name"], one.trace_id.hex(), one.name, str(list(one.attributes)))
                    for one in scope.spans
                ]


@contextmanager
def collecting() -> Iterator[Collector]:
    """Run a collector on a free port for the length of the block."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            collector.take(decompress(body) if self.headers.get("content-encoding") == "gzip" else body)
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.1,))
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
