"""What people change in a shop about orders that were placed: what is in them, where it ships from, what comes back."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from tests.storm.script import Happening, What
from tests.storm.shop import VERSION, StormShop

from shopify_standin.call import Call, Caller
from shopify_standin.domain.fulfillment_orders.holding import fulfillment_order_hold, fulfillment_order_release_hold
from shopify_standin.domain.fulfillment_orders.moving import MOVABLE, fulfillment_order_move
from shopify_standin.domain.fulfillment_orders.splitting import fulfillment_order_merge, fulfillment_order_split
from shopify_standin.domain.order_edits.beginning import order_edit_begin
from shopify_standin.domain.order_edits.committing import order_edit_commit
from shopify_standin.domain.order_edits.staging import add_variant, set_quantity
from shopify_standin.domain.orders.changing import order_update
from shopify_standin.domain.orders.paying import markable_as_paid, order_mark_as_paid
from shopify_standin.domain.returns.ending import remove_from_return, return_cancel
from shopify_standin.domain.returns.opening import return_create, return_request
from shopify_standin.domain.returns.status import returnable_units
from shopify_standin.errors import Refused
from shopify_standin.model.edits import Edit
from shopify_standin.model.sales import Order
from shopify_standin.model.shipping import FulfillmentOrder

Change = Callable[[StormShop, Happening], str | None]


def make_a_change(shop: StormShop, how: Happening) -> str | None:
    """Let people do what the script says; return what it was, None where the shop does not let them."""
    try:
        did = _CHANGES[how.what](shop, how)
    except Refused:
        return None
    shop.catch_up()
    return did


def _edit(shop: StormShop, how: Happening) -> str | None:
    """More of a line, less of it, or another line."""
    orders = [one for one in shop.world.orders if one.cancelled_at is None and one.fulfillment_order_ids]
    if not orders:
        return None
    order = orders[how.among(len(orders))]
    edit: Edit = order_edit_begin(shop.world, {"id": order.gid})["calculatedOrder"]
    said = _more(shop, edit, how) if not edit.lines or how.among(4, of=1) == 0 else _more_or_less(shop, edit, how)
    order_edit_commit(shop.world, {"id": edit.gid})
    shop.touched.add(order.id)
    if how.among(2, of=5):
        _settle(shop, order)
    return f"{order.name}: {said}"


def _more_or_less(shop: StormShop, edit: Edit, how: Happening) -> str:
    line = edit.lines[how.among(len(edit.lines), of=2)]
    units = line.locked + how.among(line.quantity - line.locked + 2, of=3)
    restock = bool(how.among(2, of=4))
    said = f"{units} of {line.title} in place of {line.quantity}{'' if restock else ', not put back'}"
    set_quantity(shop.world, {"id": edit.gid, "lineItemId": line.gid, "quantity": units, "restock": restock})
    return said


def _more(shop: StormShop, edit: Edit, how: Happening) -> str:
    variants = list(shop.world.variants)
    variant = variants[how.among(len(variants), of=2)]
    asked = {"id": edit.gid, "variantId": variant.gid, "quantity": 1, "allowDuplicates": True}
    line = add_variant(shop.world, asked)["calculatedLineItem"]
    return f"1 {line['title']} more"


def _pay(shop: StormShop, how: Happening) -> str | None:
    orders = [one for one in shop.world.orders if markable_as_paid(one)]
    if not orders:
        return None
    order = orders[how.among(len(orders))]
    _settle(shop, order)
    return order.name


def _settle(shop: StormShop, order: Order) -> None:
    if markable_as_paid(order):
        order_mark_as_paid(shop.world, {"input": {"id": order.gid}})


def _rewrite(shop: StormShop, how: Happening) -> str | None:
    orders = [one for one in shop.world.orders if one.cancelled_at is None]
    if not orders:
        return None
    order, street = orders[how.among(len(orders))], f"Quay {how.among(90, of=2)}"
    address = {"firstName": "Ada", "lastName": "Abel", "address1": street, "city": "Ottawa", "countryCode": "CA"}
    change = {"shippingAddress": address} if how.among(2, of=1) else {"note": f"Ring at {street}"}
    order_update(shop.world, {"input": {"id": order.gid, **change}})
    shop.touched.add(order.id)
    return f"{order.name}: {', '.join(change)}"


# --- where it ships from, and whether -----------------------------------------------------------------------------


def _part(shop: StormShop, how: Happening, states: Sequence[str] | frozenset[str]) -> FulfillmentOrder | None:
    parts = [part for part in shop.parts() if part.status in states and part.remaining]
    return parts[how.among(len(parts))] if parts else None


def _some(part: FulfillmentOrder, how: Happening) -> list[dict[str, object]]:
    """Some units of one line."""
    lines = [line for line in part.lines if line.remaining]
    line = lines[how.among(len(lines), of=3)]
    return [{"id": line.gid, "quantity": 1 + how.among(line.remaining, of=4)}]


def _split(shop: StormShop, how: Happening) -> str | None:
    part = _part(shop, how, ("OPEN",))
    if part is None:
        return None
    units = _some(part, how)
    asked = {"fulfillmentOrderId": part.gid, "fulfillmentOrderLineItems": units}
    fulfillment_order_split(shop.world, {"fulfillmentOrderSplits": [asked]})
    return _touched(shop, part, f"{units[0]['quantity']} of {part.gid}")


def _merge(shop: StormShop, how: Happening) -> str | None:
    part = _part(shop, how, ("OPEN",))
    others = [
        one
        for one in shop.parts()
        if part is not None
        and one is not part
        and one.remaining
        and (one.status, one.order_id, one.assigned.location_id)
        == (part.status, part.order_id, part.assigned.location_id)
    ]
    if part is None or not others:
        return None
    intents = [{"fulfillmentOrderId": one.gid} for one in (part, *others)]
    fulfillment_order_merge(shop.world, {"fulfillmentOrderMergeInputs": [{"mergeIntents": intents}]})
    return _touched(shop, part, f"{len(others)} into {part.gid}")


def _move(shop: StormShop, how: Happening) -> str | None:
    part = _part(shop, how, MOVABLE)
    places = [one for one in shop.world.locations if part is not None and one.id != part.assigned.location_id]
    if part is None or not places:
        return None
    place = places[how.among(len(places), of=1)]
    units = _some(part, how) if how.among(2, of=2) else None
    asked = {"id": part.gid, "newLocationId": place.gid, "fulfillmentOrderLineItems": units}
    fulfillment_order_move(shop.world, asked)
    return _touched(shop, part, f"{part.gid} to {place.name}{' in part' if units else ''}")


def _hold(shop: StormShop, how: Happening) -> str | None:
    part = _part(shop, how, ("OPEN", "IN_PROGRESS"))
    if part is None:
        return None
    units = _some(part, how) if how.among(3, of=2) == 0 and part.status == "OPEN" else None
    asked = {"reason": "OTHER", "fulfillmentOrderLineItems": units}
    call = Call(shop.world, VERSION, {}, Caller(shop.another_app, shop.standin.registrar))
    fulfillment_order_hold(shop.world, {"id": part.gid, "fulfillmentHold": asked}, call)
    return _touched(shop, part, f"{part.gid}{' in part' if units else ''}")


def _release(shop: StormShop, how: Happening) -> str | None:
    part = _part(shop, how, ("ON_HOLD",))
    if part is None:
        return None
    ours = [(part.id, one.reason_notes) for one in shop.holds(ours=True) if one.fulfillment_order_id == part.id]
    fulfillment_order_release_hold(shop.world, {"id": part.gid})
    shop.let_go.update(ours)
    return _touched(shop, part, part.gid)


def _touched(shop: StormShop, part: FulfillmentOrder, what: str) -> str:
    shop.touched.add(part.order_id)
    return f"{shop.world.orders[part.order_id].name}: {what}"


# --- what comes back ----------------------------------------------------------------------------------------------


def _request_return(shop: StormShop, how: Happening) -> str | None:
    world = shop.world
    shipped = [
        (order, line, units)
        for order in world.orders
        for number in order.fulfillment_ids
        if world.fulfillments[number].status == "SUCCESS"
        for line in world.fulfillments[number].lines
        if (units := returnable_units(world, order, line))
    ]
    if not shipped:
        return None
    order, line, most = shipped[how.among(len(shipped))]
    row = {"fulfillmentLineItemId": line.gid, "quantity": 1 + how.among(most, of=1), "returnReason": "UNWANTED"}
    asked = {"orderId": order.gid, "returnLineItems": [row]}
    if how.among(2, of=2):
        made = return_request(world, {"input": asked})["return"]
    else:
        made = return_create(world, {"returnInput": asked})["return"]
    shop.touched.add(order.id)
    return f"{made.name}: {row['quantity']} units"


def _end_return(shop: StormShop, how: Happening) -> str | None:
    returns = [one for one in shop.world.returns if one.status in {"REQUESTED", "OPEN"}]
    if not returns:
        return None
    one = returns[how.among(len(returns))]
    if how.among(2, of=1):
        return_cancel(shop.world, {"id": one.gid})
        return f"{one.name} is cancelled"
    asked = [{"returnLineItemId": one.lines[-1].gid, "quantity": 1}]
    remove_from_return(shop.world, {"returnId": one.gid, "returnLineItems": asked})
    return f"{one.name} has 1 unit less"


_CHANGES: Final[Mapping[What, Change]] = {
    What.EDIT: _edit,
    What.REWRITE: _rewrite,
    What.PAY: _pay,
    What.SPLIT: _split,
    What.MERGE: _merge,
    What.MOVE: _move,
    What.HOLD: _hold,
    What.RELEASE: _release,
    What.REQUEST_RETURN: _request_return,
    What.END_RETURN: _end_return,
}
IN_THE_SHOP: Final = frozenset(_CHANGES)
