"""Logs: one line an event, for people on a terminal and as JSON elsewhere; never a secret, never a person's data."""

import logging
import sys
from collections.abc import Callable
from typing import Any

import structlog

from crossdock.kit.telemetry import named_by_trace

# Libraries that tell every step at INFO; a hub's log is for what an operator may have to act on.
_CHATTY = ("httpx", "httpcore", "uvicorn", "alembic", "procrastinate")

# What uses the pool says itself that the database is away, and then waits.
_QUIET = ("psycopg.pool",)


def set_up_logs(level: int = logging.INFO, *, plainly: Callable[[BaseException], str | None] = lambda _: None) -> None:
    """
    Send everything that is logged from `level` up, through structlog or the standard library, to stderr.

    `plainly` returns the sentence of an error that needs no trace: an outage, that is, and no mistake of ours.
    """
    stream = sys.stderr
    shared: list[structlog.types.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        named_by_trace,
        _sparing_traces(plainly),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    terminal = stream.isatty()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *([] if terminal else [structlog.processors.format_exc_info]),
                structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)


def _sparing_traces(plainly: Callable[[BaseException], str | None]) -> structlog.types.Processor:
    """Return the step that puts an error's sentence in the place of its trace, where it has one."""

    def spare(_logger: Any, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
        traced = event.get("exc_info")
        error = traced[1] if isinstance(traced, tuple) else sys.exc_info()[1] if traced is True else traced
        why = plainly(error) if isinstance(error, BaseException) else None
        if why is not None:
            del event["exc_info"]
            event["why"] = why
        return event

    return spare
