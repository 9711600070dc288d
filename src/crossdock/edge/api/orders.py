"""`/api/orders`: the list of orders, one order's whole story, and what people do about it, for a program."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from crossdock.edge.api.answering import NotThere, Wrong, json_of
from crossdock.edge.asking import look_at_order
from crossdock.edge.decision import Decision, decision
from crossdock.edge.desk import Desk, TheDesk
from crossdock.edge.order_answers import answer_hold
from crossdock.edge.overriding import override, undo_override
from crossdock.edge.recognizing import Visitor
from crossdock.edge.refund_changes import RefundWord, answer_for_refunds
from crossdock.edge.replaying import Compared, Planned, compared
from crossdock.edge.resending import resend
from crossdock.edge.said import SaidOfOrder, said_of_order
from crossdock.edge.visitors import Operator, Viewer
from crossdock.kit.errors import UsageError
from crossdock.model.answer import Word
from crossdock.model.names import ConnectionId, OrderId
from crossdock.model.state import OrderState
from crossdock.store.database import Tx
from crossdock.store.reads import order, orders
from crossdock.store.reads.order import Story
from crossdock.store.reads.orders import Listed, Placed

router = APIRouter(prefix="/api", tags=["orders"])

_GID = "gid://shopify/Order/"
_NO_ORDER: Final[dict[int | str, dict[str, Any]]] = {404: {"model": Wrong}}


class NoOrder(NotThere):
    """An order that the hub has not seen."""

    def __init__(self, connection: str, key: OrderId) -> None:
        super().__init__(f"{connection} has no order {key}. Orders are listed at /api/orders.")


@dataclass(frozen=True, slots=True)
class OrdersPage:
    """A page of orders, newest first, as of `at`; `after` leads to the next one, null at the end."""

    at: datetime
    orders: Sequence[Listed]
    after: str | None


@dataclass(frozen=True, slots=True)
class WholeOrder:
    """One order: what is decided, what its requests say and who said so, and its story."""

    decision: Decision
    said: SaidOfOrder
    story: Story


@dataclass(frozen=True, slots=True)
class Replayed:
    """What would be done now, flow by flow; what would be asked, beside what was; `done` whether it is being done."""

    order: str
    plans: Sequence[Planned]
    requests: Sequence[Compared]
    done: bool


@dataclass(frozen=True, slots=True)
class OrderMarked:
    """An order that is looked at again."""

    order: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """A word that was said to a hold, and what the hold said, which the word stands for."""

    order: str
    word: Word
    read: str


@dataclass(frozen=True, slots=True)
class RefundAnswered:
    """A word that was said to an order's refunds, and what it stands for."""

    order: str
    word: RefundWord
    about: str


@dataclass(frozen=True, slots=True)
class Resent:
    """A request for which the backend is asked again, and what the backend called it before."""

    order: str
    request: str
    reference: str | None


@dataclass(frozen=True, slots=True)
class FieldsSet:
    """What stands in fields of an order from now on, by hand."""

    order: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FieldsUndone:
    """In which fields of an order Shopify and the mapping speak again."""

    order: str
    fields: Sequence[str]


class ToAnswer(BaseModel):
    """What the person had read; without it, the word stands for whatever the hold says now."""

    model_config = ConfigDict(extra="forbid")

    read: str | None = None


class ToResend(BaseModel):
    """Which request, by its name or key; the only one where it is left out."""

    model_config = ConfigDict(extra="forbid")

    request: str | None = Field(default=None, max_length=300)


class ToOverride(BaseModel):
    """What is to stand in which fields; the empty text says that nothing is to."""

    model_config = ConfigDict(extra="forbid")

    fields: dict[str, str] = Field(min_length=1, max_length=200)
    why: str


class ToUndo(BaseModel):
    """In which fields."""

    model_config = ConfigDict(extra="forbid")

    fields: list[str] = Field(min_length=1, max_length=200)


@router.get("/orders", response_model=OrdersPage)
async def list_orders(
    desk: TheDesk,
    visitor: Viewer,  # noqa: ARG001 - who may is asked
    q: Annotated[str, Query(max_length=200)] = "",
    state: OrderState | None = None,
    connection: str | None = None,
    placed: Placed | None = None,
    late: bool = False,
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = orders.PAGE,
) -> JSONResponse:
    """Return a page of orders, newest first; `after` of an answer, given back as it is, leads to the next page."""
    begin = None if after is None else orders.place(after)
    if after is not None and begin is None:
        raise UsageError("after is no place in the list. Give back what the page before called after, or leave it out.")
    wanted = orders.Filter(
        connection=None if connection is None else ConnectionId(connection.replace("\0", "")),
        state=state,
        text=q.replace("\0", "").strip() or None,
        placed=placed,
        late=late,
    )
    async with desk.database.begin() as tx:
        found = await orders.page(tx, wanted, begin, limit)
    return json_of(OrdersPage(found.at, found.orders, None if found.after is None else found.after.cursor))


@router.get("/orders/{connection}/{order_id:path}", response_model=WholeOrder, responses=_NO_ORDER)
async def show_order(desk: TheDesk, visitor: Viewer, connection: str, order_id: str) -> JSONResponse:  # noqa: ARG001
    """Return one order's story by Shopify's id of it (the number, or the gid), with what was decided and why."""
    specs = await desk.fields_of(ConnectionId(connection))
    async with desk.database.begin() as tx:
        story = await _story(tx, connection, order_id)
        said = await said_of_order(tx, story.order.connection, story.order.order_id, specs)
    return json_of(WholeOrder(decision(story), said, story))


@router.post("/orders/{connection}/{number}/retry", response_model=OrderMarked, responses=_NO_ORDER)
async def retry_order(desk: TheDesk, visitor: Operator, connection: str, number: str) -> JSONResponse:
    """Have all flows of an order look at it again."""
    async with desk.database.begin() as tx:
        story = await _story(tx, connection, number)
        await look_at_order(tx, visitor.actor, story.order.connection, story.order.order_id)
    return json_of(OrderMarked(story.order.name, marked=True))


@router.post("/orders/{connection}/{number}/replay", response_model=Replayed, responses=_NO_ORDER)
async def replay_order(
    desk: TheDesk, visitor: Operator, connection: str, number: str, dry: bool = False
) -> JSONResponse:
    """Decide an order anew and have it done by a worker, which decides once more; with `dry`, do nothing."""
    return json_of(await _replayed(desk, visitor, connection, number, do=not dry))


@router.post("/orders/{connection}/{number}/resend", response_model=Resent, responses=_NO_ORDER)
async def resend_request(
    desk: TheDesk, visitor: Operator, connection: str, number: str, wanted: ToResend
) -> JSONResponse:
    """Have the backend asked again for a request that it may have lost; refused where goods might leave twice."""
    async with desk.database.begin() as tx:
        story = await _story(tx, connection, number)
        request = await resend(tx, visitor.actor, story, wanted.request)
    return json_of(Resent(story.order.name, request.name, request.reference))


@router.post("/orders/{connection}/{number}/override", response_model=FieldsSet, responses=_NO_ORDER)
async def override_fields(
    desk: TheDesk, visitor: Operator, connection: str, number: str, wanted: ToOverride
) -> JSONResponse:
    """Say in fields of an order's requests something in the place of Shopify or of a mapping, and look at it again."""
    specs = await desk.fields_of(ConnectionId(connection))
    async with desk.database.begin() as tx:
        story = await _story(tx, connection, number)
        kept = await override(tx, visitor.actor, story, wanted.fields, wanted.why.replace("\0", ""), specs)
    return json_of(FieldsSet(story.order.name, kept))


@router.post("/orders/{connection}/{number}/undo-override", response_model=FieldsUndone, responses=_NO_ORDER)
async def undo_fields(desk: TheDesk, visitor: Operator, connection: str, number: str, wanted: ToUndo) -> JSONResponse:
    """Let Shopify and the mapping say again what stands in these fields."""
    specs = await desk.fields_of(ConnectionId(connection))
    async with desk.database.begin() as tx:
        story = await _story(tx, connection, number)
        undone = await undo_override(tx, visitor.actor, story, [one.replace("\0", "") for one in wanted.fields], specs)
    return json_of(FieldsUndone(story.order.name, undone))


@router.post("/orders/{connection}/{number}/refund/{word}", response_model=RefundAnswered, responses=_NO_ORDER)
async def answer_refund(
    desk: TheDesk, visitor: Operator, connection: str, number: str, word: RefundWord, wanted: ToAnswer
) -> JSONResponse:
    """Approve or decline refunds that the backend asks for, or call others booked. Refused where none is asked for."""
    async with desk.database.begin() as tx:
        one = (await _story(tx, connection, number)).order
        said = await answer_for_refunds(tx, visitor.actor, one.connection, one.order_id, one.name, word, wanted.read)
    return json_of(RefundAnswered(one.name, word, said))


@router.post("/orders/{connection}/{number}/{word}", response_model=Answered, responses=_NO_ORDER)
async def answer_order(
    desk: TheDesk, visitor: Operator, connection: str, number: str, word: Word, wanted: ToAnswer
) -> JSONResponse:
    """Say to an order's hold what the portal's buttons say. Refused where it is held for something else."""
    async with desk.database.begin() as tx:
        header = (await _story(tx, connection, number)).order
        read = await answer_hold(tx, visitor.actor, header.connection, header.order_id, header.name, word, wanted.read)
    return json_of(Answered(header.name, word, read))


async def _replayed(desk: Desk, visitor: Visitor, connection: str, number: str, *, do: bool) -> Replayed:
    async with desk.database.begin() as tx:
        header = (await _story(tx, connection, number)).order
    id_, key = header.connection, header.order_id
    found, specs = await desk.replay(id_, key), await desk.fields_of(id_)
    if do:
        async with desk.database.begin() as tx:
            await look_at_order(tx, visitor.actor, id_, key)
    return Replayed(header.name, found.plans, compared(found, specs), done=do)


async def _story(tx: Tx, connection: str, number: str) -> Story:
    """Return the story of the order of Shopify's number or gid. Raises NoOrder."""
    key = OrderId(f"{_GID}{number.removeprefix(_GID)}".replace("\0", ""))
    found = await order.story_by_id(tx, ConnectionId(connection.replace("\0", "")), key)
    if found is None:
        raise NoOrder(connection, key)
    return found
