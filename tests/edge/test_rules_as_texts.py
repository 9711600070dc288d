"""What a form shows of a rule, the hub reads back as the same rule."""

import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crossdock.edge.rule_guide import RULE_GUIDE, STEP_GUIDE
from crossdock.edge.rule_texts import choices, rule_texts
from crossdock.edge.written_rules import with_document, with_settings
from crossdock.model.connection import OrderRules, Rules
from crossdock.model.routing_rules import By

EXAMPLE = """
[inventory]
buffer = 1
window = "90s"
cap = 50
levels = [{ sku = "MUG:blue, large", buffer = 3 }, { location = "12", cap = 0 }]
weights = { 12 = 2 }
kits = { GIFT = { MUG = 2, LAMP = 1 } }
[fulfillments]
carriers = { "PARCEL-24" = "DHL Express" }
"""


def test_every_rule_is_read_back_as_it_was() -> None:
    rules = with_document(Rules(), tomllib.loads(EXAMPLE))
    rules = replace(rules, orders=OrderRules(placed_from=datetime(2026, 7, 1, 8, tzinfo=UTC), required=frozenset()))

    texts = rule_texts(rules)

    assert with_settings(Rules(), [f"{name}={text}" for name, text in texts.items()]) == rules
    assert texts["inventory.window"] == f"{timedelta(seconds=90).total_seconds():g}s"


def test_what_takes_one_of_few_offers_them() -> None:
    found = choices(Rules())

    assert found["inventory.negative"] == ("show", "zero")
    assert found["orders.hold_money"] == ("true", "false")
    assert "inventory.buffer" not in found


def test_the_form_says_of_each_rule_what_the_page_of_rules_says() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "rules.md").read_text()

    assert list(RULE_GUIDE) == list(rule_texts(Rules()))
    assert [name for name, sentence in RULE_GUIDE.items() if f"| {sentence} |" not in page] == []


def test_the_form_of_routing_says_of_each_step_what_the_docs_say() -> None:
    page = (Path(__file__).parents[2] / "docs" / "explanation" / "routing.md").read_text()

    assert list(STEP_GUIDE) == list(By)
    assert [by for by, sentence in STEP_GUIDE.items() if f"| {sentence} |" not in page] == []
