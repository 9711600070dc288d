import json
from typing import Any

import pytest
from tests.standin.standin_asking import Shop

SET = """mutation($metafields: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $metafields) {
  metafields { namespace key type value jsonValue compareDigest ownerType }
  userErrors { field message code elementIndex } } }"""
DELETE = """mutation($metafields: [MetafieldIdentifierInput!]!) { metafieldsDelete(metafields: $metafields) {
  deletedMetafields { key } userErrors { field message } } }"""
READ = """query($id: ID!, $key: String!) { location(id: $id) { metafield(namespace: "test", key: $key) { value }
  metafields(first: 5) { nodes { key } } } }"""
DEFINE = """mutation($definition: MetafieldDefinitionInput!) { metafieldDefinitionCreate(definition: $definition) {
  createdDefinition { id } userErrors { field message code } } }"""


def entry(owner: str, key: str, value: str, kind: str = "single_line_text_field", **more: Any) -> dict[str, Any]:
    return {"ownerId": owner, "namespace": "test", "key": key, "type": kind, "value": value, **more}


@pytest.mark.parametrize(
    ("kind", "given", "kept", "as_json"),
    [
        ("number_integer", "10", "10", 10),
        ("number_decimal", "10.4", "10.4", "10.4"),
        ("boolean", "true", "true", True),
        ("speed", '{"value":2,"unit":"kilometers_per_hour"}', '{"value":2.0,"unit":"KILOMETERS_PER_HOUR"}',
         {"value": 2, "unit": "KILOMETERS_PER_HOUR"}),
        ("list.weight", '[{"value":2,"unit":"kilograms"}]', '[{"value":2.0,"unit":"KILOGRAMS"}]',
         [{"value": 2, "unit": "kg"}]),
        ("list.number_decimal", "[10.4]", '["10.4"]', ["10.4"]),
        ("date_time", "2024-01-01T12:30:00", "2024-01-01T12:30:00+00:00", "2024-01-01T12:30:00+00:00"),
        ("json", '{"a": 1}', '{"a":1}', {"a": 1}),
    ],
)  # fmt: skip
def test_a_value_is_kept_in_the_form_of_its_type(shop: Shop, kind: str, given: str, kept: str, as_json: Any) -> None:
    made = shop.do(SET, metafields=[entry(shop.location(), "value", given, kind)])["metafields"][0]

    assert (made["value"], made["jsonValue"]) == (kept, as_json)


def test_one_bad_value_stops_them_all(shop: Shop) -> None:
    place = shop.location()
    wanted = [entry(place, "good", "yes"), entry(place, "bad", "ten", "number_integer")]

    payload = shop.ask(SET, metafields=wanted)["metafieldsSet"]

    assert payload["metafields"] == []
    assert [(e["field"], e["code"]) for e in payload["userErrors"]] == [(["metafields", "1", "value"], "INVALID_VALUE")]
    assert shop.ask(READ, id=place, key="good")["location"] == {"metafield": None, "metafields": {"nodes": []}}


def test_a_writer_who_saw_an_older_value_is_stopped(shop: Shop) -> None:
    place = shop.location()
    first = shop.do(SET, metafields=[entry(place, "owner", "Ada")])["metafields"][0]["compareDigest"]
    shop.do(SET, metafields=[entry(place, "owner", "Bob", compareDigest=first)])

    late = shop.errors(SET, metafields=[entry(place, "owner", "Cy", compareDigest=first)])
    second = shop.errors(SET, metafields=[entry(place, "owner", "Cy", compareDigest=None)])

    assert [late[0]["code"], second[0]["code"]] == ["STALE_OBJECT", "STALE_OBJECT"]
    assert shop.ask(READ, id=place, key="owner")["location"]["metafield"] == {"value": "Bob"}


def test_the_namespace_of_another_app_is_closed(shop: Shop) -> None:
    place = shop.location()
    own = {**entry(place, "tier", "gold"), "namespace": "$app:loyalty"}
    foreign = {**entry(place, "tier", "gold"), "namespace": "app--999--loyalty"}

    kept = shop.do(SET, metafields=[own])["metafields"][0]["namespace"]
    errors = shop.errors(SET, metafields=[foreign])

    assert kept.startswith("app--")
    assert kept.endswith("--loyalty")
    assert errors[0]["code"] == "APP_NOT_AUTHORIZED"


def test_deleting_answers_null_for_what_is_not_there(shop: Shop) -> None:
    place = shop.location()
    shop.do(SET, metafields=[entry(place, "there", "yes")])
    wanted = [{"ownerId": place, "namespace": "test", "key": key} for key in ("there", "nowhere")]

    assert shop.do(DELETE, metafields=wanted)["deletedMetafields"] == [{"key": "there"}, None]


def test_a_definition_judges_values(shop: Shop) -> None:
    place = shop.location()
    rules = [{"name": "choices", "value": json.dumps(["red", "blue"])}]
    definition = {"name": "Color", "namespace": "test", "key": "color", "ownerType": "LOCATION",
                  "type": "single_line_text_field", "validations": rules}  # fmt: skip
    shop.do(DEFINE, definition=definition)

    errors = shop.errors(SET, metafields=[entry(place, "color", "green")])

    assert errors[0]["message"] == 'Value does not exist in provided choices: ["red", "blue"].'


def test_a_custom_id_finds_its_order(shop: Shop) -> None:
    definition = {"name": "ERP id", "namespace": "test", "key": "erp", "ownerType": "ORDER", "type": "id"}
    shop.do(DEFINE, definition=definition)
    order = shop.order((shop.variant("MUG", default=5), 1))
    shop.do(SET, metafields=[entry(order, "erp", "SO-17", "id")])

    query = """{ orderByIdentifier(identifier: {customId: {namespace: "test", key: "erp", value: "SO-17"}}) { id }
      orders(first: 5, query: "metafields.test.erp:SO-17") { nodes { id } } }"""
    found = shop.ask(query)

    assert found == {"orderByIdentifier": {"id": order}, "orders": {"nodes": [{"id": order}]}}
