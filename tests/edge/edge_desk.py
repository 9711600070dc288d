"""What the tests of the edge share: one store, a clock that is moved by hand, and people who are logged in."""

from dataclasses import dataclass

import httpx
from sqlalchemy import text

from crossdock.edge.recognizing import CSRF_FIELD, cookie_name
from crossdock.kit.tokens import derived, fingerprint, new_token
from crossdock.model.flow import Flow
from crossdock.model.names import ShopDomain
from crossdock.model.people import Role, Scope
from crossdock.store import api_tokens, sessions, users
from crossdock.store.database import Database

ACME = ShopDomain("acme.myshopify.com")
SECRET = "newer"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is logged in: what their browser keeps, and what their pages' forms carry."""

    email: str
    cookie: str
    csrf: str

    @property
    def form(self) -> dict[str, str]:
        """What every form of theirs holds."""
        return {CSRF_FIELD: self.csrf}

    def sit_down(self, web: httpx.AsyncClient) -> None:
        """From now on the client's requests are theirs."""
        web.cookies.set(cookie_name(secure=False), self.cookie)


async def a_person(database: Database, role: Role = Role.ADMIN, name: str | None = None) -> Person:
    """Add a user of a role and log them in, without the time that a password takes."""
    called = name or role.value
    cookie = new_token()
    async with database.begin() as tx:
        user = await users.add(tx, called.capitalize(), f"{called.replace(' ', '.')}@acme.test", role, None)
        await sessions.begin(tx, user.id, fingerprint(cookie), "192.0.2.7")
    return Person(user.email, cookie, derived(cookie, CSRF_FIELD))


async def a_token(database: Database, *scopes: Scope) -> dict[str, str]:
    """Make an API token; return the header that a program sends."""
    token = new_token("xdk_")
    async with database.begin() as tx:
        await api_tokens.add(tx, f"program {' '.join(scopes)}", fingerprint(token), scopes, "a test", None)
    return {"Authorization": f"Bearer {token}"}


async def asked_for(database: Database) -> list[tuple[str, Flow, str]]:
    """What was asked to be looked at since the database was made."""
    async with database.begin() as tx:
        rows = await tx.execute(text("SELECT connection, flow, key FROM news WHERE reason LIKE '%asked' ORDER BY id"))
        return [(row.connection, Flow(row.flow), row.key) for row in rows]


@dataclass
class HandClock:
    """A monotonic clock that a test moves."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds
