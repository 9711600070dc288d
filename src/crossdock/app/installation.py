"""Where a command starts from: an installation that is not open yet, and costs nothing until it is."""

import logging
import os
import pwd
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from crossdock.edge.checks import Check
from crossdock.edge.cli.hub import Hub
from crossdock.model.people import Actor, Face

if TYPE_CHECKING:
    from crossdock.app.settings import Settings

# Imports inside these functions: the hub's adapters take two seconds to load, which `--help` need not wait for.


def operating_system_user() -> Actor:
    """Return who types, as the operating system knows them; a container may know nothing but a number."""
    number = os.getuid()
    try:
        name = pwd.getpwuid(number).pw_name
    except KeyError:
        name = f"uid {number}"
    return Actor(name, Face.COMMAND_LINE)


@dataclass(frozen=True, slots=True)
class LazyInstallation:
    """An installation by what the command line said of it; the environment says the rest."""

    data: Path | None = None
    database_url: str | None = None

    def settings(self, **more: object) -> "Settings":
        """Return the settings, with `more` of them from the command line. Raises UsageError."""
        from crossdock.app.settings import settings_from  # noqa: PLC0415 - see above

        return settings_from(data=self.data, database_url=self.database_url, **more)

    @asynccontextmanager
    async def hub(self, say: Callable[[str], None]) -> AsyncIterator[Hub]:
        """Open it for one command; `say` is told what a person should know."""
        from crossdock.app.front import Front  # noqa: PLC0415 - see above
        from crossdock.app.hub import open_hub  # noqa: PLC0415 - see above
        from crossdock.kit.logs import set_up_logs  # noqa: PLC0415 - see above

        set_up_logs(logging.WARNING)
        async with open_hub(self.settings(), say) as hub:
            yield Front(hub, operating_system_user())

    async def examine(self) -> Sequence[Check]:
        """Check everything that can be checked; what is broken is a finding, not an error."""
        from crossdock.app.doctor.examine import examine  # noqa: PLC0415 - see above
        from crossdock.kit.logs import set_up_logs  # noqa: PLC0415 - see above

        set_up_logs(logging.WARNING)
        return await examine(self.settings())
