"""What is read of Shopify for a mapping is found from its expressions, and is no more than they name."""

import pytest

from crossdock.model.extras import NO_WISHES, Metafield, Owner, Wishes
from crossdock.model.field_mapping import Default, FieldMapping, FieldSource, mistakes
from crossdock.model.request_field import FieldSpec
from crossdock.model.wishing import MOST_METAFIELDS, wishes_of

PO = Metafield(Owner.ORDER, "custom", "po")
CRM = Metafield(Owner.CUSTOMER, "crm", "number")
FRAGILE = Metafield(Owner.VARIANT, "custom", "fragile")
CARE = Metafield(Owner.PRODUCT, "custom", "care")
NUMBER = FieldSpec("number", "Number")


def asked_for(*metafields: Metafield, customer: bool = False, properties: bool = False) -> Wishes:
    return Wishes(customer, properties, frozenset(metafields))


@pytest.mark.parametrize(
    ("expression", "wishes"),
    [
        ("note || name", NO_WISHES),
        ("lines[0].sku", NO_WISHES),
        ('attributes.metafields."custom.po"', NO_WISHES),
        ("metafields.custom.po", asked_for(PO)),
        ('metafields."custom"."po" && \'X\' || name', asked_for(PO)),
        ("metafields.custom.po.amount", asked_for(PO)),
        ("metafields.custom | po", asked_for(PO)),
        ("metafields.[custom.po][0]", asked_for(PO)),
        ("{a: metafields.custom.po}.a", asked_for(PO)),
        ("not_null(metafields.custom.po, customer.metafields.crm.number)", asked_for(PO, CRM, customer=True)),
        ("contains(customer.tags, 'b2b')", asked_for(customer=True)),
        ("lines[].properties.Engraving | [0]", asked_for(properties=True)),
        ('line.properties."Gift note"', asked_for(properties=True)),
        ("lines[?variant.metafields.custom.fragile].sku", asked_for(FRAGILE)),
        ("sort_by(lines, &product.metafields.custom.care)[0].sku", asked_for(CARE)),
        ("map(&product.metafields.custom.care, lines)", asked_for(CARE)),
        ("line.product.metafields.custom.care || line.properties.Care", asked_for(CARE, properties=True)),
        ("lines[-1:].variant.metafields.custom.fragile | [0]", asked_for(FRAGILE)),
    ],
)
def test_what_an_expression_takes_from_beyond_the_order_is_read_and_nothing_else(
    expression: str, wishes: Wishes
) -> None:
    assert wishes_of([expression]) == wishes


def test_conditions_of_defaults_ask_like_values() -> None:
    source = FieldSource("metafields.custom.po", (Default("KEY", "contains(customer.tags, 'key')"), Default("X")))

    assert FieldMapping({"number": source}).wishes == asked_for(PO, customer=True)


@pytest.mark.parametrize(
    "expression",
    [
        "metafields",
        "metafields.custom",
        "metafields.*.po",
        "metafields.custom.*",
        "keys(metafields.custom)",
        "{m: metafields}.m.custom.po",
        "lines[].product.metafields | [0].custom",
        "length(customer.metafields.crm)",
    ],
)
def test_metafields_that_are_not_named_whole_are_a_mistake(expression: str) -> None:
    (said,) = mistakes(FieldMapping({"number": FieldSource(expression)}), [NUMBER])

    assert said.startswith("Number (number): name each metafield whole, by namespace and key")


def test_more_metafields_than_are_read_at_once_are_a_mistake() -> None:
    names = [f"metafields.custom.n{number}" for number in range(MOST_METAFIELDS + 1)]
    defaults = tuple(Default("X", name) for name in names)

    (said,) = mistakes(FieldMapping({"number": FieldSource(None, defaults)}), [NUMBER])

    assert said == "The mapping names more than 20 metafields of the order; so many are the most."
    assert mistakes(FieldMapping({"number": FieldSource(None, defaults[1:])}), [NUMBER]) == []
