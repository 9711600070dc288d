"""The owner of `stores`: which shops there are, how to call them, and their credentials under seal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.dialects.postgresql import insert

from crossdock.kit.errors import StoreUnusable, UsageError
from crossdock.kit.sealing import Sealer
from crossdock.model.names import ShopDomain
from crossdock.store.database import Tx
from crossdock.store.schema import stores

_Columns: TypeAlias = tuple[str, str | None, str, datetime, str | None, datetime | None, datetime | None]


class UnknownStore(UsageError):
    """A store that was never added."""

    def __init__(self, domain: ShopDomain) -> None:
        super().__init__(f"There is no store {domain}. Add it: crossdock store add {domain}.")


class Uninstalled(StoreUnusable):
    """A store that took the app away; the hub has no token for it any more."""

    def __init__(self, domain: ShopDomain) -> None:
        super().__init__(f"{domain}: {_left(domain)}")


def _left(domain: ShopDomain) -> str:
    return (
        "The app was uninstalled at Shopify, and its token is forgotten. Install it there again and give the hub the "
        f"new token: crossdock store add {domain}. It goes on where it was."
    )


@dataclass(frozen=True, slots=True)
class Store:
    """
    One shop and how to call it.

    `endpoint` is where to call instead of `https://{domain}`, for a stand-in. `paused` is the sentence of what
    Shopify said when it refused the store, None while the store works. `uninstalled_at` is when Shopify says that the
    app was taken away, None while it is there.
    """

    domain: ShopDomain
    endpoint: str | None
    api_version: str
    added_at: datetime
    paused: str | None
    paused_at: datetime | None
    uninstalled_at: datetime | None = None

    @property
    def remedy(self) -> str:
        """What to do once the cause of the pause is settled."""
        return f"crossdock store {'resume' if self.uninstalled_at is None else 'add'} {self.domain}"


@dataclass(frozen=True, slots=True)
class Credentials:
    """
    What opens a store. `secrets` are the client secrets, newest first; any of them may sign a webhook.

    With a `client_id` the token is one that is asked for anew before `expires_at`; None there asks at once. With a
    `refresh_token` it is renewed by that, which changes each time.
    """

    token: str = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    client_id: str | None = None
    expires_at: datetime | None = None
    refresh_token: str | None = field(default=None, repr=False)

    def ends_within(self, time: timedelta, now: datetime) -> bool:
        """Tell whether another token has to be asked for by then; never of one that lasts."""
        return self.client_id is not None and (self.expires_at is None or self.expires_at - now < time)


async def add(
    tx: Tx,
    domain: ShopDomain,
    credentials: Credentials,
    sealer: Sealer,
    *,
    api_version: str,
    endpoint: str | None = None,
) -> None:
    """Add a store; one that is known gets these credentials and works again."""
    row = insert(stores).values(
        domain=domain,
        endpoint=endpoint,
        api_version=api_version,
        token=sealer.seal(credentials.token),
        secrets=[sealer.seal(secret) for secret in credentials.secrets],
        client_id=credentials.client_id,
        token_expires_at=credentials.expires_at,
        refresh_token=_sealed(credentials.refresh_token, sealer),
    )
    await tx.execute(
        row.on_conflict_do_update(
            index_elements=[stores.c.domain],
            set_={
                "endpoint": row.excluded.endpoint,
                "api_version": row.excluded.api_version,
                "token": row.excluded.token,
                "secrets": row.excluded.secrets,
                "client_id": row.excluded.client_id,
                "token_expires_at": row.excluded.token_expires_at,
                "refresh_token": row.excluded.refresh_token,
                "installed_at": func.hub_now(),
                "uninstalled_at": None,
                "paused": None,
                "paused_at": None,
            },
        )
    )


async def find(tx: Tx, domain: ShopDomain) -> Store | None:
    """Return the store, None where there is none."""
    row = (await tx.execute(_stores().where(stores.c.domain == domain))).one_or_none()
    return None if row is None else _store(row)


async def get(tx: Tx, domain: ShopDomain) -> Store:
    """Return the store. Raises UnknownStore."""
    store = await find(tx, domain)
    if store is None:
        raise UnknownStore(domain)
    return store


async def listed(tx: Tx) -> Sequence[Store]:
    """Return every store, by domain."""
    return [_store(row) for row in await tx.execute(_stores().order_by(stores.c.domain))]


async def credentials_of(tx: Tx, domain: ShopDomain, sealer: Sealer, *, to_renew: bool = False) -> Credentials:
    """
    Return what opens the store; `to_renew` keeps everybody else who would renew it waiting until `tx` ends.

    Raises UnknownStore, Uninstalled, and UsageError where another key sealed it.
    """
    columns = (
        stores.c.token,
        stores.c.secrets,
        stores.c.client_id,
        stores.c.token_expires_at,
        stores.c.refresh_token,
    )
    query = select(*columns).where(stores.c.domain == domain)
    row = (await tx.execute(query.with_for_update() if to_renew else query)).one_or_none()
    if row is None:
        raise UnknownStore(domain)
    if row.token is None:
        raise Uninstalled(domain)
    secrets = tuple(sealer.open(secret) for secret in row.secrets)
    refresh_token = None if row.refresh_token is None else sealer.open(row.refresh_token)
    return Credentials(sealer.open(row.token), secrets, row.client_id, row.token_expires_at, refresh_token)


async def renew(
    tx: Tx,
    domain: ShopDomain,
    token: str,
    expires_at: datetime | None,
    sealer: Sealer,
    *,
    refresh_token: str | None = None,
) -> None:
    """Keep another token of a store's app, and what renews it; nothing where the app was uninstalled meanwhile."""
    await tx.execute(
        update(stores)
        .where(stores.c.domain == domain, stores.c.uninstalled_at.is_(None))
        .values(token=sealer.seal(token), token_expires_at=expires_at, refresh_token=_sealed(refresh_token, sealer))
    )


async def sealed_secrets(tx: Tx) -> Mapping[ShopDomain, tuple[bytes, ...]]:
    """Return every store's client secrets, still under seal, newest first."""
    rows = await tx.execute(select(stores.c.domain, stores.c.secrets))
    return {ShopDomain(row.domain): tuple(bytes(secret) for secret in row.secrets) for row in rows}


async def pause(tx: Tx, domain: ShopDomain, said: str) -> None:
    """Stop calling the store; `said` is the sentence that a person will read. The first reason stays."""
    await tx.execute(
        update(stores)
        .where(stores.c.domain == domain, stores.c.paused.is_(None))
        .values(paused=said, paused_at=func.hub_now())
    )


async def resume(tx: Tx, domain: ShopDomain) -> None:
    """
    Call the store again, with another token where one can be asked for: the one at hand may be why it was paused.

    Raises UnknownStore, and UsageError where there is no token to call it with.
    """
    store = await get(tx, domain)
    if store.uninstalled_at is not None:
        raise UsageError(str(Uninstalled(domain)))
    works = {"paused": None, "paused_at": None, "token_expires_at": None}
    await tx.execute(update(stores).where(stores.c.domain == domain).values(works))


async def leave(tx: Tx, domain: ShopDomain, at: datetime) -> bool:
    """
    Forget the token of a store that took the app away at that time, and pause it; return whether that is news.

    It is none where the token came later: deliveries may arrive after a re-install (Shopify docs, 2026-07). The
    client secrets stay, for they sign what Shopify still has to say of the store.
    """
    gone = await tx.execute(
        update(stores)
        .where(stores.c.domain == domain, stores.c.installed_at < at, stores.c.uninstalled_at.is_(None))
        .values(token=None, refresh_token=None, uninstalled_at=at, paused=_left(domain), paused_at=func.hub_now())
    )
    return bool(gone.rowcount)


def _sealed(text: str | None, sealer: Sealer) -> bytes | None:
    return None if text is None else sealer.seal(text)


def _stores() -> Select[*_Columns]:
    """Select everything but the secrets."""
    return select(
        stores.c.domain,
        stores.c.endpoint,
        stores.c.api_version,
        stores.c.added_at,
        stores.c.paused,
        stores.c.paused_at,
        stores.c.uninstalled_at,
    )


def _store(row: Row[*_Columns]) -> Store:
    return Store(
        domain=ShopDomain(row.domain),
        endpoint=row.endpoint,
        api_version=row.api_version,
        added_at=row.added_at,
        paused=row.paused,
        paused_at=row.paused_at,
        uninstalled_at=row.uninstalled_at,
    )
