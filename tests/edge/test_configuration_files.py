"""A configuration file says what is set, says it again when it is read back, and is compared rule by rule."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crossdock.edge.configuration.current import connection_part
from crossdock.edge.configuration.differences import (
    AddAlert,
    RemoveAlert,
    SaveMapping,
    Serve,
    SetRule,
    SwitchFlows,
    differences,
)
from crossdock.edge.configuration.document import AlertPart, Configuration, ConnectionPart, read, written
from crossdock.edge.written_rules import with_settings
from crossdock.kit.errors import UsageError
from crossdock.model.alert import Topic
from crossdock.model.connection import Connection, Rules
from crossdock.model.field_mapping import NOTHING_MAPPED, Default, FieldMapping, FieldSource
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, LocationId, ShopDomain, WarehouseCode
from crossdock.store.mappings import Version

RULES = with_settings(Rules(), ["inventory.buffer=2", 'inventory.levels=[{"sku": "MUG \\"big\\"", "cap": 3}]'])
ACME = Connection(
    ConnectionId("acme"),
    ShopDomain("acme.myshopify.com"),
    "builtin",
    frozenset({Flow.ORDERS, Flow.CATALOG}),
    RULES,
    {LocationId("gid://shopify/Location/12"): (WarehouseCode("MAIN"), WarehouseCode("EAST"))},
)
HELD = AlertPart(topic=Topic.HOLDS, channel="ops", least=1)
MAPPED = FieldMapping(
    {
        "note": FieldSource("note", required=True),
        "terms": FieldSource(None, (Default('NET "30"', "contains(tags, 'b2b')"), Default("PREPAID"))),
    }
)
KEPT = Version(ACME.id, 1, "Ada", datetime(2026, 7, 1, tzinfo=UTC), "", MAPPED)
NOW = Configuration(connections={"acme": connection_part(ACME, KEPT)}, alerts={"Orders held": HELD})


def _with(**changes: object) -> Configuration:
    """The configuration as a file would have it that says something else of the connection."""
    part = {"store": ACME.store, "backend": ACME.backend, **changes}
    return Configuration.model_validate({"connections": {"acme": part}})


def test_what_is_written_is_read_back() -> None:
    assert read(written(NOW)) == NOW


def test_no_alerts_and_nothing_said_of_alerts_are_two_things() -> None:
    assert read(written(Configuration(alerts={}))).alerts == {}
    assert read(written(Configuration())).alerts is None


def test_fields_that_are_named_are_meant_whole_and_become_a_new_version() -> None:
    steps = differences(NOW, _with(fields={"note": {"from": "note"}, "division": {"from": "'EU'"}}))

    mapping = FieldMapping({"note": FieldSource("note"), "division": FieldSource("'EU'")})
    assert steps == [SaveMapping(ACME.id, mapping, "acme: fields: + division, ~ note, - terms")]


def test_no_fields_and_nothing_said_of_fields_are_two_things() -> None:
    nothing = _with(fields={})

    assert read(written(nothing)) == nothing
    assert differences(NOW, nothing) == [SaveMapping(ACME.id, NOTHING_MAPPED, "acme: fields: - note, - terms")]
    assert differences(Configuration(connections={"acme": connection_part(ACME, None)}), nothing) == []


def test_a_field_that_is_written_as_no_field_is_is_named() -> None:
    with pytest.raises(UsageError, match=r"connections\.acme\.fields\.note\.frum"):
        read('[connections.acme]\nstore = "a"\nbackend = "b"\n[connections.acme.fields.note]\nfrum = "note"\n')


def test_a_file_that_says_what_is_so_changes_nothing() -> None:
    assert list(differences(NOW, read(written(NOW)))) == []


def test_what_a_file_does_not_name_stays() -> None:
    assert list(differences(NOW, _with())) == []


def test_flows_and_locations_that_are_named_are_meant_whole() -> None:
    steps = differences(NOW, _with(flows=["orders"], warehouses={"12": ["MAIN"], "13": ["EAST"]}))

    assert steps == [
        SwitchFlows(ACME.id, (Flow.ORDERS,), "acme: flows: catalog, orders → orders"),
        Serve(ACME.id, "13", "EAST", serves=True),
        Serve(ACME.id, "12", "EAST", serves=False),
    ]


def test_a_rule_is_compared_by_what_it_means() -> None:
    assert list(differences(NOW, _with(rules={"inventory.window": "0.5min"}))) == []
    assert differences(NOW, _with(rules={"inventory.buffer": "5"})) == [SetRule(ACME.id, "inventory.buffer", "5", "2")]


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ({"inventory.bufer": "5"}, "There is no rule inventory.bufer"),
        ({"inventory.buffer": "many"}, "inventory.buffer cannot be 'many'"),
        ({"inventory.mode": "delta"}, "inventory.mode is changed by: crossdock stock mode acme delta"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_before_anything_is_shown(rules: dict[str, str], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        differences(NOW, _with(rules=rules))


def test_an_alert_that_is_changed_is_made_anew_and_one_that_is_not_named_goes() -> None:
    more = HELD.model_copy(update={"least": 5})

    assert differences(NOW, Configuration(alerts={"Orders held": more})) == [
        RemoveAlert("Orders held"),
        AddAlert("Orders held", more),
    ]
    assert differences(NOW, Configuration(alerts={})) == [RemoveAlert("Orders held")]


@pytest.mark.parametrize(("store", "backend"), [("acme.myshopify.com", "other"), ("beta.myshopify.com", "builtin")])
def test_a_file_never_makes_a_connection_another_one(store: str, backend: str) -> None:
    part = ConnectionPart(store=store, backend=backend)

    with pytest.raises(UsageError, match=r"Connection acme ties acme\.myshopify\.com to builtin.*make another"):
        differences(NOW, Configuration(connections={"acme": part}))


def test_a_connection_has_to_be_there() -> None:
    part = connection_part(replace(ACME, id=ConnectionId("beta")), None)

    with pytest.raises(UsageError, match=r"There is no connection beta\. Make it: crossdock connect acme"):
        differences(NOW, Configuration(connections={"beta": part}))


@pytest.mark.parametrize("text", ["[connections", "[connections.acme]\nstore = 1\nbackend = 2", "[stores.acme]\na = 1"])
def test_what_is_no_configuration_is_refused_with_where(text: str) -> None:
    with pytest.raises(UsageError, match="crossdock config export"):
        read(text)
