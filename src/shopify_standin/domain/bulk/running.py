"""Running a bulk operation in the background: its document over everything, its answer as lines of JSON."""

import json
import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from graphql import DocumentNode, parse

from shopify_standin.auth.apps import Registrar
from shopify_standin.call import Call, Caller
from shopify_standin.clock import iso
from shopify_standin.connections import whole_connections
from shopify_standin.errors import JsonObject
from shopify_standin.house.cost import ActualWeights
from shopify_standin.model.bulk import BulkOperation
from shopify_standin.resolving import run_document
from shopify_standin.schema import load_schema
from shopify_standin.webhooks.events import emit
from shopify_standin.world import World

log = logging.getLogger(__name__)


def start(world: World, number: int) -> None:
    """The background takes an operation up."""
    operation = world.bulk_operations[number]
    if operation.status == "CREATED":
        operation.status = "RUNNING"


def finish(world: World, number: int) -> None:
    """Do the work; the result shows the shop as it is now, not as it was when the operation was asked for."""
    operation = world.bulk_operations[number]
    if operation.status != "RUNNING":
        return
    document = parse(operation.query)
    errors = _mutate(world, operation, document) if operation.kind == "MUTATION" else _query(world, operation, document)
    if errors:
        log.warning("%s failed: %s", operation.gid, errors[0])
        denied = any((error.get("extensions") or {}).get("code") == "ACCESS_DENIED" for error in errors)
        operation.error_code = "ACCESS_DENIED" if denied else "INTERNAL_SERVER_ERROR"
    _settle(world, operation, "FAILED" if errors else "COMPLETED")


def cancel_now(world: World, number: int) -> None:
    """An operation that was asked to stop has stopped."""
    operation = world.bulk_operations[number]
    if operation.status == "CANCELING":
        _settle(world, operation, "CANCELED")


def _settle(world: World, operation: BulkOperation, status: str) -> None:
    operation.status, operation.completed_at = status, world.now()
    app = operation.grant.app.client_id
    emit(world, "BULK_OPERATIONS_FINISH", lambda: _payload(operation, world.now()), only_app=app)


def _payload(operation: BulkOperation, now: datetime) -> JsonObject:
    return {
        "admin_graphql_api_id": operation.gid,
        "completed_at": iso(now),
        "created_at": iso(operation.created_at),
        "error_code": operation.error_code and operation.error_code.lower(),
        "status": operation.status.lower(),
        "type": operation.kind.lower(),
    }


def _run(
    world: World, operation: BulkOperation, document: DocumentNode, variables: JsonObject
) -> tuple[JsonObject | None, list[JsonObject]]:
    schema = load_schema(operation.version)
    known = Registrar({operation.grant.app.client_id: operation.grant.app})
    call = Call(world, operation.version, ActualWeights(schema), Caller(operation.grant, known))
    result = run_document(schema, document, call, variables)
    return result.data, [dict(error.formatted) for error in result.errors or ()]


def _query(world: World, operation: BulkOperation, document: DocumentNode) -> list[JsonObject]:
    with whole_connections():
        data, errors = _run(world, operation, document, {})
    written: list[str] = []
    rows = [row for value in (data or {}).values() for row in _rows(value, None)]
    if not operation.groups_objects:
        # Children need not follow their parent then (Shopify docs, 2026); here they come after all the roots.
        rows.sort(key=lambda row: row[1] is not None)
    for row, parent in rows:
        operation.root_object_count += parent is None
        line = row if parent is None else {**row, "__parentId": parent}
        written.append(json.dumps(line, separators=(",", ":"), ensure_ascii=False))
    operation.object_count = len(written)
    operation.result = "".join(f"{line}\n" for line in written).encode()
    return errors


def _rows(value: Any, parent: str | None) -> Iterator[tuple[JsonObject, str | None]]:
    """The objects under a root field, each without the connections in it, which follow as rows of their own."""
    if not isinstance(value, dict):
        return
    if _is_connection(value):
        for edge in value["edges"]:
            if edge["node"] is not None:
                yield from _rows(edge["node"], parent)
        return
    plain, connections = _parted(value)
    yield plain, parent
    for inner in connections:
        yield from _rows(inner, value.get("id", parent))


def _parted(value: JsonObject) -> tuple[JsonObject, list[JsonObject]]:
    """An object without its connections, and those, also out of objects inside it."""
    plain: JsonObject = {}
    connections: list[JsonObject] = []
    for name, entry in value.items():
        if not isinstance(entry, dict):
            plain[name] = entry
        elif _is_connection(entry):
            connections.append(entry)
        else:
            plain[name], inner = _parted(entry)
            connections += inner
    return plain, connections


def _is_connection(value: JsonObject) -> bool:
    edges = value.get("edges")
    return isinstance(edges, list) and all(isinstance(edge, dict) and "node" in edge for edge in edges)


def _mutate(world: World, operation: BulkOperation, document: DocumentNode) -> list[JsonObject]:
    upload = world.uploads[operation.upload_key or ""]
    written: list[str] = []
    failures: list[JsonObject] = []
    for number, line in enumerate((upload.content or b"").decode(errors="replace").splitlines()):
        if not line.strip():
            continue
        try:
            variables = json.loads(line)
        except ValueError:
            failures.append({"message": f"line {number} of the upload is not JSON"})
            break
        data, errors = _run(world, operation, document, variables)
        row: JsonObject = {"data": data, "__lineNumber": number}
        if errors:
            row["errors"] = errors
        written.append(json.dumps(row, separators=(",", ":"), ensure_ascii=False))
    operation.object_count = operation.root_object_count = len(written)
    operation.result = "".join(f"{line}\n" for line in written).encode()
    return failures
