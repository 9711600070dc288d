"""What the hub asks of the system that holds the goods, and how such systems are found."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from pydantic import BaseModel

from crossdock.kit.errors import Refused
from crossdock.model.capability import Capability
from crossdock.model.catalog import Item
from crossdock.model.credit import Credit, RefundAnswer, RefundRequest
from crossdock.model.names import Barcode, ItemCode, OrderId, RefundKey, RequestKey, Sku, WarehouseCode
from crossdock.model.request import FulfillmentRequest, Verdict, WorkOrder
from crossdock.model.request_field import FieldSpec
from crossdock.model.returning import ReturnOrder, ReturnRequest
from crossdock.model.stock import StockReading

ENTRY_POINTS = "crossdock.backends"
"""The entry-point group in which installed packages offer their Plugin."""


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A place in a backend that holds stock and ships."""

    code: WarehouseCode
    name: str


@dataclass(frozen=True, slots=True)
class Changes:
    """
    What may have changed since a cursor: only hints to look again, repeated ones harm nothing.

    `cursor` is handed back at the next call; `more` says that the next page is there already. `returns` are the orders
    of which goods came back, or are to come back, and something about that changed; `refunds` those for which a refund
    is asked for.
    """

    orders: tuple[RequestKey, ...]
    items: tuple[ItemCode, ...]
    cursor: str
    more: bool
    returns: tuple[OrderId, ...] = ()
    refunds: tuple[OrderId, ...] = ()


class UnknownItem(Refused):
    """The backend has no such item: what is asked for cannot be asked for by that code."""


class OutOfStock(Refused):
    """The backend takes no request for goods that it does not have."""


class Backend(Protocol):
    """
    One system that holds the goods.

    Every method may raise TryAgain (it did not answer) or Refused (it said no to this very object, with the
    reason in the message; where `submit` says UnknownItem or OutOfStock, a merchant is told as much). All methods but
    `submit`, `amend`, `stop` and `announce_return` only read. After a TryAgain the hub asks for
    the warehouses: where that goes unanswered too, it leaves the backend alone and asks but that now and then, until
    it is answered. A call is broken off after 30 seconds; it may then have been done.
    """

    async def warehouses(self) -> Sequence[Warehouse]:
        """Return the places that hold stock."""
        ...

    async def find_items(self, skus: Sequence[Sku], barcodes: Sequence[Barcode]) -> Sequence[Item]:
        """Return the items that carry any of these SKUs or barcodes, compared exactly, case included."""
        ...

    async def stock(self, items: Sequence[ItemCode]) -> StockReading:
        """
        Return what is available of the items, at every warehouse that ever held them.

        The reading begins after the call does, so it knows every order that was accepted before the call.
        """
        ...

    async def submit(self, request: FulfillmentRequest) -> WorkOrder:
        """
        Accept a request and reserve its goods, once per key.

        The hub writes the key down before it asks, and asks again whenever it has not heard the answer: after a
        time-out, after it was killed, and now and then twice at once. A key that is known already returns the order as
        it stands, and changes nothing, whatever else the request says. A system that knows no keys is asked for
        `request.key` among its orders' references first, one submit at a time over all processes that use it; only
        what is not there is made, and made with that reference in the same call.

        Accepting and reserving is one act: no stock reading shows one without the other. Raises Refused for an
        unknown item or warehouse.
        """
        ...

    async def amend(self, request: FulfillmentRequest) -> Verdict:
        """
        Make the accepted order of `request.key` what the request says now: all of it, or nothing.

        Asked of backends that can amend particulars (everything but the warehouse, and which goods and how many; what
        they cost is among it where money is kept) or lines; the hub asks for no more than the manifest says. Lines are
        known by their references: one that is no longer there is given up, a new one is taken on, and what is available
        follows in the same act. Where it is too late the verdict says no and the order is as it was. Safe to repeat: an
        order that is what the request says already is left alone, however far it is, and the verdict says yes. Raises
        Refused for an unknown key or item.
        """
        ...

    async def stop(self, key: RequestKey) -> Verdict:
        """
        Cancel an accepted order and give back all that it reserved: all of it, or nothing.

        Asked of backends that can stop. Where part of it is packed or has left the verdict says no and the order is
        as it was. Safe to repeat: of an order that is cancelled already the verdict says yes. Raises Refused for an
        unknown key.
        """
        ...

    async def work_orders(self, keys: Sequence[RequestKey]) -> Mapping[RequestKey, WorkOrder]:
        """
        Return the orders as they stand, with every package that left; unknown keys are left out.

        What Shopify is told of packages follows from here, whatever changed: tracking that came or was corrected, a
        package that is cancelled now, events. A package is never left out again, and an event keeps its time.
        """
        ...

    async def announce_return(self, request: ReturnRequest) -> ReturnOrder:
        """
        Expect these goods back, and no others, under the request's key.

        Asked of backends that take returns. Safe to repeat, and repeated with other lines or parcels where the return
        was changed at Shopify: what is expected, and how it travels, becomes what the request says, what has arrived
        stays. Without lines nothing is expected any more; a key that was never heard of is then recorded as done.
        Raises Refused for an unknown item or warehouse.
        """
        ...

    async def return_orders(self, orders: Sequence[OrderId]) -> Mapping[OrderId, Sequence[ReturnOrder]]:
        """
        Return all that came back, or is to come back, of these orders; orders without any are left out.

        By order, so that goods which came back unannounced are among them. What has arrived never becomes less, but
        that inspection says what became of it. Of a parcel that the backend sent a label for by itself, Shopify is
        told the number; where the same parcel has another number later, that one.
        """
        ...

    async def changes(self, cursor: str | None) -> Changes:
        """
        Return what may have changed since `cursor`; from the beginning where it is None.

        Whatever changed before the call is in its pages, followed to the end: the hub takes it for complete then.
        """
        ...


@runtime_checkable
class PersonalData(Protocol):
    """What a backend with the capability `REDACT` does besides: it says and forgets what it holds of people."""

    async def personal_data(self, keys: Sequence[RequestKey]) -> Mapping[RequestKey, Mapping[str, Any]]:
        """Return what is held of the people behind these requests, as JSON has it; nothing held is left out."""
        ...

    async def redact(self, keys: Sequence[RequestKey]) -> Sequence[RequestKey]:
        """
        Forget the people behind these requests, and return those requests that could not be done yet.

        Those are the ones whose goods may still leave: somebody has to know where to. Names, addresses, e-mails,
        phones and notes go; what was ordered, packed and shipped, stock and references stay as they are, and a key
        that is submitted again is still known. Doing it again, or for a key that is unknown, is no error.
        """
        ...


@runtime_checkable
class Credits(Protocol):
    """What a backend with the capability `CREDITS` does besides: it books what went back to a customer."""

    async def credit(self, document: Credit) -> str:
        """
        Keep a credit document, once per key, and return the backend's own name of it.

        Safe to repeat: a key that is known returns the name that its document has, and changes nothing. The sum is the
        hub's to answer for; a document is refused only for what the backend cannot book at all.
        """
        ...


@runtime_checkable
class RefundRequests(Protocol):
    """
    What a backend with the capability `REFUND_REQUESTS` does besides: it asks that customers are given money back.

    That there is something new to ask `changes` says, in `refunds`.
    """

    async def refund_requests(self, orders: Sequence[OrderId]) -> Mapping[OrderId, Sequence[RefundRequest]]:
        """Return all that was ever asked for of these orders, answered or not, oldest first; others are left out."""
        ...

    async def answer_refund_request(self, key: RefundKey, answer: RefundAnswer) -> None:
        """
        Take note of what became of a refund that was asked for.

        Safe to repeat; what was said first stays. Raises Refused for an unknown key.
        """
        ...


@runtime_checkable
class ItemSearch(Protocol):
    """What a backend may do besides: show its items to a person who has to choose one. No flow decides by it."""

    async def items(self, codes: Sequence[ItemCode]) -> Sequence[Item]:
        """Return the items of these codes; unknown ones are left out."""
        ...

    async def items_like(self, words: Sequence[str], limit: int) -> Sequence[Item]:
        """
        Return at most so many items with one of these words in their title, those with most of them first.

        Words are lower-case and are compared without regard to case.
        """
        ...


@dataclass(frozen=True, slots=True)
class Manifest:
    """
    What a backend says of itself before it is opened.

    `settings` is the form that a person fills in. `fields` are those that it takes beside what every request says;
    what a request says in them is as they demand.
    """

    kind: str
    title: str
    version: str
    capabilities: frozenset[Capability]
    settings: type[BaseModel]
    fields: tuple[FieldSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class BackendContext:
    """What the hub lends a backend. `database_url` is a PostgreSQL of which it may use a schema of its own name."""

    database_url: str


class Plugin(Protocol):
    """One kind of backend; an entry point of the group `crossdock.backends` names an object like this."""

    @property
    def manifest(self) -> Manifest:
        """What this kind says of itself."""
        ...

    def open(self, settings: BaseModel, context: BackendContext) -> AbstractAsyncContextManager[Backend]:
        """Connect; `settings` is an instance of the manifest's model. Raises UsageError where they cannot work."""
        ...
