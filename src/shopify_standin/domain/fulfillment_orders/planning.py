"""
Decide which location ships which units of an order.

Locations are asked in order of their priority (their age here). The first that has everything ships everything;
where none has, lines go to the first that has all of the line, and units that nobody has stay with the first
location that stocks the item. An order of which nothing is stocked goes to the youngest location (recorded 2026-04).
"""

from shopify_standin.domain.inventory.stock import level_at
from shopify_standin.model.places import Location
from shopify_standin.model.sales import LineItem, Order, Share
from shopify_standin.world import World


def plan(world: World, order: Order) -> list[Share]:
    """Shares that together are the whole order; empty where the shop has no location that ships."""
    counted = [line for line in order.lines if _is_counted(world, line)]
    places = [x for x in world.locations if x.is_active and x.fulfills_online_orders and _serves(world, x, counted)]
    if not places:
        return []
    if not counted:
        places.reverse()
    for place in places:
        if _has_all(world, place, counted):
            return [Share(place.id, line.id, line.quantity) for line in order.lines]
    return _split(world, places, order.lines)


def plan_among(world: World, places: list[Location], wanted: list[tuple[LineItem, int]]) -> Location | None:
    """The first of some locations that has all of what is wanted, else the first of them."""
    counted = [(line.item_id or 0, units) for line, units in wanted if _is_counted(world, line)]
    able = (x for x in places if all(_available(world, item, x.id) >= units for item, units in counted))
    return next(able, places[0] if places else None)


def _serves(world: World, place: Location, counted: list[LineItem]) -> bool:
    """A fulfillment service's location only comes in question for what it stocks (recorded 2026-04)."""
    return place.service_id is None or any(level_at(world, line.item_id or 0, place.id) for line in counted)


def _is_counted(world: World, line: LineItem) -> bool:
    return line.item_id is not None and world.items[line.item_id].tracked


def _has_all(world: World, place: Location, lines: list[LineItem]) -> bool:
    wanted: dict[int, int] = {}
    for line in lines:
        wanted[line.item_id or 0] = wanted.get(line.item_id or 0, 0) + line.quantity
    return all(_available(world, item_id, place.id) >= units for item_id, units in wanted.items())


def _available(world: World, item_id: int, place_id: int) -> int:
    level = level_at(world, item_id, place_id)
    return 0 if level is None else level.available


def _split(world: World, places: list[Location], lines: list[LineItem]) -> list[Share]:
    left: dict[tuple[int, int], int] = {}
    shares: list[Share] = []
    anywhere: list[LineItem] = []
    for line in lines:
        if not _is_counted(world, line):
            anywhere.append(line)
            continue
        shares += _shares_of(world, places, line, left)
    home = shares[0].location_id if shares else places[0].id
    shares += [Share(home, line.id, line.quantity) for line in anywhere]
    order_of = {line.id: index for index, line in enumerate(lines)}
    return sorted(shares, key=lambda share: order_of[share.line_item_id])


def _shares_of(world: World, places: list[Location], line: LineItem, left: dict[tuple[int, int], int]) -> list[Share]:
    item_id = line.item_id or 0
    for place in places:
        left.setdefault((item_id, place.id), _available(world, item_id, place.id))
    whole = next((p for p in places if left[item_id, p.id] >= line.quantity), None)
    if whole is not None:
        left[item_id, whole.id] -= line.quantity
        return [Share(whole.id, line.id, line.quantity)]
    units: dict[int, int] = {}
    missing = line.quantity
    for place in places:
        take = min(missing, max(0, left[item_id, place.id]))
        if take:
            units[place.id] = take
            left[item_id, place.id] -= take
            missing -= take
    if missing:
        home = next((p.id for p in places if level_at(world, item_id, p.id)), places[0].id)
        units[home] = units.get(home, 0) + missing
    return [Share(place_id, line.id, count) for place_id, count in units.items()]
