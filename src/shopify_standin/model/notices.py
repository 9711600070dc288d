"""Webhook subscriptions, deliveries and their fate; and jobs that run after an answer."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from shopify_standin.errors import JsonObject
from shopify_standin.ids import gid


@dataclass(slots=True)
class Subscription:
    """Where events of one topic go."""

    TYPE: ClassVar = "WebhookSubscription"
    id: int
    topic: str
    uri: str
    created_at: datetime
    updated_at: datetime
    version: str
    app: str = ""
    """Client id of the app that subscribed."""
    format: str = "JSON"
    filter: str | None = None
    include_fields: list[str] = field(default_factory=list)
    metafield_namespaces: list[str] = field(default_factory=list)
    metafields: list[JsonObject] = field(default_factory=list)
    name: str | None = None
    failures: int = 0
    """Deliveries given up in a row."""

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("WebhookSubscription", self.id)


@dataclass(slots=True)
class Delivery:
    """One event on its way to one subscriber; `fate` tells how it went."""

    id: str
    event_id: str
    subscription_id: int
    topic: str
    uri: str
    body: bytes
    headers: dict[str, str]
    triggered_at: datetime
    app: str = ""
    """Client id of the app that it goes to, which says by what secret it is signed."""
    fate: str = "waiting"
    """
    waiting, under way, delivered, retrying, dropped (by a fault), given up; or handed over, where it goes to
    Pub/Sub or EventBridge, which the stand-in does not reach.
    """
    spoiled: bool = False
    """Whether the faults in force had their chance."""
    delivered: bool = False
    """Whether it arrived at least once."""
    attempts: int = 0
    last_status: int | None = None


@dataclass(slots=True)
class Job:
    """Work that a mutation left to the background."""

    TYPE: ClassVar = "Job"
    id: str
    done: bool = False

    @property
    def gid(self) -> str:
        """Global id; jobs have UUIDs, not numbers."""
        return f"gid://shopify/Job/{self.id}"
