"""The page of rules names every rule, and no rule that is not there."""

import dataclasses
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crossdock.edge.written_rules import with_document
from crossdock.model.connection import Rules

DOCS = Path(__file__).parents[2] / "docs"
NAMED = re.compile(r"^\| `([a-z_]+(?:\.[a-z_]+)+)` \|", re.MULTILINE)
TOML = re.compile(r"```toml\n(.*?)```", re.DOTALL)


def names(part: Any, under: str = "") -> Iterator[str]:
    for field in dataclasses.fields(part):
        value = getattr(part, field.name)
        if dataclasses.is_dataclass(value):
            yield from names(value, f"{under}{field.name}.")
        else:
            yield f"{under}{field.name}"


def test_every_rule_is_on_the_page() -> None:
    page = (DOCS / "reference" / "rules.md").read_text()

    assert NAMED.findall(page) == list(names(Rules()))


def test_the_rules_of_routing_that_the_explanation_sets_can_be_set() -> None:
    [example] = TOML.findall((DOCS / "explanation" / "routing.md").read_text())

    rules = with_document(Rules(), tomllib.loads(example)).routing

    assert [step.by for step in rules.steps] == ["tag", "stock", "nearest"]
    assert len(rules.places) == 2


def test_the_rules_that_the_explanation_sets_can_be_set() -> None:
    [example] = TOML.findall((DOCS / "explanation" / "stock.md").read_text())

    rules = with_document(Rules(), tomllib.loads(example))

    assert (rules.inventory.buffer, len(rules.inventory.levels)) == (1, 2)
