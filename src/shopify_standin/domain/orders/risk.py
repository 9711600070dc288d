"""What apps find out about the risk of an order, and what is advised (Shopify docs, 2026-07)."""

from shopify_standin.domain.orders.finding import order_named
from shopify_standin.domain.orders.reading import ORDER
from shopify_standin.domain.orders.telling import order_changed
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.model.sales import Order, RiskAssessment
from shopify_standin.registry import Args, mutation
from shopify_standin.webhooks.events import emit
from shopify_standin.world import World

_ADVICE = {"HIGH": "CANCEL", "MEDIUM": "INVESTIGATE", "LOW": "ACCEPT"}
"""Shopify weighs the assessments in a way that it does not publish; here the worst of them decides."""


@mutation("orderRiskAssessmentCreate")
def order_risk_assessment_create(world: World, args: Args) -> JsonObject:
    """Add an app's assessment to an order that has not left yet."""
    given = args["orderRiskAssessmentInput"]
    order = order_named(world, given["orderId"], ["orderRiskAssessmentInput", "orderId"])
    if order.fulfillment_ids:
        message = "Order has already been fulfilled"
        raise Refused(user_error(["orderRiskAssessmentInput", "orderId"], message, "ORDER_ALREADY_FULFILLED"))
    facts = [(fact["description"], fact["sentiment"]) for fact in given["facts"]]
    assessment = RiskAssessment(given["riskLevel"], facts)
    order.risk_assessments.append(assessment)
    emit(world, "ORDERS_RISK_ASSESSMENT_CHANGED", lambda: _payload(order, assessment))
    order_changed(world, order)
    return {"orderRiskAssessment": _shown(assessment), "userErrors": []}


@ORDER.field("risk")
def _risk(order: Order) -> JsonObject:
    levels = {one.level for one in order.risk_assessments}
    advice = next((said for level, said in _ADVICE.items() if level in levels), "NONE")
    return {"recommendation": advice, "assessments": [_shown(one) for one in order.risk_assessments]}


def _shown(assessment: RiskAssessment) -> JsonObject:
    facts = [{"description": said, "sentiment": sentiment} for said, sentiment in assessment.facts]
    return {"riskLevel": assessment.level, "facts": facts, "provider": None}


def _payload(order: Order, assessment: RiskAssessment) -> JsonObject:
    """Name the order in both ways that topics about a part of an order do; the real shape is not documented."""
    return {
        "order_id": order.id,
        "admin_graphql_api_order_id": order.gid,
        "risk_level": assessment.level.lower(),
    }
