"""
Table `unheard`: changes that a sweep found and that no webhook has told of.

One lost webhook is nothing: at least once is not exactly once, and the sweep is there for it. A topic from which
nothing comes while several such changes pile up has fallen silent. So silence is measured by what should have been
heard, not by a clock: a shop that sells nothing all night is quiet, and not silent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text

from crossdock.model.names import ShopDomain
from crossdock.store.database import Tx

MANY: Final = 3
"""So many changes must have gone unheard."""

PATIENCE: Final = timedelta(minutes=5)
"""So long ago must the first of them have been found: webhooks usually come within seconds, a second try in minutes."""

CLOCKS: Final = timedelta(minutes=1)
"""How far Shopify's clock and the database's may lie apart for a webhook to count as news of a change before it."""

KEPT: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    """One object that a sweep found changed at `changed_at`, and the topic that should have told of it."""

    topic: str
    key: str
    changed_at: datetime


_FOUND = text(
    """
    INSERT INTO unheard AS known (store, topic, key, changed_at) VALUES (:store, :topic, :key, :changed_at)
    ON CONFLICT (store, topic, key) DO UPDATE SET changed_at = greatest(known.changed_at, excluded.changed_at)
    """
)


async def found(tx: Tx, store: ShopDomain, changes: Sequence[Change]) -> None:
    """Write down what a sweep found, heard of or not; `forget_heard` sorts it out."""
    # In the order of their keys, so that two sweeps of one store wait for each other in one direction only.
    rows = [
        {"store": store, "topic": one.topic, "key": one.key, "changed_at": one.changed_at}
        for one in sorted(changes, key=lambda one: (one.topic, one.key))
    ]
    if rows:
        await tx.execute(_FOUND, rows)


# One walk over the deliveries since the oldest change, whatever number of changes there is.
_FORGET = text(
    """
    WITH heard AS (
        SELECT topic, max(received_at) AS at FROM inbox
         WHERE store = :store
           AND received_at >= (SELECT min(changed_at) FROM unheard WHERE store = :store) - CAST(:clocks AS interval)
         GROUP BY topic
    )
    DELETE FROM unheard
     WHERE store = :store
       AND (found_at < hub_now() - CAST(:kept AS interval)
            OR changed_at <= (SELECT at FROM heard WHERE heard.topic = unheard.topic) + CAST(:clocks AS interval))
    """
)


async def forget_heard(tx: Tx, store: ShopDomain) -> None:
    """Forget the changes since which a webhook of their topic came, and those of more than a day ago."""
    await tx.execute(_FORGET, {"store": store, "clocks": CLOCKS, "kept": KEPT})


@dataclass(frozen=True, slots=True)
class Silence:
    """A topic that has fallen silent: nothing came from it since `since`, while `changes` objects changed."""

    store: ShopDomain
    topic: str
    changes: int
    since: datetime

    @property
    def sentence(self) -> str:
        """The finding, as a person would say it."""
        return (
            f"No webhook {self.topic} has come since {self.since:%Y-%m-%d %H:%M:%S} UTC, while the sweep found "
            f"{self.changes} changes that it should have told of."
        )


_SILENT = text(
    """
    SELECT store, topic, count(*) AS changes, min(changed_at) AS since FROM unheard
     WHERE CAST(:store AS text) IS NULL OR store = :store
     GROUP BY store, topic
    HAVING count(*) >= :many AND min(found_at) <= hub_now() - CAST(:patience AS interval)
     ORDER BY store, topic
    """
)


async def silences(tx: Tx, store: ShopDomain | None = None) -> Sequence[Silence]:
    """Return the topics that have fallen silent, of one store or of all."""
    rows = await tx.execute(_SILENT, {"store": store, "many": MANY, "patience": PATIENCE})
    return [Silence(ShopDomain(row.store), row.topic, row.changes, row.since) for row in rows]
