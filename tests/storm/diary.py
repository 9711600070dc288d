"""
Who was told what, and who looked: a hub that forgets news is caught even where later news of the same object heals it.

Triggers write down, in the database of the storm, what is told of an object, when a drain takes that up, and when the
object comes to rest; the hub's processes write down when they begin to look.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from typing import Final

import psycopg
from sqlalchemy import text

from crossdock.pending.work import Claim
from crossdock.store.database import Database

TRIGGERS: Final = """
CREATE TABLE storm_diary (
    number serial PRIMARY KEY, what text NOT NULL, connection text, flow text, key text, reason text, of bigint
);
CREATE FUNCTION storm_news() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE one news := coalesce(NEW, OLD);
BEGIN
    INSERT INTO storm_diary (what, connection, flow, key, reason, of)
    VALUES (TG_ARGV[0], one.connection, one.flow, one.key, one.reason, one.id);
    RETURN NULL;
END $$;
CREATE FUNCTION storm_rests() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO storm_diary (what, connection, flow, key, reason, of)
    VALUES ('rests', OLD.connection, OLD.flow, OLD.key, OLD.reason, OLD.token);
    RETURN NULL;
END $$;
CREATE TRIGGER told AFTER INSERT ON news FOR EACH ROW EXECUTE FUNCTION storm_news('told');
CREATE TRIGGER taken_up AFTER DELETE ON news FOR EACH ROW EXECUTE FUNCTION storm_news('taken up');
CREATE TRIGGER rests AFTER DELETE ON pending FOR EACH ROW EXECUTE FUNCTION storm_rests();
"""
"""`of` is the number of the news, or the token of the claim."""

_LOOKS: Final = "INSERT INTO storm_diary (what, of) SELECT 'looks', unnest(%s::bigint[])"


class Diary:
    """Keeps the diary of one storm. `own` is a connection of its own, in autocommit mode."""

    def __init__(self, own: psycopg.Connection) -> None:
        self._own = own

    def begins(self, claims: Sequence[Claim]) -> None:
        """Write down that somebody begins to look at these; what is told from here on they may not see."""
        self._own.execute(_LOOKS, [[claim.token for claim in claims]])

    async def forgotten(self, database: Database) -> AsyncIterator[str]:
        """Yield the news that was taken up, and that nobody who began to look after it was told has seen."""
        told: dict[int, int] = {}
        began: dict[int, int] = {}
        taken_up: defaultdict[tuple[str, str, str], list[tuple[int, str]]] = defaultdict(list)
        async with database.begin() as tx:
            rows = (await tx.execute(text("SELECT * FROM storm_diary ORDER BY number"))).all()
        for row in rows:
            which = (row.connection, row.flow, row.key)
            match row.what:
                case "told":
                    told[row.of] = row.number
                case "taken up":
                    taken_up[which].append((told.pop(row.of), row.reason))
                case "looks":
                    began[row.of] = row.number
                case "rests":
                    for number, reason in taken_up.pop(which, ()):
                        if number > began.get(row.of, 0):
                            yield f"{' '.join(which)}: “{reason}” was told while somebody looked, and never looked at"
