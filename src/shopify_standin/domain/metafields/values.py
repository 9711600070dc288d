"""
What a value of each type must look like, and how it is kept: normalised text outside, JSON beside it.

Forms recorded 2025-01 for every type; sentences of refusals from the same records where they cover them.
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

MEASURES = frozenset(
    {
        "antenna_gain", "area", "battery_charge_capacity", "battery_energy_capacity", "capacitance",
        "concentration", "data_storage_capacity", "data_transfer_rate", "dimension", "display_density",
        "distance", "duration", "electric_current", "electrical_resistance", "energy", "frequency",
        "illuminance", "inductance", "luminous_flux", "mass_flow_rate", "power", "pressure", "resolution",
        "rotational_speed", "sound_level", "speed", "temperature", "thermal_power", "voltage", "volume",
        "volumetric_flow_rate", "weight",
    }
)  # fmt: skip
REFERENCES = (
    "company_reference", "customer_reference", "product_reference", "collection_reference", "variant_reference",
    "file_reference", "product_taxonomy_value_reference", "metaobject_reference", "mixed_reference",
    "page_reference", "article_reference", "order_reference",
)  # fmt: skip
PLAIN = frozenset(
    {
        "boolean", "color", "date", "date_time", "id", "json", "language", "link", "money",
        "multi_line_text_field", "number_decimal", "number_integer", "rating", "rich_text_field",
        "single_line_text_field", "url",
    }
)  # fmt: skip
NOT_IN_LISTS = frozenset({"id", "json", "language", "money", "rich_text_field"})
LEGACY = {
    "string": "single_line_text_field",
    "integer": "number_integer",
    "float": "number_decimal",
    "json_string": "json",
}
"""Names from before 2021, and what they stand for now."""


def _listed() -> tuple[str, ...]:
    """All types in the order in which a refusal lists them (recorded 2026-04)."""
    lists = (f"list.{kind}" for kind in (PLAIN | MEASURES) - NOT_IN_LISTS)
    values = sorted([*PLAIN, *MEASURES, *LEGACY, *lists], key=lambda kind: f"{kind}`")
    return (*values, *(name for kind in REFERENCES for name in (kind, f"list.{kind}")))


TYPES = _listed()
_SHORT_UNITS = {
    "MILLILITERS": "ml", "CENTILITERS": "cl", "LITERS": "l", "CUBIC_METERS": "m3", "FLUID_OUNCES": "us_fl_oz",
    "PINTS": "us_pt", "QUARTS": "us_qt", "GALLONS": "us_gal", "KILOGRAMS": "kg", "GRAMS": "g", "POUNDS": "lb",
    "OUNCES": "oz", "MILLIMETERS": "mm", "CENTIMETERS": "cm", "METERS": "m", "INCHES": "in", "FEET": "ft",
    "YARDS": "yd",
}  # fmt: skip
"""Units as `jsonValue` of a list spells them; others are merely in lower case (recorded 2025-01)."""
_SCHEMES = ("http", "https", "mailto", "sms", "tel")


class BadMetafieldValue(ValueError):
    """A value that its type does not allow; the text says why."""


def normalised(kind: str, text: str) -> str:
    """The text as it is stored; raises BadMetafieldValue."""
    if kind.startswith("list."):
        entries = _parsed(text)
        if not isinstance(entries, list):
            raise BadMetafieldValue("Value must be an array.")
        member = kind.removeprefix("list.")
        return _dumped([_kept(member, _normalised_entry(member, entry)) for entry in entries])
    return _one(kind, text)


def json_value(kind: str, value: str) -> Any:
    """What `jsonValue` answers for a stored value."""
    if kind.startswith("list."):
        member = kind.removeprefix("list.")
        return [_in_list(member, entry) for entry in json.loads(value)]
    if kind in MEASURES or kind in {"boolean", "number_integer", "json", "link", "money", "rating", "rich_text_field"}:
        return _whole(json.loads(value))
    return value


def _one(kind: str, text: str) -> str:
    if kind in MEASURES:
        return _measure(text)
    return _READERS.get(kind, str)(text)


def _normalised_entry(kind: str, entry: Any) -> str:
    return _one(kind, entry if isinstance(entry, str) else _dumped(entry))


def _kept(kind: str, text: str) -> Any:
    """A member of a list as it stands in the list's text."""
    if kind in MEASURES or kind in {"boolean", "number_integer", "link", "rating"}:
        return json.loads(text)
    return text


def _in_list(kind: str, entry: Any) -> Any:
    if kind not in MEASURES:
        return entry
    unit = entry["unit"]
    short = _SHORT_UNITS if kind in {"volume", "weight", "dimension"} else {}
    return _whole({**entry, "unit": short.get(unit, unit.lower())})


def _whole(value: Any) -> Any:
    """A measure of 5.0 is answered as 5."""
    if isinstance(value, dict) and isinstance(value.get("value"), float) and value["value"].is_integer():
        return {**value, "value": int(value["value"])}
    return value


def _dumped(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise BadMetafieldValue(f"Value is invalid JSON: unexpected token at '{text}'.") from None


def _object(text: str, *keys: str) -> dict[str, Any]:
    value = _parsed(text)
    if not isinstance(value, dict) or any(key not in value for key in keys):
        raise BadMetafieldValue(f"Value must be a JSON object with {', '.join(keys)}.")
    return value


def _measure(text: str) -> str:
    value = _object(text, "value", "unit")
    try:
        number = float(value["value"])
    except (TypeError, ValueError):
        raise BadMetafieldValue("Value must be a number with a unit.") from None
    return _dumped({"value": number, "unit": str(value["unit"]).upper()})


def _boolean(text: str) -> str:
    if text.casefold() not in {"true", "false"}:
        raise BadMetafieldValue("Value must be true or false.")
    return text.casefold()


def _integer(text: str) -> str:
    if not re.fullmatch(r"-?\d+", text.strip()):
        raise BadMetafieldValue("Value must be an integer.")
    return str(int(text))


def _decimal(text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise BadMetafieldValue("Value must be a decimal.") from None
    plain = format(number, "f")
    return plain if "." in plain else f"{plain}.0"


def _color(text: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise BadMetafieldValue("Value must be a color in hex format.")
    return text


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise BadMetafieldValue("Value must be in YYYY-MM-DD format.") from None


def _date_time(text: str) -> str:
    """Whole seconds with the offset given; without one it is UTC."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        message = "Value must be in “YYYY-MM-DDTHH:MM:SS” format. For example: 2022-06-01T15:30:00"
        raise BadMetafieldValue(message) from None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).replace(microsecond=0).isoformat()


def _url(text: str) -> str:
    if text.partition(":")[0].casefold() not in _SCHEMES:
        raise BadMetafieldValue(f"Value must be one of the following URL schemes: {', '.join(_SCHEMES)}.")
    return text


def _link(text: str) -> str:
    value = _object(text, "url")
    _url(str(value["url"]))
    return _dumped(value)


def _money(text: str) -> str:
    value = _object(text, "amount", "currency_code")
    return _dumped({"amount": str(value["amount"]), "currency_code": value["currency_code"]})


def _rating(text: str) -> str:
    value = _object(text, "value", "scale_min", "scale_max")
    low, high, number = (Decimal(str(value[key])) for key in ("scale_min", "scale_max", "value"))
    if not low <= number <= high:
        raise BadMetafieldValue("Value must be between the scale's minimum and maximum.")
    return _dumped({key: str(value[key]) for key in ("scale_min", "scale_max", "value")})


def _json(text: str) -> str:
    return _dumped(_parsed(text))


def _single_line(text: str) -> str:
    if "\n" in text:
        raise BadMetafieldValue("Value must be a single line text string.")
    return text


_READERS: dict[str, Callable[[str], str]] = {
    "boolean": _boolean,
    "color": _color,
    "date": _date,
    "date_time": _date_time,
    "json": _json,
    "link": _link,
    "money": _money,
    "number_decimal": _decimal,
    "number_integer": _integer,
    "rating": _rating,
    "rich_text_field": _json,
    "single_line_text_field": _single_line,
    "url": _url,
}
