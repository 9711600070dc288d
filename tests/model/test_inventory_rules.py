"""Rules that cannot be are refused in a sentence that names the field, wherever they are made."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from crossdock.kit.errors import UsageError
from crossdock.model.connection import FulfillmentRules, InventoryRules, LevelRule, MassChange
from crossdock.model.names import ItemCode, LocationId, Sku

MUG, SET = ItemCode("MUG"), ItemCode("SET")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: InventoryRules(buffer=-1), "inventory.buffer cannot be -1. Give 0 units or more."),
        (lambda: InventoryRules(cap=-5), "inventory.cap cannot be -5."),
        (lambda: InventoryRules(window=timedelta(seconds=-1)), "inventory.window cannot be -1 s."),
        (lambda: InventoryRules(window=timedelta(hours=2)), "Give 0 s to 3600 s"),
        (lambda: InventoryRules(weights={LocationId("L1"): -1}), "inventory.weights of L1 cannot be -1."),
        (lambda: LevelRule(buffer=1), "names no sku and no location"),
        (lambda: LevelRule(sku=Sku("MUG-01")), "for MUG-01 says nothing"),
        (lambda: LevelRule(sku=Sku("MUG-01"), location=LocationId("L1"), cap=-2), "The cap for MUG-01 at L1"),
        (
            lambda: InventoryRules(levels=(LevelRule(sku=Sku("A"), buffer=1), LevelRule(sku=Sku("A"), cap=2))),
            "inventory.levels has two rules for A. Make them one.",
        ),
        (lambda: FulfillmentRules(tracking_urls={"GLS": "https://gls.example"}), "fulfillments.tracking_urls of GLS"),
        (lambda: FulfillmentRules(tracking_urls={"GLS": "gls/{number}"}), "Give an address with {number} in it"),
        (lambda: MassChange(share=30), "inventory.guard.share cannot be 30. Give a share of the items from 0 to 1."),
        (lambda: MassChange(items=-1), "inventory.guard.items cannot be -1."),
        (lambda: InventoryRules(kits={SET: {}}), "SET that it has no components"),
        (lambda: InventoryRules(kits={SET: {MUG: 0}}), "the units of MUG in SET cannot be 0."),
        (lambda: InventoryRules(kits={SET: {MUG: 1}, MUG: {SET: 1}}), "MUG is a kit and a component of SET"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(make: Callable[[], object], said: str) -> None:
    with pytest.raises(UsageError) as refused:
        make()

    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("emptied", "stocked", "stops"),
    [(100, 10_000, False), (101, 10_000, True), (9, 9, False), (10, 33, True), (10, 34, False), (0, 0, False)],
)
def test_emptying_many_items_or_a_large_share_of_them_needs_a_word(emptied: int, stocked: int, stops: bool) -> None:
    assert MassChange(items=100, share=0.3, at_least=10).stops(emptied, stocked) is stops
