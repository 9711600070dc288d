"""Every operation is one that Shopify would accept, in every version that the hub can be set to, and not too dear."""

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from graphql import (
    DocumentNode,
    GraphQLSchema,
    NoUnusedFragmentsRule,
    OperationDefinitionNode,
    OperationType,
    build_schema,
    parse,
    specified_rules,
    validate,
)
from tests.shopify_answers import Bench, an_order, gid, says

from crossdock.model.names import OrderId
from crossdock.shopify.batches import LARGEST_INPUT, LARGEST_ORDERS
from crossdock.shopify.operation_table import OPERATIONS
from crossdock.shopify.returns import LARGEST_RETURNS
from crossdock.shopify.storefront import DEFAULT_VERSION
from shopify_standin.house.cost import CostModel, row_weight

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "src/crossdock/shopify/operations"
VERSIONS = ("2026-07", "2026-10")


@cache
def schema_of(version: str) -> GraphQLSchema:
    """Built once a run: it takes seconds."""
    text = (ROOT / f"schemas/shopify/{version}.graphql").read_text()
    return build_schema(text, assume_valid=True, no_location=True)


@cache
def all_operations() -> DocumentNode:
    """Every file of operations as one document, because fragments are shared among them."""
    return parse("\n".join(path.read_text() for path in sorted(FOLDER.glob("*.graphql"))))


def operations() -> list[OperationDefinitionNode]:
    return [found for found in all_operations().definitions if isinstance(found, OperationDefinitionNode)]


def names() -> list[str]:
    return [operation.name.value for operation in operations() if operation.name]


@pytest.mark.parametrize("version", VERSIONS)
def test_shopify_would_accept_every_operation(version: str) -> None:
    rules = [rule for rule in specified_rules if rule is not NoUnusedFragmentsRule]

    assert validate(schema_of(version), all_operations(), rules) == []


def test_the_default_version_is_one_that_is_checked() -> None:
    assert DEFAULT_VERSION in VERSIONS


def test_the_transport_knows_every_operation_and_no_other() -> None:
    assert sorted(names()) == sorted(OPERATIONS)


def test_only_keyed_writes_and_deletions_are_repeated() -> None:
    """A mutation that is neither must be looked into before it is sent again."""
    mutations = {found.name.value for found in operations() if found.name and found.operation is OperationType.MUTATION}

    assert {name for name in mutations if OPERATIONS[name].repeatable} == {
        "AdjustQuantities",
        "SetQuantities",
        "Unsubscribe",
    }


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.name.value)
def test_the_largest_batch_stays_under_shopifys_limit_for_one_query(operation: OperationDefinitionNode) -> None:
    """Even if Shopify weighed a list of ids as it weighs the rows of a connection, which it has not been seen to do."""
    assert operation.name
    price = CostModel(schema_of("2026-07"), all_operations()).price(operation, {})
    takes_ids = any(variable.variable.name.value == "ids" for variable in operation.variable_definitions)
    largest = {"Orders": LARGEST_ORDERS, "Returns": LARGEST_RETURNS}.get(operation.name.value, LARGEST_INPUT)
    rows = largest if takes_ids else 1

    assert price * row_weight(rows) < 1000


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.name.value)
def test_the_first_guess_of_a_cost_is_no_less_than_the_cost(operation: OperationDefinitionNode) -> None:
    assert operation.name

    price = CostModel(schema_of("2026-07"), all_operations()).price(operation, {})

    assert price <= OPERATIONS[operation.name.value].guess <= max(3 * price, 5)


async def test_what_is_sent_is_what_was_checked(bench: Bench) -> None:
    bench.shopify.will("Orders", says({"nodes": [an_order()]}))

    await bench.storefront.orders([OrderId(gid("Order", 1))])

    sent = parse(bench.shopify.asked[0].query)
    assert validate(schema_of(DEFAULT_VERSION), sent) == []


def test_generating_the_client_anew_changes_nothing(tmp_path: Path) -> None:
    """Who changes an operation runs `make generate`; nobody edits what it makes."""
    setting = 'target_package_path = "{}"'
    settings = (ROOT / "pyproject.toml").read_text()
    config = tmp_path / "pyproject.toml"
    config.write_text(settings.replace(setting.format("src/crossdock/shopify"), setting.format(tmp_path)))
    command = Path(sys.executable).with_name("ariadne-codegen")

    subprocess.run([command, "--config", str(config)], cwd=ROOT, check=True, capture_output=True)

    made, kept = tmp_path / "generated", ROOT / "src/crossdock/shopify/generated"
    assert {path.name: path.read_text() for path in made.glob("*.py")} == {
        path.name: path.read_text() for path in kept.glob("*.py")
    }
