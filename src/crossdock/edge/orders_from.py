"""From when on a connection takes orders, as people say it: `now`, `all`, or a date."""

from datetime import UTC, datetime

from crossdock.kit.errors import UsageError


def beginning(text: str, now: datetime) -> datetime | None:
    """Return the time that is meant, None for all orders; a time without an offset is UTC. Raises UsageError."""
    if text in {"", "now"}:
        return now
    if text == "all":
        return None
    try:
        given = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"Orders cannot be taken from {text!r} on. Write now, all, or a date like 2026-07-01."
        ) from error
    return given if given.tzinfo is not None else given.replace(tzinfo=UTC)
