"""What is said of a level, by what Shopify has, what the hub believes and what the figure is."""

from datetime import UTC, datetime

import pytest

from crossdock.edge.stock_report import LevelReport, stock_report
from crossdock.model.ledger import Account, Decided, Ledger, Trust
from crossdock.model.names import InventoryItemId, ItemCode, LocationId, Units
from crossdock.model.stock import InventoryLevel

MUG = InventoryItemId("gid://shopify/InventoryItem/1")
HAMBURG, LEIPZIG = LocationId("gid://shopify/Location/1"), LocationId("gid://shopify/Location/2")
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def an_account(
    *, believed: int = 5, publish: int = 5, unproven: datetime | None = None, push: str | None = None
) -> Account:
    ledger = Ledger(
        item=MUG,
        location=HAMBURG,
        believed=Units(believed),
        committed=Units(0),
        trust=Trust.EXACT,
        unproven=unproven,
        read_from=NOON,
        read_to=NOON,
        push=push,
    )
    return Account(ledger, Decided(publish, publish, 0, 0, "explained", 1))


def a_report(account: Account | None, *, at_shopify: int | None = 5, served: bool = True) -> LevelReport:
    levels = [] if at_shopify is None else [InventoryLevel(MUG, HAMBURG, Units(at_shopify), Units(0))]
    accounts = {} if account is None else {account.ledger.level: account}
    [report] = stock_report({MUG: ItemCode("MUG")}, levels, accounts, frozenset({HAMBURG} if served else ()), {})
    return report


@pytest.mark.parametrize(
    ("report", "differs", "finding"),
    [
        (a_report(an_account()), False, "As it should be."),
        (a_report(an_account(), at_shopify=7), True, "2 units more than the hub knows of: sold or edited."),
        (a_report(an_account(), at_shopify=4), True, "1 unit fewer than the hub knows of: sold or edited."),
        (a_report(an_account(publish=3)), True, "It waits to be published."),
        (a_report(an_account(publish=3, push="7")), True, "It is being published."),
        (a_report(an_account(publish=9, unproven=NOON)), True, "It did not add up when it was read;"),
        (a_report(None), True, "It was never looked at."),
        (a_report(an_account(), at_shopify=None), False, "Shopify does not stock it here any more."),
        (a_report(an_account(), at_shopify=7, served=False), False, "No warehouse serves this location."),
    ],
)
def test_each_difference_has_its_sentence(report: LevelReport, differs: bool, finding: str) -> None:
    assert report.differs is differs
    assert report.finding.startswith(finding)


def test_a_level_that_came_right_by_itself_was_moved_all_the_same() -> None:
    report = a_report(an_account(believed=5, publish=7), at_shopify=7)

    assert (report.differs, report.moved) == (False, True)


def test_levels_are_listed_by_item_and_location() -> None:
    levels = [InventoryLevel(MUG, LEIPZIG, Units(1), Units(0)), InventoryLevel(MUG, HAMBURG, Units(1), Units(0))]

    reports = stock_report({MUG: ItemCode("MUG")}, levels, {}, frozenset({HAMBURG, LEIPZIG}), {HAMBURG: "Hamburg"})

    number = LEIPZIG.removeprefix("gid://shopify/Location/")
    assert [one.place for one in reports] == ["Hamburg", f"location {number}"]
