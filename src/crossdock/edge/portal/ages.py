"""How long ago, in words a person takes in at a glance."""

from datetime import datetime, timedelta

_STEPS = (
    (timedelta(weeks=1), "week", 9),
    (timedelta(days=1), "day", 14),
    (timedelta(hours=1), "hour", 36),
    (timedelta(minutes=1), "minute", 90),
    (timedelta(seconds=1), "second", 90),
)


def age(moment: datetime, now: datetime) -> str:
    """
    Return how much time lies between `moment` and `now`, in the largest unit that is still telling.

    Up to 90 seconds in seconds, up to 90 minutes in minutes, 36 hours, 14 days; weeks beyond. The future counts as
    the past does, since a clock may be a little ahead; under five seconds is "a moment".
    """
    gap = abs(now - moment)
    if gap < timedelta(seconds=5):
        return "a moment"
    for unit, name, most in reversed(_STEPS):
        many = gap // unit
        if many <= most or name == "week":
            return f"{many} {name}" if many == 1 else f"{many} {name}s"
    raise AssertionError("weeks have no end")


def exact(moment: datetime) -> str:
    """Return the moment to the second, in UTC."""
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def up_to(moment: datetime, now: datetime) -> str:
    """Return the time of day of a moment today, else with its date, in UTC."""
    return f"{moment:%H:%M:%S}" if moment.date() == now.date() else f"{moment:%Y-%m-%d %H:%M}"


def lasting(duration: timedelta) -> str:
    """Return a duration as short as it can be said: `0.4 s`, `12 s`, `3 min`, `5 h`, `2 d`."""
    seconds = max(0.0, duration.total_seconds())
    for size, name, most in ((1, "s", 90), (60, "min", 90), (3600, "h", 36)):
        if seconds / size < most:
            return f"{seconds:.1f} s" if seconds < 10 and name == "s" else f"{seconds / size:.0f} {name}"
    return f"{seconds / 86400:.0f} d"
