"""What an alert says: one sentence a group, what to do about it, and the portal's page; nobody's data, no secret."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Final, assert_never
from urllib.parse import quote

from crossdock.kit.wording import counted
from crossdock.model.alert import PAUSED, Alert, Topic, measured
from crossdock.model.alert_course import Notice, Turn
from crossdock.model.cause import CATALOGUE, Cause
from crossdock.model.names import ConnectionId, OrderId, ShopDomain, Units

NAMED: Final = 20
"""How many troubles or new orders one message names; the rest is counted, for mailboxes and chats have limits."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: a subject, a sentence a line, and the address of the portal's page where to look."""

    subject: str
    lines: tuple[str, ...]
    link: str


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order that is new to the hub, as a notice names it."""

    store: ShopDomain
    connection: ConnectionId
    order_id: OrderId
    name: str
    units: Units
    total: str


def about_troubles(alert: Alert, notices: Sequence[Notice], portal: str) -> Message:
    """Return the message for what happened to the troubles of one alert; `portal` is its address, without a slash."""
    topic = alert.interest.topic
    stores = sorted({notice.group.store for notice in notices})
    where = stores[0] if len(stores) == 1 else counted(len(stores), "store")
    over = all(notice.turn in {Turn.OVER, Turn.PASSED} for notice in notices)
    subject = f"Crossdock: {alert.name}{' is over' if over else ''}, {where}"
    return Message(subject, _named([_line(topic, notice) for notice in notices]), portal + _PAGES[topic])


def about_orders(alert: Alert, found: Sequence[NewOrder], portal: str) -> Message:
    """Return the message for orders that are new to the hub, one at least."""
    first = found[0]
    if len(found) == 1:
        page = f"/orders/{quote(first.connection, safe='')}/{quote(first.name.removeprefix('#'))}"
        return Message(f"Crossdock: {alert.name}, {first.name} of {first.store}", (_order(first),), portal + page)
    lines = _named([_order(one) for one in found])
    return Message(f"Crossdock: {alert.name}, {len(found):,} new orders", lines, f"{portal}/")


def trial(alert: Alert, portal: str) -> Message:
    """Return what is sent to see whether it arrives."""
    line = f"This is a test of the alert “{alert.name}”. It tells of: {alert.interest}. There is nothing to do."
    return Message(f"Crossdock: test of {alert.name}", (line,), f"{portal}/alerts")


def first_word(portal: str) -> Message:
    """Return what is sent by a channel to see whether it arrives."""
    line = "This is a test. Alerts that use this channel will reach you here. There is nothing to do."
    return Message("Crossdock: test of a channel", (line,), f"{portal}/alerts")


def _named(lines: Sequence[str]) -> tuple[str, ...]:
    more = (f"And {len(lines) - NAMED:,} more.",) if len(lines) > NAMED else ()
    return (*lines[:NAMED], *more)


def _order(order: NewOrder) -> str:
    return f"{order.store}: new order {order.name}, {counted(order.units, 'unit')}, {order.total}."


def _line(topic: Topic, notice: Notice) -> str:
    store, since = notice.group.store, f"{notice.since.astimezone(UTC):%H:%M} UTC"
    match notice.turn:
        case Turn.BEGAN:
            return f"{store}: {_state(topic, notice)} {_remedy(topic, notice.group.about)}"
        case Turn.WORSE:
            return f"{store}: worse than told before: {_state(topic, notice)} {_remedy(topic, notice.group.about)}"
        case Turn.OVER:
            return f"{store}: over, {_name(topic, notice.group.about)} (since {since}). There is nothing left to do."
        case Turn.PASSED:
            worst = measured(topic, notice.count)
            return f"{store}: came and went in quiet hours, {_name(topic, notice.group.about)} (from {since}, {worst})."
        case _:
            assert_never(notice.turn)


def _state(topic: Topic, notice: Notice) -> str:
    about, amount = notice.group.about, measured(topic, notice.count)
    match topic:
        case Topic.HOLDS:
            return f"{amount} held. {_title(about)}."
        case Topic.LATE:
            return f"the flow {about} is {amount} behind."
        case Topic.SHARE:
            return f"{amount} of the last hour's orders are held."
        case Topic.OUTAGE if about == PAUSED:
            return f"the store is paused for {amount}."
        case Topic.OUTAGE:
            return f"{about} does not answer for {amount}."
        case Topic.FAILING:
            return f"{amount} of the flow {about} failed again and again."
        case Topic.ORDER:
            return f"{amount}."
        case _:
            assert_never(topic)


def _name(topic: Topic, about: str) -> str:
    match topic:
        case Topic.HOLDS:
            return f"holds: {_title(about)}"
        case Topic.LATE:
            return f"the flow {about} being late"
        case Topic.SHARE:
            return "many held orders"
        case Topic.OUTAGE if about == PAUSED:
            return "the store's pause"
        case Topic.OUTAGE:
            return f"the outage of {about}"
        case Topic.FAILING:
            return f"failing looks of the flow {about}"
        case Topic.ORDER:
            return "new orders"
        case _:
            assert_never(topic)


def _remedy(topic: Topic, about: str) -> str:
    match topic:
        case Topic.HOLDS:
            return CATALOGUE[Cause(about)].remedy
        case Topic.SHARE:
            return "See what holds them: crossdock holds."
        case Topic.LATE:
            return "See what waits and whether a worker runs: crossdock proof, crossdock doctor."
        case Topic.OUTAGE if about == PAUSED:
            return "See why under crossdock store list, mend that, then: crossdock store resume."
        case Topic.OUTAGE:
            return "See whether it is up; nothing is lost meanwhile, and the hub goes on by itself once it answers."
        case Topic.FAILING:
            return "See what went wrong: crossdock proof. The hub tries again by itself."
        case Topic.ORDER:
            return ""
        case _:
            assert_never(topic)


def _title(cause: str) -> str:
    return CATALOGUE[Cause(cause)].title


_PAGES: Final = {
    Topic.HOLDS: "/holds",
    Topic.LATE: "/proof",
    Topic.SHARE: "/orders?state=held",
    Topic.OUTAGE: "/proof",
    Topic.FAILING: "/proof",
    Topic.ORDER: "/orders",
}
