"""The how-to for backend authors does what it says."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "write-a-backend.md"


def test_the_backend_of_the_guide_passes_the_suite_as_written(tmp_path: Path) -> None:
    files = dict(re.findall(r'^```\w+ title="([^"]+)"\n(.*?)^```$', GUIDE.read_text(), re.MULTILINE | re.DOTALL))
    for name, content in files.items():
        (tmp_path / name).write_text(content)

    run = subprocess.run(
        [sys.executable, "-W", "error::pytest.PytestWarning", "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert re.search(r"^\d{2} passed(, \d+ skipped)? in", run.stdout, re.MULTILINE), run.stdout


def test_the_guides_entry_point_names_its_plugin() -> None:
    block = re.search(r'^```toml title="pyproject.toml"\n(.*?)^```$', GUIDE.read_text(), re.MULTILINE | re.DOTALL)
    assert block is not None

    project = tomllib.loads(block[1])["project"]

    assert project["entry-points"]["crossdock.backends"] == {"shelf": "shelf:plugin"}
