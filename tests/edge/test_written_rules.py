"""Rules as people write them: understood, or refused in a sentence that names the field."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crossdock.edge.cli.answer import plain
from crossdock.edge.written_rules import with_document, with_settings
from crossdock.kit.errors import UsageError
from crossdock.model.connection import Field, InventoryRules, LevelRule, MassChange, OnDrift, Rules
from crossdock.model.names import ItemCode, LocationId, Sku

BERLIN, LEIPZIG = LocationId("gid://shopify/Location/1"), LocationId("gid://shopify/Location/5")
MUG, LAMP, GIFT_SET = ItemCode("MUG"), ItemCode("LAMP-2.0"), ItemCode("GIFT-SET")


@pytest.mark.parametrize(
    ("setting", "field", "value"),
    [
        ("buffer=2", "buffer", 2),
        ("cap=7", "cap", 7),
        ("cap=none", "cap", None),
        ("window=10s", "window", timedelta(seconds=10)),
        ("window=500 ms", "window", timedelta(milliseconds=500)),
        ("window=1.5min", "window", timedelta(seconds=90)),
        ("drift=ask", "drift", OnDrift.ASK),
        ("guard.items=5", "guard", MassChange(items=5)),
        ("weights=1:2,5:1", "weights", {BERLIN: 2, LEIPZIG: 1}),
        ("weights.gid://shopify/Location/5=3", "weights", {LEIPZIG: 3}),
        ("kits.GIFT-SET=MUG:2,LAMP-2.0:1", "kits", {GIFT_SET: {MUG: 2, LAMP: 1}}),
        ('levels=[{"sku": "MUG", "location": "1", "cap": 4}]', "levels", (LevelRule(Sku("MUG"), BERLIN, cap=4),)),
    ],
)
def test_a_setting_of_stock_is_understood(setting: str, field: str, value: object) -> None:
    rules = with_settings(Rules(), [f"inventory.{setting}"])

    assert getattr(rules.inventory, field) == value


def test_settings_of_orders_and_fulfillments_are_understood() -> None:
    rules = with_settings(
        Rules(),
        [
            "orders.financial=PAID, PENDING",
            "orders.required=sku",
            "orders.placed_from=2026-07-01",
            "orders.name=WEB{name}",
            "fulfillments.notify_customer=true",
            "fulfillments.carriers.M.B.E.=Mail Boxes",
            "fulfillments.tracking_urls.Mail Boxes=https://mbe.example/?n={number}",
        ],
    )

    assert rules.orders.financial == {"PAID", "PENDING"}
    assert rules.orders.required == {Field.SKU}
    assert rules.orders.placed_from == datetime(2026, 7, 1, tzinfo=UTC)
    assert rules.orders.name == "WEB{name}"
    assert rules.fulfillments.notify_customer
    assert rules.fulfillments.carriers == {"M.B.E.": "Mail Boxes"}
    assert rules.fulfillments.tracking_urls == {"Mail Boxes": "https://mbe.example/?n={number}"}


def test_one_entry_of_a_map_can_be_taken_out() -> None:
    kept = with_settings(Rules(), ["inventory.kits.A=MUG:1", "inventory.kits.B=MUG:2", "inventory.kits.A=none"])

    assert kept.inventory.kits == {"B": {"MUG": 2}}


def test_a_document_changes_what_it_names_and_leaves_the_rest() -> None:
    before = with_settings(Rules(), ["inventory.cap=9", "inventory.guard.at_least=3", "inventory.kits.A=MUG:1"])

    after = with_document(
        before, {"inventory": {"buffer": 2, "guard": {"items": 5}, "kits": {"B": {"MUG": 2}}, "window": "5s"}}
    )

    assert after.inventory == InventoryRules(
        buffer=2,
        cap=9,
        window=timedelta(seconds=5),
        guard=MassChange(items=5, at_least=3),
        kits={ItemCode("B"): {MUG: 2}},
    )


def test_what_the_rules_are_shown_as_can_be_given_back() -> None:
    rules = with_settings(
        Rules(),
        [
            "inventory.window=10s",
            'inventory.levels=[{"sku": "MUG", "cap": 4}]',
            "inventory.kits.SET=MUG:2",
            "orders.placed_from=2026-07-01",
        ],
    )

    assert with_document(Rules(), plain(rules)) == rules


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("inventory.buffer", "'inventory.buffer' sets nothing. Write it as inventory.buffer=2."),
        ("stock.buffer=1", "There is no rule stock. Those of a connection are: orders, inventory,"),
        ("inventory.bufer=1", "There is no rule inventory.bufer. Those of inventory are: mode, window, buffer, cap"),
        ("inventory.buffer.a=1", "There is no rule inventory.buffer.a."),
        ("inventory.buffer=-1", "inventory.buffer cannot be -1. Give 0 units or more."),
        ("inventory.buffer=two", "inventory.buffer cannot be 'two'. It takes a whole number."),
        ("inventory.window=10", "inventory.window cannot be '10'. It takes a duration: 500ms, 10s, 2min, 1h."),
        ("inventory.drift=maybe", "inventory.drift cannot be 'maybe'. It takes one of: accept, revert, ask."),
        ("inventory.guard.share=many", "inventory.guard.share cannot be 'many'. It takes a number."),
        ("inventory=3", "inventory has parts: mode, window"),
        ("inventory.levels=3", "inventory.levels is a list."),
        ('inventory.levels=[{"sku": "A", "bufer": 1}]', "There is no rule inventory.levels[0].bufer."),
        ('inventory.levels=[{"sku": "A", "buffer": true}]', "inventory.levels[0].buffer cannot be true."),
        ("inventory.weights.Berlin=2", "inventory.weights: 'Berlin' is no location."),
        ("inventory.kits.SET=MUG", "inventory.kits.SET cannot be 'MUG'. Write pairs: MUG:2,LAMP:1."),
        ("inventory.kits={", "{ is not JSON"),
        ("orders.required=sku,fax", "It is a list. Each part: It takes one of: shipping_address"),
        ("orders.placed_from=soon", "orders.placed_from cannot be 'soon'. It takes a time"),
        ("fulfillments.notify_customer=perhaps", "It takes true or false."),
    ],
)
def test_a_setting_that_cannot_be_is_refused(setting: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        with_settings(Rules(), [setting])

    assert said in str(refused.value)


@pytest.mark.parametrize("document", [[], "rules", 3, None, {"inventory": [1]}])
def test_a_document_that_is_no_rules_is_refused(document: Any) -> None:
    with pytest.raises(UsageError, match="has parts"):
        with_document(Rules(), document)
