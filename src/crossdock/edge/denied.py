"""Why somebody is not let in, in a sentence that they are shown as it stands."""

from typing import ClassVar

from crossdock.kit.errors import HubError
from crossdock.model.people import Role


class Denied(HubError):
    """A request that is not let in; `status` is HTTP's number for why."""

    status: ClassVar[int] = 403


class NotLoggedIn(Denied):
    """Nobody, where somebody is needed."""

    status = 401

    def __init__(self, why: str = "Log in first") -> None:
        super().__init__(f"{why}. A program sends a token: Authorization: Bearer … (crossdock tokens add).")


class NotAllowed(Denied):
    """Somebody who may not do this."""

    def __init__(self, name: str, role: Role | None, needed: Role) -> None:
        has = "opens the figures only" if role is None else f"is {'a' if role is Role.VIEWER else 'an'} {role}"
        super().__init__(f"This needs the role {needed}; {name} {has}. Ask an admin to do it, or for the role.")


class Forged(Denied):
    """A change that no page of ours asked for."""

    def __init__(self) -> None:
        super().__init__("This can only be done from a page of this portal. Open it there and try again.")
