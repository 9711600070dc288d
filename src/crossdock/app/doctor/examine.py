"""The whole installation under examination: one function, for the command and for the page."""

import shutil
from collections.abc import Sequence

from crossdock.app.doctor.connection import examine_connection
from crossdock.app.doctor.reach import reachable
from crossdock.app.doctor.sharing import shared_warehouses
from crossdock.app.doctor.store import examine_store
from crossdock.app.hub import Hub, open_hub
from crossdock.app.settings import Settings
from crossdock.edge.checks import Check, Verdict
from crossdock.kit.errors import HubError
from crossdock.kit.wording import counted
from crossdock.model.connection import Connection
from crossdock.model.names import ConnectionId
from crossdock.store import connections, privacy, stores, watermarks
from crossdock.store.reads import health
from crossdock.store.reads.health import Standing

LEAST_FREE_BYTES = 1_000_000_000


async def examine(settings: Settings) -> Sequence[Check]:
    """Check the database, every store and every connection; what is broken is a finding, not an error."""
    try:
        async with open_hub(settings, lambda _: None) as hub:
            return await examine_hub(hub)
    except HubError as error:
        return [*_disk(settings), Check("Database", Verdict.FAIL, str(error))]


async def examine_hub(hub: Hub) -> Sequence[Check]:
    """Check everything about an open installation."""
    async with hub.database.begin() as tx:
        known = await stores.listed(tx)
        tied = await connections.listed(tx)
        standings = await health.standings(tx)
    checks = [*_disk(hub.settings), Check("Database", Verdict.OK, "It answers and has this version's schema.")]
    if known and hub.settings.public_url is not None:
        checks.append(await reachable(hub))
    for store in known:
        checks += await examine_store(hub, store)
    for connection, standing in zip(tied, standings, strict=True):
        checks += await _examine_connection(hub, connection, standing)
    checks += await _privacy(hub)
    if not known:
        remedy = "Add one: crossdock store add DOMAIN."
        checks.append(Check("Stores", Verdict.WARN, "There is none yet.", remedy, "/setup"))
    elif not tied:
        remedy = "Make one: crossdock connect DOMAIN."
        checks.append(Check("Connections", Verdict.WARN, "There is none yet.", remedy, "/setup"))
    return checks


async def examine_one_connection(hub: Hub, id_: ConnectionId) -> Sequence[Check]:
    """Check everything about one connection. Raises UnknownConnection."""
    async with hub.database.begin() as tx:
        connection = await connections.get(tx, id_)
        [standing] = [one for one in await health.standings(tx) if one.connection == id_]
    return await _examine_connection(hub, connection, standing)


async def _examine_connection(hub: Hub, connection: Connection, standing: Standing) -> Sequence[Check]:
    return [*await examine_connection(hub, connection, standing), await sharing(hub, connection)]


async def sharing(hub: Hub, connection: Connection) -> Check:
    """Find other stores that sell from the connection's warehouses."""
    async with hub.database.begin() as tx:
        everybody = await connections.listed(tx)
        settings = {one.id: await connections.settings_of(tx, one.id, hub.sealer) for one in everybody}
    return shared_warehouses(connection, everybody, settings)


async def _privacy(hub: Hub) -> list[Check]:
    """Nothing where nobody asked: most installations never hear of it."""
    async with hub.database.begin() as tx:
        waiting = await privacy.unsettled(tx)
        now = await watermarks.now(tx)
    if not waiting:
        return []
    first = waiting[0]
    overdue = first.due_at < now
    found = (
        f"{counted(len(waiting), 'request')} about personal data not settled, the first due {first.due_at:%Y-%m-%d}."
    )
    remedy = "See what is left to do: crossdock privacy requests."
    return [Check("Privacy", Verdict.FAIL if overdue else Verdict.WARN, found, remedy, "/privacy")]


def _disk(settings: Settings) -> list[Check]:
    """Nothing where the database is elsewhere."""
    if settings.database_url is not None:
        return []
    folder = settings.data if settings.data.exists() else settings.data.absolute().parent
    if not folder.exists():
        return [Check("Disk", Verdict.WARN, f"{settings.data} is not there yet; it is made at the first start.")]
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        said = f"{free // 1_000_000} MB are free at {folder}."
        return [Check("Disk", Verdict.WARN, said, "Free some space before the database runs out of it.")]
    return [Check("Disk", Verdict.OK, f"{free // 1_000_000_000} GB are free at {folder}.")]
