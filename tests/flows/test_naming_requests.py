"""How requests are called at the backend."""

from hypothesis import given
from hypothesis import strategies as st

from crossdock.flows.orders.naming import request_name
from crossdock.model.connection import OrderRules


def test_the_first_request_is_called_as_the_order() -> None:
    assert request_name(OrderRules(), "#1001", []) == "#1001"


def test_from_the_second_on_a_number_is_added() -> None:
    assert request_name(OrderRules(), "#1001", ["#1001"]) == "#1001-2"
    assert request_name(OrderRules(), "#1001", ["#1001", "#1001-2"]) == "#1001-3"


def test_the_template_shapes_the_name_and_the_suffix() -> None:
    rules = OrderRules(name="WEB{name}", suffix="/{n}")

    assert request_name(rules, "#7", ["WEB#7"]) == "WEB#7/2"


def test_a_name_that_was_given_out_of_turn_is_passed_over() -> None:
    assert request_name(OrderRules(), "#1001", ["#1001", "#1001-3"]) == "#1001-4"


def test_a_suffix_without_a_number_gets_one() -> None:
    assert request_name(OrderRules(suffix="-more"), "#1001", ["#1001"]) == "#1001-more2"
    assert request_name(OrderRules(suffix=""), "#1001", ["#1001"]) == "#10012"


@given(
    suffix=st.sampled_from(["-{n}", "", "x", "{n}{n}"]),
    taken=st.lists(st.sampled_from(["#1", "#1-2", "#1-3", "#12", "#1x2", "#122", "#133"]), unique=True),
)
def test_a_name_is_never_given_twice(suffix: str, taken: list[str]) -> None:
    assert request_name(OrderRules(suffix=suffix), "#1", taken) not in taken
