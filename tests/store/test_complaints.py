"""What PostgreSQL cannot do now reaches a person as a sentence."""

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from crossdock.kit.errors import Recovery, UsageError
from crossdock.store.complaints import DatabaseUnavailable, unavailable
from crossdock.store.database import Database, open_database


async def test_a_full_disk_says_what_to_do_and_is_worth_trying_again(database: Database) -> None:
    # The server itself raises the error, as it does when a write finds no room.
    with pytest.raises(DatabaseUnavailable, match="disk under the database is full") as caught:
        async with database.begin() as tx:
            await tx.execute(text("DO $$ BEGIN RAISE SQLSTATE '53100' USING MESSAGE = 'could not extend file'; END $$"))

    assert caught.value.recovery is Recovery.WAIT


async def test_a_server_that_does_not_answer_gets_a_sentence() -> None:
    nowhere = open_database("postgresql://somebody@127.0.0.1:1/nothing")

    with pytest.raises(DatabaseUnavailable, match=r"does not answer .*DATABASE_URL"):
        await nowhere.ping()
    await nowhere.close()


async def test_a_missing_database_is_named_as_such(database: Database) -> None:
    head, _, options = database.url.partition("?")
    missing = open_database(f"{head.rsplit('/', 1)[0]}/not_there?{options}")

    with pytest.raises(DatabaseUnavailable, match=r"named in DATABASE_URL does not exist"):
        await missing.ping()
    await missing.close()


async def test_a_mistake_of_ours_is_not_dressed_up_as_an_outage(database: Database) -> None:
    with pytest.raises(ProgrammingError):
        async with database.begin() as tx:
            await tx.execute(text("SELECT nonsense"))


@pytest.mark.parametrize("url", ["not a url", "mysql://localhost/crossdock"])
def test_a_url_that_is_not_postgresql_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(UsageError, match="postgresql://user:password@host"):
        open_database(url)


async def test_an_outage_is_known_as_one_also_where_another_library_ran_into_it() -> None:
    async def into_nowhere() -> None:
        try:
            await psycopg.AsyncConnection.connect("postgresql://somebody@127.0.0.1:1/nothing")
        except psycopg.Error as error:
            raise RuntimeError("Database error.") from error

    with pytest.raises(RuntimeError) as caught:
        await into_nowhere()

    assert "does not answer" in str(unavailable(caught.value))
    assert unavailable(RuntimeError("Something else.")) is None
