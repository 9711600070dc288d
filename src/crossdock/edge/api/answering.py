"""How programs are answered: dataclasses, enums, times and amounts as JSON has them."""

from fastapi.responses import JSONResponse
from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from crossdock.kit.errors import UsageError


class NotThere(UsageError):
    """What a program asked for is not here, as far as the hub knows; answered with 404."""


class Wrong(BaseModel):
    """Why something was not answered, or not done, in a sentence."""

    error: str


def json_of(document: object, status: int = 200) -> JSONResponse:
    """Return the answer; a duration is in seconds, a time in ISO 8601 with its offset."""
    return JSONResponse(to_jsonable_python(document, timedelta_mode="float"), status, {"cache-control": "no-store"})
