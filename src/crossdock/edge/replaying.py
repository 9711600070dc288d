"""What would be decided of an order and asked for it now, by today's rules, beside what was asked; nothing is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from crossdock.edge.said import Said, fields_of
from crossdock.model.cause import Hold
from crossdock.model.change import Terms
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, OrderId, RequestKey
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


class Replaying(Protocol):
    """What the hub answers about an order that is decided upon anew; both sides of the connection are only read."""

    async def replay(self, connection: ConnectionId, order: OrderId) -> Replay:
        """Decide anew. Raises TryAgain, Refused or StoreUnusable where a side says so."""
        ...


@dataclass(frozen=True, slots=True)
class Compared:
    """What a request says and what it would say: each field or item that differs, and its value then and now."""

    key: str
    name: str
    is_new: bool
    differs: tuple[tuple[str, str | None, str | None], ...]


def compared(replay: Replay, specs: Sequence[FieldSpec]) -> Sequence[Compared]:
    """Return every request that was, or would be, asked; `specs` are the fields of the backend's own."""
    return [
        Compared(one.key, one.name, one.sent is None, () if one.now is None else tuple(_differences(one, specs)))
        for one in replay.requests
    ]


def _differences(one: Asking, specs: Sequence[FieldSpec]) -> Sequence[tuple[str, str | None, str | None]]:
    sent, now = (_by_field(fields_of(terms, {}, specs)) for terms in (one.sent, one.now))
    found = [(after.title, sent[name].value if name in sent else None, after.value) for name, after in now.items()]
    return [*_goods(one), *(differs for differs in found if differs[1] != differs[2])]


def _by_field(said: Sequence[Said]) -> Mapping[str, Said]:
    return {one.field: one for one in said}


def _goods(one: Asking) -> Sequence[tuple[str, str | None, str | None]]:
    before = {line.reference: line for line in one.sent.request.lines} if one.sent is not None else {}
    after = {line.reference: line for line in one.now.request.lines} if one.now is not None else {}
    return [
        (f"Units of {(after.get(line) or before[line]).title}", _units(before.get(line)), _units(after.get(line)))
        for line in [*before, *(line for line in after if line not in before)]
        if _units(before.get(line)) != _units(after.get(line))
    ]


def _units(line: RequestLine | None) -> str | None:
    return None if line is None else str(line.units)
