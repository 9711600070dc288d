"""
How a page of a list is read, and how a list is searched for a part of a text without reading the whole table.

The list is walked in its own order for a little: a part that many rows have soon fills a page. Where it does not, the
rows are found along the index of their grams (`hub_grams`), and the page is made of those.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, text

from crossdock.store.database import Tx

FEW: Final = 2_000
"""Up to how many found rows are looked up one by one; more are put together with the list as a whole."""

A_LITTLE: Final = 400
"""How many rows of a list are walked along before an index is asked."""

_LONGEST: Final = 3


@dataclass(frozen=True, slots=True)
class Listing:
    """
    A list as SQL has it, of which a page has at most `limit` rows.

    `source` is what the rows of `table` are read from; `key` its two columns of connection and id.
    """

    table: str
    key: tuple[str, str]
    order: str
    wanted: Sequence[str]
    limit: int
    source: str | None = None

    def page(self, *more: str, limit: int | None = None) -> str:
        """Return the SELECT of the first rows for which `more` holds."""
        conditions = " AND ".join([*self.wanted, *more]) or "true"
        # The limit is written out: PostgreSQL plans otherwise for ten rows than for a number that it does not know.
        return (
            f"SELECT * FROM {self.source or self.table} WHERE {conditions} ORDER BY {self.order} "  # noqa: S608 - see `rows`
            f"LIMIT {limit or self.limit}"
        )

    def walked(self, holds: str) -> str:
        """Return the SELECT of a page of what holds among the list's first rows."""
        first = self.page(limit=A_LITTLE)
        return f"SELECT * FROM ({first}) AS {self.table} WHERE {holds} ORDER BY {self.order} LIMIT {self.limit}"  # noqa: S608 - see `rows`

    def among(self, keys: str) -> str:
        """Return the SELECT of a page of those rows whose keys a SELECT returns."""
        return self.page(f"({', '.join(self.key)}) IN ({keys})")


@dataclass(frozen=True, slots=True)
class Search:
    """
    What is looked for.

    Each of `sources` is a SELECT of connection and id, by an index; `holds` is true of a row that they would find,
    with the common tables of `tables` before it, and is cheap for a row by itself. `given` are the parameters of both.
    """

    sources: Sequence[str]
    holds: str
    given: Mapping[str, Any]
    tables: str = ""


def has_part(words: str, part: str) -> str:
    """
    Return the condition that `words`, an expression with an index of its grams, has a part; `looking_for` it.

    One letter is in no index: for it the rows are read until there are enough.
    """
    return f"{f'hub_grams({words}) @> CAST(:grams AS text[]) AND ' if _grams(part) else ''}{words} LIKE :part"


def looking_for(part: str) -> Mapping[str, Any]:
    r"""Return the parameters of `has_part`: case does not count, and `%`, `_` and `\` mean themselves."""
    literally = part.lower().replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return {"grams": _grams(part), "part": f"%{literally}%"}


async def rows(
    tx: Tx, listing: Listing, page: str, given: Mapping[str, Any], search: Search | None
) -> Sequence[Row[Any]]:
    """
    Return the rows of a page; in `page`, a query, `{page}` stands for the SELECT of the listing's rows.

    All SQL is written in the code; what people type is among the parameters `given`.
    """
    asked = {**given, **(search.given if search else {})}

    async def read(query: str, **more: object) -> Sequence[Row[Any]]:
        return (await tx.execute(text(query), _asked_by(query, {**asked, **more}))).all()

    if search is None:
        return await read(page.format(page=listing.page()))
    found = await read(page.format(page=f"{search.tables} {listing.walked(search.holds)}"))
    if len(found) == listing.limit:
        return found
    keys = await read(_few(search))
    if len(keys) > FEW:
        return await read(page.format(page=listing.among(" UNION ".join(search.sources))))
    known = "SELECT * FROM unnest(CAST(:found_connections AS text[]), CAST(:found_ids AS text[]))"
    connections = [row.connection for row in keys]
    return await read(
        page.format(page=listing.among(known)), found_connections=connections, found_ids=[row.id for row in keys]
    )


def _few(search: Search) -> str:
    """Return the query of the keys of all that is found, or of one more than `FEW`."""
    # Planned each as if all of it were read: for a part of it PostgreSQL would rather read the table from its start.
    named = ", ".join(
        f"source_{at} (connection, id) AS MATERIALIZED ({source})" for at, source in enumerate(search.sources)
    )
    all_of = " UNION ".join(
        f"(SELECT * FROM source_{at} LIMIT {FEW + 1})"  # noqa: S608 - see `rows`
        for at in range(len(search.sources))
    )
    return f"WITH {named} {all_of} LIMIT {FEW + 1}"


def _grams(part: str) -> Sequence[str]:
    lower, length = part.lower(), min(len(part), _LONGEST)
    return sorted({lower[at : at + length] for at in range(len(lower) - length + 1)}) if length > 1 else []


def _asked_by(query: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return those of the parameters that a query names; PostgreSQL cannot tell the type of one that it does not."""
    return {name: value for name, value in parameters.items() if f":{name}" in query}
