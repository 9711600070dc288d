"""`draftOrderCreate`, `…Update`, `…Duplicate`, `…Delete` and `…InvoiceSend` (no mail is sent; texts assumed)."""

from dataclasses import replace
from datetime import datetime

from shopify_standin.clock import moment_from
from shopify_standin.domain.draft_orders.describing import describe_draft
from shopify_standin.domain.draft_orders.reserving import give_back, reserve_until
from shopify_standin.domain.metafields.writing import forget_owner, set_inline
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.drafts import Draft
from shopify_standin.registry import Args, mutation
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads.draft_orders import draft_payload
from shopify_standin.world import World


@mutation("draftOrderCreate")
def draft_order_create(world: World, args: Args) -> JsonObject:
    """A draft with one line at least."""
    given = args["input"]
    draft = _blank(world)
    describe_draft(world, draft, {**given, "lineItems": given.get("lineItems") or []})
    until = _reservation_end(world, given)
    errors = set_inline(world, draft, given.get("metafields"), ["input", "metafields"])
    if errors:
        raise Refused(*errors)
    reserve_until(world, draft, until)
    return _kept(world, draft)


@mutation("draftOrderUpdate")
def draft_order_update(world: World, args: Args) -> JsonObject:
    """Change what is given; lines given replace all lines."""
    draft = draft_named(world, args["id"], ["id"])
    if draft.status == "COMPLETED":
        raise Refused(user_error(["id"], "This draft order has been completed and can no longer be changed."))
    given, changed = args["input"], replace(draft)
    describe_draft(world, changed, given)
    until = _reservation_end(world, given) if "reserveInventoryUntil" in given else draft.reserved_until
    errors = set_inline(world, draft, given.get("metafields"), ["input", "metafields"])
    if errors:
        raise Refused(*errors)
    draft = world.drafts.add(changed)
    if "lineItems" in given or "reserveInventoryUntil" in given:
        reserve_until(world, draft, until)
    tell_draft(world, draft, "DRAFT_ORDERS_UPDATE")
    return {"draftOrder": draft, "userErrors": []}


@mutation("draftOrderDuplicate")
def draft_order_duplicate(world: World, args: Args) -> JsonObject:
    """An open draft with the same lines and terms."""
    known = draft_named(world, args.get("id") or args.get("draftOrderId") or "", ["id"])
    fresh = _blank(world)
    draft = replace(
        known, id=fresh.id, name=fresh.name, created_at=fresh.created_at, updated_at=fresh.updated_at, status="OPEN",
        tags=list(known.tags), invoice_sent_at=None, completed_at=None, order_id=None, reserved_until=None,
        reservations=[],
    )  # fmt: skip
    draft.lines = [replace(line, id=world.ids.next(line.TYPE), draft_id=draft.id) for line in known.lines]
    return _kept(world, draft)


@mutation("draftOrderDelete")
def draft_order_delete(world: World, args: Args) -> JsonObject:
    """Drop a draft; the order that was made of it stays."""
    draft = draft_named(world, args["input"]["id"], ["id"])
    give_back(world, draft)
    forget_owner(world, draft.gid)
    world.drafts.remove(draft.id)
    emit(world, "DRAFT_ORDERS_DELETE", lambda: {"id": draft.id})
    return {"deletedId": draft.gid, "userErrors": []}


@mutation("draftOrderInvoiceSend")
def draft_order_invoice_send(world: World, args: Args) -> JsonObject:
    """Note that the customer was sent an invoice."""
    draft = draft_named(world, args["id"], ["id"])
    if not ((args.get("email") or {}).get("to") or draft.email):
        raise Refused(user_error(["email", "to"], "To can't be blank"))
    draft.invoice_sent_at = world.now()
    if draft.status == "OPEN":
        draft.status = "INVOICE_SENT"
    tell_draft(world, draft, "DRAFT_ORDERS_UPDATE")
    return {"draftOrder": draft, "userErrors": []}


def draft_named(world: World, value: str, path: list[str]) -> Draft:
    """The draft with this global id; raises Refused where there is none."""
    draft = world.drafts.get(number_of(value, "DraftOrder"))
    if draft is None:
        raise Refused(user_error(path, "Draft order does not exist"))
    return draft


def tell_draft(world: World, draft: Draft, topic: str) -> None:
    """Tell subscribers about a draft."""
    emit(world, topic, lambda: draft_payload(world, draft))


def _reservation_end(world: World, given: JsonObject) -> datetime | None:
    end = moment_from(given.get("reserveInventoryUntil"))
    if end is not None and end <= world.now():
        raise Refused(user_error(["input", "reserveInventoryUntil"], "Reserve inventory until must be in the future"))
    return end


def _blank(world: World) -> Draft:
    now = world.now()
    number = world.ids.next("DraftOrder")
    return Draft(number, f"#D{world.ids.used['DraftOrder']}", now, now)


def _kept(world: World, draft: Draft) -> JsonObject:
    world.drafts.add(draft)
    tell_draft(world, draft, "DRAFT_ORDERS_CREATE")
    return {"draftOrder": draft, "userErrors": []}
