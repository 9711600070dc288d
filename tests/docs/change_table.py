"""The page of the decision table, made of the table itself: `python -m tests.docs.change_table`."""

import sys

from crossdock.model.capability import Capability
from crossdock.model.change import Kind
from crossdock.model.course import STATES, course, follow_up

HEAD = """\
# What happens to an order that changes

<!-- Made by `python -m tests.docs.change_table > docs/reference/changes.md`; a test proves that it fits the code. -->

An order goes to the warehouse, and then somebody changes it on Shopify. What the hub does depends on what changed, on
how far the warehouse is, and on what the backend can do at all, which its manifest says.

| | |
| --- | --- |
| **amend** | The backend changes its order. |
| **stop** | The backend cancels its order and gives the goods back. |
| **replace** | The backend cancels its order, and is asked for a new one (`#1001-2`) once Shopify lets it ship. |
| **let ship** | The order ships as the warehouse has it. |
| **refuse** | The merchant who requested the cancellation of a fulfillment service hears that it is too late. |
| **follow up** | It has left; a person, or `orders.follow_up`, has the hub do what is left to do. |
| **ask** | The order is held in the hub, with the cause and with what there is to choose from. |

A split or a merge is no change to a warehouse: what was bought, and where it ships from, says which of its orders the
new fulfillment orders stand for. What moves to another location is asked of the warehouse there only after the first
one has let go of it. Of what has left already nothing is asked again; but should a package come back, what was let
pass because all had left is decided anew.

Each change, what was decided and why is on the order's time line. The backend has the last word: where it says that it
is too late after all, the hub asks a person, too. An answer that was lost is asked for again; amending and stopping
are safe to repeat.

## Where the backend can

"""

BETWEEN = """
## Where the backend cannot

One that amends or stops no orders, as its manifest says, and keeps what they cost (`money`). The built-in warehouse can
do all of it.

"""

PRICES = """
## Prices

Prices are those of the goods, with their discounts, taxes and duties, and the charges: shipping, fees, a tip. They are
followed where the warehouse keeps them; one whose manifest does not say `money` has none that could be wrong, so an
order **ships** whatever its prices become, and the time line says what they were. No change of prices is what moved by
a smallest unit of the currency, what goes along with goods, and what a refund gives back: that one goes to the backend
[as a refund](../explanation/money.md#what-moves-afterwards). Of orders that were accepted before the hub followed
prices, a difference stands on the order's page and is no change.
"""

AFTER = """
## When it has left already

What came too late for the goods cannot be undone, and something may be left to do all the same. The order is held, and
a person chooses: `crossdock orders follow-up '#1001'` has the hub do it, `crossdock orders leave '#1001'` leaves it at
that. With `orders.follow_up=true` the hub does it at once. Either way the time line says what was done.

"""

TAIL = """
- **take back**: the warehouse is told to expect the goods back, under a number of its own. Shopify has no return for
  them, for it counts them as taken off, not as fulfilled. A backend that takes no returns leaves it to a person.
- **send more**: what was added is asked for in a request of its own (`#1001-2`), once, and ships like any other. Where
  the warehouse shipped less than it was asked for, a person says what is meant.
- **tell**: nothing can be done from here; the time line says what it was, so that somebody can ask the carrier.
- **book**: nothing can be done from here; the time line says what the goods were told to cost and cost now, so that
  somebody can correct the books.

## When you are asked

A held order names what changed. Do what it takes at the warehouse, by hand, or decide that the order may ship as the
warehouse has it. Either way, tell the hub that you have seen to it:

```sh
crossdock orders leave '#1001'
```

It answers for the changes that the hold names; one that comes later is decided anew. An order that was cancelled at the
warehouse, too, is held no longer as soon as the hub hears of it.

## What the warehouse does not ship

A warehouse may cancel an order, or ship less than it was asked for, while Shopify waits for all of it. The rule
`orders.given_up.on_give_up` says what then becomes of it on Shopify:

- `ask` (the default) holds the order. `crossdock orders cancel '#1001'` takes off on Shopify what is missing;
  `crossdock orders leave '#1001'` leaves Shopify waiting for it, and the hold goes.
- `cancel` takes it off at once.

Where nothing of the order ships, and nothing else is in it, the order is cancelled on Shopify, and the hub follows
Shopify's job to its end. Else the missing units are taken out of the order by an edit, and what is then paid too much
is for a person to refund. `orders.given_up.restock`, `refund` and `notify_customer` say how; without `restock` the next
reading of the warehouse's stock decides what may be sold.
"""


def page() -> str:
    """Return the whole page as Markdown."""
    can, cannot = _table(frozenset(Capability)), _table(frozenset({Capability.MONEY}))
    return HEAD + can + BETWEEN + cannot + PRICES + AFTER + _followed_up() + TAIL


def _followed_up() -> str:
    rows = [["What changed", "What is left to do"], ["---"] * 2]
    for kind in Kind:
        way = follow_up(kind, frozenset(Capability))
        if way is not None:
            rows.append([kind.words[0].upper() + kind.words[1:], way.value])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _table(can: frozenset[Capability]) -> str:
    head = ["What changed", *(state.value.replace("_", " ") for state in STATES)]
    rows = [head, ["---"] * len(head)]
    for kind in Kind:
        words = kind.words[0].upper() + kind.words[1:]
        rows.append([words, *(course(kind, state, can).value for state in STATES)])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


if __name__ == "__main__":
    sys.stdout.write(page())
