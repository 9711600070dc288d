"""
The owner of `retention`, and the only one who throws away what is too old: in small batches that hold no lock long.

What guards an effect against being done twice is never thrown away by age: `requests` and `packages` (asked or told
once), `stock_pushes` (an addition whose answer is out), `stock_ledger`, `links`, `commitments`, `watermarks` (the
proof), `news`, `pending` and `holds`; nor are orders, which are figures. A delivery is known again for as long as
Shopify repeats it, and one that the hub itself follows stays until it was taken up.
"""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import TextClause, select, text
from sqlalchemy.dialects.postgresql import insert

from crossdock.kit.errors import UsageError
from crossdock.model.retention import KEEPING, Kind
from crossdock.store.database import Database, Tx
from crossdock.store.schema import retention

BATCH = 1_000
"""Rows a transaction: some milliseconds' worth."""

LONGEST_DAYS = 3_650


async def days(tx: Tx) -> Mapping[Kind, int]:
    """Return for how many days each kind is kept."""
    set_ = {row.kind: row.days for row in await tx.execute(select(retention.c.kind, retention.c.days))}
    return {kind: set_.get(kind.value, keeping.days) for kind, keeping in KEEPING.items()}


async def set_days(tx: Tx, kind: Kind, wanted: int) -> None:
    """Keep a kind for so many days from now on. Raises UsageError where that is too few or too many."""
    least = KEEPING[kind].least
    if not least <= wanted <= LONGEST_DAYS:
        raise UsageError(f"{kind.value} cannot be kept for {wanted} days. Give {least} to {LONGEST_DAYS}.")
    row = insert(retention).values(kind=kind.value, days=wanted)
    await tx.execute(row.on_conflict_do_update(index_elements=[retention.c.kind], set_={"days": wanted}))


# A store at a time, by the index on (store, received_at).
_INBOX = text(
    """
    DELETE FROM inbox WHERE (store, webhook_id) IN (
        SELECT inbox.store, webhook_id FROM stores CROSS JOIN LATERAL (
            SELECT store, webhook_id FROM inbox
             WHERE inbox.store = stores.domain AND received_at < hub_now() - :age
               AND (taken_up_at IS NOT NULL OR topic NOT IN
                    ('customers/data_request', 'customers/redact', 'shop/redact', 'app/uninstalled'))
             ORDER BY received_at LIMIT :batch
        ) AS inbox LIMIT :batch
    )
    """
)

# A session goes on for less than the least that this is kept for since its person was last seen.
_LOGINS = (
    text(
        """
        DELETE FROM sessions WHERE fingerprint IN (
            SELECT fingerprint FROM sessions WHERE seen_at < hub_now() - :age LIMIT :batch
        )
        """
    ),
    text(
        """
        DELETE FROM one_time_links WHERE fingerprint IN (
            SELECT fingerprint FROM one_time_links WHERE ends_at < hub_now() - :age LIMIT :batch
        )
        """
    ),
    text(
        """
        DELETE FROM login_attempts WHERE subject IN (
            SELECT subject FROM login_attempts WHERE since < hub_now() - :age LIMIT :batch
        )
        """
    ),
)

# Ids rise with time, so the walk along them ends at the first batch that is young; what is old and has to stay is
# passed over.
_EXCHANGES = text(
    """
    WITH page AS (SELECT id, began_at FROM exchanges WHERE id > :after ORDER BY id LIMIT :batch),
    gone AS (DELETE FROM exchanges USING page WHERE exchanges.id = page.id AND page.began_at < hub_now() - :age)
    SELECT max(id) AS last FROM page HAVING bool_or(began_at < hub_now() - :age)
    """
)
_TIMELINE = text(
    """
    WITH page AS (SELECT id, at, connection, order_id FROM timeline WHERE id > :after ORDER BY id LIMIT :batch),
    gone AS (
        DELETE FROM timeline USING page
         WHERE timeline.id = page.id AND page.at < hub_now() - :age AND NOT EXISTS (
                SELECT FROM orders
                 WHERE orders.connection = page.connection AND orders.order_id = page.order_id
                   AND (orders.state NOT IN ('shipped', 'short', 'skipped', 'cancelled')
                        OR orders.updated_at >= hub_now() - :age)
         )
    )
    SELECT max(id) AS last FROM page HAVING bool_or(at < hub_now() - :age)
    """
)
_AUDIT = text(
    """
    WITH page AS (SELECT id, at FROM audit WHERE id > :after ORDER BY id LIMIT :batch),
    gone AS (DELETE FROM audit USING page WHERE audit.id = page.id AND page.at < hub_now() - :age)
    SELECT max(id) AS last FROM page HAVING bool_or(at < hub_now() - :age)
    """
)
_DIFFERENCES = text(
    """
    WITH page AS (SELECT id, found_at, settled_at FROM differences WHERE id > :after ORDER BY id LIMIT :batch),
    gone AS (DELETE FROM differences USING page WHERE differences.id = page.id AND page.settled_at < hub_now() - :age)
    SELECT max(id) AS last FROM page HAVING bool_or(found_at < hub_now() - :age)
    """
)
_STOCK = text(
    """
    WITH page AS (SELECT id, at FROM stock_history WHERE id > :after ORDER BY id LIMIT :batch),
    gone AS (DELETE FROM stock_history USING page WHERE stock_history.id = page.id AND page.at < hub_now() - :age)
    SELECT max(id) AS last FROM page HAVING bool_or(at < hub_now() - :age)
    """
)


async def throw_away(database: Database) -> None:
    """Delete what is older than it is to be kept."""
    async with database.begin() as tx:
        keep = await days(tx)
    await _delete(database, _INBOX, timedelta(days=keep[Kind.INBOX]))
    for statement in _LOGINS:
        await _delete(database, statement, timedelta(days=keep[Kind.LOGINS]))
    await _walk(database, _EXCHANGES, timedelta(days=keep[Kind.EXCHANGES]))
    for walk in (_TIMELINE, _DIFFERENCES):
        await _walk(database, walk, timedelta(days=keep[Kind.TIMELINE]))
    await _walk(database, _STOCK, timedelta(days=keep[Kind.STOCK]))
    await _walk(database, _AUDIT, timedelta(days=keep[Kind.AUDIT]))


async def _delete(database: Database, statement: TextClause, age: timedelta) -> None:
    some = True
    while some:
        async with database.begin() as tx:
            some = (await tx.execute(statement, {"age": age, "batch": BATCH})).rowcount > 0


async def _walk(database: Database, statement: TextClause, age: timedelta) -> None:
    last: int | None = 0
    while last is not None:
        async with database.begin() as tx:
            last = await tx.scalar(statement, {"after": last, "age": age, "batch": BATCH})
