"""Metafields, customers and the properties of lines, as far as mappings ask for them."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Final

from crossdock.model.extras import Buyer, LineExtras, Metafields
from crossdock.shopify.generated.fragments import MetafieldFields
from crossdock.shopify.generated.line_extras import LineExtrasNodesLineItem
from crossdock.shopify.generated.order_extras import OrderExtrasNodesOrderCustomer
from crossdock.shopify.mapping.text import filled

# Their values are JSON; all others are plain text (Shopify docs, 2026-07: data types of metafields).
_JSON: Final = {
    "antenna_gain", "area", "battery_charge_capacity", "battery_energy_capacity", "boolean", "capacitance",
    "concentration", "data_storage_capacity", "data_transfer_rate", "dimension", "display_density", "distance",
    "duration", "electric_current", "electrical_resistance", "energy", "frequency", "illuminance", "inductance",
    "json", "json_string", "link", "luminous_flux", "mass_flow_rate", "money", "number_decimal", "number_integer",
    "power", "pressure", "rating", "resolution", "rich_text_field", "rotational_speed", "sound_level", "speed",
    "temperature", "thermal_power", "voltage", "volume", "volumetric_flow_rate", "weight",
}  # fmt: skip


def to_metafields(nodes: Sequence[MetafieldFields], wanted: Collection[str]) -> Metafields:
    """Return the values of the wanted metafields (`custom.engraving`), each of the type that it has."""
    found: dict[str, dict[str, object]] = defaultdict(dict)
    for node in nodes:
        if f"{node.namespace}.{node.key}" in wanted:
            found[node.namespace][node.key] = _value(node)
    return dict(found)


def _value(node: MetafieldFields) -> object:
    if node.type_ not in _JSON and not node.type_.startswith("list."):
        return node.value
    try:
        value: object = json.loads(node.value, parse_float=Decimal, parse_constant=str)
    except (ValueError, RecursionError):
        return node.value  # It is not as its type says; then as it stands.
    return value


def to_buyer(customer: OrderExtrasNodesOrderCustomer, wanted: Collection[str]) -> Buyer:
    """Return what is known of a customer; their name and address are not among it."""
    nodes = customer.metafields.nodes if customer.metafields else []
    return Buyer(
        id=customer.id.rpartition("/")[2],
        note=filled(customer.note),
        tags=tuple(customer.tags),
        metafields=to_metafields(nodes, wanted),
    )


def to_line_extras(
    line: LineExtrasNodesLineItem, of_product: Collection[str], of_variant: Collection[str]
) -> LineExtras:
    """Return what belongs to one line; nothing of a product or variant that is deleted."""
    return LineExtras(
        properties=tuple((one.key, one.value) for one in line.custom_attributes or ()),
        product=to_metafields(line.product.metafields.nodes, of_product) if line.product else {},
        variant=to_metafields(line.variant.metafields.nodes, of_variant) if line.variant else {},
    )
