"""`/api/stores`: which shops there are, and whether the hub calls them, for a program. Credentials go in only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Body, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from crossdock.edge.api.answering import json_of
from crossdock.edge.api.named import Said, Store
from crossdock.edge.desk import TheDesk
from crossdock.edge.doors import portal_of
from crossdock.edge.store_changes import BY_HAND, pause_store, resume_store
from crossdock.edge.tying import AddedStore, NewStore
from crossdock.edge.visitors import Admin
from crossdock.kit.errors import UsageError
from crossdock.model.names import ConnectionId, ShopDomain
from crossdock.model.outage import store_party
from crossdock.store import connections, outages, stores

router = APIRouter(prefix="/api/stores", tags=["set-up"])


@dataclass(frozen=True, slots=True)
class ListedStore:
    """A store, what it is tied by, and in a sentence why it is paused or silent, if it is."""

    domain: ShopDomain
    endpoint: str | None
    api_version: str
    added_at: datetime
    paused: str | None
    paused_at: datetime | None
    uninstalled_at: datetime | None
    silent: str | None
    connections: Sequence[ConnectionId]


@dataclass(frozen=True, slots=True)
class Stores:
    """The stores, by domain."""

    stores: Sequence[ListedStore]


@dataclass(frozen=True, slots=True)
class ByRedirect:
    """
    How an app is installed by redirect: a person does it, in a browser.

    They `open` the portal's page and enter the app's credentials there; the app has to `allow` that redirect URL and to
    ask for these `scopes`.
    """

    domain: ShopDomain
    open: str
    allow: str
    scopes: Sequence[str]


class GivenStore(BaseModel):
    """A store, with an app of the Dev Dashboard (`client_id`) or an older app's lasting `token`."""

    model_config = ConfigDict(extra="forbid")

    domain: Said = Field(description="The store's own domain, or its admin's address.")
    secrets: list[Said] = Field(
        max_length=10, repr=False, description="Client secrets, newest first; they sign webhooks."
    )
    client_id: Said | None = Field(default=None, description="Tokens are asked for with it and the newest secret.")
    token: Said | None = Field(default=None, repr=False, description="An Admin API access token that lasts.")
    endpoint: Said | None = Field(default=None, description="What to call in place of the store, for a stand-in.")


@router.get("", response_model=Stores)
async def list_stores(desk: TheDesk, visitor: Admin) -> JSONResponse:  # noqa: ARG001 - who may is asked
    """Return the stores, and which are paused or silent and why."""
    async with desk.database.begin() as tx:
        silent = {one.party: one.sentence for one in await outages.listed(tx)}
        tied = await connections.listed(tx)
        found = [
            ListedStore(
                domain=one.domain,
                endpoint=one.endpoint,
                api_version=one.api_version,
                added_at=one.added_at,
                paused=one.paused,
                paused_at=one.paused_at,
                uninstalled_at=one.uninstalled_at,
                silent=silent.get(store_party(one.domain)),
                connections=[each.id for each in tied if each.store == one.domain],
            )
            for one in await stores.listed(tx)
        ]
    return json_of(Stores(found))


@router.post("", response_model=AddedStore)
async def add_store(desk: TheDesk, visitor: Admin, wanted: GivenStore) -> JSONResponse:
    """Keep a store's credentials once it has said who it is; a known store gets these and works again."""
    if wanted.client_id and wanted.token:
        raise UsageError("An app with a client id has no lasting token. Leave token or client_id out.")
    given = NewStore(
        wanted.domain,
        wanted.token,
        tuple(wanted.secrets),
        wanted.endpoint or None,
        client_id=wanted.client_id or None,
    )
    return json_of(await desk.setting_up(visitor.actor).add_store(given))


@router.get("/{store}/install", response_model=ByRedirect)
async def install(request: Request, desk: TheDesk, visitor: Admin, store: Store) -> JSONResponse:
    """Say where a person installs an app by redirect, which no program can."""
    hub = desk.setting_up(visitor.actor)
    domain = hub.domain(store)
    page = f"{portal_of(request)}/setup/store?address={domain}"
    return json_of(ByRedirect(domain, page, hub.come_back_to(), hub.least_scopes()))


@router.post("/{store}/pause", response_model=stores.Store)
async def pause(
    desk: TheDesk, visitor: Admin, store: Store, reason: Annotated[Said, Body(embed=True)] = BY_HAND
) -> JSONResponse:
    """Stop calling a store. Its webhooks are still kept, and followed once it is resumed."""
    async with desk.database.begin() as tx:
        return json_of(await pause_store(tx, visitor.actor, ShopDomain(store), reason or BY_HAND))


@router.post("/{store}/resume", response_model=stores.Store)
async def resume(desk: TheDesk, visitor: Admin, store: Store) -> JSONResponse:
    """Call a paused store again."""
    async with desk.database.begin() as tx:
        return json_of(await resume_store(tx, visitor.actor, ShopDomain(store)))
