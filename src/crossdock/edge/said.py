"""What an order's requests say, field by field, and who said so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from crossdock.model.change import Terms
from crossdock.model.names import ConnectionId, OrderId
from crossdock.model.order import Address
from crossdock.model.override import FIELDS, OF_THE_ORDER, SHIP_TO, Override, called
from crossdock.model.request import FulfillmentRequest
from crossdock.model.request_field import FieldSpec, Source
from crossdock.store import overrides, requests
from crossdock.store.database import Tx


class Who(StrEnum):
    """Who said what stands in a field."""

    SHOPIFY = "Shopify"
    MAPPING = "mapping"
    DEFAULT = "default"
    OVERRIDE = "set by hand"
    NOT_KEPT = "not kept"


@dataclass(frozen=True, slots=True)
class Said:
    """What stands in one field, None where nothing does; `title` is what people call it."""

    field: str
    title: str
    value: str | None
    who: Who


@dataclass(frozen=True, slots=True)
class RequestSays:
    """What one request says, by its key; no field where that is forgotten, or was not kept."""

    key: str
    name: str
    fields: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class SetByHand:
    """What a person says in one field, and what would stand there but for them; as `Override` has it."""

    title: str
    override: Override


@dataclass(frozen=True, slots=True)
class SaidOfOrder:
    """What all requests of an order say, and what people set."""

    requests: tuple[RequestSays, ...]
    set_by_hand: tuple[SetByHand, ...]


async def said_of_order(tx: Tx, connection: ConnectionId, order: OrderId, specs: Sequence[FieldSpec]) -> SaidOfOrder:
    """Return what is said of an order; `specs` are the backend's own fields."""
    kept = (await overrides.of_orders(tx, connection, [order])).get(order, {})
    asked = (await requests.of_orders(tx, connection, [order])).get(order, ())
    says = [RequestSays(one.key, one.name, fields_of(one.terms, kept, specs)) for one in asked]
    return SaidOfOrder(tuple(says), tuple(SetByHand(called(one.field, specs), one) for one in kept.values()))


def fields_of(terms: Terms | None, kept: Mapping[str, Override], specs: Sequence[FieldSpec]) -> tuple[Said, ...]:
    """Return what a request says in each field that a person may set, in the order of the form."""
    if terms is None:
        return ()
    return tuple(
        Said(name, called(name, specs), value, who)
        for name, value, who in [*_of_the_order(terms.request, kept), *_own(terms.request, specs)]
    )


def _of_the_order(request: FulfillmentRequest, kept: Mapping[str, Override]) -> Sequence[tuple[str, str | None, Who]]:
    address = request.ship_to
    whole = {
        "email": request.email,
        "phone": request.phone,
        "shipping_method": request.shipping_method,
        "note": request.note,
    }
    found = []
    for name in OF_THE_ORDER:
        value = _part(address, name) if name.startswith(SHIP_TO) else whole[name]
        by_hand = name in kept and (kept[name].value or None) == (value or None)
        found.append((name, value or None, Who.OVERRIDE if by_hand else Who.SHOPIFY))
    return found


def _part(address: Address | None, name: str) -> str | None:
    value: str | None = None if address is None else getattr(address, name.removeprefix(SHIP_TO))
    return value


def _own(request: FulfillmentRequest, specs: Sequence[FieldSpec]) -> Sequence[tuple[str, str | None, Who]]:
    there = {one.name: one for one in request.fields}
    names = dict.fromkeys([*(spec.name for spec in specs), *there])
    return [
        (f"{FIELDS}{name}", there[name].text, _WHO[there[name].source])
        if name in there
        else (f"{FIELDS}{name}", None, Who.MAPPING)
        for name in names
    ]


_WHO: Final[Mapping[Source | None, Who]] = {
    Source.MAPPING: Who.MAPPING,
    Source.DEFAULT: Who.DEFAULT,
    Source.OVERRIDE: Who.OVERRIDE,
    None: Who.NOT_KEPT,
}
