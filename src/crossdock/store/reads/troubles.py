"""Everything that is the matter now, as alerts measure it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text

from crossdock.model.alert import PAUSED, Group, Topic, Trouble
from crossdock.model.names import ShopDomain
from crossdock.model.outage import backend_party, store_party
from crossdock.store import outages
from crossdock.store.database import Tx
from crossdock.store.holds import IS_OPEN
from crossdock.store.reads import proof

FEWEST_ORDERS: Final = 5
"""Of fewer orders within the hour a share says nothing: one held order of one would be all of them."""

FAILED_OFTEN: Final = 3
"""How many looks in a row have to fail before an object counts as failing; most causes are over by then."""

_HELD = text(
    f"""
    SELECT connections.store, cause AS about, count(*) AS many
      FROM holds JOIN connections ON connections.id = holds.connection
     WHERE {IS_OPEN}
     GROUP BY connections.store, cause
    """  # noqa: S608 - all of it is written in the code
)

_SHARE = text(
    f"""
    SELECT connections.store, '' AS about,
           100 * count(*) FILTER (WHERE EXISTS (
               SELECT FROM holds
                WHERE holds.connection = orders.connection AND holds.key = orders.order_id AND {IS_OPEN}
           )) / count(*) AS many
      FROM orders JOIN connections ON connections.id = orders.connection
     WHERE orders.placed_at > hub_now() - interval '1 hour'
     GROUP BY connections.store
    HAVING count(*) >= :fewest
    """  # noqa: S608 - all of it is written in the code
)

_FAILING = text(
    """
    SELECT connections.store, flow AS about, count(*) AS many
      FROM pending JOIN connections ON connections.id = pending.connection
     WHERE attempts >= :often
     GROUP BY connections.store, flow
    """
)

_CONNECTIONS = text(
    """
    SELECT connections.id, connections.store, connections.started_at, connections.shadow_since, stores.paused_at,
           hub_now() AS at
      FROM connections JOIN stores ON stores.domain = connections.store
    """
)


async def troubles(tx: Tx) -> Sequence[Trouble]:
    """Return how bad everything is that an alert may be about; what is well is left out."""
    found: list[Trouble] = []
    for topic, query, given in (
        (Topic.HOLDS, _HELD, {}),
        (Topic.SHARE, _SHARE, {"fewest": FEWEST_ORDERS}),
        (Topic.FAILING, _FAILING, {"often": FAILED_OFTEN}),
    ):
        rows = await tx.execute(query, given)
        found += [Trouble(topic, Group(ShopDomain(row.store), row.about), row.many) for row in rows]
    return [one for one in [*found, *await _by_the_clock(tx)] if one.count > 0]


async def _by_the_clock(tx: Tx) -> Sequence[Trouble]:
    """What is the worse the longer it lasts. Several connections of a store are told as the worst of them."""
    rows = {row.id: row for row in await tx.execute(_CONNECTIONS)}
    silent = {one.party: one for one in await outages.listed(tx)}
    longest: defaultdict[tuple[Topic, Group], int] = defaultdict(int)

    def note(topic: Topic, group: Group, lasting: timedelta) -> None:
        longest[topic, group] = max(longest[topic, group], lasting // timedelta(minutes=1))

    for one in await proof.proofs(tx):
        row = rows.get(one.connection)
        if row is not None and row.shadow_since is None:  # a shadow is behind by its nature
            # What was never checked to its end is behind since the connection was started.
            since: datetime = one.complete_to or row.started_at
            note(Topic.LATE, Group(ShopDomain(row.store), one.flow), one.at - since)
    for row in rows.values():
        store = ShopDomain(row.store)
        if row.paused_at is not None:
            note(Topic.OUTAGE, Group(store, PAUSED), row.at - row.paused_at)
        for party in (store_party(store), backend_party(row.id)):
            if party in silent:
                note(Topic.OUTAGE, Group(store, party), row.at - silent[party].since)
    return [Trouble(topic, group, minutes) for (topic, group), minutes in longest.items()]
