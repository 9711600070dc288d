"""Having a flow look at a batch: within its time, and so that one bad object does not fail its neighbours."""

import asyncio
import logging
import math
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from crossdock.kit.errors import HubError
from crossdock.pending.work import Blocked, Claim, Failed, Handler, Look, put_off

_log = logging.getLogger(__name__)


async def look_at(claims: Sequence[Claim], handler: Handler, within: timedelta) -> list[Look]:
    """
    Return one look per claim, failed ones included.

    An error by which a system behind all of them cannot be asked blocks the whole batch. Any other may be one object's
    doing, whatever it says: then the halves are looked at, their halves, and so on, until it is alone. A batch that
    takes too long is looked at one by one. All that together has `within` once more; those that are not reached fail,
    and meet other neighbours after their back-off.
    """
    looks: list[Look] = []
    try:
        async with asyncio.timeout(within.total_seconds()):
            looks += await _ask(claims, handler)
    except Exception as error:  # noqa: BLE001 - a flow's mistake must not stop the drain
        if len(claims) == 1:
            return [_failed(claims[0], error)]
        _log.warning("%s: a batch of %d failed; now in parts: %s", claims[0].flow, len(claims), sentence(error))
        with suppress(TimeoutError):
            async with asyncio.timeout(within.total_seconds()):
                await _ask_in_parts(claims, handler, len(claims) if isinstance(error, TimeoutError) else 2, looks)
    of_claim = {look.claim.token: look for look in looks}
    return [of_claim.get(claim.token) or Look(claim, Failed(_NOT_REACHED)) for claim in claims]


_NOT_REACHED = "The look did not come to this object in time. It is looked at again by itself."


async def _ask(claims: Sequence[Claim], handler: Handler) -> Sequence[Look]:
    try:
        return await handler(claims)
    except HubError as error:
        rest = put_off(error)
        if not isinstance(rest, Blocked):
            raise
        return [Look(claim, rest) for claim in claims]


async def _ask_in_parts(claims: Sequence[Claim], handler: Handler, many: int, looks: list[Look]) -> None:
    """Look at so many parts in turn, and at the halves of each that fails; add what comes of it to `looks`."""
    size = math.ceil(len(claims) / many)
    for start in range(0, len(claims), size):
        part = claims[start : start + size]
        try:
            looks += await _ask(part, handler)
        except Exception as error:  # noqa: BLE001 - a flow's mistake must not stop the drain
            if len(part) == 1:
                looks.append(_failed(part[0], error))
            else:
                await _ask_in_parts(part, handler, 2, looks)


def _failed(claim: Claim, error: Exception) -> Look:
    if not isinstance(error, HubError | TimeoutError):
        _log.error("%s: the look at %s failed", claim.flow, claim.key, exc_info=error)
    return Look(claim, Failed(sentence(error)))


def sentence(error: Exception) -> str:
    """Return what a person may read of an error: a HubError's own words, else only its kind (the rest may quote)."""
    if isinstance(error, HubError):
        return str(error)
    if isinstance(error, TimeoutError):
        return "The look took too long and was broken off. It is tried again by itself."
    return f"Something unexpected went wrong ({type(error).__name__}; the log tells more). It is tried again by itself."
