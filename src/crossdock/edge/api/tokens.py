"""`/api/tokens`: what programs may do, for a program of an admin's. A token is shown once: as it is made."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from crossdock.edge.api.answering import json_of
from crossdock.edge.api.named import Token
from crossdock.edge.desk import TheDesk
from crossdock.edge.user_changes import add_token, revoke_token
from crossdock.edge.visitors import Admin
from crossdock.model.people import Scope
from crossdock.store import api_tokens
from crossdock.store.api_tokens import ApiToken

router = APIRouter(prefix="/api/tokens", tags=["people"])


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens that were not revoked, by name, as of `at`; never what opens anything."""

    at: datetime
    tokens: Sequence[ApiToken]


@dataclass(frozen=True, slots=True)
class Made:
    """A token that was just made; `token` is what the program sends, shown this once."""

    name: str
    scopes: Sequence[Scope]
    days: int
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Revoked:
    """The token that opens nothing any longer."""

    revoked: str


class NewToken(BaseModel):
    """A token to make."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=500, description="The program that uses it.")
    scopes: list[Scope] = Field(description="What it may do.")
    days: int = Field(default=365, ge=0, le=3650, description="How long it is good; 0 until it is revoked.")


@router.get("", response_model=Tokens)
async def list_tokens(desk: TheDesk, visitor: Admin) -> JSONResponse:  # noqa: ARG001 - who may is asked
    """Return what programs may do, and when each was here last."""
    async with desk.database.begin() as tx:
        return json_of(Tokens(*await api_tokens.listed(tx)))


@router.post("", response_model=Made)
async def new_token(desk: TheDesk, visitor: Admin, wanted: NewToken) -> JSONResponse:
    """Make a token and return it, this once: only its fingerprint is kept."""
    lasting = timedelta(days=wanted.days) if wanted.days else None
    async with desk.database.begin() as tx:
        token = await add_token(tx, visitor.actor, wanted.name, wanted.scopes, lasting)
    return json_of(Made(" ".join(wanted.name.split()), wanted.scopes, wanted.days, token))


@router.delete("/{name:path}", response_model=Revoked)
async def end_token(desk: TheDesk, visitor: Admin, name: Token) -> JSONResponse:
    """Let a token open nothing any longer, from this moment on; also the one that asks."""
    async with desk.database.begin() as tx:
        await revoke_token(tx, visitor.actor, name)
    return json_of(Revoked(name))
