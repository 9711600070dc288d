"""A person waits for what the doctor finds, so nobody is waited for without end."""

import asyncio
from collections.abc import Awaitable, Callable

from crossdock.edge.checks import Check, Verdict
from crossdock.kit.errors import HubError

PATIENCE_SECONDS = 20.0
"""How long one store or backend may take to answer."""


async def within_patience(subject: str, check: Callable[[], Awaitable[Check]], mend: str = "") -> Check:
    """Return what `check` finds; an error or a silence is a finding, too."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await check()
    except HubError as error:
        return Check(subject, Verdict.FAIL, str(error), mend=mend)
    except TimeoutError:
        found = f"No answer within {PATIENCE_SECONDS:.0f} seconds."
        return Check(subject, Verdict.FAIL, found, "See whether it can be reached from this machine.", mend)
