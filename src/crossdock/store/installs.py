"""The owner of `installs`: installations by redirect that were begun and wait for a person to come back; once each."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, func, insert

from crossdock.kit.sealing import Sealer
from crossdock.model.names import ShopDomain
from crossdock.store.database import Tx
from crossdock.store.schema import installs

LASTING: Final = timedelta(minutes=10)
"""How long somebody may take to agree at Shopify."""


@dataclass(frozen=True, slots=True)
class Install:
    """The store that the app is to be installed in, and the app; `endpoint` is for a stand-in."""

    domain: ShopDomain
    client_id: str
    secret: str = field(repr=False)
    endpoint: str | None = None


async def begin(tx: Tx, state: bytes, session: bytes, install: Install, sealer: Sealer) -> None:
    """Keep an installation by its state's fingerprint, for whoever is logged in with that session."""
    await tx.execute(delete(installs).where(installs.c.ends_at <= func.hub_now()))
    await tx.execute(
        insert(installs).values(
            state=state,
            session=session,
            domain=install.domain,
            client_id=install.client_id,
            secret=sealer.seal(install.secret),
            endpoint=install.endpoint,
            ends_at=func.hub_now() + LASTING,
        )
    )


async def use(tx: Tx, state: bytes, session: bytes, sealer: Sealer) -> Install | None:
    """Use an installation up, and return it; None where that session began none, or it is over."""
    mine = (installs.c.state == state, installs.c.session == session, installs.c.ends_at > func.hub_now())
    row = (await tx.execute(delete(installs).where(*mine).returning(installs))).one_or_none()
    if row is None:
        return None
    return Install(ShopDomain(row.domain), row.client_id, sealer.open(row.secret), row.endpoint)
