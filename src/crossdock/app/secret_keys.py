"""Another sealing key, while everything runs."""

from crossdock.app.hub import Hub
from crossdock.edge.cli.hub import Sealed
from crossdock.kit.sealing import add_key, drop_oldest_keys, is_given_several
from crossdock.model.deed import Deed
from crossdock.model.people import Actor
from crossdock.store import audit, resealing


async def sealed(hub: Hub) -> Sealed:
    """Return how many secrets each key seals, the newest key first, those that seal none too."""
    async with hub.database.begin() as tx:
        counted = await resealing.count_by_key(tx, hub.sealer)
    return Sealed({key: counted[key] for key in hub.sealer.keys})


async def rotate(hub: Hub, by: Actor) -> Sealed:
    """
    Make another key, where they are in the data directory's file, and seal everything anew under the newest.

    Killed at any point, it leaves keys that open everything; run again, it comes to its end. Raises UsageError where
    the environment names one key only.
    """
    if not is_given_several():
        add_key(hub.settings.data)
    async with hub.database.begin() as tx:
        before = await resealing.count_by_key(tx, hub.sealer)
        await resealing.seal_anew(tx, hub.sealer)
        after = await resealing.count_by_key(tx, hub.sealer)
        await audit.record(tx, by, Deed.SECRETS_ROTATED, "sealing key", before=before, after=after)
    drop_oldest_keys(hub.settings.data)
    return await sealed(hub)
