"""Takes up from the inbox what no flow follows: requests about personal data, and the end of an installation."""

import structlog
from pydantic import ValidationError

from crossdock.edge.privacy.payloads import PrivacyPayload, ShopPayload
from crossdock.model.privacy import Person, Standing, Wish
from crossdock.store import inbox, privacy, stores
from crossdock.store.database import Database, Tx
from crossdock.store.inbox import ForTheHub

_WISHES = {
    "customers/data_request": Wish.EXPORT,
    "customers/redact": Wish.ERASE,
    "shop/redact": Wish.ERASE_STORE,
}

_log = structlog.get_logger()


async def take_up(database: Database) -> int:
    """Take up all that waits, each delivery in a transaction of its own; return how many that were."""
    count = 0
    while await _take_up_next(database):
        count += 1
    return count


async def _take_up_next(database: Database) -> bool:
    async with database.begin() as tx:
        delivery = await inbox.next_for_the_hub(tx)
        if delivery is None:
            return False
        wish = _WISHES.get(delivery.topic)
        if wish is None:
            await _leave(tx, delivery)
        else:
            await _write_down(tx, delivery, wish)
        await inbox.took_up(tx, delivery)
        return True


async def _leave(tx: Tx, delivery: ForTheHub) -> None:
    try:
        fits = ShopPayload.model_validate_json(delivery.body).is_of(delivery.store)
    except ValidationError:
        fits = False
    if not fits:
        _log.warning("the end of an installation does not name this store; nothing follows", store=delivery.store)
    elif await stores.leave(tx, delivery.store, delivery.at):
        _log.warning("the app was uninstalled; the store is paused, its token forgotten", store=delivery.store)


async def _write_down(tx: Tx, delivery: ForTheHub, wish: Wish) -> None:
    try:
        payload = PrivacyPayload.model_validate_json(delivery.body)
    except ValidationError:
        trouble, person = "Its payload could not be read", Person()
    else:
        trouble, person = ("" if payload.is_of(delivery.store) else "It names another store"), payload.person
    if not trouble:
        number = await privacy.ask(tx, delivery.store, delivery.webhook_id, wish, person)
        _log.info("a request about personal data came", store=delivery.store, wish=wish.value, request=number)
        return
    number = await privacy.ask(tx, delivery.store, delivery.webhook_id, wish, Person())
    _log.warning("a request about personal data makes no sense", store=delivery.store, request=number, why=trouble)
    if number is not None:
        said = f"{trouble}, so nothing was done. See in Shopify's app history what was asked, and do it by hand."
        await privacy.settle(tx, number, Standing.BY_HAND, said)
