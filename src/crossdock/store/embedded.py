"""A real PostgreSQL inside the data directory, for when one machine is enough and nobody wants to install a server."""

import fcntl
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import IO, Final

import psycopg

from crossdock.kit.errors import UsageError
from crossdock.store import postmaster
from crossdock.store.postmaster import Postmaster

_log = logging.getLogger(__name__)

DATABASE = "crossdock"
LEAST_FREE_BYTES = 200_000_000
"""What initdb and the first write-ahead log need, with some room."""

LOOK_EVERY_SECONDS: Final = 0.5
"""How soon it is noticed that the server has ended."""


@contextmanager
def embedded_postgres(data: Path, say: Callable[[str], None]) -> Iterator[str]:
    """
    Run PostgreSQL in `data`/postgres for the length of the block; yield its libpq URL.

    Several processes may do so at once on one directory: the first starts the server, the last stops it. A process
    that was killed counts as gone, and whoever comes next attaches to the server it left or recovers it. A server that
    ends meanwhile, whatever ended it, is started again by whoever notices first; connections break, the URL stays.
    `say` is told once what a person should know. Raises UsageError where the server cannot run here.
    """
    _prepare(data, say)
    with _turn(data):
        users = _join(data)
        try:
            server = postmaster.start(_folder(data))
            url = _ensure_database(server.url)
        except psycopg.OperationalError as error:
            users.close()
            raise UsageError("The embedded PostgreSQL ended while it was being set up. Start again.") from error
        except BaseException:
            users.close()
            raise
    keeper = _Keeper(data, server)
    keeper.start()
    try:
        yield url
    finally:
        keeper.finish()
        with _turn(data):
            if _last(users):
                keeper.server.stop()
            users.close()


class _Keeper(Thread):
    """
    Starts the server again whenever it has ended. A thread, because the event loop it would do it in waits for it.

    `server` is the one that runs now, as far as is known.
    """

    def __init__(self, data: Path, server: Postmaster) -> None:
        super().__init__(name="embedded PostgreSQL", daemon=True)
        self.server = server
        self._data = data
        self._done = Event()

    def run(self) -> None:
        """Look, again and again, until told to finish."""
        said = ""
        while not self._done.wait(LOOK_EVERY_SECONDS):
            if self.server.lives:
                continue
            try:
                with _turn(self._data):
                    self.server = postmaster.start(_folder(self._data))
            except (UsageError, OSError) as error:
                if str(error) != said:
                    _log.error("%s It is tried again all the time.", error)
                said = str(error)
            else:
                _log.warning("The embedded PostgreSQL had ended and runs again. What was under way is done once more.")
                said = ""

    def finish(self) -> None:
        """Look no more; a start that is under way comes to its end first."""
        self._done.set()
        self.join()


def _folder(data: Path) -> Path:
    return (data / "postgres").resolve()


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
