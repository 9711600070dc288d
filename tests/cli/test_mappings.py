"""A backend's fields are filled as a person says, and they see what it does before it is in force."""

from pathlib import Path

import pytest
from tests.cli.terminal import Terminal, put_goods_on_sale

from shopify_standin.testing import RunningStandin

BY_TAG = """
[payment_terms]
defaults = [{ when = "contains(tags, 'b2b')", value = "NET30" }, { value = "PREPAID" }]
[priority]
from = "note"
"""

FROM_BEYOND = """
[customer_number]
from = "metafields.custom.customer_number"
[payment_terms]
defaults = [{ when = "contains(customer.tags || `[]`, 'b2b')", value = "NET30" }]
[personalization]
from = "line.properties.Engraving"
"""

_A_VARIANT = "{ productVariants(first: 1) { nodes { id } } }"
_TAKE_ORDER = """
mutation TakeOrder($order: OrderCreateOrderInput!) {
  orderCreate(order: $order) { order { name } userErrors { field message } }
}"""


def take_order(shop: RunningStandin, *, tags: list[str], note: str) -> str:
    """Take a paid order for one mug, and return its name."""
    [variant] = shop.graphql(_A_VARIANT)["data"]["productVariants"]["nodes"]
    address = {"countryCode": "US", "provinceCode": "NY", "city": "New York", "address1": "1 Dock St", "zip": "10001"}
    order = {
        "lineItems": [{"variantId": variant["id"], "quantity": 1, "requiresShipping": True}],
        "financialStatus": "PAID",
        "shippingAddress": address,
        "tags": tags,
        "note": note,
    }
    name: str = shop.graphql(_TAKE_ORDER, {"order": order})["data"]["orderCreate"]["order"]["name"]
    return name


def take_engraved_order(shop: RunningStandin) -> str:
    """Take a paid order for one engraved mug, by a customer with a tag and with a metafield; return its name."""
    [variant] = shop.graphql(_A_VARIANT)["data"]["productVariants"]["nodes"]
    address = {"countryCode": "US", "provinceCode": "NY", "city": "New York", "address1": "1 Dock St", "zip": "10001"}
    number = {"namespace": "custom", "key": "customer_number", "type": "single_line_text_field", "value": "4711"}
    engraving = {"name": "Engraving", "value": "Ada"}
    order = {
        "lineItems": [{"variantId": variant["id"], "quantity": 1, "requiresShipping": True, "properties": [engraving]}],
        "financialStatus": "PAID",
        "shippingAddress": address,
        "customer": {"toUpsert": {"email": "ada@example.com", "tags": ["b2b"]}},
        "metafields": [number],
    }
    name: str = shop.graphql(_TAKE_ORDER, {"order": order})["data"]["orderCreate"]["order"]["name"]
    return name


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    file = tmp_path / "mapping.toml"
    file.write_text(BY_TAG)
    return file


@pytest.fixture
def connected(terminal: Terminal, shop: RunningStandin) -> Terminal:
    """A terminal of an installation with one connection; the mug can be sold and shipped."""
    put_goods_on_sale(shop)
    terminal.read("warehouse", "add", "MAIN", "Main warehouse")
    for code in ("MUG", "LAMP"):
        terminal.read("warehouse", "items", "add", code, code)
    terminal.add_store(shop)
    terminal.read("connect", shop.shop_domain, "--orders-from", "all")
    return terminal


def test_a_mapping_is_tried_out_compared_saved_and_at_work(
    connected: Terminal, shop: RunningStandin, mapping: Path
) -> None:
    first = take_order(shop, tags=["b2b"], note="urgent")
    connected.read("sync", "standin")

    [tried] = connected.data_of("mappings", "preview", "standin", first, "--file", str(mapping))
    compared = connected.data_of("mappings", "diff", "standin", str(mapping))
    saved = connected.read("mappings", "save", "standin", str(mapping), "--note", "Terms by tag")
    second = take_order(shop, tags=["retail"], note="3")
    connected.read("sync", "standin")

    assert tried["fields"] == {"payment_terms": "NET30"}
    assert tried["left_out"] == [
        "Priority, the higher the sooner (priority) takes a whole number, and is given “urgent”."
    ]
    assert compared == {
        "orders": 1,
        "differing": [{"order": first, "warehouse": "MAIN", "fields": [["payment_terms", "nothing", "NET30"]]}],
    }
    assert saved == "standin goes by version 1 of its mapping from now on.\n"
    sheets = {one["name"]: one["reference"] for one in connected.data_of("warehouse", "orders")}
    assert "Payment terms: PREPAID" in connected.read("warehouse", "order", sheets[second])
    assert "Priority, the higher the sooner: 3" in connected.read("warehouse", "order", sheets[second])
    assert "Payment terms" not in connected.read("warehouse", "order", sheets[first])


def test_a_mapping_reaches_metafields_the_customer_and_what_was_written_on_a_line(
    connected: Terminal, shop: RunningStandin, mapping: Path
) -> None:
    mapping.write_text(FROM_BEYOND)
    name = take_engraved_order(shop)
    connected.read("sync", "standin")

    [tried] = connected.data_of("mappings", "preview", "standin", name, "--file", str(mapping))
    connected.read("mappings", "save", "standin", str(mapping))
    sent = take_engraved_order(shop)
    connected.read("sync", "standin")

    assert tried["fields"] == {
        "customer_number": "4711",
        "payment_terms": "NET30",
        "personalization of “Enamel mug”": "Ada",
    }
    sheets = {one["name"]: one["reference"] for one in connected.data_of("warehouse", "orders")}
    assert "MUG: What to put on it: Ada" in connected.read("warehouse", "order", sheets[sent])


def test_what_is_shown_can_be_given_back_and_an_earlier_version_comes_back_as_a_new_one(
    connected: Terminal, mapping: Path, tmp_path: Path
) -> None:
    connected.read("mappings", "save", "standin", str(mapping))
    shown = tmp_path / "shown.json"
    shown.write_text(connected.read("mappings", "show", "standin", "--json"))
    other = tmp_path / "other.toml"
    other.write_text("[division]\nfrom = \"'EU'\"\n")

    same = connected.refusal("mappings", "save", "standin", str(shown))
    connected.read("mappings", "save", "standin", str(other))
    back = connected.read("mappings", "rollback", "standin", "1")

    assert same == "standin is mapped like that already. Nothing was saved.\n"
    assert back == "standin goes by version 3 of its mapping from now on, which is version 1 again.\n"
    assert connected.read("mappings", "show", "standin", "--json") == shown.read_text()
    assert "field mapping saved" in connected.read("audit")


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("[color]\nfrom = 'name'\n", "The backend has no field color. It takes: note, "),
        ("[division]\nfrom = 'tags['\n", "Division (division): the expression cannot be read at character 6"),
        ("[division]\nfrom = \"upper('x'\"\n", "Division (division): the expression cannot be read"),
        ("[division]\nfrum = 'name'\n", "division.frum: Extra inputs are not permitted. A field has from"),
        ("[priority]\ndefaults = [{ value = 'high' }]\n", "takes a whole number, and is given “high”, as a default."),
        ("division", "is not TOML"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused_with_the_field_and_the_reason(
    connected: Terminal, mapping: Path, written: str, sentence: str
) -> None:
    mapping.write_text(written)

    said = connected.refusal("mappings", "save", "standin", str(mapping))

    assert sentence in said
    assert connected.data_of("mappings", "show", "standin") == {}
