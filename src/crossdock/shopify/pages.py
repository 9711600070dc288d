"""Connections read to their end: what a first page does not hold is fetched, never cut off."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

from crossdock.shopify.generated.fragments import NextPage
from crossdock.shopify.refusals import StateMoved

NodeT = TypeVar("NodeT")
NodeT_co = TypeVar("NodeT_co", covariant=True)


class Page(Protocol[NodeT_co]):
    """One page of a connection, as every generated model of one looks."""

    @property
    def nodes(self) -> Sequence[NodeT_co]:
        """What is on the page."""
        ...

    @property
    def page_info(self) -> NextPage:
        """Whether there is more, and from where."""
        ...


async def all_nodes(first: Page[NodeT], more: Callable[[str], Awaitable[Page[NodeT] | None]]) -> list[NodeT]:
    """
    Return the nodes of `first` and of all pages after it.

    `more` returns the page after a cursor, None where the object is gone; then StateMoved is raised.
    """
    nodes = list(first.nodes)
    page = first
    while page.page_info.has_next_page:
        after = page.page_info.end_cursor
        following = await more(after) if after else None
        if following is None:
            raise StateMoved("An object went away while its pages were read; the hub reads it again.")
        nodes.extend(following.nodes)
        page = following
    return nodes
