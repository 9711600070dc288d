"""`/api/openapi.json`: what programs may ask, what they are answered, and which scope each needs."""

import json
from typing import Any, Final

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from crossdock.edge.api.answering import Wrong, json_of
from crossdock.edge.visitors import Needs, Viewer, declared, served
from crossdock.model.people import Role, Scope

router = APIRouter(prefix="/api", include_in_schema=False)

_TOKEN = "token"  # noqa: S105 - the scheme's name
_WRONG: Final = {
    "description": "It cannot be done as asked, and this is why.",
    "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{Wrong.__name__}"}}},
}
_BY_ROLE = {Role.VIEWER: Scope.READ, Role.OPERATOR: Scope.OPERATE, Role.ADMIN: Scope.ADMIN}


@router.get("/openapi.json")
async def describe(request: Request, visitor: Viewer) -> JSONResponse:  # noqa: ARG001 - who may is asked
    """Return the description of the API, as OpenAPI 3.1."""
    return json_of(description(request.app))


def description(app: FastAPI) -> dict[str, Any]:
    """
    Describe all that an application answers to programs; made once, as routes do not change while it runs.

    The built-in warehouse describes itself, at `/api/warehouse/openapi.json`.
    """
    if app.openapi_schema is None:
        app.openapi_schema = _described(app)
    return app.openapi_schema


def _described(app: FastAPI) -> dict[str, Any]:
    said = get_openapi(
        title="Crossdock",
        version="1",
        description="Every call needs an API token (`crossdock tokens add NAME --scope read`); its scope is named with "
        'the call. What cannot be answered is `{"error": "…"}`. Durations are in seconds.',
        routes=app.routes,
    )
    said.setdefault("components", {})["securitySchemes"] = {_TOKEN: {"type": "http", "scheme": "bearer"}}
    for path, route in served(app.routes):
        needs = declared(route) if isinstance(route, APIRoute) and route.include_in_schema else None
        if isinstance(route, APIRoute) and isinstance(needs, Needs):
            for method in route.methods or ():
                call = said["paths"].get(_without_kinds(path), {}).get(method.lower())
                if call is not None:
                    call["responses"]["422"] = _WRONG
                    call["security"] = [{_TOKEN: [_BY_ROLE[needs.role].value]}]
    schemas = said["components"]["schemas"]
    schemas[Wrong.__name__] = Wrong.model_json_schema()
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return _named_shortly(said)


def _named_shortly(said: dict[str, Any]) -> dict[str, Any]:
    """Name types that share a name by the module that they are of, without the folders above: `HeldShow`."""
    text = json.dumps(said)
    for name in said["components"]["schemas"]:
        if name.startswith("crossdock__"):
            module, kind = name.split("__")[-2:]
            short = module.title().replace("_", "") + kind
            text = text.replace(f'"{name}"', f'"{short}"').replace(f'/{name}"', f'/{short}"')
    named: dict[str, Any] = json.loads(text)
    return named


def _without_kinds(path: str) -> str:
    """Spell a route's path as OpenAPI does: `{item:path}` is `{item}`."""
    return path.replace(":path}", "}")
