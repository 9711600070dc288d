"""The page of one order, and what people do about it there."""

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from crossdock.edge.asking import look_at_order
from crossdock.edge.decision import decision
from crossdock.edge.desk import Desk, TheDesk
from crossdock.edge.order_answers import answer_hold, words_for
from crossdock.edge.overriding import LONGEST_WHY, override, undo_override
from crossdock.edge.portal.pages import frame
from crossdock.edge.portal.rendering import back_to, order_path, page
from crossdock.edge.recognizing import Visitor
from crossdock.edge.refund_changes import refund_words
from crossdock.edge.replaying import Compared, Planned, compared
from crossdock.edge.resending import problem_with, resend
from crossdock.edge.said import Said, SaidOfOrder, said_of_order
from crossdock.edge.visitors import Operator, Viewer
from crossdock.kit.errors import HubError, UsageError
from crossdock.model.answer import Word
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, OrderId
from crossdock.model.override import FIELDS, OF_THE_ORDER
from crossdock.model.request_field import FieldSpec
from crossdock.model.state import OrderState
from crossdock.store import connections
from crossdock.store.database import Tx
from crossdock.store.reads import health, order
from crossdock.store.reads.order import Story

router = APIRouter(include_in_schema=False)

_WHICH: Final = "value."
_WAS: Final = "was."


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the page shows beside what is kept: how it would be decided upon now, or what went wrong."""

    plans: Sequence[Planned] = ()
    requests: Sequence[Compared] = ()
    wrong: str | None = None


_KEPT: Final = _Shown()


@router.get("/orders/{connection}/{name:path}")
async def show_order(desk: TheDesk, visitor: Viewer, connection: str, name: str) -> HTMLResponse:
    """Show one order's story."""
    async with desk.database.begin() as tx:
        story = await order.story(tx, ConnectionId(connection), name)
    return await _page(desk, visitor, story, connection, name)


@router.post("/look-again")
async def look_again_at_an_order(
    desk: TheDesk,
    visitor: Operator,
    connection: Annotated[str, Form()],
    order_id: Annotated[str, Form()],
    back: Annotated[str, Form()] = "/",
) -> RedirectResponse:
    """Have all flows of an order look at it again."""
    async with desk.database.begin() as tx:
        await look_at_order(tx, visitor.actor, ConnectionId(connection), OrderId(order_id))
    return back_to(back)


@router.post("/answer")
async def answer_a_hold(
    desk: TheDesk,
    visitor: Operator,
    connection: Annotated[str, Form()],
    order_id: Annotated[str, Form()],
    word: Annotated[Word, Form()],
    read: Annotated[str, Form()],
    back: Annotated[str, Form()] = "/",
) -> RedirectResponse:
    """Say a word to an order's hold; where it is held for something else by now, its page says so."""
    with contextlib.suppress(UsageError):
        async with desk.database.begin() as tx:
            await answer_hold(tx, visitor.actor, ConnectionId(connection), OrderId(order_id), order_id, word, read)
    return back_to(back)


@router.post("/order/replay")
async def replay_order(
    desk: TheDesk, visitor: Operator, connection: Annotated[str, Form()], order_id: Annotated[str, Form()]
) -> HTMLResponse:
    """Show what would be decided and asked now, beside what was asked. Nothing is done."""
    id_, key = ConnectionId(connection), OrderId(order_id)
    try:
        found = await desk.replay(id_, key)
    except HubError as error:
        return await _again(desk, visitor, id_, key, str(error))
    specs = await desk.fields_of(id_)
    async with desk.database.begin() as tx:
        story = await order.story_by_id(tx, id_, key)
    return await _page(desk, visitor, story, connection, order_id, _Shown(found.plans, compared(found, specs)))


@router.post("/order/resend")
async def resend_request(
    desk: TheDesk,
    visitor: Operator,
    connection: Annotated[str, Form()],
    order_id: Annotated[str, Form()],
    request: Annotated[str, Form(max_length=300)],
) -> Response:
    """Have the backend asked again for one request."""

    async def do(tx: Tx, story: Story, _specs: Sequence[FieldSpec]) -> None:
        await resend(tx, visitor.actor, story, request)

    return await _do(desk, visitor, ConnectionId(connection), OrderId(order_id), do)


@router.post("/order/override")
async def override_fields(request: Request, desk: TheDesk, visitor: Operator) -> Response:
    """Say in fields of an order's requests what a person typed there; what was not touched stays as it is."""
    form = await request.form()
    changed = {
        name.removeprefix(_WHICH): _text(form, name)
        for name in form
        if name.startswith(_WHICH) and _text(form, name) != _text(form, f"{_WAS}{name.removeprefix(_WHICH)}")
    }

    async def do(tx: Tx, story: Story, specs: Sequence[FieldSpec]) -> None:
        await override(tx, visitor.actor, story, changed, _text(form, "why"), specs)

    return await _do(desk, visitor, ConnectionId(_text(form, "connection")), OrderId(_text(form, "order_id")), do)


@router.post("/order/undo-override")
async def undo_field(
    desk: TheDesk,
    visitor: Operator,
    connection: Annotated[str, Form()],
    order_id: Annotated[str, Form()],
    field: Annotated[str, Form(max_length=300)],
) -> Response:
    """Let Shopify and the mapping say again what stands in a field."""

    async def do(tx: Tx, story: Story, specs: Sequence[FieldSpec]) -> None:
        await undo_override(tx, visitor.actor, story, [field], specs)

    return await _do(desk, visitor, ConnectionId(connection), OrderId(order_id), do)


async def _do(
    desk: Desk,
    visitor: Visitor,
    connection: ConnectionId,
    order_id: OrderId,
    do: Callable[[Tx, Story, Sequence[FieldSpec]], Awaitable[None]],
) -> Response:
    """Do something about an order, and lead back to its page; or show there why it cannot be done."""
    specs = await desk.fields_of(connection)
    try:
        async with desk.database.begin() as tx:
            story = await order.story_by_id(tx, connection, order_id)
            if story is None:
                return await _page(desk, visitor, None, connection, order_id)
            await do(tx, story, specs)
    except UsageError as error:
        return await _again(desk, visitor, connection, order_id, str(error))
    return back_to(order_path(story.order.name, connection))


async def _again(desk: Desk, visitor: Visitor, connection: ConnectionId, order_id: OrderId, wrong: str) -> HTMLResponse:
    async with desk.database.begin() as tx:
        story = await order.story_by_id(tx, connection, order_id)
    return await _page(desk, visitor, story, connection, order_id, _Shown(wrong=wrong))


async def _page(
    desk: Desk, visitor: Visitor, story: Story | None, connection: str, name: str, shown: _Shown = _KEPT
) -> HTMLResponse:
    async with desk.database.begin() as tx:
        standings = await health.standings(tx)
    if story is None:
        return page(
            "trouble.html",
            visitor,
            404,
            title="No such order",
            sentence=f"{connection} has no order {name}. It may be on its way: look again in a minute, or ask for it "
            f"with: crossdock sync {connection} --order {name}.",
            again=False,
        )
    specs = await desk.fields_of(story.order.connection)
    async with desk.database.begin() as tx:
        said = await said_of_order(tx, story.order.connection, story.order.order_id, specs)
        schedule = (await connections.get(tx, story.order.connection)).rules.schedule
    return page(
        "order.html",
        visitor,
        422 if shown.wrong else 200,
        **frame(standings, "orders"),
        story=story,
        closed={flow: schedule.sentence(flow, story.at) for flow in Flow},
        decision=decision(story),
        words_for=words_for,
        refund_words=refund_words,
        said=said,
        says={one.key: [row for row in one.fields if row.value is not None] for one in said.requests},
        to_set=[] if story.order.state in {OrderState.SHIPPED, OrderState.CANCELLED} else _to_set(said, specs),
        may_resend={one.fulfillment_order for one in story.requests if problem_with(story, one) is None},
        longest_why=LONGEST_WHY,
        shown=shown,
    )


def _to_set(said: SaidOfOrder, specs: Sequence[FieldSpec]) -> Sequence[tuple[str, str, str, FieldSpec | None]]:
    """
    Return the fields that a person may set: name, title, what stands there as far as the hub knows, and its kind.

    What Shopify says of an order that was never sent is not kept, so there nothing stands but what was set.
    """
    latest: Sequence[Said] = said.requests[-1].fields if said.requests else ()
    stands = {one.field: one.value or "" for one in latest}
    stands |= {one.override.field: one.override.value for one in said.set_by_hand}
    own = {f"{FIELDS}{spec.name}": spec for spec in specs}
    titles = {name: title for name, (title, _) in OF_THE_ORDER.items()} | {
        name: spec.title for name, spec in own.items()
    }
    return [(name, title, stands.get(name, ""), own.get(name)) for name, title in titles.items()]


def _text(form: FormData, name: str) -> str:
    """Return what was typed into a field; PostgreSQL takes no NUL, and browsers end lines in two characters."""
    value = form.get(name)
    return value.replace("\0", "").replace("\r\n", "\n") if isinstance(value, str) else ""
