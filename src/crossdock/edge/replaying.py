"""What would be decided of an order and asked for it now, by today's rules, beside what was asked; nothing is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from crossdock.edge.said import Who, fields_of
from crossdock.model.cause import Hold
from crossdock.model.change import Terms
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, OrderId, RequestKey
from crossdock.model.override import Override
from crossdock.model.plan import Wait
from crossdock.model.request import RequestLine
from crossdock.model.request_field import FieldSpec


@dataclass(frozen=True, slots=True)
class Planned:
    """What one flow would do about an order, in sentences, and how the order would rest then."""

    flow: Flow
    would: tuple[str, ...]
    hold: Hold | None = None
    wait: Wait | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asking:
    """One request as it was asked (None: never) and as it would be now (None: it would not be asked, or as it was)."""

    key: RequestKey
    name: str
    sent: Terms | None
    now: Terms | None


@dataclass(frozen=True, slots=True)
class Replay:
    """An order decided upon anew, flow by flow and request by request."""

    order: OrderId
    plans: tuple[Planned, ...]
    requests: tuple[Asking, ...]
    set_by_hand: Mapping[str, Override] = field(default_factory=dict)
    """What people say of it, by field."""


class Replaying(Protocol):
    """What the hub answers about an order that is decided upon anew; both sides of the connection are only read."""

    async def replay(self, connection: ConnectionId, order: OrderId) -> Replay:
        """Decide anew. Raises TryAgain, Refused or StoreUnusable where a side says so."""
        ...


@dataclass(frozen=True, slots=True)
class Differs:
    """A field, or the units of an item, of which a request said `before` and would say `after`; and who says so."""

    title: str
    before: str | None
    after: str | None
    who: Who


@dataclass(frozen=True, slots=True)
class Compared:
    """What a request would say otherwise than it did; all that it would say, where it `is_new`."""

    key: str
    name: str
    is_new: bool
    differs: tuple[Differs, ...]


def compared(replay: Replay, specs: Sequence[FieldSpec]) -> Sequence[Compared]:
    """Return every request that was, or would be, asked; `specs` are the fields of the backend's own."""
    return [
        Compared(
            one.key,
            one.name,
            one.sent is None,
            () if one.now is None else tuple(_differences(one, replay.set_by_hand, specs)),
        )
        for one in replay.requests
    ]


def _differences(one: Asking, kept: Mapping[str, Override], specs: Sequence[FieldSpec]) -> Sequence[Differs]:
    sent = {said.field: said.value for said in fields_of(one.sent, kept, specs)}
    found = [
        Differs(said.title, sent.get(said.field), said.value, said.who) for said in fields_of(one.now, kept, specs)
    ]
    return [*_goods(one), *(differs for differs in found if differs.before != differs.after)]


def _goods(one: Asking) -> Sequence[Differs]:
    before = {line.reference: line for line in one.sent.request.lines} if one.sent is not None else {}
    after = {line.reference: line for line in one.now.request.lines} if one.now is not None else {}
    return [
        Differs(
            f"Units of {(after.get(line) or before[line]).title}",
            _units(before.get(line)),
            _units(after.get(line)),
            Who.SHOPIFY,
        )
        for line in [*before, *(line for line in after if line not in before)]
        if _units(before.get(line)) != _units(after.get(line))
    ]


def _units(line: RequestLine | None) -> str | None:
    return None if line is None else str(line.units)
