"""Expressions that a person writes can only read, and end."""

import contextlib
from decimal import Decimal
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossdock.kit.expression import LONGEST, BadExpression, CannotTell, read

ORDER = {
    "name": "#1001",
    "tags": ["b2b", "Express"],
    "total": Decimal("59.90"),
    "attributes": {"Customer no": "K-17", "Gift": "yes"},
    "note": None,
    "lines": [
        {"sku": "MUG", "quantity": 2, "price": Decimal("10.10")},
        {"sku": "LAMP", "quantity": 1, "price": Decimal("39.70")},
    ],
}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("name", "#1001"),
        ('attributes."Customer no"', "K-17"),
        ("contains(tags, 'b2b') && 'NET30' || 'PREPAID'", "NET30"),
        ("note || name", "#1001"),
        ("nowhere.to.be.found", None),
        ("total >= `59.9`", True),
        ("total == `59.9`", True),
        ("sum(lines[].price)", Decimal("49.80")),
        ("lines[?sku=='MUG'].quantity | [0]", 2),
        ("join(', ', sort(lines[].sku))", "LAMP, MUG"),
        ("upper(left(tags[1], `3`))", "EXP"),
        ("after(name, '#')", "1001"),
        ("to_number('12.50')", Decimal("12.50")),
        ("to_number('twelve')", None),
        ("to_string(total)", "59.90"),
        ("length(lines)", 2),
    ],
)
def test_an_expression_reads_the_document(text: str, answer: object) -> None:
    assert read(text).of(ORDER) == answer


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("", "says nothing"),
        ("tags[", "cannot be read at character 6"),
        ("contains(tags, 'b2b'", "cannot be read at character 21"),
        ("open('/etc/passwd')", "calls open(), which there is not"),
        ("__class__()", "calls __class__(), which there is not"),
        ("join(tags)", "gives join() 1 of the 2 values"),
        ("a" * (LONGEST + 1), "501 characters"),
        ("(" * 480 + "a", "cannot be read"),
        ("[@,@]|" * 7 + "@", "128 times"),
        ("'unfinished", "cannot be read"),
        ("`{`", "cannot be read"),
    ],
)
def test_one_that_cannot_be_is_refused_with_the_place(text: str, clause: str) -> None:
    with pytest.raises(BadExpression) as refused:
        read(text)

    assert clause in str(refused.value)


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("upper(note)", "gives upper() nothing, and it takes text"),
        ("join(', ', lines)", "gives join() an object, and it takes a list of texts"),
        ("name > total", "do not go together"),
        ("&name", "is meant for a function"),
        ("to_number(name).x || sum(tags)", "gives sum() text, and it takes a list of numbers"),
    ],
)
def test_one_that_has_no_answer_for_this_document_says_why(text: str, clause: str) -> None:
    with pytest.raises(CannotTell) as failed:
        read(text).of(ORDER)

    assert clause in str(failed.value)


@pytest.mark.parametrize(
    "text",
    [
        "lines[].lines[].lines[]",
        "map(&map(&map(&@, @), @), [@.lines, @.lines])",
        "[lines,lines][] | [@,@][] | [@,@][] | [@,@][] | [@,@][] | [@,@][] | length(@)",
        "join('', [join('',l),join('',l)]) | [@,@] | join('',@) | [@,@] | join('',@) | [@,@] | join('',@)",
    ],
)
def test_one_that_is_made_to_grow_ends_in_good_time(text: str) -> None:
    wide = {"lines": [{"sku": "A" * 100, "lines": []} for _ in range(2000)], "l": ["A" * 255] * 250}
    began = process_time()

    with contextlib.suppress(BadExpression, CannotTell):
        read(text).of(wide)

    assert process_time() - began < 2


@given(st.text(alphabet="abtgs.[]()'`&|@,{}:*?=<>! 01\"\\", max_size=60))
def test_whatever_is_written_is_read_refused_or_answered_alike_twice(text: str) -> None:
    try:
        expression = read(text)
    except BadExpression:
        return

    answers = []
    for _ in range(2):
        try:
            answers.append(repr(expression.of(ORDER)))
        except CannotTell as why:
            answers.append(str(why))

    assert answers[0] == answers[1]
