"""One connection under examination: its backend, its map, its scopes, its proof, and what waits or is held."""

import asyncio
from datetime import timedelta

from crossdock.app.doctor.goods import goods_and_orders
from crossdock.app.doctor.patience import PATIENCE_SECONDS, within_patience
from crossdock.app.hub import Hub
from crossdock.edge.checks import Check, Verdict
from crossdock.edge.mapping_changes import in_force
from crossdock.kit.errors import HubError
from crossdock.kit.wording import counted
from crossdock.model.connection import Connection, OnGivenUp
from crossdock.model.flow import Flow
from crossdock.shopify.scopes import missing_scopes, needed_scopes
from crossdock.store import holds, pending, reconciliations
from crossdock.store.reads.health import Standing

LATE = timedelta(minutes=5)
"""How long something may be due before it looks as if no worker runs."""

BEHIND = timedelta(minutes=15)
"""How far the proof may be behind before it looks as if nobody sweeps; five minutes of it are Shopify's to lag."""


async def examine_connection(hub: Hub, connection: Connection, standing: Standing) -> list[Check]:
    """Check a connection; one that was not started yet is checked as far as it is set up."""
    checks = [await backend(hub, connection)]
    if standing.paused is None:
        checks += [await scopes(hub, connection), await locations(hub, connection), *await goods(hub, connection)]
    if not connection.started:
        said = "It was not started yet, so nothing is done for it."
        remedy = "Go through what is left of its set-up in the portal, and start it there."
        return [*checks, Check(_named(connection, "start"), Verdict.WARN, said, remedy, _mend(connection, "start"))]
    return [
        *checks,
        _freshness(connection, standing),
        await _agreement(hub, connection),
        await _backlog(hub, standing),
        await _held(hub, connection),
    ]


async def scopes(hub: Hub, connection: Connection) -> Check:
    """Compare what the token may do with the least that the flows need."""
    subject, mend = _named(connection, "scopes"), _mend(connection, "flows")

    async def compare() -> Check:
        cancels = connection.rules.orders.given_up.on_give_up is OnGivenUp.CANCEL
        storefront = await hub.storefront(connection.store)
        granted = await storefront.granted_scopes()
        # The map itself cannot be read without this one, and the check says so below.
        places = await storefront.locations() if "read_locations" in granted else ()
        serves = any(place.is_service and connection.warehouses.get(place.id) for place in places)
        moves_money = Flow.MONEY in connection.flows and connection.rules.money.moves_money
        async with hub.database.begin() as tx:
            mapped = await in_force(tx, connection.id)
        needed = needed_scopes(
            connection.flows,
            cancels=cancels,
            moves_money=moves_money,
            knows_customers=mapped.wishes.customer,
            serves=serves,
        )
        missing = missing_scopes(granted, needed)
        if not missing:
            return Check(subject, Verdict.OK, f"The token may do what the flows need: {', '.join(needed)}.")
        named = ", ".join(missing)
        only_reads = any(one.startswith("write_") for one in missing) and not any(
            one.startswith("write_") for one in granted
        )
        found = f"The token may only read. It lacks: {named}." if only_reads else f"The token lacks: {named}."
        remedy = (
            "Tick them for the app in the Dev Dashboard under Versions > Access scopes (an older app: in the store's "
            "admin under Settings > Apps > Develop apps > Configuration), release it and install it again; or switch "
            "the flows off that need them."
        )
        return Check(subject, Verdict.FAIL, found, remedy, mend)

    return await within_patience(subject, compare, mend)


async def goods(hub: Hub, connection: Connection) -> list[Check]:
    """Look over what the store sells and has to ship."""
    subject = _named(connection, "goods")
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await goods_and_orders(await hub.storefront(connection.store), connection)
    except HubError as error:
        return [Check(subject, Verdict.WARN, f"They could not be looked over: {error}")]
    except TimeoutError:
        return [Check(subject, Verdict.WARN, f"They were not looked over within {PATIENCE_SECONDS:.0f} seconds.")]


async def backend(hub: Hub, connection: Connection) -> Check:
    """Ask the backend for its warehouses."""
    subject = _named(connection, "backend")
    return await within_patience(subject, lambda: _backend(hub, connection), _mend(connection, "locations"))


async def locations(hub: Hub, connection: Connection) -> Check:
    """Compare the store's locations with the map."""
    subject = _named(connection, "locations")
    return await within_patience(subject, lambda: _locations(hub, connection), _mend(connection, "locations"))


def _named(connection: Connection, what: str) -> str:
    return f"Connection {connection.id}, {what}"


def _mend(connection: Connection, part: str) -> str:
    return f"/setup/connections/{connection.id}#{part}"


async def _backend(hub: Hub, connection: Connection) -> Check:
    subject = f"Connection {connection.id}, backend"
    warehouses = {one.code for one in await (await hub.backend(connection)).warehouses()}
    mapped = {code for codes in connection.warehouses.values() for code in codes}
    if mapped - warehouses:
        missing = ", ".join(sorted(mapped - warehouses))
        remedy = f"Add it there, or: crossdock unmap-location {connection.id} LOCATION {missing.split(', ')[0]}."
        found = f"It has no warehouse {missing}, which is mapped."
        return Check(subject, Verdict.FAIL, found, remedy, _mend(connection, "locations"))
    if not warehouses:
        found = f"{connection.backend} has no warehouse yet."
        remedy = "Add one there; to the hub's own, in the connection's set-up or by: crossdock warehouse add CODE NAME."
        return Check(subject, Verdict.WARN, found, remedy, _mend(connection, "locations"))
    return Check(subject, Verdict.OK, f"{connection.backend} answers; warehouses: {', '.join(sorted(warehouses))}.")


async def _locations(hub: Hub, connection: Connection) -> Check:
    subject = f"Connection {connection.id}, locations"
    locations = [one for one in await (await hub.storefront(connection.store)).locations() if one.active]
    unmapped = [one for one in locations if not connection.warehouses.get(one.id)]
    if unmapped:
        names = ", ".join(one.name for one in unmapped)
        remedy = (
            "Map them, or their orders are held: in the connection's set-up, or by: "
            f"crossdock map-location {connection.id} LOCATION WAREHOUSE."
        )
        found = f"{len(unmapped)} of {len(locations)} have no warehouse: {names}."
        return Check(subject, Verdict.WARN, found, remedy, _mend(connection, "locations"))
    return Check(subject, Verdict.OK, f"All {len(locations)} have a warehouse.")


def _freshness(connection: Connection, standing: Standing) -> Check:
    subject = f"Connection {connection.id}, proof"
    remedy = f"Start a worker: crossdock serve. Or once, by hand: crossdock sync {connection.id}."
    never = [one.flow for one in standing.proofs if one.noticed_to is None]
    if never:
        found = f"Not everything was ever asked for that concerns: {', '.join(never)}."
        return Check(subject, Verdict.WARN, found, remedy, "/proof")
    behind = [one.flow for one in standing.proofs if one.behind is not None and one.behind > BEHIND]
    if behind:
        found = f"Not known to be complete for the last {BEHIND.seconds // 60} minutes: {', '.join(behind)}."
        return Check(subject, Verdict.WARN, found, f"See what holds it back: crossdock proof. {remedy}", "/proof")
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
        found = f"{len(open_)} objects differ; the first: {first}"
        return Check(subject, Verdict.WARN, found, remedy, "/proof")
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
        return Check(
            subject, Verdict.WARN, f"Held for a person to decide: {counted(len(held), 'object')}.", remedy, "/holds"
        )
    return Check(subject, Verdict.OK, "Nothing waits for a person.")
