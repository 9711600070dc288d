"""
`GET /webhooks/echo/{word}`: by which the hub finds out whether its public address leads to itself.

The answer is the word under the installation's own seal, so nobody else can give it. It lies below `/webhooks/`: a
proxy that lets nothing but webhooks through lets this through, too.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path
from fastapi.responses import PlainTextResponse

from crossdock.edge.desk import TheDesk
from crossdock.edge.visitors import NeedsNobody
from crossdock.kit.errors import UsageError
from crossdock.kit.sealing import Sealer

ECHO: Final = "/webhooks/echo"

router = APIRouter(include_in_schema=False)


@router.get(ECHO + "/{word}", dependencies=[Depends(NeedsNobody())])
async def echo(desk: TheDesk, word: Annotated[str, Path(pattern="^[A-Za-z0-9_-]{43}$")]) -> PlainTextResponse:
    """Answer with the word, sealed."""
    if desk.sealer is None:
        return PlainTextResponse("There is no such page.", 404)
    return PlainTextResponse(desk.sealer.seal(_said(word)).decode())


def answers(sealer: Sealer, word: str, answer: str) -> bool:
    """Tell whether an answer to a word comes from this installation."""
    try:
        return sealer.open(answer.strip().encode()) == _said(word)
    except UsageError:
        return False


def _said(word: str) -> str:
    return f"echo of {word}"  # sealed things of other kinds never begin like this
