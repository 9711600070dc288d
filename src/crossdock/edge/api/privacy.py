"""`/api/privacy`: who asked to be told or to be forgotten, what is held of them, and the word that it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Path
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from crossdock.edge.api.answering import NotThere, Wrong, json_of
from crossdock.edge.api.named import Said
from crossdock.edge.desk import TheDesk
from crossdock.edge.privacy import by_hand
from crossdock.edge.privacy.dossier import Dossier
from crossdock.edge.visitors import Admin
from crossdock.model.names import ShopDomain
from crossdock.model.privacy import PrivacyRequest
from crossdock.store import privacy
from crossdock.store.database import Tx
from crossdock.store.privacy import UnknownRequest

router = APIRouter(prefix="/api/privacy", tags=["privacy"])

Number = Annotated[int, Path(ge=1, lt=2**63, description="The request's number.")]
_NO_REQUEST: Final[dict[int | str, dict[str, Any]]] = {404: {"model": Wrong}}
_Gid = Annotated[int, Field(ge=1, lt=2**63)]


@dataclass(frozen=True, slots=True)
class Requests:
    """All requests: what is not settled first, the soonest due before the later."""

    requests: Sequence[PrivacyRequest]


class Forgotten(BaseModel):
    """A customer who is to be forgotten, by whatever tells who they are."""

    model_config = ConfigDict(extra="forbid")

    store: Said = Field(description="The store, like acme.myshopify.com.")
    customer: _Gid | None = Field(default=None, description="The customer's number at Shopify.")
    email: Said | None = Field(default=None, repr=False, description="The customer's e-mail.")
    orders: list[_Gid] = Field(default=[], max_length=1000, description="Numbers at Shopify of their orders.")


@router.get("", response_model=Requests)
async def list_requests(desk: TheDesk, visitor: Admin) -> JSONResponse:  # noqa: ARG001 - who may is asked
    """Return who asked to be told or to be forgotten, what is left to do, and until when."""
    async with desk.database.begin() as tx:
        return json_of(Requests(await privacy.listed(tx)))


@router.get("/{number}", response_model=PrivacyRequest, responses=_NO_REQUEST)
async def show_request(desk: TheDesk, visitor: Admin, number: Number) -> JSONResponse:  # noqa: ARG001 - who may is asked
    """Return one request, as it stands."""
    async with desk.database.begin() as tx:
        return json_of(await _known(tx, number))


@router.get("/{number}/export", response_model=Dossier, responses=_NO_REQUEST)
async def export(desk: TheDesk, visitor: Admin, number: Number) -> JSONResponse:
    """Return all that is held of a request's customer; that it was taken is written down, without what it says."""
    async with desk.database.begin() as tx:
        await _known(tx, number)
    return json_of(await by_hand.export(desk.database, visitor.actor, number, desk.dossier))


@router.post("/{number}/done", response_model=PrivacyRequest, responses=_NO_REQUEST)
async def done(
    desk: TheDesk, visitor: Admin, number: Number, note: Annotated[Said, Body(embed=True)] = by_hand.DONE
) -> JSONResponse:
    """
    Take an admin's word that the rest of a request is done; `note` says how, without the person's data.

    Refused while the hub itself is not done with it; one that is settled stays as it is.
    """
    async with desk.database.begin() as tx:
        await _known(tx, number)
        return json_of(await by_hand.finish(tx, visitor.actor, number, note or by_hand.DONE))


@router.post("/erase", response_model=PrivacyRequest)
async def erase(desk: TheDesk, visitor: Admin, whom: Forgotten) -> JSONResponse:
    """Have a customer forgotten; a worker does so within ten minutes, and the request says what came of it."""
    person = by_hand.person_named(whom.customer, whom.email, whom.orders)
    async with desk.database.begin() as tx:
        number = await by_hand.ask_to_erase(tx, visitor.actor, ShopDomain(whom.store.lower()), person)
        return json_of(await privacy.get(tx, number))


async def _known(tx: Tx, number: int) -> PrivacyRequest:
    """Return the request of this number. Raises NotThere."""
    try:
        return await privacy.get(tx, number)
    except UnknownRequest as error:
        raise NotThere(f"There is no privacy request {number}. They are listed at /api/privacy.") from error
