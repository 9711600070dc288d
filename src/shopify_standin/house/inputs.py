"""
Inputs that the stand-in refuses by name rather than ignore: they would change what it does not hold.

An input that says nothing (null, false, an empty list) passes. Every other input of a modelled mutation is read.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from graphql import GraphQLField, GraphQLInputObjectType, GraphQLInputType, get_named_type

from shopify_standin.errors import NotModelled
from shopify_standin.registry import Args

NOT_MODELLED: dict[str, frozenset[str]] = {
    name: frozenset(fields.split())
    for name, fields in {
        "CollectionCreateInput": "image sources",
        "CollectionInput": "image publications redirectNewHandle",
        "CollectionRuleInput": "conditionObjectId",
        "CollectionUpdateInput": "image redirectNewHandle sourcesToCreate sourcesToDelete sourcesToUpdate",
        "DraftOrderInput": "deposit discountCodes localizationExtensions localizedFields marketRegionCountryCode"
        " paymentTerms sessionToken transformerFingerprint",
        "DraftOrderLineItemInput": "bundleComponents components generatePriceOverride",
        "ExchangeLineItemInput": "appliedDiscount giftCardCodes",
        "GiftCardCreateInput": "crossCurrencyRedemptionStrategy",
        "GiftCardUpdateInput": "crossCurrencyRedemptionStrategy",
        "InventoryItemMeasurementInput": "shippingPackageId",
        "MetafieldDefinitionInput": "constraints",
        "MetafieldDefinitionUpdateInput": "constraintsUpdates",
        "OptionCreateInput": "linkedMetafield",
        "OptionSetInput": "linkedMetafield",
        "OptionUpdateInput": "linkedMetafield",
        "OptionValueCreateInput": "linkedMetafieldValue",
        "OptionValueUpdateInput": "linkedMetafieldValue",
        "OrderCreateFulfillmentInput": "shipmentStatus",
        "OrderCreateLineItemInput": "fulfillmentService",
        "OrderCreateOrderInput": "companyLocationId userId",
        "OrderCreateOrderTransactionInput": "deviceId giftCardId locationId userId",
        "OrderInput": "localizationExtensions localizedFields",
        "ProductCreateInput": "claimOwnership",
        "ProductInput": "claimOwnership productPublications publications publishDate publishOn published publishedAt"
        " redirectNewHandle",
        "ProductSetInput": "claimOwnership redirectNewHandle",
        "ProductUpdateInput": "redirectNewHandle",
        "ProductVariantSetInput": "file published unitPriceMeasurement",
        "ProductVariantsBulkInput": "published quantityAdjustments unitPriceMeasurement",
        "PurchasingEntityInput": "purchasingCompany",
        "RefundInput": "discrepancyReason refundDuties",
        "ReturnProcessInput": "refundDuties tipLineId",
        "ReturnProcessRefundInput": "refundMethods",
        "ReturnRefundInput": "refundDuties",
        "ShippingLineInput": "shippingRateHandle",
        "VariantOptionValueInput": "linkedMetafieldValue",
    }.items()
}
"""Input type → fields that are refused."""

NOT_MODELLED_ARGUMENTS: dict[str, frozenset[str]] = {
    "draftOrderComplete": frozenset({"paymentGatewayId"}),
}
"""Mutation → arguments that are refused."""


def check_inputs(mutation: str, field: GraphQLField, args: Args) -> None:
    """Raise NotModelled for the first input given that no resolver reads."""
    for name in NOT_MODELLED_ARGUMENTS.get(mutation, ()):
        if _says_something(args.get(name)):
            raise NotModelled("Mutation", f"{mutation}({name}:)")
    for name, value in args.items():
        argument = field.args.get(name)
        if argument is not None:
            _check(argument.type, value)


def check_list_arguments(query: str, args: Args) -> None:
    """Raise NotModelled for a list that is to be narrowed by a search that somebody saved, since nobody can."""
    if args.get("savedSearchId") is not None:
        raise NotModelled("QueryRoot", f"{query}(savedSearchId:)")


def _check(kind: GraphQLInputType, value: Any) -> None:
    named = get_named_type(kind)
    if not isinstance(named, GraphQLInputObjectType) or not _holds_refused(named):
        return
    for entry in _objects(value):
        for name in NOT_MODELLED.get(named.name, ()):
            if _says_something(entry.get(name)):
                raise NotModelled(named.name, name)
        for name, inner in entry.items():
            if isinstance(inner, dict | list):
                _check(named.fields[name].type, inner)


@cache
def _holds_refused(kind: GraphQLInputObjectType) -> bool:
    """Whether this input type, or one inside it, has refused fields: most do not and need no look at the values."""
    seen, todo = set(), [kind]
    while todo:
        named = todo.pop()
        if named.name in NOT_MODELLED:
            return True
        seen.add(named.name)
        inner = (get_named_type(field.type) for field in named.fields.values())
        todo += [type_ for type_ in inner if isinstance(type_, GraphQLInputObjectType) and type_.name not in seen]
    return False


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    elif isinstance(value, list):
        for entry in value:
            yield from _objects(entry)


def _says_something(value: Any) -> bool:
    return value is not None and value is not False and value not in ([], {})
