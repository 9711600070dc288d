"""Having a flow look at a batch: within its time, and so that one bad object does not fail its neighbours for ever."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from crossdock.kit.errors import HubError, Recovery
from crossdock.pending.work import Claim, Failed, Handler, Look

_log = logging.getLogger(__name__)


async def look_at(claims: Sequence[Claim], handler: Handler, within: timedelta) -> list[Look]:
    """
    Return one look per claim, failed ones included.

    What a HubError says holds for the whole batch. Any other error, or too much time taken, may be one object's doing:
    then each is looked at once more, alone, `within` being the time for all of them together. Those that are not
    reached fail, and meet other neighbours after their back-off.

    Raises the HubError whose recovery is PAUSE_STORE: nothing was looked at then.
    """
    try:
        async with asyncio.timeout(within.total_seconds()):
            looks = await _ask(claims, handler)
    except HubError:
        raise
    except Exception as error:  # noqa: BLE001 - a flow's mistake must not stop the drain
        looks = [_failed(claims[0], error)] if len(claims) == 1 else await _one_by_one(claims, handler, within)
    of_claim = {look.claim.token: look for look in looks}
    return [of_claim.get(claim.token) or Look(claim, Failed(_NOT_REACHED)) for claim in claims]


_NOT_REACHED = "The look did not come to this object in time. It is looked at again by itself."


async def _ask(claims: Sequence[Claim], handler: Handler) -> Sequence[Look]:
    try:
        return await handler(claims)
    except HubError as error:
        if error.recovery is Recovery.PAUSE_STORE:
            raise
        return [Look(claim, Failed(str(error))) for claim in claims]


async def _one_by_one(claims: Sequence[Claim], handler: Handler, within: timedelta) -> list[Look]:
    _log.warning("%s: a batch of %d failed; now one by one", claims[0].flow, len(claims))
    looks: list[Look] = []
    with suppress(TimeoutError):
        async with asyncio.timeout(within.total_seconds()):
            for claim in claims:
                try:
                    looks += await _ask([claim], handler)
                except HubError:
                    raise
                except Exception as error:  # noqa: BLE001 - a flow's mistake must not stop the drain
                    looks.append(_failed(claim, error))
    return looks


def _failed(claim: Claim, error: Exception) -> Look:
    _log.error("%s: the look at %s failed", claim.flow, claim.key, exc_info=error)
    return Look(claim, Failed(sentence(error)))


def sentence(error: Exception) -> str:
    """Return what a person may read of an error: a HubError's own words, else only its kind (the rest may quote)."""
    if isinstance(error, HubError):
        return str(error)
    if isinstance(error, TimeoutError):
        return "The look took too long and was broken off. It is tried again by itself."
    return f"Something unexpected went wrong ({type(error).__name__}; the log tells more). It is tried again by itself."
