"""The embedded PostgreSQL: shared by processes, stopped by the last, recovered after a kill."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString

import psutil
import psycopg
import pytest

from crossdock.kit.errors import UsageError
from crossdock.store import embedded
from crossdock.store.embedded import embedded_postgres

HOLD_OPEN = """
import sys
from pathlib import Path
from crossdock.store.embedded import embedded_postgres
with embedded_postgres(Path(sys.argv[1]), lambda _: None) as url:
    print(url, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def data() -> Iterator[Path]:
    # A socket's path has at most 107 characters, so pytest's long folder names will not do.
    folder = Path(tempfile.mkdtemp(prefix="xd-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def silent(_sentence: str) -> None:
    """Say nothing."""


def postmaster(data: Path) -> int:
    return int((data / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def is_a_postmaster_of(process: psutil.Process, data: Path) -> bool:
    try:
        command = process.cmdline()
    except psutil.Error:
        return False
    return bool(command) and command[0].endswith("/postgres") and str(data / "postgres") in command


def until_it_answers(url: str, query: LiteralString) -> int:
    """Ask until the server answers; return the number that it answers."""
    end = time.monotonic() + 60
    while True:
        try:
            with psycopg.connect(url) as connection:
                row = connection.execute(query).fetchone()
        except psycopg.OperationalError:
            assert time.monotonic() < end, "The server did not come back within a minute."
            time.sleep(0.05)
        else:
            assert row is not None
            return int(row[0])


@pytest.mark.processes
def test_the_last_process_to_leave_stops_the_server_and_the_data_stay(data: Path) -> None:
    with embedded_postgres(data, silent) as url:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        other = subprocess.Popen(
            [sys.executable, "-c", HOLD_OPEN, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert other.stdout is not None
        assert other.stdout.readline().strip() == url
        server = postmaster(data)
    os.kill(server, 0)  # the other process still uses it

    other.communicate(timeout=30)

    assert not (data / "postgres" / "postmaster.pid").exists()
    with embedded_postgres(data, silent) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


@pytest.mark.processes
def test_a_killed_process_does_not_keep_the_server_running_for_ever(data: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_OPEN, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        server = postmaster(data)
        other.send_signal(signal.SIGKILL)

    with embedded_postgres(data, silent) as url, psycopg.connect(url):
        assert postmaster(data) == server  # attached to what was left

    assert not (data / "postgres" / "postmaster.pid").exists()


@pytest.mark.processes
def test_a_killed_server_runs_again_at_the_same_address_with_all_that_was_committed(data: Path) -> None:
    with embedded_postgres(data, silent) as url:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        killed = postmaster(data)
        os.kill(killed, signal.SIGKILL)

        assert until_it_answers(url, "SELECT answer FROM kept") == 42
        assert postmaster(data) != killed


@pytest.mark.processes
def test_of_several_processes_one_starts_the_killed_server_again(data: Path) -> None:
    with (
        embedded_postgres(data, silent) as url,
        subprocess.Popen(
            [sys.executable, "-c", HOLD_OPEN, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as other,
    ):
        assert other.stdout is not None
        other.stdout.readline()
        for _ in range(3):
            os.kill(postmaster(data), signal.SIGKILL)
            until_it_answers(url, "SELECT 1")
            servers = [process for process in psutil.process_iter() if is_a_postmaster_of(process, data)]
            assert [process.pid for process in servers] == [postmaster(data)]
        other.communicate(timeout=30)

    assert not (data / "postgres" / "postmaster.pid").exists()


@pytest.mark.processes
def test_the_number_of_a_killed_server_may_be_another_process_by_now(data: Path) -> None:
    with embedded_postgres(data, silent):
        left = (data / "postgres" / "postmaster.pid").read_text().split("\n")
    # As after a container was started again: same data, and the old number is somebody else's.
    (data / "postgres" / "postmaster.pid").write_text("\n".join([str(os.getpid()), *left[1:]]))

    with embedded_postgres(data, silent) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_data_directory_that_is_a_file_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with (
        pytest.raises(UsageError, match=r"Choose another .*--data"),
        embedded_postgres(tmp_path / "file" / "data", silent),
    ):
        pass


def test_too_full_a_disk_gets_a_sentence_before_anything_is_written(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "LEAST_FREE_BYTES", shutil.disk_usage(data).total + 1)

    with pytest.raises(UsageError, match=r"MB left; a new database needs"), embedded_postgres(data, silent):
        pass

    assert not (data / "postgres").exists()


def test_a_data_directory_of_another_postgres_version_gets_a_sentence(data: Path) -> None:
    (data / "postgres").mkdir()
    (data / "postgres" / "PG_VERSION").write_text("14\n")

    with pytest.raises(UsageError, match=r"belongs to PostgreSQL 14, .*dump it"), embedded_postgres(data, silent):
        pass
