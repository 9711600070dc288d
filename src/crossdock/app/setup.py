"""Setting up: a store is kept once it has answered, a connection once both its sides have."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from crossdock.app.hub import Hub
from crossdock.app.plugins import backend_of, checked_settings
from crossdock.edge.tying import AddedStore, Connected, NewConnection, NewStore
from crossdock.kit.errors import HubError, UsageError
from crossdock.model.capability import Capability
from crossdock.model.catalog import Location
from crossdock.model.connection import Connection, OrderRules, Rules
from crossdock.model.deed import Deed
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, LocationId, ShopDomain, WarehouseCode
from crossdock.model.people import Actor
from crossdock.ports.backend import Warehouse
from crossdock.ports.storefront import Shop
from crossdock.shopify.domains import shop_addressed
from crossdock.shopify.storefront import DEFAULT_VERSION, ShopifyStorefront
from crossdock.shopify.token_requests import AppCredentials
from crossdock.store import audit, connections, news, stores
from crossdock.store import locations as location_names
from crossdock.store.budgets import PostgresBudget
from crossdock.store.exchanges import PostgresJournal
from crossdock.store.stores import Credentials

_VERSION = re.compile(r"20[0-9]{2}-(01|04|07|10)|unstable")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


async def add_store(hub: Hub, by: Actor, wanted: NewStore) -> AddedStore:
    """
    Ask the shop who it is, then keep its credentials; a known store gets these and works again.

    Raises UsageError where something given cannot be, and what the storefront raises where the shop does not answer.
    """
    domain = shop_addressed(wanted.domain)
    endpoint = None if wanted.endpoint is None else checked_endpoint(wanted.endpoint)
    credentials = await _credentials(hub, domain, wanted, endpoint)
    return await keep_store(hub, by, domain, credentials, api_version=wanted.api_version, endpoint=endpoint)


async def keep_store(
    hub: Hub,
    by: Actor,
    domain: ShopDomain,
    credentials: Credentials,
    *,
    api_version: str | None = None,
    endpoint: str | None = None,
) -> AddedStore:
    """
    Keep credentials that open a store, once it has said who it is; a known store gets these and works again.

    Raises UsageError where they open another one, and what the storefront raises where the shop does not answer.
    """
    version = _checked_version(api_version)
    shop = await _introduce(hub, domain, credentials.token, version, endpoint)
    if shop.domain != domain:
        raise UsageError(f"This token opens {shop.domain}, not {domain}. Add that store, or take {domain}'s own token.")
    async with hub.database.begin() as tx:
        known = await stores.find(tx, domain) is not None
        await stores.add(tx, domain, credentials, hub.sealer, api_version=version, endpoint=endpoint)
        deed = Deed.CREDENTIALS_CHANGED if known else Deed.STORE_ADDED
        await audit.record(tx, by, deed, domain, after={"api_version": version, "endpoint": endpoint})
        tied = await connections.of_store(tx, domain)
        for connection in tied:
            await news.wake(tx, connection.id)
    if any(one.started for one in tied):
        # A store that comes back has lost its subscriptions; the hourly watch would repair them too.
        await _subscribe(hub, domain)
    return AddedStore(domain, shop.name, shop.currency, shop.plan, known)


async def connect(hub: Hub, by: Actor, wanted: NewConnection) -> Connected:
    """
    Tie a store to a backend, all flows on; where there is one location and one warehouse, map them.

    Nothing has been swept for it yet, so the first sweep looks at everything, once it is started. Raises UsageError
    where something given cannot be.
    """
    domain = shop_addressed(wanted.store)
    name = _checked_name(wanted.name or domain.split(".", 1)[0])
    plugin = backend_of(wanted.backend)
    settings = checked_settings(plugin, wanted.settings)
    storefront = await hub.storefront(domain)
    locations = [one for one in await storefront.locations() if one.active]
    warehouses = await (await hub.open_backend(wanted.backend, settings)).warehouses()
    connection = Connection(
        id=name,
        store=domain,
        backend=plugin.manifest.kind,
        flows=possible_flows(plugin.manifest.capabilities),
        rules=Rules(orders=OrderRules(placed_from=wanted.orders_from)),
        warehouses=_only_pair(locations, warehouses),
        started=wanted.started,
    )
    async with hub.database.begin() as tx:
        await connections.add(tx, connection, settings, hub.sealer)
        await location_names.learn(tx, name, {one.id: one.name for one in locations})
        after = {"store": domain, "backend": connection.backend, "warehouses": connection.warehouses}
        await audit.record(tx, by, Deed.CONNECTION_ADDED, connection.id, after=after)
    webhooks_to, no_webhooks = await _subscribe(hub, domain) if wanted.started else (None, None)
    return Connected(connection, locations, warehouses, webhooks_to, no_webhooks)


async def start(hub: Hub, by: Actor, id_: ConnectionId, orders_from: datetime | None) -> Connected:
    """
    Let the hub work for a connection that was being set up; orders placed before `orders_from` are left alone.

    Raises UsageError where it was started already, or where no location has a warehouse.
    """
    connection = await hub.connection(id_)
    if connection.started:
        raise UsageError(f"{id_} was started already. Look at its rules to change what it does.")
    if not any(connection.warehouses.values()):
        raise UsageError(f"No location of {connection.store} has a warehouse in {id_}. Map one, then start it.")
    if not connection.flows:
        raise UsageError(f"No flow of {id_} is on. Switch one on, then start it.")
    rules = replace(connection.rules, orders=replace(connection.rules.orders, placed_from=orders_from))
    async with hub.database.begin() as tx:
        await connections.set_rules(tx, id_, rules)
        await connections.start(tx, id_)
        after = {"flows": sorted(connection.flows), "orders from": orders_from}
        await audit.record(tx, by, Deed.CONNECTION_STARTED, id_, after=after)
        await news.wake(tx, id_)
    webhooks_to, no_webhooks = await _subscribe(hub, connection.store)
    return Connected(await hub.connection(id_), (), (), webhooks_to, no_webhooks)


def possible_flows(can: Collection[Capability]) -> frozenset[Flow]:
    """Return the flows that a backend can have a part in."""
    return frozenset(Flow) if Capability.RETURNS in can else frozenset(Flow) - {Flow.RETURNS}


async def _credentials(hub: Hub, domain: ShopDomain, wanted: NewStore, endpoint: str | None) -> Credentials:
    """Return what opens the store; for an app of the Dev Dashboard, with a first token that it gave for it."""
    secrets = tuple(secret.strip() for secret in wanted.secrets if secret.strip())
    if not secrets:
        raise UsageError("The client secret is missing: by it the hub knows that a webhook comes from Shopify.")
    if wanted.client_id is None:
        if not (wanted.token or "").strip():
            raise UsageError("The access token is missing, and so is a client id to ask for one. Give one of them.")
        return Credentials((wanted.token or "").strip(), secrets)
    app = AppCredentials(wanted.client_id.strip(), secrets[0])
    minted = await hub.mint(domain, app, endpoint)
    return Credentials(minted.token, secrets, app.client_id, minted.expires_at)


async def _introduce(hub: Hub, domain: ShopDomain, token: str, version: str, endpoint: str | None) -> Shop:
    storefront = ShopifyStorefront(
        domain,
        token,
        budget=PostgresBudget(hub.database),
        journal=PostgresJournal(hub.database),
        api_version=version,
        endpoint=endpoint,
        clock=hub.clock,
    )
    try:
        return await storefront.shop()
    finally:
        await storefront.close()


async def _subscribe(hub: Hub, domain: ShopDomain) -> tuple[str | None, str | None]:
    """Have the store send its webhooks. The connection stands without them, so a refusal is told, not raised."""
    uri = hub.settings.webhook_uri(domain)
    try:
        if await hub.watch_subscriptions(domain) is not None:
            return uri, None
    except HubError as error:
        return None, f"The store will not send webhooks to {uri} yet; the sweep brings what changed. {error}"
    return None, (
        "Shopify cannot reach this hub, so the sweep alone brings what changed, within half a minute. For webhooks, "
        "set CROSSDOCK_PUBLIC_URL to an https address that leads here."
    )


def _only_pair(
    locations: Sequence[Location], warehouses: Sequence[Warehouse]
) -> dict[LocationId, tuple[WarehouseCode, ...]]:
    """Map the one location to the one warehouse; where there is a choice, a person makes it."""
    if len(locations) == 1 and len(warehouses) == 1:
        return {locations[0].id: (warehouses[0].code,)}
    return {}


def _checked_version(text: str | None) -> str:
    if text is None:
        return DEFAULT_VERSION
    if not _VERSION.fullmatch(text):
        raise UsageError(f"{text!r} is no version of the Admin API. It should look like {DEFAULT_VERSION}.")
    return text


def checked_endpoint(text: str) -> str:
    """Return the address of what stands for a store. Raises UsageError."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise UsageError(f"{text!r} cannot stand for a store. It should look like http://127.0.0.1:8100.")
    return text.rstrip("/")


def _checked_name(text: str) -> ConnectionId:
    if not _NAME.fullmatch(text):
        raise UsageError(
            f"A connection cannot be called {text!r}. Take small letters, digits, - and _, at most 63 of them."
        )
    return ConnectionId(text)
