"""Two stores on one warehouse: each publishes all of its stock, so both may sell the last unit. Pure."""

from collections.abc import Mapping, Sequence

from crossdock.edge.checks import Check, Verdict
from crossdock.model.connection import Connection
from crossdock.model.names import ConnectionId


def shared_warehouses(
    connection: Connection, everybody: Sequence[Connection], settings: Mapping[ConnectionId, str]
) -> Check:
    """
    Say which other stores are served by this connection's warehouses.

    `settings` are the backends' settings: the same kind with the same settings is the same backend.
    """
    subject = f"Connection {connection.id}, other stores"
    mine = _warehouses(connection)
    others = [
        (other, sorted(mine & _warehouses(other)))
        for other in everybody
        if other.store != connection.store
        and other.backend == connection.backend
        and settings[other.id] == settings[connection.id]
        and mine & _warehouses(other)
    ]
    if not others:
        return Check(subject, Verdict.OK, "No other store sells from its warehouses.")
    if connection.rules.inventory.buffer:
        return Check(
            subject, Verdict.OK, f"Other stores do, and {connection.rules.inventory.buffer} units are kept back."
        )
    other, codes = others[0]
    found = (
        f"Warehouse {', '.join(codes)} also serves {other.store} (connection {other.id}). Each store offers all of its "
        "stock, so both may sell the last unit before either hears of it."
    )
    remedy = (
        f"Give each store a warehouse of its own, or keep some back: inventory.buffer in the rules of {connection.id}."
    )
    return Check(subject, Verdict.WARN, found, remedy, f"/settings/{connection.id}")


def _warehouses(connection: Connection) -> frozenset[str]:
    return frozenset(code for codes in connection.warehouses.values() for code in codes)
