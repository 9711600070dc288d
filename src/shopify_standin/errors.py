"""Errors that reach the caller: top-level GraphQL errors with Shopify's codes, and user errors of mutations."""

from typing import Any

from graphql import GraphQLError

JsonObject = dict[str, Any]


class ApiError(GraphQLError):
    """A top-level error with `extensions.code`, as Shopify puts it (recorded 2026-04)."""

    def __init__(self, message: str, code: str | None = None, **extensions: Any) -> None:
        super().__init__(message, extensions={"code": code, **extensions} if code else extensions or None)


class NotModelled(ApiError):
    """A field that the SDL has and the stand-in cannot answer truthfully."""

    def __init__(self, type_name: str, field_name: str) -> None:
        super().__init__(f"shopify-standin does not model {type_name}.{field_name} yet", "NOT_MODELLED")


class InvalidId(ApiError):
    """A malformed id, or one of another type than asked for."""

    def __init__(self, value: str | None = None) -> None:
        super().__init__("invalid id" if value is None else f"Invalid id: {value}", "RESOURCE_NOT_FOUND")


class Refused(Exception):
    """A mutation that stops with user errors; the payload's other fields are null."""

    def __init__(self, *errors: JsonObject) -> None:
        super().__init__(errors[0]["message"] if errors else "refused")
        self.errors = list(errors)


def user_error(field: list[str] | None, message: str, code: str | None = None) -> JsonObject:
    """One entry of `userErrors`; `code` is null for the plain UserError type."""
    return {"field": field, "message": message, "code": code}
