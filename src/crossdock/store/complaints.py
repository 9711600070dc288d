"""What PostgreSQL complains about, said so that a person knows what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from crossdock.kit.errors import HubError, NotNow, TryAgain

_BREATH = timedelta(seconds=1)
"""How soon it is worth asking again: a database starts within seconds."""


class DatabaseUnavailable(NotNow):
    """The database cannot serve now; the sentence says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, _BREATH)


class Entangled(TryAgain):
    """Two transactions waited for each other, and the database undid this one; begun again, it will pass."""


_ENTANGLED = frozenset({"40001", "40P01"})

# SQLSTATE -> what to do (PostgreSQL documentation, appendix A).
_REMEDIES = {
    "53100": "The disk under the database is full. Free some space; the hub then goes on. Nothing is half-done.",
    "53300": "The database has no free connections. Raise max_connections, or run fewer workers.",
    "57P03": "The database is starting up or shutting down. Wait a moment.",
    "28P01": "The database refuses the password in DATABASE_URL. Correct it and start again.",
    "28000": "The database refuses the user in DATABASE_URL. Create the user or correct the name.",
    "3D000": "The database named in DATABASE_URL does not exist. Create it (createdb) or correct the name.",
    "42501": "The database user lacks a right. Let it own the database: ALTER DATABASE … OWNER TO ….",
    "25006": "The database is read-only (a standby?). Let DATABASE_URL name the primary.",
}


@contextmanager
def explained() -> Iterator[None]:
    """Turn what a database cannot do now into DatabaseUnavailable or Entangled; let our mistakes rise as they are."""
    try:
        yield
    except PoolTimeout as error:
        raise DatabaseUnavailable(
            "All connections to the database are busy. Wait a moment, or run fewer workers."
        ) from error
    except DBAPIError as error:
        complaint = _explain(error)
        if complaint is None:
            raise
        raise complaint from error


# A refused connection carries no SQLSTATE in psycopg; libpq's text (English in every locale) is all there is.
_REFUSALS = {
    "password authentication failed": "28P01",
    'role "': "28000",
    'database "': "3D000",
    "too many clients": "53300",
    "the database system is": "57P03",
}


_CONNECTION = ("08", "57P")
"""The classes of SQLSTATEs of a connection that broke, or that the server ended."""


def unavailable(error: BaseException | None) -> DatabaseUnavailable | None:
    """
    Return what to say where an error, or one that led to it, is psycopg's of a database that cannot serve now.

    For what does not go through `explained`: libraries with connections of their own. None where it is anything else.
    """
    while error is not None:
        if isinstance(error, DatabaseUnavailable):
            return error
        if isinstance(error, psycopg.Error):
            lost = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
            return _sentence(error, error.sqlstate, lost=lost and (error.sqlstate or "57P").startswith(_CONNECTION))
        error = error.__cause__ or error.__context__
    return None


def _explain(error: DBAPIError) -> HubError | None:
    state: str | None = getattr(error.orig, "sqlstate", None)
    if state in _ENTANGLED:
        return Entangled("Two writers of the database waited for each other, and it undid one. It is done again.")
    broken = isinstance(error, OperationalError | InterfaceError) and state is None
    return _sentence(error.orig, state, lost=broken or error.connection_invalidated)


def _sentence(error: BaseException | None, state: str | None, *, lost: bool) -> DatabaseUnavailable | None:
    """Say what an error of the driver means; `lost` where its kind says that the connection is lost."""
    message = str(error).strip()
    state = state or next((state for text, state in _REFUSALS.items() if text in message), None)
    if state in _REMEDIES:
        return DatabaseUnavailable(_REMEDIES[state])
    if lost:
        first = message.splitlines()[0].rstrip(":") if message else "the connection was lost"
        return DatabaseUnavailable(
            f"The database does not answer ({first}). Start it, or correct DATABASE_URL; the hub goes on by itself."
        )
    return None
