"""A backend is asked again for a request that it may have lost; never where goods might leave twice."""

from crossdock.kit.errors import UsageError
from crossdock.model.deed import Deed
from crossdock.model.flow import Flow
from crossdock.model.names import RequestKey
from crossdock.model.people import Actor
from crossdock.model.request import WorkState
from crossdock.model.state import OrderState
from crossdock.pending.mark import mark
from crossdock.store import audit, requests, timeline
from crossdock.store.database import Tx
from crossdock.store.reads.order import Request, Story


async def resend(tx: Tx, by: Actor, story: Story, named: str | None = None) -> Request:
    """
    Have the backend asked again for one request of an order, by its name or key, and return it.

    The next look asks whether the backend has it, and sends it, under its key, only where it does not. Raises
    UsageError, with what to do instead, where it cannot be lost or goods might leave twice.
    """
    order, request = story.order, request_named(story, named)
    why_not = problem_with(story, request)
    if why_not is not None:
        raise UsageError(why_not)
    if not await requests.doubted(tx, order.connection, RequestKey(request.fulfillment_order)):
        raise UsageError(f"{request.name} has just changed. Read how it stands, and try again.")
    await mark(tx, order.connection, Flow.ORDERS, [order.order_id], f"{by.name} had it sent again")
    sentence = f"{by.name} has {order.backend} asked again for {request.name}; it said {request.reference} before."
    await timeline.tell(tx, order.connection, order.order_id, Flow.ORDERS, "resent", sentence)
    before = {"request": request.name, "reference": request.reference}
    await audit.record(tx, by, Deed.REQUEST_RESENT, f"{order.connection} {order.name}", before=before)
    return request


def request_named(story: Story, named: str | None) -> Request:
    """Return a request by its name or key, the only one where none is named. Raises UsageError."""
    found = [one for one in story.requests if named is None or named in {one.name, one.fulfillment_order}]
    if len(found) == 1:
        return found[0]
    name, all_ = story.order.name, ", ".join(one.name for one in story.requests)
    if not story.requests:
        raise UsageError(f"Nothing was asked for {name} yet. See what it waits for: crossdock orders show {name}.")
    if named is None:
        raise UsageError(f"{name} was asked for in several requests. Say which: {all_}.")
    raise UsageError(f"{name} has no request {named}. It has: {all_}.")


def problem_with(story: Story, request: Request) -> str | None:
    """Why a request is not sent again, None where it may be."""
    name, backend = request.name, story.order.backend
    gone = [one for one in story.packages if one.request == name and one.taken_back_at is None]
    if request.reference is None:
        return f"{name} is being asked for already: {backend}'s answer is not known yet. Have it looked at again."
    if story.order.state is OrderState.CANCELLED:
        return f"{story.order.name} is cancelled on Shopify, so nothing is sent again."
    if request.state == WorkState.CANCELLED:
        return (
            f"{backend} cancelled {name} ({request.reference}). What is still to ship is asked for by a new look; "
            "what it gave up, a person decides about."
        )
    if gone or request.state == WorkState.SHIPPED:
        left = f"package {gone[0].package} left for it" if gone else f"{backend} says that it has shipped"
        return f"{name}: {left}, so sending it again might ship the goods twice."
    if request.forgotten:
        return f"Whoever {name} is for was forgotten, so nobody knows where to send it."
    return None
