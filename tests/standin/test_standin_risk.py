"""What apps find out about the risk of an order, and what is advised then."""

import pytest
from tests.standin.standin_asking import Shop

ASSESS = """mutation($given: OrderRiskAssessmentCreateInput!) {
  orderRiskAssessmentCreate(orderRiskAssessmentInput: $given) {
    orderRiskAssessment { riskLevel facts { description sentiment } } userErrors { field message code } } }"""
READ = "query($id: ID!) { order(id: $id) { risk { recommendation assessments { riskLevel } } } }"


def assess(shop: Shop, order: str, level: str) -> None:
    fact = {"description": "The card is of another country", "sentiment": "NEGATIVE"}
    shop.do(ASSESS, given={"orderId": order, "riskLevel": level, "facts": [fact]})


def advice(shop: Shop, order: str) -> str:
    said: str = shop.ask(READ, id=order)["order"]["risk"]["recommendation"]
    return said


@pytest.mark.parametrize(
    ("level", "said"), [("LOW", "ACCEPT"), ("MEDIUM", "INVESTIGATE"), ("HIGH", "CANCEL"), ("NONE", "NONE")]
)
def test_what_is_advised_follows_the_assessment(shop: Shop, level: str, said: str) -> None:
    order = shop.order((shop.variant_at("MUG", {shop.location(): 5}), 1))
    assert advice(shop, order) == "NONE"

    assess(shop, order, level)

    assert advice(shop, order) == said


def test_the_worst_assessment_decides(shop: Shop) -> None:
    order = shop.order((shop.variant_at("MUG", {shop.location(): 5}), 1))

    assess(shop, order, "HIGH")
    assess(shop, order, "LOW")

    assert advice(shop, order) == "CANCEL"
