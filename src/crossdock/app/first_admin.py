"""The first admin: made by a link that only whoever started the hub has seen."""

from crossdock.kit.tokens import fingerprint, new_token
from crossdock.store import one_time_links, users
from crossdock.store.database import Database


async def first_admin_link(database: Database, url: str) -> str | None:
    """Return a new link for the first admin, at the portal's `url`; None where there is a user already."""
    token = new_token()
    async with database.begin() as tx:
        if await users.is_anyone(tx):
            return None
        await one_time_links.make(tx, fingerprint(token), None)
    return f"{url}/welcome/{token}"
