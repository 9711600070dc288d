"""What may change about an order after a backend accepted it, and what did. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from crossdock.model.names import LocationId
from crossdock.model.prices import repriced
from crossdock.model.request import FulfillmentRequest, RequestLine
from crossdock.model.request_money import RequestMoney

VOIDED = frozenset({"VOIDED", "EXPIRED"})
"""Financial states in which nobody will pay (Shopify docs, 2026-07)."""


@dataclass(frozen=True, slots=True)
class Terms:
    """
    What a backend's order rests on: the request, and what of the order at Shopify says that it may ship at all.

    `financial_status` keeps Shopify's spelling. `held`: Shopify holds the fulfillment order. `by_hand` are units that
    somebody else fulfilled on Shopify while the backend was to ship them. `let_be` are units that the backend gave up
    on and that a person left at that.
    """

    request: FulfillmentRequest
    location: LocationId
    financial_status: str | None = None
    held: bool = False
    cancelled: bool = False
    by_hand: int = 0
    let_be: int = 0
    mapping: int = 0
    """The version of the field mapping that the request's fields come from; 0 for none."""
    risky: bool = False
    """Whether Shopify's fraud analysis advises against it, as far as the rules go by that."""
    passed: tuple["Kind", ...] = ()
    """Changes of which nothing was made because all had left; they count again should goods come back."""
    followed_up: bool = False
    """Whether it has left, and what its fulfillment order still waits for is asked for in another request."""
    priced: bool = False
    """Whether its prices are agreed, too; False in what was kept before changes of prices were."""


class Kind(StrEnum):
    """One kind of change, by what it is about."""

    LINE_ADDED = "line_added"
    LINE_REMOVED = "line_removed"
    QUANTITY_UP = "quantity_up"
    QUANTITY_DOWN = "quantity_down"
    ADDRESS = "address"
    SHIPPING_METHOD = "shipping_method"
    TO_COLLECT = "to_collect"
    PRICES = "prices"
    CONTACT = "contact"
    NOTE = "note"
    FULFILL_BY = "fulfill_by"
    BILLING_ADDRESS = "billing_address"
    ATTRIBUTES = "attributes"
    TAGS = "tags"
    FIELDS = "fields"
    VOIDED = "voided"
    RISKY = "risky"
    REFUNDED = "refunded"
    HELD = "held"
    RELEASED = "released"
    MOVED = "moved"
    FULFILLED = "fulfilled"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    CALLED_BACK = "called_back"

    @property
    def words(self) -> str:
        """What happened, as a person reads it."""
        return _WORDS[self]


_WORDS = {
    Kind.LINE_ADDED: "a line was added",
    Kind.LINE_REMOVED: "a line was removed",
    Kind.QUANTITY_UP: "a quantity went up",
    Kind.QUANTITY_DOWN: "a quantity went down",
    Kind.ADDRESS: "the shipping address was changed",
    Kind.SHIPPING_METHOD: "the shipping method was changed",
    Kind.TO_COLLECT: "the amount to collect was changed",
    Kind.PRICES: "the prices were changed",
    Kind.CONTACT: "e-mail or phone was changed",
    Kind.NOTE: "the note was changed",
    Kind.FULFILL_BY: "the date to fulfill by was changed",
    Kind.BILLING_ADDRESS: "the billing address was changed",
    Kind.ATTRIBUTES: "the attributes were changed",
    Kind.TAGS: "the tags were changed",
    Kind.FIELDS: "a mapped field was changed",
    Kind.VOIDED: "the payment was voided",
    Kind.RISKY: "its fraud analysis came to advise against it",
    Kind.REFUNDED: "the payment was refunded",
    Kind.HELD: "it was put on hold",
    Kind.RELEASED: "its hold was released",
    Kind.MOVED: "it was moved to another location",
    Kind.FULFILLED: "units of it were fulfilled by somebody else",
    Kind.WITHDRAWN: "nothing of it is to be shipped any more",
    Kind.CANCELLED: "the order was cancelled",
    Kind.CALLED_BACK: "its cancellation was requested",
}

LINES = frozenset({Kind.LINE_ADDED, Kind.LINE_REMOVED, Kind.QUANTITY_UP, Kind.QUANTITY_DOWN, Kind.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Change:
    """One change: its kind, and which lines or amounts it is about, as `3 → 1 of “Mug”`; never what a person wrote."""

    kind: Kind
    about: str = ""

    @property
    def sentence(self) -> str:
        """What happened, for one order."""
        return f"{self.kind.words} ({self.about})" if self.about else self.kind.words


def changes(before: Terms, now: Terms) -> Sequence[Change]:
    """Name each difference: goods first, then prices, then the rest. Of a cancelled order nothing else matters."""
    if now.cancelled:
        return [] if before.cancelled else [Change(Kind.CANCELLED)]
    old, new = before.request, now.request
    found = [*_lines(old.lines, new.lines), *_prices(before, now)]
    differs = {
        Kind.ADDRESS: old.ship_to != new.ship_to,
        Kind.SHIPPING_METHOD: old.shipping_method != new.shipping_method,
        Kind.TO_COLLECT: old.to_collect != new.to_collect,
        Kind.CONTACT: (old.email, old.phone) != (new.email, new.phone),
        Kind.NOTE: (old.note or "") != (new.note or ""),
        Kind.FULFILL_BY: old.fulfill_by != new.fulfill_by,
        Kind.BILLING_ADDRESS: old.bill_to != new.bill_to,
        Kind.ATTRIBUTES: set(old.attributes) != set(new.attributes),
        Kind.TAGS: set(old.tags) != set(new.tags),
        Kind.FIELDS: set(old.fields) != set(new.fields) or _says_else(old.lines, new.lines),
        Kind.VOIDED: now.financial_status in VOIDED and before.financial_status not in VOIDED,
        Kind.RISKY: now.risky and not before.risky,
        Kind.REFUNDED: now.financial_status == "REFUNDED" != before.financial_status,
        Kind.HELD: now.held and not before.held,
        Kind.RELEASED: before.held and not now.held,
        Kind.MOVED: before.location != now.location,
        Kind.FULFILLED: now.by_hand > before.by_hand,
    }
    return [*found, *(Change(kind) for kind, is_so in differs.items() if is_so)]


def _lines(before: Sequence[RequestLine], now: Sequence[RequestLine]) -> list[Change]:
    old = {line.reference: line for line in before}
    new = {line.reference: line for line in now}
    if old and not new:
        return [Change(Kind.WITHDRAWN)]
    found = [Change(Kind.LINE_ADDED, _told(0, line)) for line in now if line.reference not in old]
    found += [Change(Kind.LINE_REMOVED, _told(line.units, line, 0)) for line in before if line.reference not in new]
    for line in now:
        had = old[line.reference].units if line.reference in old else line.units
        if line.units != had:
            kind = Kind.QUANTITY_UP if line.units > had else Kind.QUANTITY_DOWN
            found.append(Change(kind, _told(had, line)))
    return found


def _prices(before: Terms, now: Terms) -> list[Change]:
    """Say what goods and charges were told to cost, and cost now, in one change."""
    old, new = before.request.money, now.request.money
    if not before.priced or old is None or new is None:
        return []
    titles = {line.reference: line.title for line in now.request.lines}
    told = []
    for one in repriced(old, new):
        goods = f"{one.units} of “{titles.get(one.line, one.line)}”" if one.line is not None else ""
        what = goods or "shipping and other charges"
        was, is_now = one.was.written(old.currencies), one.now.written(new.currencies)
        told.append(f"{what}: {was} → {is_now}" if was != is_now else f"{what}: other discounts or taxes in {was}")
    return [Change(Kind.PRICES, "; ".join(told))] if told else []


def _says_else(before: Sequence[RequestLine], now: Sequence[RequestLine]) -> bool:
    """Whether a line that stays says something else in its fields."""
    old = {line.reference: line.fields for line in before}
    return any(set(old[line.reference]) != set(line.fields) for line in now if line.reference in old)


def _told(had: int, line: RequestLine, units: int | None = None) -> str:
    return f"{had} → {line.units if units is None else units} of “{line.title}”"


def _saying(
    lines: Sequence[RequestLine], others: Sequence[RequestLine], priced: Sequence[RequestLine]
) -> tuple[RequestLine, ...]:
    """Return the lines with what `others` say in their fields, and at the prices of as many units in `priced`."""
    said = {line.reference: line.fields for line in others}
    prices = {(line.reference, line.units): line.unit_price for line in priced}
    return tuple(
        replace(
            line,
            fields=said.get(line.reference, line.fields),
            unit_price=prices.get((line.reference, line.units), line.unit_price),
        )
        for line in lines
    )


def _costing(old: RequestMoney | None, new: RequestMoney | None, *, goods: bool, prices: bool) -> RequestMoney | None:
    """Return what it costs where the goods are the new ones, or the old ones, and where the prices are."""
    if old is None or new is None or goods is prices:
        return new if goods else old
    of_goods, of_prices = (new, old) if goods else (old, new)
    at = {(one.reference, one.worth.units): one for one in of_prices.lines}
    return replace(of_prices, lines=tuple(at.get((one.reference, one.worth.units), one) for one in of_goods.lines))


def with_changes(before: Terms, now: Terms, kinds: Collection[Kind]) -> Terms:
    """Return `before` with those changes, and no others, made to it."""
    old, new = before.request, now.request
    taken = set(kinds)
    of: Mapping[bool, FulfillmentRequest] = {True: new, False: old}
    goods = bool(taken & LINES) or not _lines(old.lines, new.lines)
    # Where no price was changed, what moved by rounding, or was told of no part yet, goes along with anything else.
    prices = Kind.PRICES in taken or not _prices(before, now)
    request = replace(
        old,
        lines=_saying(of[bool(taken & LINES)].lines, of[Kind.FIELDS in taken].lines, of[Kind.PRICES in taken].lines),
        ship_to=of[Kind.ADDRESS in taken].ship_to,
        shipping_method=of[Kind.SHIPPING_METHOD in taken].shipping_method,
        to_collect=of[Kind.TO_COLLECT in taken].to_collect,
        email=of[Kind.CONTACT in taken].email,
        phone=of[Kind.CONTACT in taken].phone,
        note=of[Kind.NOTE in taken].note,
        fulfill_by=of[Kind.FULFILL_BY in taken].fulfill_by,
        bill_to=of[Kind.BILLING_ADDRESS in taken].bill_to,
        attributes=of[Kind.ATTRIBUTES in taken].attributes,
        tags=of[Kind.TAGS in taken].tags,
        fields=of[Kind.FIELDS in taken].fields,
        total=new.total if taken else old.total,
        money=_costing(old.money, new.money, goods=goods, prices=prices) if taken else old.money,
        payment=of[bool(taken)].payment,
    )
    return Terms(
        request,
        now.location if Kind.MOVED in taken else before.location,
        now.financial_status if taken & {Kind.VOIDED, Kind.REFUNDED} else before.financial_status,
        now.held if taken & {Kind.HELD, Kind.RELEASED} else before.held,
        before.cancelled or Kind.CANCELLED in taken,
        now.by_hand if Kind.FULFILLED in taken else before.by_hand,
        before.let_be,
        before.mapping,
        now.risky if Kind.RISKY in taken else before.risky,
        before.passed,
        before.followed_up,
        before.priced or bool(taken),
    )
