"""Applying a configuration: checked against both sides first, then done in one transaction, all of it or nothing."""

import contextlib
import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import assert_never

from crossdock.app.hub import Hub
from crossdock.app.location_map import location_of, serve, take_away, warehouse_of
from crossdock.app.plugins import backend_of
from crossdock.app.setup import possible_flows
from crossdock.edge.alert_changes import NewAlert, add_alert, read_amount, remove_alert
from crossdock.edge.configuration.current import connection_part, current
from crossdock.edge.configuration.differences import (
    AddAlert,
    RemoveAlert,
    SaveMapping,
    Serve,
    SetRule,
    Step,
    SwitchFlows,
    differences,
)
from crossdock.edge.configuration.document import AlertPart, Configuration, ConnectionPart
from crossdock.edge.flow_changes import switch_flows
from crossdock.edge.mapping_changes import save_mapping
from crossdock.edge.rule_changes import change_rules
from crossdock.edge.written_rules import with_settings
from crossdock.kit.errors import HubError, UsageError
from crossdock.model.alert import Topic
from crossdock.model.called import GID
from crossdock.model.catalog import Location
from crossdock.model.connection import Connection
from crossdock.model.names import ConnectionId, WarehouseCode
from crossdock.model.people import Actor
from crossdock.store import mappings
from crossdock.store.database import Tx

_LOCATION = re.compile(f'"{GID}(\\d+)"')
_Places = Mapping[Serve, tuple[Location, WarehouseCode]]


async def apply(hub: Hub, by: Actor, wanted: Configuration, shown: Sequence[Step]) -> None:
    """
    Do what a person was shown.

    Raises UsageError where the installation was changed meanwhile, or where a step cannot be done; then none is.
    """
    places = {step: await _place(hub, step) for step in shown if isinstance(step, Serve)}
    async with hub.database.begin() as tx:
        if list(differences(await current(tx), wanted)) != list(shown):
            raise UsageError("The installation was changed while you looked. Look at the differences again.")
        for connection, rules in _rules_of(shown).items():
            await change_rules(tx, by, connection, partial(with_settings, settings=rules))
        for step in shown:
            await _do(hub, tx, by, step, places)
    for step in shown:
        if isinstance(step, SwitchFlows):
            with contextlib.suppress(HubError):  # the hourly watch repairs what cannot be now
                await hub.watch_subscriptions((await hub.connection(step.connection)).store)


async def clone(hub: Hub, source: ConnectionId, target: ConnectionId) -> Configuration:
    """
    Return the configuration by which a connection is set as another is.

    Locations are found again by their names. Raises UsageError where one has no namesake in the other's store.
    """
    model, copy = await hub.connection(source), await hub.connection(target)
    theirs = {one.id.rsplit("/", 1)[-1]: one.name for one in await _locations(hub, model)}
    ours = {one.name: one.id.rsplit("/", 1)[-1] for one in await _locations(hub, copy)}
    async with hub.database.begin() as tx:
        part = connection_part(model, await mappings.newest(tx, source))

    def namesake(number: str) -> str:
        name = theirs.get(number, number)
        if name not in ours:
            raise UsageError(f"{copy.store} has no location {name!r}, as {model.store} has. Add it in Shopify first.")
        return ours[name]

    rules = {
        name: _LOCATION.sub(lambda found: f'"{GID}{namesake(found[1])}"', text)
        for name, text in part.rules.items()
        if name != "inventory.mode"
    }
    warehouses = {namesake(number): codes for number, codes in (part.warehouses or {}).items()}
    cloned = ConnectionPart(
        store=copy.store,
        backend=copy.backend,
        flows=part.flows,
        warehouses=warehouses,
        rules=rules,
        fields=part.fields if model.backend == copy.backend else None,  # other backends take other fields
    )
    return Configuration(connections={target: cloned})


async def _do(hub: Hub, tx: Tx, by: Actor, step: Step, places: _Places) -> None:
    match step:
        case SwitchFlows(connection, flows):
            kind = (await hub.connection(connection)).backend
            await switch_flows(tx, by, connection, flows, possible_flows(backend_of(kind).manifest.capabilities))
        case Serve(connection):
            place, code = places[step]
            await (serve if step.serves else take_away)(tx, by, connection, place, code)
        case SetRule():
            pass  # all rules of a connection are set together, for some make sense only so
        case SaveMapping(connection, mapping):
            specs = backend_of((await hub.connection(connection)).backend).manifest.fields
            await save_mapping(tx, by, connection, mapping, specs, "from a configuration file")
        case RemoveAlert(name):
            await remove_alert(tx, by, name)
        case AddAlert(name, part):
            await add_alert(tx, by, _new_alert(name, part))
        case _:
            assert_never(step)


def _rules_of(steps: Sequence[Step]) -> Mapping[ConnectionId, Sequence[str]]:
    found: dict[ConnectionId, list[str]] = {}
    for step in steps:
        if isinstance(step, SetRule):
            found.setdefault(step.connection, []).append(f"{step.name}={step.text}")
    return found


async def _place(hub: Hub, step: Serve) -> tuple[Location, WarehouseCode]:
    connection = await hub.connection(step.connection)
    place = location_of(step.location, await _locations(hub, connection), connection)
    if not step.serves:
        return place, WarehouseCode(step.warehouse)
    return place, warehouse_of(step.warehouse, await (await hub.backend(connection)).warehouses(), connection)


async def _locations(hub: Hub, connection: Connection) -> Sequence[Location]:
    return await (await hub.storefront(connection.store)).locations()


def _new_alert(name: str, part: AlertPart) -> NewAlert:
    return NewAlert(
        name=name,
        topic=part.topic,
        channel=part.channel,
        least=None if part.topic is Topic.ORDER else part.least,
        store=part.store,
        causes=frozenset(part.causes),
        tag=part.tag,
        amount=read_amount(part.amount),
        user=part.user,
        quiet=part.quiet,
        urgent=part.urgent,
    )
