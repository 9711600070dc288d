"""The page of mappings names what expressions see and may call, and nothing else."""

import re
import tomllib
from pathlib import Path

from crossdock.backends.builtin import plugin
from crossdock.edge.written_mappings import read_document
from crossdock.kit.expression import FUNCTIONS
from crossdock.model.field_mapping import mistakes
from crossdock.model.money import Money
from crossdock.model.order_facts import order_facts
from crossdock.model.payment import Payment, PaymentMethod
from crossdock.testing.builders import an_order

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "reference" / "mappings.md").read_text()
NAMED = re.compile(r"^\| `([a-z_]+)` \|", re.MULTILINE)


def test_the_page_names_all_that_an_expression_sees() -> None:
    order = an_order()
    facts = order_facts(order, Payment(PaymentMethod.PREPAID, (), Money(order.total.amount * 0, "EUR")), None, None)

    assert NAMED.findall(PAGE) == list(facts)


def test_the_page_names_every_function_and_payment_method() -> None:
    functions = PAGE.partition("## Functions")[2].partition("Texts stand in")[0]

    assert sorted(set(re.findall(r"`([a-z_]+)[`(]", functions)) - {"mark"}) == list(FUNCTIONS)
    assert all(f"`{method.value}`" in PAGE for method in PaymentMethod)


def test_the_example_of_the_guide_may_be_saved_for_the_built_in_warehouse() -> None:
    guide = (DOCS / "how-to" / "map-fields.md").read_text()
    (example,) = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)

    assert mistakes(read_document(tomllib.loads(example)), plugin.manifest.fields) == []
