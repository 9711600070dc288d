"""What is logged of an error: a sentence where it is an outage, its trace where it is a mistake of ours."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from crossdock.kit.logs import set_up_logs


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def _log(error: Exception) -> None:
    try:
        raise error
    except type(error):
        logging.getLogger("worker").exception("the jobs broke off")


def test_an_outage_is_logged_by_its_sentence_and_a_mistake_with_its_trace(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(plainly=lambda error: "The database does not answer." if isinstance(error, OSError) else None)

    _log(ConnectionRefusedError("socket"))
    _log(ZeroDivisionError("a mistake"))

    outage, mistake = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert (outage["event"], outage["why"]) == ("the jobs broke off", "The database does not answer.")
    assert "exception" not in outage
    assert "ZeroDivisionError" in mistake["exception"]
