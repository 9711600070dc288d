"""A receiver of webhooks on loopback, which keeps what arrived and answers as it is told."""

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.standin.standin_asking import Shop

SUBSCRIBE = """mutation($topic: WebhookSubscriptionTopic!, $given: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $given) {
    webhookSubscription { id uri apiVersion { handle } } userErrors { field message } } }"""


@dataclass
class Receiver:
    url: str
    arrived: "queue.Queue[tuple[dict[str, str], bytes]]" = field(default_factory=queue.Queue)
    status: int = 200

    def next(self) -> tuple[dict[str, str], dict[str, Any]]:
        """Headers and body of the next delivery; raises queue.Empty after 10 seconds."""
        headers, body = self.arrived.get(timeout=10)
        return headers, json.loads(body)


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
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Receiver(f"http://127.0.0.1:{server.server_port}/hooks")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def subscribe(shop: Shop, receiver: Receiver, topic: str, **more: Any) -> str:
    """Let a topic come to the receiver; hands back the subscription's id."""
    made = shop.do(SUBSCRIBE, topic=topic, given={"uri": receiver.url, **more})["webhookSubscription"]
    found: str = made["id"]
    return found
