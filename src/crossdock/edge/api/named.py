"""How programs name things in an address: without NUL, which PostgreSQL does not take even to look something up."""

from typing import Annotated

from fastapi import Path
from pydantic import AfterValidator


def _plain(text: str) -> str:
    return text.replace("\0", "").strip()


Connection = Annotated[str, Path(description="The connection's name."), AfterValidator(_plain)]
Store = Annotated[
    str,
    Path(description="The store's own domain, like acme.myshopify.com."),
    AfterValidator(lambda text: _plain(text).lower()),
]
Token = Annotated[str, Path(description="The token's name."), AfterValidator(_plain)]
