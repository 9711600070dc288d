"""Send deliveries over HTTP, signed, with Shopify's patience: 5 seconds, 8 retries, then the subscription goes."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import httpx

from shopify_standin.auth.apps import Registrar
from shopify_standin.faults import Faults, WebhookFault
from shopify_standin.model.notices import Delivery
from shopify_standin.world import World

ANSWER_WITHIN = 5.0
"""Seconds for a whole answer; one of them to connect (Shopify docs, 2026)."""

RETRY_AFTER = tuple(timedelta(seconds=s) for s in (10, 60, 300, 900, 1800, 2700, 3600, 4800))
"""Gaps before the 8 retries, about four hours in all; the sizes of the single gaps are assumed."""

AT_ONCE = 20
"""Deliveries under way at the same time."""


def signature(secret: str, body: bytes) -> str:
    """`X-Shopify-Hmac-Sha256` of a body."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


class Sender:
    """Takes deliveries out of a world's outbox and brings them to their subscribers."""

    def __init__(self, registrar: Registrar, faults: Faults) -> None:
        self._registrar, self._faults = registrar, faults
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: list[Delivery] = []
        self._places = asyncio.Semaphore(AT_ONCE)
        self._client: httpx.AsyncClient | None = None

    def take_up(self, world: World) -> None:
        """Start every delivery in the outbox, spoiled as the faults in force say."""
        while world.outbox:
            delivery = world.outbox.popleft()
            if not delivery.uri.startswith("http"):
                delivery.fate = "handed over"
            elif delivery.spoiled:
                self._start(world, delivery)
            else:
                delivery.spoiled = True
                self._start_spoiled(world, delivery, self._faults.for_topic(delivery.topic))
        if self._held and not any(fault.shuffle and fault.times != 0 for fault in self._faults.webhooks):
            self._release(world)

    def _start_spoiled(self, world: World, delivery: Delivery, fault: WebhookFault | None) -> None:
        """Send a delivery for the first time, or let chance have it."""
        chance = self._faults.random
        if fault is None:
            self._start(world, delivery)
        elif chance.random() < fault.drop:
            delivery.fate = "dropped"
        elif fault.shuffle:
            self._held.append(delivery)
            if len(self._held) >= fault.shuffle:
                self._release(world)
        else:
            for _ in range(1 + fault.repeat):
                if fault.delay:
                    wait = timedelta(seconds=chance.uniform(0.0, fault.delay))
                    world.agenda.add(world.now() + wait, send_again, delivery)
                else:
                    self._start(world, delivery)

    def _release(self, world: World) -> None:
        """Send what was gathered, one after the other, in an order that chance makes."""
        batch, self._held = self._held, []
        self._faults.random.shuffle(batch)
        self._spawn(self._bring_in_order(world, batch))

    def forget(self) -> None:
        """Stop all deliveries under way."""
        self._held.clear()
        for task in self._tasks:
            task.cancel()

    async def close(self) -> None:
        """Stop and give back the connections."""
        self.forget()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _start(self, world: World, delivery: Delivery) -> None:
        self._spawn(self._bring(world, delivery))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _bring_in_order(self, world: World, batch: list[Delivery]) -> None:
        for delivery in batch:
            await self._bring(world, delivery)

    async def _bring(self, world: World, delivery: Delivery) -> None:
        async with self._places:
            ok = await self._post(delivery)
        if ok:
            self._settle_delivered(world, delivery)
        else:
            self._settle_failed(world, delivery)

    async def _post(self, delivery: Delivery) -> bool:
        if self._client is None:
            timeout = httpx.Timeout(ANSWER_WITHIN, connect=1.0)
            self._client = httpx.AsyncClient(timeout=timeout, follow_redirects=False, trust_env=False)
        secret = self._registrar.apps[delivery.app].secret
        headers = delivery.headers | {"X-Shopify-Hmac-Sha256": signature(secret, delivery.body)}
        delivery.attempts += 1
        delivery.fate = "under way"
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                response = await self._client.post(delivery.uri, content=delivery.body, headers=headers)
        except (httpx.HTTPError, TimeoutError):
            delivery.last_status = None
            return False
        delivery.last_status = response.status_code
        return response.is_success

    @staticmethod
    def _settle_delivered(world: World, delivery: Delivery) -> None:
        delivery.fate, delivery.delivered = "delivered", True
        subscription = world.subscriptions.get(delivery.subscription_id)
        if subscription:
            subscription.failures = 0

    @staticmethod
    def _settle_failed(world: World, delivery: Delivery) -> None:
        if delivery.delivered:
            delivery.fate = "delivered"
            return  # a repeat of one that arrived
        if delivery.attempts <= len(RETRY_AFTER):
            delivery.fate = "retrying"
            world.agenda.add(world.now() + RETRY_AFTER[delivery.attempts - 1], send_again, delivery)
            return
        delivery.fate = "given up"
        if delivery.subscription_id in world.subscriptions.rows:
            # Eight failures in a row delete a subscription made through the Admin API (Shopify docs, 2026).
            world.subscriptions.remove(delivery.subscription_id)


def send_again(world: World, delivery: Delivery) -> None:
    """Put a failed delivery back into the outbox."""
    world.outbox.append(delivery)
