"""What a backend's fields say of an order, by a person's expressions and defaults."""

import pytest

from crossdock.model.field_mapping import Default, FieldMapping, FieldSource, fill, mistakes
from crossdock.model.request_field import FieldKind, FieldSpec

TERMS = FieldSpec("terms", "Payment terms", choices=("NET30", "PREPAID"))
NUMBER = FieldSpec("customer", "Customer number", longest=6, required=True)
PRIORITY = FieldSpec("priority", "Priority", FieldKind.NUMBER)
ORDER = {"name": "#1001", "tags": ["b2b"], "attributes": {"Customer no": "K-17"}, "note": None}


def mapping(**sources: FieldSource) -> FieldMapping:
    return FieldMapping(sources)


def test_an_expression_fills_a_field_and_its_defaults_wait() -> None:
    source = FieldSource('attributes."Customer no"', (Default("WALK-IN"),))

    filled = fill(mapping(customer=source), [NUMBER], ORDER)

    assert {one.name: one.value for one in filled.fields} == {"customer": "K-17"}


def test_the_first_default_that_holds_speaks_where_the_expression_says_nothing() -> None:
    source = FieldSource(
        "note", (Default("PREPAID", "contains(tags, 'retail')"), Default("NET30", "tags"), Default("PREPAID"))
    )

    filled = fill(mapping(terms=source), [TERMS], ORDER)

    assert [one.value for one in filled.fields] == ["NET30"]


def test_a_required_field_that_nothing_fills_is_missing_and_another_is_only_not_there() -> None:
    filled = fill(mapping(priority=FieldSource("note")), [NUMBER, PRIORITY], ORDER)

    assert filled.fields == ()
    assert filled.missing == {
        "customer": "Customer number (customer) must be there, and nothing fills it for this order."
    }
    assert filled.left_out == ()


def test_a_mapping_may_require_what_the_backend_does_not() -> None:
    filled = fill(mapping(priority=FieldSource("note", required=True)), [PRIORITY], ORDER)

    assert filled.missing == {"priority": "Priority (priority) must be there, and nothing fills it for this order."}


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (FieldSource("name"), "Priority (priority) takes a whole number, and is given “#1001”."),
        (FieldSource("upper(note)"), "Priority (priority) gives upper() nothing, and it takes text."),
        (FieldSource(None, (Default("1", "upper(note)"),)), "Priority (priority) gives upper() nothing"),
        (FieldSource("tags"), "Priority (priority) is given a list or an object."),
    ],
)
def test_an_expression_that_fails_is_told_and_covered_up_by_no_default(source: FieldSource, sentence: str) -> None:
    source = FieldSource(source.value, (*source.defaults, Default("9")))

    filled = fill(mapping(priority=source), [PRIORITY], ORDER)

    assert filled.fields == ()
    assert filled.left_out[0].startswith(sentence)


def test_one_fields_failure_leaves_the_others_as_they_are() -> None:
    sources = {"priority": FieldSource("name"), "customer": FieldSource('attributes."Customer no"')}

    filled = fill(mapping(**sources), [PRIORITY, NUMBER], ORDER)

    assert [one.name for one in filled.fields] == ["customer"]
    assert len(filled.left_out) == 1


@pytest.mark.parametrize(
    ("name", "source", "sentence"),
    [
        ("color", FieldSource("name"), "The backend has no field color. It takes: terms, priority."),
        ("terms", FieldSource("tags["), "Payment terms (terms): the expression cannot be read at character 6"),
        (
            "terms",
            FieldSource(None, (Default("NET30", "nope()"),)),
            "Payment terms (terms): the expression calls nope()",
        ),
        ("terms", FieldSource(None, (Default("NET60"),)), "Payment terms (terms) takes one of NET30, PREPAID"),
        (
            "priority",
            FieldSource(None, (Default("high"),)),
            "Priority (priority) takes a whole number, and is given “high”",
        ),
        ("priority", FieldSource(None, (Default("1"),) * 51), "Priority (priority) has 51 defaults; 50 are the most."),
    ],
)
def test_what_can_work_for_no_order_is_a_mistake(name: str, source: FieldSource, sentence: str) -> None:
    (said, *_) = mistakes(mapping(**{name: source}), [TERMS, PRIORITY])

    assert said.startswith(sentence)


def test_a_mapping_that_may_work_has_no_mistakes() -> None:
    source = FieldSource("note", (Default("NET30", "contains(tags, 'b2b')"), Default("PREPAID")), required=True)

    assert mistakes(mapping(terms=source), [TERMS]) == []
