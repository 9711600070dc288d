"""Who looks at the demo: an admin with a password of this run."""

import secrets
from typing import Final

from crossdock.edge.user_changes import add_user, set_password
from crossdock.model.people import Actor, Face, Role
from crossdock.store import users
from crossdock.store.database import Database

VISITOR: Final = "demo@example.com"


async def add_visitor(database: Database) -> str:
    """Let the visitor in by a new password, and return it; a demo that is kept has them already."""
    password = secrets.token_urlsafe(12)
    by = Actor("demo", Face.COMMAND_LINE)
    async with database.begin() as tx:
        known = next((one for one in await users.listed(tx) if one.email == VISITOR), None)
        if known is None:
            await add_user(tx, by, "Demo visitor", VISITOR, Role.ADMIN, password)
        else:
            await set_password(tx, by, known, password)
    return password
