"""How programs name and say things: without NUL, which PostgreSQL does not take even to look something up."""

from typing import Annotated

from fastapi import Path, Query
from pydantic import AfterValidator, Field
from pydantic_core import to_json

from crossdock.kit.errors import UsageError


def _plain(text: str) -> str:
    return text.replace("\0", "").strip()


Said = Annotated[str, Field(max_length=2000), AfterValidator(_plain)]
"""A text in the body of a question."""

Connection = Annotated[str, Path(description="The connection's name."), AfterValidator(_plain)]
Only = Annotated[str, Query(description="Only this connection."), AfterValidator(_plain)]
"""The connection to which a list is narrowed; empty for all."""
Store = Annotated[
    str,
    Path(description="The store's own domain, like acme.myshopify.com."),
    AfterValidator(lambda text: _plain(text).lower()),
]
Token = Annotated[str, Path(description="The token's name."), AfterValidator(_plain)]


def refuse_nul(document: object) -> None:
    """Raise UsageError where a NUL stands anywhere in a document."""
    if rb"\u0000" in to_json(document):
        raise UsageError("A NUL stands in what was sent, and can be kept nowhere. Leave it out.")
