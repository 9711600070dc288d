"""A receiver of webhooks for tests: real HTTP on loopback; it keeps what arrives and answers as it is told."""

import base64
import hashlib
import hmac
import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """Where deliveries go; `status` is what it answers from now on."""

    url: str
    arrived: "queue.Queue[tuple[dict[str, str], bytes]]" = field(default_factory=queue.Queue)
    """Headers and raw body of each delivery, in order of arrival."""
    status: int = 200

    def next(self, timeout: float = 10.0) -> tuple[dict[str, str], dict[str, Any]]:
        """Headers and read body of the next delivery; raises queue.Empty after `timeout` seconds."""
        headers, body = self.arrived.get(timeout=timeout)
        return headers, json.loads(body)


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    """The default of 5 turns away what a flash sale sends at once."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that listens until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(found.status)
            self.send_header("Content-Length", "0")
            self.end_headers()
            found.arrived.put((dict(self.headers.items()), body))

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
            """Keep the test's output clean."""

    server = _Server(("127.0.0.1", 0), Handler)
    found = Receiver(f"http://127.0.0.1:{server.server_port}/hooks")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def is_signed(headers: dict[str, str], body: bytes, secret: str) -> bool:
    """Whether a delivery bears the signature of this secret over its raw body."""
    expected = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    return hmac.compare_digest(headers.get("X-Shopify-Hmac-Sha256", ""), expected)
