"""What has to be read of Shopify for a mapping's expressions, beside the order itself. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from crossdock.kit.expression import BadExpression, read
from crossdock.kit.expression_places import Place
from crossdock.model.extras import Metafield, Owner, Wishes

MOST_METAFIELDS: Final = 20
"""Metafields of one owner that a mapping may name; they are read in one page."""

_METAFIELDS: Final[Sequence[tuple[Place, Owner]]] = (
    (("metafields",), Owner.ORDER),
    (("customer", "metafields"), Owner.CUSTOMER),
    *(
        ((line, owner.value, "metafields"), owner)
        for line in ("lines", "line")
        for owner in (Owner.PRODUCT, Owner.VARIANT)
    ),
)
_PROPERTIES: Final = {("lines", "properties"), ("line", "properties")}


def wishes_of(expressions: Iterable[str]) -> Wishes:
    """Return what these expressions take from beyond the order; those that cannot be read ask for nothing."""
    places = {place for text in expressions for place in _places(text)}
    return Wishes(
        customer=any(place[:1] == ("customer",) for place in places),
        properties=any(place[:2] in _PROPERTIES for place in places),
        metafields=frozenset(
            Metafield(owner, *rest[:2])
            for place in places
            for owner, rest in _metafields(place)
            if len(rest) > 1 and "*" not in rest[:2]
        ),
    )


def named_in_part(expression: str) -> bool:
    """Tell whether an expression asks for metafields without naming each whole: then nobody knows which to read."""
    return any(len(rest) < 2 or "*" in rest[:2] for place in _places(expression) for _, rest in _metafields(place))


def too_many(wishes: Wishes) -> Sequence[Owner]:
    """Return the owners of whom more metafields are wanted than are read."""
    return [owner for owner in Owner if len(wishes.keys(owner)) > MOST_METAFIELDS]


def _places(expression: str) -> Iterable[Place]:
    try:
        return read(expression).places
    except BadExpression:
        return ()


def _metafields(place: Place) -> Iterator[tuple[Owner, Place]]:
    """Yield whose metafields a place is among, and the names from there on."""
    for prefix, owner in _METAFIELDS:
        if place[: len(prefix)] == prefix:
            yield owner, place[len(prefix) :]
