"""How programs are answered: dataclasses, enums, times and amounts as JSON has them."""

from fastapi.responses import JSONResponse
from pydantic_core import to_jsonable_python


def json_of(document: object, status: int = 200) -> JSONResponse:
    """Return the answer; a duration is in seconds, a time in ISO 8601 with its offset."""
    return JSONResponse(to_jsonable_python(document, timedelta_mode="float"), status, {"cache-control": "no-store"})
