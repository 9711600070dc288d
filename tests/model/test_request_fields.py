"""What a backend's own fields take, and how it is kept."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from crossdock.model.request_field import FieldKind, FieldSpec, RequestField, Unfit

TEXT, NUMBER, AMOUNT, FLAG, DAY = (FieldSpec("it", "It", kind) for kind in FieldKind)


@pytest.mark.parametrize(
    ("spec", "given", "value"),
    [
        (TEXT, "  as written ", "  as written "),
        (TEXT, 7, "7"),
        (TEXT, Decimal("12.50"), "12.50"),
        (NUMBER, "007", 7),
        (NUMBER, -7, -7),
        (AMOUNT, "12.50", Decimal("12.50")),
        (AMOUNT, Decimal("1E+3"), Decimal(1000)),
        (FLAG, "Yes", True),
        (FLAG, False, False),
        (FLAG, 0, False),
        (DAY, "2026-07-31", date(2026, 7, 31)),
        (DAY, "2026-07-31T23:30:00Z", date(2026, 7, 31)),
        (DAY, datetime(2026, 7, 31, 12, tzinfo=UTC), date(2026, 7, 31)),
    ],
)
def test_a_value_is_read_as_the_fields_kind_wants_it(spec: FieldSpec, given: object, value: object) -> None:
    said = spec.take(given)

    assert said is not None
    assert said.value == value
    assert type(said.value) is type(value)


@pytest.mark.parametrize("spec", [TEXT, NUMBER, AMOUNT, FLAG, DAY])
@pytest.mark.parametrize("nothing", [None, ""])
def test_nothing_says_nothing(spec: FieldSpec, nothing: object) -> None:
    assert spec.take(nothing) is None


@pytest.mark.parametrize(
    ("spec", "given", "clause"),
    [
        (TEXT, True, "takes text, and is given true"),
        (TEXT, "a\0b", "NUL"),
        (TEXT, ["a"], "join"),
        (NUMBER, "12.5", "takes a whole number, and is given “12.5”"),
        (NUMBER, True, "takes a whole number, and is given true"),
        (NUMBER, "1" * 19, "takes a whole number"),
        (AMOUNT, "12,50", "takes a number, and is given “12,50”"),
        (AMOUNT, Decimal("NaN"), "takes a number"),
        (FLAG, "maybe", "takes true or false, and is given “maybe”"),
        (DAY, "31.07.2026", "takes a day (2026-07-31), and is given “31.07.2026”"),
        (DAY, "2026-02-30", "takes a day"),
        (FieldSpec("it", "It", longest=3), "four", "takes 3 characters at most, and is given 4"),
        (FieldSpec("it", "It", choices=("A", "B")), "C", "takes one of A, B, and is given “C”"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_clause_that_says_why(spec: FieldSpec, given: object, clause: str) -> None:
    with pytest.raises(Unfit) as refused:
        spec.take(given)

    assert clause in str(refused.value)


@given(
    st.one_of(
        st.tuples(
            st.just(TEXT), st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)
        ),
        st.tuples(st.just(NUMBER), st.integers(-(10**18) + 1, 10**18 - 1)),
        st.tuples(st.just(AMOUNT), st.decimals(-(10**14), 10**14, places=6)),
        st.tuples(st.just(FLAG), st.booleans()),
        st.tuples(st.just(DAY), st.dates()),
    )
)
def test_what_is_taken_is_kept_and_read_again_with_its_value_and_type(case: tuple[FieldSpec, object]) -> None:
    spec, value = case
    kept = TypeAdapter(RequestField)

    said = spec.take(value)
    assert said is not None
    again = kept.validate_json(kept.dump_json(said))

    assert again == said
    assert (again.value, type(again.value)) == (value, type(value))
    assert spec.take(again.value) == said
