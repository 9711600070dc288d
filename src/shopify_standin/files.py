"""Files over HTTP: uploads that the Admin API handed out places for, and the results of bulk operations."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from shopify_standin.standin import Standin

MAX_UPLOAD = 100 * 1024 * 1024
"""Bytes of one bulk upload (Shopify docs, 2026-01)."""


def file_routes(standin: Standin) -> list[Route]:
    """Routes for uploads and results."""

    async def post(request: Request) -> Response:
        """A form with the parameters of `stagedUploadsCreate` and, last, the file."""
        async with request.form(max_part_size=MAX_UPLOAD) as form:
            key, sent = form.get("key"), form.get("file")
            if not isinstance(key, str) or sent is None:
                return PlainTextResponse("the form needs a key and a file", 400)
            content = sent.encode() if isinstance(sent, str) else await sent.read()
        return _keep(standin, key, content, 201)

    async def put(request: Request) -> Response:
        return _keep(standin, request.path_params["key"], await request.body(), 200)

    async def get(request: Request) -> Response:
        upload = standin.world.uploads.get(request.path_params["key"])
        if upload is None or upload.content is None:
            return PlainTextResponse("no such file", 404)
        return Response(upload.content, media_type=upload.mime_type)

    async def result(request: Request) -> Response:
        operation = standin.world.bulk_operations.get(request.path_params["number"])
        if operation is None or not operation.result:
            return PlainTextResponse("no such result", 404)
        return Response(operation.result, media_type="application/jsonl")

    return [
        Route("/_standin/uploads", post, methods=["POST"]),
        Route("/_standin/uploads/{key:path}", put, methods=["PUT"]),
        Route("/_standin/uploads/{key:path}", get, methods=["GET"]),
        Route("/_standin/bulk/{number:int}.jsonl", result, methods=["GET"]),
    ]


def _keep(standin: Standin, key: str, content: bytes, status: int) -> Response:
    upload = standin.world.uploads.get(key)
    if upload is None:
        return PlainTextResponse("no place was handed out for this key", 403)
    if len(content) > MAX_UPLOAD:
        return PlainTextResponse("the file is too large", 400)
    upload.content = content
    return PlainTextResponse("", status)
