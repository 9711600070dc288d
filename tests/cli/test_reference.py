"""The reference and the help cannot drift from the commands."""

import shlex
from pathlib import Path

import pytest
from tests.cli.reference import EXAMPLES, commands, everything, reference

from crossdock.app.main import PARTS

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "cli.md"


def test_the_reference_is_what_the_commands_say() -> None:
    written = PAGE.read_text()

    assert written == reference(), "run: python -m tests.cli.reference > docs/reference/cli.md"


def test_every_command_has_an_example_and_json() -> None:
    found = dict(commands(everything()))

    assert found.keys() == EXAMPLES.keys()
    assert [words for words, command in found.items() if "as_json" not in {one.name for one in command.params}] == []


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_every_example_can_be_typed(example: str) -> None:
    command = everything()
    words = shlex.split(example)[1:]
    while hasattr(command, "commands"):
        command = command.commands[words.pop(0)]

    parsed = command.make_context("crossdock", words)

    assert parsed.args == []


def test_the_help_says_of_each_command_what_the_command_says_of_itself() -> None:
    root = everything()

    for part in PARTS:
        for name, line in part.commands.items():
            said = " ".join(root.commands[name].help.split())
            assert said.startswith(line.removesuffix(".")), name
