"""The doctor: what is checked of an installation, and what to do about each finding. It changes nothing."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from crossdock.app.hub import Hub, open_hub
from crossdock.app.settings import Settings
from crossdock.app.topics import wanted_topics
from crossdock.edge.cli.hub import Check, Verdict
from crossdock.kit.errors import HubError
from crossdock.kit.wording import counted
from crossdock.model.connection import Connection
from crossdock.model.names import ShopDomain
from crossdock.shopify.subscriptions import compare
from crossdock.store import connections, holds, pending, privacy, reconciliations, stores, unheard, watermarks
from crossdock.store.reads import clocks, health
from crossdock.store.reads.health import Standing
from crossdock.store.stores import Store

PATIENCE_SECONDS = 20.0
"""How long one store or backend may take to answer; a person is waiting."""

LATE = timedelta(minutes=5)
"""How long something may be due before it looks as if no worker runs."""

BEHIND = timedelta(minutes=15)
"""How far the proof may be behind before it looks as if nobody sweeps; five minutes of it are Shopify's to lag."""

APART = timedelta(minutes=2)
"""How far Shopify's clock and ours may be apart; the sweeps allow for five minutes, its search's lag included."""

LEAST_FREE_BYTES = 1_000_000_000


async def examine(settings: Settings) -> Sequence[Check]:
    """Check the database, every store and every connection; what is broken is a finding, not an error."""
    checks = [_disk(settings)] if settings.database_url is None else []
    try:
        async with open_hub(settings, lambda _: None) as hub:
            checks.append(Check("Database", Verdict.OK, "It answers and has this version's schema."))
            checks += await _examine_hub(hub)
    except HubError as error:
        checks.append(Check("Database", Verdict.FAIL, str(error)))
    return checks


async def _examine_hub(hub: Hub) -> list[Check]:
    async with hub.database.begin() as tx:
        known = await stores.listed(tx)
        tied = await connections.listed(tx)
        standings = await health.standings(tx)
    checks: list[Check] = []
    for store in known:
        checks += await _store(hub, store)
    for connection, standing in zip(tied, standings, strict=True):
        checks += await _connection(hub, connection, standing)
    checks += await _privacy(hub)
    if not known:
        checks.append(Check("Stores", Verdict.WARN, "There is none yet.", "Add one: crossdock store add DOMAIN."))
    elif not tied:
        checks.append(Check("Connections", Verdict.WARN, "There is none yet.", "Make one: crossdock connect DOMAIN."))
    return checks


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
    return [Check("Privacy", Verdict.FAIL if overdue else Verdict.WARN, found, remedy)]


def _disk(settings: Settings) -> Check:
    folder = settings.data if settings.data.exists() else settings.data.absolute().parent
    if not folder.exists():
        return Check("Disk", Verdict.WARN, f"{settings.data} is not there yet; it is made at the first start.")
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        said = f"{free // 1_000_000} MB are free at {folder}."
        return Check("Disk", Verdict.WARN, said, "Free some space before the database runs out of it.")
    return Check("Disk", Verdict.OK, f"{free // 1_000_000_000} GB are free at {folder}.")


async def _store(hub: Hub, store: Store) -> list[Check]:
    subject = f"Store {store.domain}"
    if store.paused is not None:
        return [Check(subject, Verdict.FAIL, f"It is paused: {store.paused}", f"Settle that, then: {store.remedy}.")]
    async with hub.database.begin() as tx:
        try:
            await stores.credentials_of(tx, store.domain, hub.sealer)
        except HubError as error:
            return [Check(f"{subject}, credentials", Verdict.FAIL, str(error))]

    async def introduce() -> Check:
        shop = await (await hub.storefront(store.domain)).shop()
        return Check(subject, Verdict.OK, f"{shop.name} answers, by API version {store.api_version}.")

    reached = await _within_patience(subject, introduce)
    if reached.verdict is Verdict.FAIL:
        return [reached]
    return [reached, await _within_patience(f"{subject}, webhooks", lambda: _webhooks(hub, store.domain))]


async def _webhooks(hub: Hub, domain: ShopDomain) -> Check:
    subject = f"Store {domain}, webhooks"
    uri = hub.settings.webhook_uri(domain)
    if uri is None:
        found = "There are none, for Shopify cannot reach this hub; the sweep alone brings what changed."
        return Check(subject, Verdict.WARN, found, "Set CROSSDOCK_PUBLIC_URL to an https address that leads here.")
    async with hub.database.begin() as tx:
        flows = [flow for one in await connections.of_store(tx, domain) for flow in one.flows]
        silences = await unheard.silences(tx, domain)
        ahead = await clocks.ahead_of_shopify(tx, domain)
    wanted = wanted_topics(flows)
    actual = await (await hub.storefront(domain)).subscriptions()
    repairs = compare(uri, wanted, actual)
    if repairs.findings:
        found = " ".join(repairs.findings)
        return Check(subject, Verdict.WARN, found, "A running worker repairs them within the hour: crossdock serve.")
    if silences:
        found = " ".join(silence.sentence for silence in silences)
        remedy = f"The subscriptions are in order, so see whether {uri} can be reached from outside. The sweep goes on."
        return Check(subject, Verdict.WARN, found, remedy)
    if ahead is not None and abs(ahead) > APART:
        found = f"By its webhooks, Shopify's clock and the database's are {abs(ahead).total_seconds():.0f} s apart."
        return Check(subject, Verdict.WARN, found, "Keep the machine's clock by NTP: sweeps ask Shopify by it.")
    versions = sorted({one.api_version for one in actual if one.uri == uri and one.api_version is not None})
    return Check(subject, Verdict.OK, f"{len(wanted)} topics are sent to {uri}, by API version {', '.join(versions)}.")


async def _connection(hub: Hub, connection: Connection, standing: Standing) -> list[Check]:
    subject = f"Connection {connection.id}"
    checks = [await _within_patience(f"{subject}, backend", lambda: _backend(hub, connection))]
    if standing.paused is None:
        checks.append(await _within_patience(f"{subject}, locations", lambda: _locations(hub, connection)))
    return [
        *checks,
        _freshness(connection, standing),
        await _agreement(hub, connection),
        await _backlog(hub, standing),
        await _held(hub, connection),
    ]


async def _backend(hub: Hub, connection: Connection) -> Check:
    subject = f"Connection {connection.id}, backend"
    warehouses = {one.code for one in await (await hub.backend(connection)).warehouses()}
    mapped = {code for codes in connection.warehouses.values() for code in codes}
    if mapped - warehouses:
        missing = ", ".join(sorted(mapped - warehouses))
        remedy = f"Add it there, or: crossdock unmap-location {connection.id} LOCATION {missing.split(', ')[0]}."
        return Check(subject, Verdict.FAIL, f"It has no warehouse {missing}, which is mapped.", remedy)
    if not warehouses:
        return Check(subject, Verdict.WARN, f"{connection.backend} has no warehouse yet.", "Add one there.")
    return Check(subject, Verdict.OK, f"{connection.backend} answers; warehouses: {', '.join(sorted(warehouses))}.")


async def _locations(hub: Hub, connection: Connection) -> Check:
    subject = f"Connection {connection.id}, locations"
    locations = [one for one in await (await hub.storefront(connection.store)).locations() if one.active]
    unmapped = [one for one in locations if not connection.warehouses.get(one.id)]
    if unmapped:
        names = ", ".join(one.name for one in unmapped)
        remedy = f"Map them, or their orders are held: crossdock map-location {connection.id} LOCATION WAREHOUSE."
        return Check(subject, Verdict.WARN, f"{len(unmapped)} of {len(locations)} have no warehouse: {names}.", remedy)
    return Check(subject, Verdict.OK, f"All {len(locations)} have a warehouse.")


def _freshness(connection: Connection, standing: Standing) -> Check:
    subject = f"Connection {connection.id}, proof"
    remedy = f"Start a worker: crossdock serve. Or once, by hand: crossdock sync {connection.id}."
    never = [one.flow for one in standing.proofs if one.noticed_to is None]
    if never:
        found = f"Not everything was ever asked for that concerns: {', '.join(never)}."
        return Check(subject, Verdict.WARN, found, remedy)
    behind = [one.flow for one in standing.proofs if one.behind is not None and one.behind > BEHIND]
    if behind:
        found = f"Not known to be complete for the last {BEHIND.seconds // 60} minutes: {', '.join(behind)}."
        return Check(subject, Verdict.WARN, found, f"See what holds it back: crossdock proof. {remedy}")
    oldest = min((one.complete_to for one in standing.proofs if one.complete_to is not None), default=standing.at)
    return Check(subject, Verdict.OK, f"Nothing that changed up to {oldest:%Y-%m-%d %H:%M:%S} UTC was missed.")


async def _agreement(hub: Hub, connection: Connection) -> Check:
    subject = f"Connection {connection.id}, both sides"
    async with hub.database.begin() as tx:
        last = (await reconciliations.latest(tx)).get(connection.id)
        open_ = await reconciliations.unsettled(tx, connection.id)
    if open_:
        first = open_[0].difference.sentence
        remedy = f"See all, and why: crossdock proof --connection {connection.id}."
        return Check(subject, Verdict.WARN, f"{len(open_)} objects differ; the first: {first}", remedy)
    if last is None:
        return Check(subject, Verdict.OK, "Not compared yet; a worker does so once a day.")
    return Check(subject, Verdict.OK, f"They agreed when they were compared at {last.began_at:%Y-%m-%d %H:%M} UTC.")


async def _backlog(hub: Hub, standing: Standing) -> Check:
    subject = f"Connection {standing.connection}, pending"
    oldest = max((one.oldest_due for one in standing.backlog), default=timedelta())
    async with hub.database.begin() as tx:
        failing = [one for one in await pending.failing(tx) if one.connection == standing.connection]
    if failing:
        first = failing[0]
        found = f"{len(failing)} objects fail again and again; the longest, {first.key}: {first.error}"
        return Check(subject, Verdict.WARN, found, "The hub goes on trying, ever more rarely.")
    if oldest > LATE:
        found = f"{standing.waiting} objects wait, the longest for {oldest.total_seconds() / 60:.0f} minutes."
        return Check(subject, Verdict.WARN, found, "Does a worker run? crossdock serve.")
    return Check(subject, Verdict.OK, f"{standing.waiting} objects wait, none for long.")


async def _held(hub: Hub, connection: Connection) -> Check:
    subject = f"Connection {connection.id}, holds"
    async with hub.database.begin() as tx:
        held = await holds.held(tx, connection.id)
    if held:
        remedy = f"See what to do: crossdock holds --connection {connection.id}."
        return Check(subject, Verdict.WARN, f"{len(held)} objects wait for a person.", remedy)
    return Check(subject, Verdict.OK, "Nothing waits for a person.")


async def _within_patience(subject: str, check: Callable[[], Awaitable[Check]]) -> Check:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await check()
    except HubError as error:
        return Check(subject, Verdict.FAIL, str(error))
    except TimeoutError:
        found = f"No answer within {PATIENCE_SECONDS:.0f} seconds."
        return Check(subject, Verdict.FAIL, found, "See whether it can be reached from this machine.")
