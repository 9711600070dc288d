"""What an installation is set to now."""

from crossdock.edge.configuration.document import AlertPart, Configuration, ConnectionPart
from crossdock.edge.rule_texts import rule_texts
from crossdock.edge.written_mappings import written_sources
from crossdock.model.alert import Alert
from crossdock.model.called import number_of
from crossdock.model.connection import Connection
from crossdock.store import alerts, connections, mappings, users
from crossdock.store.database import Tx
from crossdock.store.mappings import Version


async def current(tx: Tx) -> Configuration:
    """Return everything that a file can say."""
    everybody = {user.id: user.email for user in await users.listed(tx)}
    return Configuration(
        connections={
            one.id: connection_part(one, await mappings.newest(tx, one.id)) for one in await connections.listed(tx)
        },
        alerts={
            one.name: _alert(one, "" if one.user is None else everybody.get(one.user, ""))
            for one in await alerts.listed(tx)
        },
    )


def connection_part(connection: Connection, mapped: Version | None) -> ConnectionPart:
    """Return what a file says of a connection; of its fields nothing, where they were never mapped."""
    return ConnectionPart(
        store=connection.store,
        backend=connection.backend,
        flows=tuple(sorted(connection.flows)),
        warehouses={number_of(location): tuple(sorted(codes)) for location, codes in connection.warehouses.items()},
        rules=rule_texts(connection.rules),
        fields=None if mapped is None else written_sources(mapped.mapping),
    )


def _alert(alert: Alert, user: str) -> AlertPart:
    interest = alert.interest
    return AlertPart(
        topic=interest.topic,
        channel=alert.channel,
        least=interest.least,
        store=interest.store or "",
        causes=tuple(sorted(interest.causes)),
        tag=interest.tag or "",
        amount="" if interest.amount is None else str(interest.amount),
        user=user,
        quiet="" if alert.quiet is None else str(alert.quiet),
        urgent=alert.urgent,
    )
