"""
How fast the stand-in answers, and how much a full shop weighs.

Prints reads and order creations per second of one client against one served shop, beside what the goal asks for,
then seeds 100,000 products and 100,000 orders and prints the memory and the same reads over the full shop.

    python bench/standin.py [--products 100000] [--orders 100000]
"""

import argparse
import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import psutil

TOKEN = "bench-token"
READ = "query($id: ID!) { product(id: $id) { id title variants(first: 1) { nodes { id sku inventoryQuantity } } } }"
RECENT = """query($q: String!) { orders(first: 50, query: $q, sortKey: UPDATED_AT) {
  nodes { id name updatedAt } pageInfo { hasNextPage endCursor } } }"""
CREATE = """mutation($order: OrderCreateOrderInput!) { orderCreate(order: $order) {
  order { id name } userErrors { message } } }"""


@contextlib.contextmanager
def served(plan: str = "enterprise") -> Iterator[tuple[httpx.Client, int]]:
    """A stand-in in a process of its own: a client of it, and its process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "shopify_standin.cli",
        "serve",
        "--port",
        str(port),
        "--token",
        TOKEN,
        "--plan",
        plan,
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    headers = {"X-Shopify-Access-Token": TOKEN}
    try:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=3600, trust_env=False
        ) as client:
            for _ in range(200):
                with contextlib.suppress(httpx.TransportError):
                    client.get("/_standin/clock")
                    break
                time.sleep(0.1)
            yield client, process.pid
    finally:
        process.terminate()
        process.wait()


def ask(client: httpx.Client, query: str, **variables: Any) -> Any:
    """The data of one answer; a throttled one is asked again after the clock moved on."""
    while True:
        body = {"query": query, "variables": variables}
        answer = client.post("/admin/api/2026-07/graphql.json", json=body).json()
        if "data" in answer and not answer.get("errors"):
            return answer["data"]
        if answer["errors"][0].get("extensions", {}).get("code") != "THROTTLED":
            raise RuntimeError(answer["errors"][0]["message"])
        client.post("/_standin/clock", json={"advance_seconds": 60})


def per_second(act: Callable[[], object], seconds: float = 4.0) -> float:
    """How often `act` can be done in a second."""
    act()
    done, start = 0, time.perf_counter()
    while (passed := time.perf_counter() - start) < seconds:
        act()
        done += 1
    return done / passed


def report(name: str, figure: float, goal: float | None, unit: str) -> None:
    """One line: what was measured, and what it is measured against."""
    beside = f"goal {goal:,.0f}" if goal else "no goal"
    print(f"{name:44} {figure:12,.1f} {unit:10} ({beside})")


def measure(client: httpx.Client, when: str) -> None:
    """Reads and order creations per second."""
    first = ask(client, "{ products(first: 1) { nodes { id variants(first: 1) { nodes { id } } } } }")["products"][
        "nodes"
    ][0]
    variant = first["variants"]["nodes"][0]["id"]
    now = client.get("/_standin/clock").json()["now"][:19] + "Z"
    bare = per_second(lambda: client.get("/_standin/clock"), 1.0)
    report(f"{when}: HTTP alone (the baseline)", bare, None, "answers/s")
    report(f"{when}: one product", per_second(lambda: ask(client, READ, id=first["id"])), 300, "reads/s")
    recent = {"q": f"updated_at:>='{now}'"}
    report(f"{when}: orders since a moment", per_second(lambda: ask(client, RECENT, **recent)), 300, "reads/s")
    order = {"lineItems": [{"variantId": variant, "quantity": 1}], "email": "ada@example.com"}
    report(f"{when}: orderCreate", per_second(lambda: ask(client, CREATE, order=order)), 150, "orders/s")


def main() -> None:
    """Measure a small shop, then a full one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=100_000)
    parser.add_argument("--orders", type=int, default=100_000)
    wanted = parser.parse_args()
    with served() as (client, pid):
        client.post("/_standin/seed", json={"products": 100, "orders": 100}).raise_for_status()
        measure(client, "small shop")
        start = time.perf_counter()
        seed = {"products": wanted.products, "orders": wanted.orders, "stock": 1000}
        filled = client.post("/_standin/seed", json=seed).json()
        took = time.perf_counter() - start
        report(f"seed {filled['products']:,} products, {filled['orders']:,} orders", took, None, "s")
        report("memory of the full shop", psutil.Process(pid).memory_info().rss / 2**20, 2048, "MiB")
        measure(client, "full shop")


if __name__ == "__main__":
    main()
