"""The command as a process of its own: how fast it starts, how it stops, and what it does when nobody listens."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.terminal import Terminal

from crossdock.app import main

COMMAND = (sys.executable, "-c", "from crossdock.app.main import main; main()")


def _environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CROSSDOCK_")}
    return {**kept, **more}


def test_help_imports_neither_the_hub_nor_the_database() -> None:
    probe = (
        "import sys; from crossdock.app.main import run; run(['--help']); print(sorted(sys.modules), file=sys.stderr)"
    )

    done = subprocess.run((sys.executable, "-c", probe), capture_output=True, text=True, check=True, timeout=60)

    assert "map-location" in done.stdout
    assert "'typer'" in done.stderr
    for heavy in ("sqlalchemy", "crossdock.app.hub", "fastapi", "httpx", "psycopg"):
        assert f"'{heavy}'" not in done.stderr


@pytest.mark.processes
def test_serve_says_where_it_listens_and_stops_when_told(database_url: str, tmp_path: Path) -> None:
    words = ("--data", str(tmp_path), "--database-url", database_url, "serve", "--port", "0", "--json")
    with subprocess.Popen((*COMMAND, *words), stdout=subprocess.PIPE, text=True, env=_environment()) as process:
        assert process.stdout is not None
        opening = "".join(iter(process.stdout.readline, "}\n")) + "}"
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)

    said = json.loads(opening)
    assert said["running"] == "serve"
    assert said["url"].startswith("http://127.0.0.1:")
    assert said["first_admin"].startswith(f"{said['url']}/welcome/")
    assert process.returncode == 0


@pytest.mark.processes
def test_an_address_that_cannot_be_listened_on_is_a_sentence(database_url: str, tmp_path: Path) -> None:
    words = ("--data", str(tmp_path), "--database-url", database_url, "serve", "--host", "256.0.0.1")

    done = subprocess.run(
        (*COMMAND, *words), capture_output=True, text=True, check=False, timeout=60, env=_environment()
    )

    assert done.returncode == 1
    assert "Cannot listen on 256.0.0.1" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.processes
def test_a_reader_that_went_away_is_no_reason_to_complain(database_url: str, tmp_path: Path) -> None:
    words = ("--data", str(tmp_path), "--database-url", database_url, "store", "list", "--json")
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            (*COMMAND, *words), stdout=writing, stderr=subprocess.PIPE, text=True, check=False, timeout=60
        )
    finally:
        os.close(writing)

    assert done.stderr == ""
    assert done.returncode == 1


def test_ctrl_c_ends_with_130(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_self: object, _say: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("crossdock.app.installation.LazyInstallation.hub", interrupted)

    screen = terminal.type("store", "list")

    assert (screen.code, screen.out, screen.err) == (130, "", "")


def test_a_mistake_of_ours_shows_its_traceback_only_where_it_is_asked_for(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_self: object, _say: object) -> None:
        raise ZeroDivisionError("a token perhaps")

    monkeypatch.setattr("crossdock.app.installation.LazyInstallation.hub", broken)

    quiet = terminal.type("store", "list")
    monkeypatch.setenv(main.DEBUG_VARIABLE, "1")
    loud = terminal.type("store", "list")

    assert quiet.code == loud.code == 1
    assert "mistake in Crossdock (ZeroDivisionError)" in quiet.err
    assert "a token perhaps" not in quiet.err
    assert "Traceback" in loud.err
