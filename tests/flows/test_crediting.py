"""A credit document is the refund to the cent, and its adjustment what goods and shipping leave unsaid."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.flows.flow_bench import ACME

from crossdock.flows.money.crediting import due
from crossdock.flows.money.sight import Sight
from crossdock.model.credit import Credit
from crossdock.model.money import NOTHING, Amount, total
from crossdock.model.money_rules import MoneyRules
from crossdock.model.names import LineItemId, RefundId, Units
from crossdock.model.order_money import Refund, RefundedLine
from crossdock.model.settlement import MadeRefund
from crossdock.testing.credit_builders import NOON, a_settlement
from crossdock.testing.money_builders import an_amount

CUP = LineItemId("gid://shopify/LineItem/1")


def a_refund(number: int, what: Refund, *, reasons: tuple[str, ...] = ()) -> MadeRefund:
    return MadeRefund(RefundId(f"gid://shopify/Refund/{number}"), NOON, "", what, reasons=reasons)


def documents(*refunds: MadeRefund, taxes_included: bool = False) -> list[Credit]:
    settlement = a_settlement(refunds=refunds)
    sight = Sight(
        connection=ACME,
        backend="fake",
        id=settlement.order,
        name=settlement.name,
        order=None,
        settlement=replace(settlement, taxes_included=taxes_included),
        asked_at=NOON - timedelta(days=1),
        now=NOON,
        moves={},
        dealt={},
        requests=(),
        items={},
        rules=MoneyRules(),
        credits=True,
    )
    return list(due(sight))


def test_taxes_come_on_top_unless_prices_contain_them() -> None:
    what = Refund(
        (RefundedLine(CUP, Units(1), an_amount(10), an_amount("1.90")),), NOTHING, NOTHING, an_amount("11.90")
    )

    (on_top,) = documents(a_refund(1, what))
    (within,) = documents(a_refund(1, what), taxes_included=True)

    assert (on_top.adjustment, within.adjustment) == (NOTHING, an_amount("1.90"))


def test_duties_go_back_with_their_line() -> None:
    line = RefundedLine(CUP, Units(0), NOTHING, NOTHING, an_amount("3.00"))

    (document,) = documents(a_refund(1, Refund((line,), NOTHING, NOTHING, an_amount("3.00"))))

    assert (document.lines[0].duties, document.adjustment) == (an_amount("3.00"), NOTHING)


def test_documents_are_numbered_as_shopify_lists_the_refunds() -> None:
    nothing = Refund((), NOTHING, NOTHING, an_amount(1))

    assert [one.name for one in documents(a_refund(7, nothing), a_refund(9, nothing))] == ["#1001-C1", "#1001-C2"]


def test_shopifys_reason_stands_only_where_there_is_an_adjustment() -> None:
    even = Refund((RefundedLine(CUP, Units(1), an_amount(10), NOTHING),), NOTHING, NOTHING, an_amount(10))
    beside = Refund((), NOTHING, NOTHING, an_amount(10))

    found = documents(*(a_refund(number, one, reasons=("RESTOCK",)) for number, one in enumerate((even, beside))))

    assert [one.reason for one in found] == ["", "RESTOCK"]


amounts = st.builds(lambda shop, there: Amount(Decimal(shop) / 100, Decimal(there)), *[st.integers(0, 9_999)] * 2)
lines = st.builds(RefundedLine, st.just(CUP), st.integers(0, 9).map(Units), amounts, amounts, amounts)
whole = st.builds(Refund, st.lists(lines, max_size=3).map(tuple), amounts, amounts, amounts)


# How fast orders are made says nothing of them: other programs may have the machine.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(whole, max_size=4), st.booleans())
def test_documents_sum_to_what_went_back_in_both_currencies(refunds: list[Refund], taxes_included: bool) -> None:
    found = documents(*(a_refund(n, one) for n, one in enumerate(refunds)), taxes_included=taxes_included)

    assert total([one.listed + one.adjustment for one in found]) == total([one.paid_back for one in refunds])
    assert [one.listed + one.adjustment for one in found] == [one.total for one in found]
