"""What the hub's own tables say of people beside the inbox, and how that goes while every figure stays."""

import re
from collections.abc import Iterable, Sequence

from sqlalchemy import TextClause, text

from crossdock.model.names import ConnectionId, OrderId, RequestKey, ShopDomain
from crossdock.store.database import Tx

ERASED = "…"

_WORDS_AT_ONCE = 200

# What the hub says in its own words stays, without the person's words. What others said is not known to be free of
# them, so it goes as a whole: a hold repeats what a backend or Shopify answered.
_SENTENCES: Sequence[TextClause] = (
    text("""
        UPDATE timeline SET sentence = regexp_replace(sentence, :words, :erased, 'gi')
         WHERE connection = :connection AND order_id = ANY(:orders) AND sentence ~* :words
    """),
    text("""
        UPDATE differences
           SET title = regexp_replace(title, :words, :erased, 'gi'),
               sentence = regexp_replace(sentence, :words, :erased, 'gi'),
               remedy = regexp_replace(remedy, :words, :erased, 'gi'),
               cause = regexp_replace(cause, :words, :erased, 'gi')
         WHERE connection = :connection AND key = ANY(:keys)
           AND concat_ws(' ', title, sentence, remedy, cause) ~* :words
    """),
)
_WHOLE: Sequence[TextClause] = (
    text("""
        UPDATE timeline SET sentence = 'Held. What was said of it is erased.'
         WHERE connection = :connection AND order_id = ANY(:orders) AND kind IN ('held', 'rejected')
    """),
    text("""
        UPDATE holds SET detail = 'What was said of it is erased. Look again to learn it anew.', note = NULL
         WHERE connection = :connection AND key = ANY(:keys)
    """),
    text("""
        UPDATE routes SET facts = facts || '{"tags": [], "destination": {}}'
         WHERE connection = :connection AND order_id = ANY(:orders)
    """),
    text("UPDATE pending SET last_error = NULL WHERE connection = :connection AND key = ANY(:keys)"),
)

_EXCHANGES = text("""
    UPDATE exchanges SET request = NULL, response = NULL
     WHERE store = :store AND subjects && CAST(:keys AS text[]) AND (request IS NOT NULL OR response IS NOT NULL)
""")

_FORGET_PEOPLE = text("""
    UPDATE requests SET erased_at = coalesce(erased_at, hub_now()), terms = NULL, shown = NULL
     WHERE connection = :connection AND key = ANY(:keys)
       AND (erased_at IS NULL OR terms IS NOT NULL OR shown IS NOT NULL)
""")


async def forget_sentences(
    tx: Tx, connection: ConnectionId, orders: Sequence[OrderId], keys: Sequence[RequestKey], words: Iterable[str]
) -> None:
    """Take people out of what was said about these orders and requests."""
    scope = {"connection": connection, "orders": list(orders), "keys": [*orders, *keys], "erased": ERASED}
    # The longer first: who is called Ada Lovelace must not stay there as … Lovelace.
    pattern = [re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word))]
    for start in range(0, len(pattern), _WORDS_AT_ONCE):
        some = "|".join(pattern[start : start + _WORDS_AT_ONCE])
        for statement in _SENTENCES:
            await tx.execute(statement, {**scope, "words": some})
    for statement in _WHOLE:
        await tx.execute(statement, scope)


async def forget_exchanges(tx: Tx, store: ShopDomain, orders: Sequence[OrderId], keys: Sequence[RequestKey]) -> None:
    """Forget what was asked and answered about these; that it was, when, and how it went stays."""
    await tx.execute(_EXCHANGES, {"store": store, "keys": [*orders, *keys]})


async def forget_people(tx: Tx, connection: ConnectionId, keys: Sequence[RequestKey]) -> None:
    """Forget where these requests were to go, and for whom; no look keeps it again."""
    await tx.execute(_FORGET_PEOPLE, {"connection": connection, "keys": list(keys)})
