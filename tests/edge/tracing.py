"""A tracer that remembers its spans: OpenTelemetry's API without its SDK."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, Status, TraceFlags, Tracer

_numbers = itertools.count(1)


@dataclass
class Remembered:
    """One span as it was told."""

    name: str
    trace_id: str
    links: list[str]
    attributes: dict[str, Any]
    error: str | None = None


class _Span(NonRecordingSpan):
    def __init__(self, context: SpanContext, remembered: Remembered) -> None:
        super().__init__(context)
        self._remembered = remembered

    def set_attribute(self, key: str, value: Any) -> None:
        self._remembered.attributes[key] = value

    def set_status(self, status: Any, description: str | None = None) -> None:
        self._remembered.error = status.description if isinstance(status, Status) else description


@dataclass
class RememberingTracer(Tracer):
    """Remembers every span, in the order in which they began."""

    spans: list[Remembered] = field(default_factory=list)

    def start_span(self, name: str, context: Context | None = None, *_more: Any, **named: Any) -> Span:
        parent = trace.get_current_span(context).get_span_context()
        trace_id = parent.trace_id if parent.is_valid else next(_numbers)
        known = Remembered(
            name,
            trace.format_trace_id(trace_id),
            [trace.format_trace_id(link.context.trace_id) for link in named.get("links") or ()],
            dict(named.get("attributes") or {}),
        )
        self.spans.append(known)
        return _Span(SpanContext(trace_id, next(_numbers), False, TraceFlags(TraceFlags.SAMPLED)), known)

    @contextmanager
    def start_as_current_span(self, name: str, *given: Any, **named: Any) -> Iterator[Span]:  # type: ignore[override]  # the API's is a decorator too
        named.pop("end_on_exit", None)
        with trace.use_span(self.start_span(name, *given, **named), record_exception=False) as span:
            yield span
