"""The ways in which Shopify says no that need a name of their own; each says how to recover."""

from crossdock.kit.errors import HubError, Refused, StoreUnusable, TryAgain


class VersionFellForward(StoreUnusable):
    """
    Shopify answered by another API version than the one that was asked for.

    It does so without an error once a version is no longer served (Shopify docs, 2026); what the hub reads and
    writes may then mean something else, so nothing more is sent until a person has chosen a version.
    """


class AccessDenied(Refused):
    """The access token lacks a scope."""


class StateMoved(TryAgain):
    """Shopify's state changed between reading and writing; decided anew from a fresh read, it will come right."""


class QueryTooDear(HubError):
    """One operation asks for more than Shopify's limit of a single query; a smaller batch may pass."""


class SearchMisread(HubError):
    """Shopify did not understand a search filter, and then answers as if it were not there."""


class OperationMisread(HubError):
    """Shopify calls an operation or its variables malformed: a mistake in the hub."""
