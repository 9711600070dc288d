"""What a hold tells a person to run is a command that there is."""

import re

import pytest
from tests.cli.reference import commands, everything

from crossdock.model.cause import CATALOGUE, Cause


def test_every_cause_has_a_note() -> None:
    assert set(CATALOGUE) == set(Cause)


@pytest.mark.parametrize("cause", list(Cause))
def test_the_commands_of_a_remedy_can_be_run(cause: Cause) -> None:
    known = {tuple(name.split()) for name, _ in commands(everything())}
    told = [tuple(words.split()) for words in re.findall(r"crossdock ([a-z -]+)", CATALOGUE[cause].remedy)]

    assert all(words in known or words[:1] in known for words in told), told


@pytest.mark.parametrize("cause", [cause for cause, note in CATALOGUE.items() if not note.heals])
def test_a_cause_that_does_not_heal_by_itself_says_what_to_run(cause: Cause) -> None:
    assert "crossdock " in CATALOGUE[cause].remedy
