"""Goes on with every open request to forget somebody; what fails is tried again at the next tick."""

import structlog

from crossdock.edge.privacy.erase import BackendOf, erase
from crossdock.edge.privacy.erase_store import AskStore, erase_store
from crossdock.kit.errors import HubError
from crossdock.model.privacy import PrivacyRequest, Wish
from crossdock.store import privacy
from crossdock.store.database import Database

_log = structlog.get_logger()


async def carry_out(database: Database, backend_of: BackendOf, ask_store: AskStore) -> None:
    """Erase what is to be erased, as far as that is possible now. May be done at any time, and by several at once."""
    async with database.begin() as tx:
        waiting = await privacy.to_erase(tx)
    for request in waiting:
        try:
            await _one(database, request, backend_of, ask_store)
        except HubError as error:
            _log.warning("a request to forget is tried again later", request=request.id, why=str(error))


async def _one(database: Database, request: PrivacyRequest, backend_of: BackendOf, ask_store: AskStore) -> None:
    if request.wish is Wish.ERASE_STORE:
        await erase_store(database, request, backend_of, ask_store)
    else:
        await erase(database, request, backend_of)
