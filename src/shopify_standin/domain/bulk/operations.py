"""The roots of bulk operations: start, watch, list and cancel them (messages recorded 2026-04)."""

from datetime import timedelta

from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.connections import connection
from shopify_standin.domain.bulk.checking import check_mutation, check_query
from shopify_standin.domain.bulk.running import cancel_now, finish, start
from shopify_standin.domain.bulk.uploads import require_file
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.bulk import BulkOperation
from shopify_standin.registry import Args, Fields, mutation, node, query
from shopify_standin.schema import load_schema
from shopify_standin.search import filters
from shopify_standin.search.search import Search
from shopify_standin.world import World

AT_ONCE = 5
"""Queries, and as many mutations, that one app may have under way in one shop (Shopify docs, 2026-01)."""

node("BulkOperation", lambda world, number: world.bulk_operations.get(number))

OPERATION = Fields("BulkOperation")
OPERATION.attributes("status", "query", "errorCode", id="gid", type="kind")

_SEARCH = Search(
    {
        "id": filters.number(lambda x, _: x.id),
        "status": filters.text(lambda x, _: x.status),
        "operation_type": filters.text(lambda x, _: x.kind),
        "created_at": filters.moment(lambda x, _: x.created_at),
        "completed_at": filters.moment(lambda x, _: x.completed_at),
    },
    filters.text(lambda x, _: x.id),
)
_SORT = {"CREATED_AT": lambda x: x.created_at, "COMPLETED_AT": lambda x: x.completed_at}


def _of_app(world: World, call: Call) -> list[BulkOperation]:
    app = call.grant.app.client_id
    return [row for row in world.bulk_operations if row.grant.app.client_id == app]


@query("bulkOperation")
def bulk_operation(world: World, args: Args) -> BulkOperation | None:
    """One operation."""
    return world.bulk_operations.get(number_of(args["id"], "BulkOperation"))


@query("bulkOperations")
def bulk_operations(world: World, args: Args, call: Call) -> JsonObject:
    """This app's operations, in order of creation unless asked otherwise."""
    found = _SEARCH.select(_of_app(world, call), args.get("query"), call, ["bulkOperations"])
    return connection(found, args, _SORT[args["sortKey"]])


@query("currentBulkOperation")
def current_bulk_operation(world: World, args: Args, call: Call) -> BulkOperation | None:
    """The newest of a type, whatever became of it."""
    rows = [row for row in _of_app(world, call) if row.kind == args["type"]]
    return rows[-1] if rows else None


@mutation("bulkOperationRunQuery")
def bulk_operation_run_query(world: World, args: Args, call: Call) -> JsonObject:
    """Start a query over everything."""
    check_query(load_schema(call.version), args["query"])
    _check_room(world, call, "QUERY")
    return _started(world, call, "QUERY", args["query"], None, grouped=args["groupObjects"])


@mutation("bulkOperationRunMutation")
def bulk_operation_run_mutation(world: World, args: Args, call: Call) -> JsonObject:
    """Start a mutation that runs once for each line of an uploaded file."""
    check_mutation(load_schema(call.version), args["mutation"])
    upload = require_file(world, args["stagedUploadPath"])
    _check_room(world, call, "MUTATION")
    return _started(world, call, "MUTATION", args["mutation"], upload.key, grouped=args["groupObjects"])


def _check_room(world: World, call: Call, kind: str) -> None:
    running = [row.gid for row in _of_app(world, call) if row.kind == kind and row.is_in_progress]
    if len(running) >= AT_ONCE:
        which = f"A bulk {kind.lower()} operation for this app and shop is already in progress"
        raise Refused(user_error(None, f"{which}: {', '.join(running)}.", "OPERATION_IN_PROGRESS"))


def _started(world: World, call: Call, kind: str, text: str, upload_key: str | None, *, grouped: bool) -> JsonObject:
    now = world.now()
    number = world.ids.next("BulkOperation")
    made = BulkOperation(number, kind, text, now, call.version, call.grant, upload_key, grouped)
    world.bulk_operations.add(made)
    world.agenda.add(now, start, number)
    world.agenda.add(now + world.settings.bulk_delay, finish, number)
    # The answer shows the operation as it was made, whatever the background does before it is written out.
    return {"bulkOperation": made, "userErrors": []}


@mutation("bulkOperationCancel")
def bulk_operation_cancel(world: World, args: Args) -> JsonObject:
    """Ask an operation to stop; it does so a moment later, or at once when asked again."""
    known = world.bulk_operations.get(number_of(args["id"], "BulkOperation"))
    if known is None:
        raise Refused(user_error(["id"], "Bulk operation does not exist"))
    if not known.is_in_progress:
        message = f"A bulk operation cannot be canceled when it is {known.status.lower()}"
        return {"bulkOperation": known, "userErrors": [user_error(None, message)]}
    delay = timedelta() if known.status == "CANCELING" else world.settings.bulk_delay
    known.status = "CANCELING"
    world.agenda.add(world.now() + delay, cancel_now, known.id)
    return {"bulkOperation": known, "userErrors": []}


@OPERATION.field("createdAt")
def created_at(operation: BulkOperation) -> str | None:
    """When it was asked for."""
    return iso(operation.created_at)


@OPERATION.field("completedAt")
def completed_at(operation: BulkOperation) -> str | None:
    """When it was done."""
    return iso(operation.completed_at)


@OPERATION.field("objectCount")
def object_count(operation: BulkOperation) -> str:
    """Lines written so far."""
    return str(operation.object_count)


@OPERATION.field("rootObjectCount")
def root_object_count(operation: BulkOperation) -> str:
    """Lines of objects that are nobody's children."""
    return str(operation.root_object_count)


@OPERATION.field("fileSize")
def file_size(operation: BulkOperation) -> str | None:
    """Bytes of the result."""
    return str(len(operation.result)) if operation.completed_at and operation.result else None


@OPERATION.field("url")
def url(operation: BulkOperation, call: Call) -> str | None:
    """Where the result lies; none where it is empty or not whole."""
    whole = operation.status == "COMPLETED" and operation.result
    return result_address(operation, call) if whole else None


@OPERATION.field("partialDataUrl")
def partial_data_url(operation: BulkOperation, call: Call) -> str | None:
    """Where what was written before a failure lies."""
    part = operation.status == "FAILED" and operation.result
    return result_address(operation, call) if part else None


def result_address(operation: BulkOperation, call: Call) -> str:
    """An address of this stand-in that gives the result out."""
    return f"{call.caller.origin}/_standin/bulk/{operation.id}.jsonl"
