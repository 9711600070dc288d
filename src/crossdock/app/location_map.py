"""Which warehouse serves which location: named by people, checked against both sides, and then told to the flows."""

from collections.abc import Sequence

from crossdock.app.hub import Hub
from crossdock.edge.tying import Mapped
from crossdock.kit.errors import UsageError
from crossdock.model.called import number_of
from crossdock.model.catalog import Location
from crossdock.model.connection import Connection
from crossdock.model.deed import Deed
from crossdock.model.flow import Flow
from crossdock.model.ledger import News
from crossdock.model.names import ConnectionId, WarehouseCode
from crossdock.model.people import Actor
from crossdock.pending.mark import mark, release
from crossdock.ports.backend import Warehouse
from crossdock.store import audit, connections, level_news, links, locations
from crossdock.store.database import Tx


async def map_location(hub: Hub, by: Actor, id_: ConnectionId, location: str, warehouse: str) -> Mapped:
    """
    Let a warehouse serve a location; what was held for want of it is looked at again, and all stock is.

    A warehouse may serve several; the rules say what each is offered of its stock. Raises UsageError, naming what
    there is, where one side does not have it.
    """
    connection = await hub.connection(id_)
    place = location_of(location, await (await hub.storefront(connection.store)).locations(), connection)
    code = warehouse_of(warehouse, await (await hub.backend(connection)).warehouses(), connection)
    if code in connection.warehouses.get(place.id, ()):
        return Mapped(id_, place.id, place.name, code, changed=False)
    async with hub.database.begin() as tx:
        await serve(tx, by, id_, place, code)
    return Mapped(id_, place.id, place.name, code, changed=True)


async def unmap_location(hub: Hub, by: Actor, id_: ConnectionId, location: str, warehouse: str) -> Mapped:
    """Take a warehouse away from a location. Raises UsageError where it does not serve it."""
    connection = await hub.connection(id_)
    place = location_of(location, await (await hub.storefront(connection.store)).locations(), connection)
    code = WarehouseCode(warehouse)
    served = connection.warehouses.get(place.id, ())
    if code not in served:
        served_by = ", ".join(served) or "none"
        raise UsageError(f"Warehouse {warehouse} does not serve {place.name} in {id_}. It is served by: {served_by}.")
    async with hub.database.begin() as tx:
        await take_away(tx, by, id_, place, code)
    return Mapped(id_, place.id, place.name, code, changed=True)


async def serve(tx: Tx, by: Actor, id_: ConnectionId, place: Location, code: WarehouseCode) -> None:
    """Let a warehouse serve a location that is known to be there, as it is; tell the flows, and the audit trail."""
    await connections.map_location(tx, id_, place.id, code)
    await locations.learn(tx, id_, {place.id: place.name})
    await audit.record(tx, by, Deed.LOCATION_MAPPED, id_, after={"location": place.name, "warehouse": code})
    await release(tx, id_, [place.id], f"{place.name} has a warehouse now")
    stocked = await links.all_inventory_items(tx, id_)
    # What Shopify stocks there may never have been read, as nobody was to write it.
    await level_news.append(tx, id_, News.CHANGED, [(item, place.id) for item in stocked])
    await mark(tx, id_, Flow.INVENTORY, stocked, f"warehouse {code} serves {place.name} now")


async def take_away(tx: Tx, by: Actor, id_: ConnectionId, place: Location, code: WarehouseCode) -> None:
    """Take a warehouse away from a location; tell the flows, and the audit trail."""
    await connections.unmap_location(tx, id_, place.id, code)
    await audit.record(tx, by, Deed.LOCATION_UNMAPPED, id_, before={"location": place.name, "warehouse": code})
    stocked = await links.all_inventory_items(tx, id_)
    await mark(tx, id_, Flow.INVENTORY, stocked, f"warehouse {code} serves {place.name} no longer")


def location_of(text: str, locations: Sequence[Location], connection: Connection) -> Location:
    """Return the location of a name, number or gid. Raises UsageError, naming those that there are."""
    found = [one for one in locations if text in {one.id, number_of(one.id)}]
    found = found or [one for one in locations if one.name.casefold() == text.strip().casefold()]
    if len(found) == 1:
        return found[0]
    known = ", ".join(f"{one.name} ({number_of(one.id)})" for one in locations)
    if found:
        raise UsageError(f"{connection.store} has several locations called {text!r}. Name one by its number: {known}.")
    raise UsageError(f"{connection.store} has no location {text!r}. It has: {known or 'none'}.")


def warehouse_of(text: str, warehouses: Sequence[Warehouse], connection: Connection) -> WarehouseCode:
    """Return the code of a warehouse that is there. Raises UsageError, naming those that there are."""
    for warehouse in warehouses:
        if warehouse.code == text:
            return warehouse.code
    known = ", ".join(f"{one.code} ({one.name})" for one in warehouses)
    raise UsageError(f"The backend of {connection.id} has no warehouse {text!r}. It has: {known or 'none yet'}.")
