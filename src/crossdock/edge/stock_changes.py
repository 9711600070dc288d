"""What people decide about stock, from whichever face; each written down with who decided it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from crossdock.edge.asking import look_again
from crossdock.edge.rule_changes import change_rules
from crossdock.edge.stock_report import LevelReport
from crossdock.kit.errors import UsageError
from crossdock.model.cause import Cause
from crossdock.model.connection import Rules, StockMode
from crossdock.model.deed import Deed
from crossdock.model.flow import Flow
from crossdock.model.ledger import Account, News
from crossdock.model.names import ConnectionId
from crossdock.model.people import Actor
from crossdock.model.stock import Level
from crossdock.pending.mark import mark, retry_like
from crossdock.store import audit, connections, level_news, stock_approvals, stock_ledger
from crossdock.store.database import Tx
from crossdock.store.links import Link
from crossdock.store.reads import stock as reads

DECISIONS: Final = {"accept": News.KEEP, "revert": News.REVERT}
"""What a person may say to an edit: let it stand, or undo it."""

LONGEST_APPROVAL: Final = timedelta(days=1)
"""The guard is there for the day on which nobody looks."""


async def item_named(tx: Tx, connection: ConnectionId, text: str) -> Link:
    """Return the linked item that a person means by its code, its SKU or a gid. Raises UsageError."""
    await connections.get(tx, connection)
    found = await reads.named(tx, connection, text)
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(one.inventory_item for one in found)
        raise UsageError(f"{text} is the SKU of {len(found)} linked items in {connection}. Name one of: {several}.")
    raise UsageError(
        f"No linked item of {connection} has the code or SKU {text}. Items are linked by SKU or barcode: "
        f"crossdock sync {connection} --catalog."
    )


async def approve_pushes(tx: Tx, by: Actor, connection: ConnectionId, lasting: timedelta) -> int:
    """Let pushes empty many levels for so long; return how many held items go on. Raises UsageError."""
    if not timedelta(0) < lasting <= LONGEST_APPROVAL:
        raise UsageError("An approval lasts up to a day. Give a shorter time, like 1h.")
    await connections.get(tx, connection)
    await stock_approvals.approve(tx, connection, lasting)
    await audit.record(tx, by, Deed.PUSHES_APPROVED, connection, after={"lasting": lasting})
    return await retry_like(tx, connection, Cause.MASS_CHANGE, f"{by.name} approved it")


async def decide_edit(tx: Tx, by: Actor, connection: ConnectionId, item: Link, news: News) -> Sequence[Account]:
    """
    Let stand (`KEEP`) what was edited in Shopify, or undo it (`REVERT`); return the levels that it is about.

    Raises UsageError where nothing was edited.
    """
    accounts = await stock_ledger.of_items(tx, connection, [item.inventory_item])
    edited = [account for account in accounts.values() if account.ledger.suspect]
    if not edited:
        raise UsageError(
            f"Nothing that the hub knows of was edited at {item.item}. See: crossdock stock show {connection} "
            f"{item.item}."
        )
    await level_news.append(tx, connection, news, [account.ledger.level for account in edited])
    await mark(tx, connection, Flow.INVENTORY, [item.inventory_item], f"{by.name} decided")
    deed = Deed.EDIT_ACCEPTED if news is News.KEEP else Deed.EDIT_REVERTED
    units: dict[str, object] = {one.ledger.location: one.ledger.suspect for one in edited}
    await audit.record(tx, by, deed, f"{connection} {item.item}", after=units)
    return edited


async def publish_differing(tx: Tx, by: Actor, connection: ConnectionId, differing: Sequence[LevelReport]) -> None:
    """Have what differs read and published anew by the next looks."""
    await level_news.append(tx, connection, News.CHANGED, _moved(differing))
    items = sorted({one.inventory_item for one in differing})
    await look_again(tx, by, connection, {Flow.INVENTORY: items})


async def switch_mode(
    tx: Tx, by: Actor, connection: ConnectionId, wanted: StockMode, differing: Sequence[LevelReport]
) -> None:
    """
    Switch how stock is written.

    What moved (of `differing`) is read before anything is written; to delta mode, what others did is then the
    beginning, and no drift.
    """

    def in_mode(rules: Rules) -> Rules:
        return replace(rules, inventory=replace(rules.inventory, mode=wanted))

    await change_rules(tx, by, connection, in_mode)
    await level_news.append(tx, connection, News.CHANGED, _moved(differing))


def differing_of(report: Sequence[LevelReport]) -> Sequence[LevelReport]:
    """Return the levels of a report that a switch of the mode has to do with."""
    return [one for one in report if one.served and (one.differs or one.moved)]


def _moved(differing: Sequence[LevelReport]) -> Sequence[Level]:
    return [(one.inventory_item, one.location) for one in differing if one.moved]
