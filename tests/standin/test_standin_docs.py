"""The stand-in's tutorial and reference do what they say."""

import json
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from shopify_standin.control.routes import COMMANDS, VIEWS
from shopify_standin.testing import RunningStandin, running_standin

DOCS = Path(__file__).parents[2] / "docs"
TUTORIAL = DOCS / "tutorials" / "test-against-a-shop-that-misbehaves.md"
REFERENCE = DOCS / "reference" / "standin.md"

FILE = re.compile(r'^```python title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)
SHELL = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def write_files(folder: Path) -> None:
    for name, content in FILE.findall(TUTORIAL.read_text()):
        (folder / name).write_text(content)


def test_the_files_of_the_tutorial_pass_as_written(tmp_path: Path) -> None:
    write_files(tmp_path)

    told = run(tmp_path, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")

    assert told.returncode == 0, told.stdout + told.stderr
    assert re.search(r"^10 passed", told.stdout, re.MULTILINE), told.stdout


def test_an_app_that_does_not_look_for_repeats_fails_where_the_tutorial_says(tmp_path: Path) -> None:
    write_files(tmp_path)
    whole = (tmp_path / "sold.py").read_text()
    careless = re.sub(r"        if headers\[.*?\n        self\.heard\.add\(.*?\n", "", whole, flags=re.DOTALL)
    assert careless != whole
    (tmp_path / "sold.py").write_text(careless)

    told = run(tmp_path, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_sold.py")

    assert "FAILED test_sold.py::test_a_repeated_delivery_counts_once" in told.stdout
    assert re.search(r"^1 failed, 3 passed", told.stdout, re.MULTILINE), told.stdout


def test_the_commands_of_the_tutorial_sell_out_three_things(tmp_path: Path) -> None:
    with running_standin(token="secret-token") as standin:
        curls = [text for text in SHELL.findall(TUTORIAL.read_text()) if text.startswith("curl")]
        told = [run(tmp_path, "bash", "-c", text.replace("http://127.0.0.1:8100", standin.url)) for text in curls]

    assert [answer.returncode for answer in told] == [0, 0]
    filled, bought = (json.loads(part) for part in re.findall(r"\{.*?\}", told[0].stdout))
    assert filled["products"] == 20
    assert 0 < len(bought["orders"]) <= 30
    node = json.loads(told[1].stdout)["data"]["orders"]["nodes"][0]
    assert node == {"name": f"#{1000 + len(bought['orders'])}", "displayFinancialStatus": "PAID"}


def test_every_option_that_the_docs_give_to_serve_is_one(tmp_path: Path) -> None:
    told = run(tmp_path, sys.executable, "-m", "shopify_standin.cli", "serve", "--help")
    known = set(re.findall(r"--[a-z-]+", told.stdout)) - {"--help"}

    assert set(re.findall(r"--[a-z][a-z-]*", REFERENCE.read_text().split("## What is where")[0])) == known


def test_the_reference_names_every_command_and_view() -> None:
    text = REFERENCE.read_text()
    rows = re.findall(r"^\| (`.*?`) \|", text.split("## Commands")[1], re.MULTILINE)
    named = {word for row in rows for word in re.findall(r"`(\w+)`", row)}

    assert set(COMMANDS) | set(VIEWS) <= named
    for model, _ in COMMANDS.values():
        for key in model.model_fields:
            assert f"`{key}`" in text, key


@pytest.mark.parametrize("kind", ["429", "500", "502", "503", "504", "throttled", "timeout", "slow", "close"])
def test_every_kind_of_fault_in_the_reference_can_be_ordered(standin: RunningStandin, kind: str) -> None:
    assert f"`{kind}`" in REFERENCE.read_text()
    standin.faults(calls=[{"kind": kind}], clear=True)


def test_the_python_of_the_reference_runs(tmp_path: Path) -> None:
    block = re.search(r"^```python\n(.*?)^```$", REFERENCE.read_text(), re.MULTILINE | re.DOTALL)
    assert block is not None

    told = run(tmp_path, sys.executable, "-c", block[1])
    assert told.returncode == 0, told.stderr


def test_the_addresses_of_the_reference_are_served(standin: RunningStandin) -> None:
    for method, path in re.findall(r"^\| `(GET|POST|DELETE) (/[^`{…]*)` \|", REFERENCE.read_text(), re.MULTILINE):
        answer: httpx.Response = standin.client.request(method, path)
        assert answer.status_code != 404, path
