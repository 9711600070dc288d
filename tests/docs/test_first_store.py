"""The tutorial works as written: its commands are run one after the other, as a newcomer would."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorials" / "first-store.md"
BLOCK = re.compile(r"(?:<!-- stays: (?P<stays>[\w-]+) -->\n)?```sh\n(?P<script>.*?)```", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """Commands of the tutorial. `stays` names a process that goes on while the newcomer does."""

    script: str
    stays: str | None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _blocks() -> list[Block]:
    text = TUTORIAL.read_text()
    # The ports of the text may be taken on this machine.
    for known in ("8100", "8700"):
        text = text.replace(known, str(_free_port()))
    blocks = [Block(found["script"], found["stays"]) for found in BLOCK.finditer(text)]
    return [block for block in blocks if "make setup" not in block.script]


@pytest.fixture
def newcomer(tmp_path: Path) -> dict[str, str]:
    """The newcomer's shell: the environment's commands first on the path, and nothing set that they have not set."""
    # COLUMNS, which pytest may set, would fold what is read here.
    unset = ("CROSSDOCK", "DATABASE_URL", "COLUMNS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(unset)}
    return kept | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(tmp_path)}


def _until_it_listens(script: str) -> None:
    found = re.search(r"--port (\d+)", script)
    assert found is not None
    end = time.monotonic() + 90
    while time.monotonic() < end:
        try:
            httpx.get(f"http://127.0.0.1:{found[1]}/", timeout=5, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"nothing listened: {script}")


@pytest.mark.processes
@pytest.mark.timeout(300)
def test_a_newcomer_can_follow_it_literally(tmp_path: Path, newcomer: dict[str, str]) -> None:
    folder = Path(f"/tmp/xd-{os.getpid()}")  # noqa: S108 - a socket's path has at most 107 characters
    folder.mkdir(mode=0o755)
    running: list[subprocess.Popen[bytes]] = []
    said = ""
    try:
        for block in _blocks():
            if block.stays:
                running.append(subprocess.Popen(["bash", "-c", f"exec {block.script}"], cwd=folder, env=newcomer))
                _until_it_listens(block.script)
                continue
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", block.script],
                cwd=folder,
                env=newcomer,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            said += done.stdout
            assert done.returncode == 0, f"{block.script}\n{done.stdout}\n{done.stderr}"
            assert "Traceback" not in done.stderr
    finally:
        for process in reversed(running):
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)
        subprocess.run(["rm", "-rf", str(folder)], check=True)

    assert "Shopify was told of package SO-000001-1: UPS 1Z999AA10123456784" in said
    assert "#1001: Shipped" in said
    assert running[1].returncode == 0  # the hub settled and ended by itself when it was asked to
