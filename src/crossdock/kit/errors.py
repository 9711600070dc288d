"""Errors say how to recover from them; the engine reads `recovery` and keeps no list of exceptions."""

from datetime import timedelta
from enum import StrEnum
from typing import ClassVar


class Recovery(StrEnum):
    """What has to happen before it is worth trying again."""

    RETRY = "retry"
    """Time alone may help: try again later, with back-off."""

    WAIT = "wait"
    """A system that all such objects need cannot be asked now; none of them is to blame, and time helps them all."""

    HOLD = "hold"
    """A person has to change something; trying again cannot help."""

    PAUSE_STORE = "pause_store"
    """The whole store is unusable (bad token, frozen shop): pause it and say what to do."""

    NEVER = "never"
    """A mistake in the hub or in how it was called; report it."""


class HubError(Exception):
    """
    An error whose message can be shown to a person as it stands.

    The message says what happened, to which object, and what to do next.
    """

    recovery: ClassVar[Recovery] = Recovery.NEVER


class TryAgain(HubError):
    """Something outside did not answer as it should; the same question may succeed later."""

    recovery = Recovery.RETRY


class NoAnswer(TryAgain):
    """A system outside stayed silent or said that it is out of order: for all, or for this question only."""


class NotNow(TryAgain):
    """A system outside cannot be asked now, whatever the object; `after` says how soon it is worth another try."""

    recovery = Recovery.WAIT

    def __init__(self, sentence: str, after: timedelta) -> None:
        super().__init__(sentence)
        self.after = after


class Refused(HubError):
    """Something outside understood the question and said no; a person has to look."""

    recovery = Recovery.HOLD


class StoreUnusable(HubError):
    """Shopify refuses every call for a store until a person acts."""

    recovery = Recovery.PAUSE_STORE


class UsageError(HubError):
    """What a person asked for cannot be done as asked; the message says what would work."""
