"""What is kept of a call is kept without secrets and without personal data."""

from collections.abc import Mapping
from typing import Any

REDACTED = "…"

# Keys of Shopify's and of usual backends' payloads that name a person or open a door. Compared in lower case,
# without underscores, so that `first_name`, `firstName` and `FirstName` are one.
_PERSONAL = frozenset(
    {
        "firstname", "lastname", "displayname", "company", "address1", "address2", "city", "zip", "phone", "email",
        "contactemail", "emailaddress", "phonenumber", "note", "browserip", "clientdetails", "latitude", "longitude",
        "formatted", "recipient",
        "customattributes", "metafields",
        "noteattributes", "street", "postcode",
    }
)  # fmt: skip
_SECRET = frozenset(
    {
        "accesstoken",
        "refreshtoken",
        "clientsecret",
        "secret",
        "password",
        "token",
        "authorization",
        "apikey",
        "hmac",
    }
)
_HIDDEN = _PERSONAL | _SECRET


def redacted(value: Any) -> Any:
    """
    Return `value` (JSON-like) with every personal or secret field's content replaced by an ellipsis.

    Keys stay, so that the shape of an exchange can still be read; nulls stay null.
    """
    return _without(value, _HIDDEN)


def without_secrets(value: Any) -> Any:
    """Return `value` (JSON-like) with every secret field's content replaced by an ellipsis; persons may be named."""
    return _without(value, _SECRET)


def _without(value: Any, names: frozenset[str]) -> Any:
    if isinstance(value, Mapping):
        return {
            key: REDACTED if _plain(key) in names and inner is not None else _without(inner, names)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [_without(inner, names) for inner in value]
    return value


def _plain(key: object) -> str:
    return str(key).replace("_", "").replace("-", "").lower()
