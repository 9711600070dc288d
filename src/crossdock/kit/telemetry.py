"""
Traces by OpenTelemetry: from a webhook to the looks that it causes and the calls that these make.

Nothing is traced, and next to nothing spent, unless the environment says where to (OTEL_EXPORTER_OTLP_ENDPOINT and the
other variables of the OpenTelemetry specification). Attributes name stores, flows, keys and orders' names, no person.
"""

import importlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from opentelemetry import trace
from opentelemetry.trace import Link, Span, SpanContext, Status, StatusCode, format_span_id, format_trace_id
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from structlog.types import EventDict

SERVICE: Final = "crossdock"

_ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_HEADER: Final = "traceparent"

_tracer = trace.get_tracer(SERVICE)
_propagator = TraceContextTextMapPropagator()


def set_up_traces(environment: Mapping[str, str] = os.environ) -> str | None:
    """
    Send traces to where the environment says, by OTLP over HTTP; return why not, where that is asked for in vain.

    To be called once, by a process that stays. Sampling, headers, and the service's name are the environment's too.
    """
    if not any(environment.get(name) for name in _ENDPOINTS) or environment.get("OTEL_SDK_DISABLED", "") == "true":
        return None
    try:
        # Not imports: who does not trace need not have them, and should not wait for them.
        sdk = importlib.import_module("opentelemetry.sdk.trace")
        export = importlib.import_module("opentelemetry.sdk.trace.export")
        resources = importlib.import_module("opentelemetry.sdk.resources")
        otlp = importlib.import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    except ImportError as error:
        return (
            f"Traces are asked for by {_ENDPOINTS[0]}, but {error.name} is not installed. Install opentelemetry-sdk "
            "and opentelemetry-exporter-otlp-proto-http beside Crossdock."
        )
    named = {"service.name": environment.get("OTEL_SERVICE_NAME", SERVICE)}
    provider = sdk.TracerProvider(resource=resources.Resource.create(named))
    provider.add_span_processor(export.BatchSpanProcessor(otlp.OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return None


@contextmanager
def span(
    name: str, causes: Iterable[str | None] = (), **attributes: str | Sequence[str] | int | None
) -> Iterator[Span]:
    """
    Be inside a span for the length of the block; an error that leaves it is noted by its kind alone.

    `causes` are what `cause` returned elsewhere: a single one is gone on with, several are linked to.
    """
    came_from = [found for found in map(_context, dict.fromkeys(causes)) if found is not None]
    parent = trace.set_span_in_context(trace.NonRecordingSpan(came_from[0])) if len(came_from) == 1 else None
    links = [Link(one) for one in came_from] if parent is None else []
    given = {f"crossdock.{key}": value for key, value in attributes.items() if value is not None}
    with _tracer.start_as_current_span(
        name, parent, links=links, attributes=given, record_exception=False, set_status_on_exception=False
    ) as inside:
        try:
            yield inside
        except BaseException as error:
            # Not its text: that may repeat what was sent.
            inside.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


def note(**attributes: str | Sequence[str] | int | None) -> None:
    """Say more of the span that this is inside of."""
    current = trace.get_current_span()
    for key, value in attributes.items():
        if value is not None:
            current.set_attribute(f"crossdock.{key}", value)


def cause() -> str | None:
    """Return what goes on with this trace elsewhere (W3C traceparent); None where nobody traces."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get(_HEADER)


def trace_id() -> str | None:
    """Return the trace's id in hex; None where nobody traces."""
    context = trace.get_current_span().get_span_context()
    return format_trace_id(context.trace_id) if context.is_valid else None


def named_by_trace(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Add the ids of trace and span to a line of the log, where there is a trace (a step of structlog's)."""
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = format_trace_id(context.trace_id)
        event["span_id"] = format_span_id(context.span_id)
    return event


def _context(cause: str | None) -> SpanContext | None:
    if cause is None:
        return None
    found = trace.get_current_span(_propagator.extract({_HEADER: cause})).get_span_context()
    return found if found.is_valid else None
