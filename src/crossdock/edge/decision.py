"""What the hub last decided about an order, and why, in words. It reads what was kept; it decides nothing itself."""

from dataclasses import dataclass
from typing import assert_never

from crossdock.kit.wording import counted
from crossdock.model.state import OrderState
from crossdock.store.reads.order import Story


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done about an order now, and why; both are for people."""

    what: str
    why: str


def decision(story: Story) -> Decision:
    """Return the decision that an order's story tells of; what waits for a person, or for another try, comes first."""
    held = [one.hold for one in story.holds if not one.resolved]
    if held:
        return Decision("It waits for a person", held[0].detail)
    for look in story.waiting:
        if look.last_error is not None:
            return Decision("It is tried again by itself" if look.attempts else "It waits", look.last_error)
    return _by_state(story)


def _by_state(story: Story) -> Decision:
    order = story.order
    match order.state:
        case OrderState.WAITING:
            paid, fulfilled = (_words(status) for status in (order.financial_status, order.fulfillment_status))
            why = f"Nothing of it can go to the warehouse yet: Shopify says {paid}, {fulfilled}."
            return Decision("It waits for Shopify", f"{why} The next change there brings the next look.")
        case OrderState.AT_WAREHOUSE | OrderState.PARTLY_SHIPPED:
            there = [f"{one.name} as {one.reference}" for one in story.requests if one.reference is not None]
            had = f"It has {', '.join(there)}." if there else "It was asked, and its answer is not known yet."
            return Decision(f"It is left to {order.backend}", f"{had} What leaves, Shopify is told of.")
        case OrderState.SHIPPED:
            packages = sum(one.cancelled_at is None for one in story.packages)
            left = f" in {counted(packages, 'package')}" if packages else ""
            return Decision("Nothing is left to do", f"All that was asked for has left{left}, and Shopify knows.")
        case OrderState.SHORT:
            return Decision("Nothing more will leave", f"{order.backend} has given up on the rest of it.")
        case OrderState.SKIPPED:
            why = f"The rules of {order.connection} leave it alone. Which one: "
            return Decision("It is left alone", f"{why}crossdock plan {order.connection} orders '{order.name}'.")
        case OrderState.CANCELLED:
            return Decision("Nothing is left to do", "It was cancelled at Shopify.")
        case OrderState.HELD:
            return Decision(
                "It is about to be looked at", "What held it is settled; the next look says how it goes on."
            )
        case _:
            assert_never(order.state)


def _words(status: str | None) -> str:
    return (status or "no status").replace("_", " ").lower()
