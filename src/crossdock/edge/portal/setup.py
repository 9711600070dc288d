"""The pages by which admins set up: add a store, tie it to a backend, go through what is left, and start."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Final
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import AfterValidator

from crossdock.edge.desk import Desk, TheDesk
from crossdock.edge.orders_from import beginning
from crossdock.edge.portal.pages import frame
from crossdock.edge.portal.rendering import back_to, page
from crossdock.edge.recognizing import Visitor
from crossdock.edge.setting_up import NewInstall
from crossdock.edge.tying import AddedStore, NewConnection, NewStore
from crossdock.edge.visitors import Admin
from crossdock.kit.errors import HubError, UsageError
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, ShopDomain
from crossdock.store import connections, stores
from crossdock.store.reads import health

router = APIRouter(include_in_schema=False)

Typed = Annotated[str, Form(max_length=2000), AfterValidator(lambda text: text.replace("\0", "").strip())]
"""What a person typed into a field; PostgreSQL takes no NUL."""

FLOW_GUIDE: Final = {
    Flow.ORDERS: "Paid orders go to the warehouse, and what changes on them later.",
    Flow.FULFILLMENTS: "What the warehouse ships becomes a fulfillment in Shopify, with its tracking number.",
    Flow.INVENTORY: "The warehouse's stock is published to Shopify, less what was sold and not seen there yet.",
    Flow.MONEY: "Payments are captured when goods leave, where the rules say so, and refunds become credit documents.",
    Flow.RETURNS: "Returns are announced to the warehouse, and what comes back is told to Shopify.",
    Flow.CATALOG: "Variants are linked to the warehouse's items by SKU, then barcode; the other flows rest on it.",
}
"""One sentence for each flow, beside its switch."""


@router.get("/setup")
async def overview(desk: TheDesk, visitor: Admin) -> HTMLResponse:
    """Show the stores, what each is tied to, and what is left to do."""
    return await _overview(desk, visitor)


@router.get("/setup/store")
async def store_form(desk: TheDesk, visitor: Admin, address: str = "") -> HTMLResponse:
    """Read an address in whatever form it was copied, and ask for the store's credentials."""
    try:
        domain = desk.setting_up(visitor.actor).domain(address.replace("\0", ""))
    except UsageError as error:
        return await _overview(desk, visitor, wrong=str(error), address=address)
    return await _store(desk, visitor, domain)


@router.post("/setup/store")
async def add_store(
    desk: TheDesk,
    visitor: Admin,
    domain: Typed,
    kind: Typed = "app",
    client_id: Typed = "",
    client_secret: Typed = "",
    token: Typed = "",
    token_secret: Typed = "",
    endpoint: Typed = "",
) -> Response:
    """Ask the shop who it is, and keep its credentials."""
    by_app = kind == "app"
    wanted = NewStore(
        domain,
        None if by_app else token,
        (client_secret if by_app else token_secret,),
        endpoint or None,
        client_id=client_id if by_app else None,
    )
    hub = desk.setting_up(visitor.actor)
    try:
        if by_app and not client_id:
            raise UsageError("The client id is missing. It stands in the Dev Dashboard: the app, then Settings.")
        added = await hub.add_store(wanted)
    except HubError as error:
        typed = {"kind": kind, "client_id": client_id, "endpoint": endpoint}
        return await _store(desk, visitor, ShopDomain(domain), wrong=str(error), typed=typed)
    return await _on_from(desk, added)


@router.post("/setup/install")
async def begin_install(
    desk: TheDesk,
    visitor: Admin,
    domain: Typed,
    client_id: Typed = "",
    client_secret: Typed = "",
    endpoint: Typed = "",
) -> HTMLResponse:
    """Lead to Shopify, where the app is agreed to; by a link, for forms of ours lead nowhere else."""
    wanted = NewInstall(domain, client_id, client_secret, endpoint or None)
    try:
        consent = await desk.setting_up(visitor.actor).begin_install(_session(visitor), wanted)
    except HubError as error:
        typed = {"kind": "redirect", "client_id": client_id, "endpoint": endpoint}
        return await _store(desk, visitor, ShopDomain(domain), wrong=str(error), typed=typed)
    return await _page(desk, visitor, "setup_install.html", wrong=None, consent=consent)


@router.get("/setup/installed")
async def finish_install(request: Request, desk: TheDesk, visitor: Admin) -> Response:
    """Take in whoever comes back from Shopify: keep the store, or say why not."""
    query = [(name, value.replace("\0", "")) for name, value in request.query_params.multi_items()]
    try:
        added = await desk.setting_up(visitor.actor).finish_install(_session(visitor), query)
    except HubError as error:
        return await _overview(desk, visitor, wrong=str(error))
    return await _on_from(desk, added)


def _session(visitor: Visitor) -> bytes:
    """Return the session that an installation belongs to. Raises UsageError where a program asks."""
    if visitor.session is None:
        raise UsageError("An app is installed by redirect in a browser. Log in to the portal.")
    return visitor.session


async def _on_from(desk: Desk, added: AddedStore) -> Response:
    """Lead to what comes after a store: its connection, else what it is to be tied to."""
    async with desk.database.begin() as tx:
        tied = await connections.of_store(tx, added.domain)
    if tied:
        return back_to(_at(tied[0].id))
    return back_to(f"/setup/connect?{urlencode({'store': added.domain})}")


@router.get("/setup/connect")
async def connect_form(desk: TheDesk, visitor: Admin, store: str) -> HTMLResponse:
    """Ask what the store is to be tied to."""
    return await _connect(desk, visitor, ShopDomain(store.replace("\0", "")))


@router.post("/setup/connect")
async def connect(
    desk: TheDesk, visitor: Admin, store: Typed, backend: Typed, name: Typed = "", settings: Typed = "{}"
) -> Response:
    """Tie a store to a backend; nothing is done for it before it is started."""
    wanted = NewConnection(store, backend, name or None, settings or "{}", None, started=False)
    try:
        connected = await desk.setting_up(visitor.actor).connect(wanted)
    except HubError as error:
        return await _connect(desk, visitor, ShopDomain(store), wrong=str(error), name=name, settings=settings)
    return back_to(_at(connected.connection.id))


@router.get("/setup/connections/{connection}")
async def show_connection(desk: TheDesk, visitor: Admin, connection: str) -> HTMLResponse:
    """Show how far a connection is set up: each step with its check, and what mends it."""
    return await _prospect(desk, visitor, connection)


@router.post("/setup/connections/{connection}/flows")
async def switch_flows(
    desk: TheDesk, visitor: Admin, connection: str, flow: Annotated[list[Flow] | None, Form()] = None
) -> Response:
    """Have the ticked flows on."""
    hub, id_ = desk.setting_up(visitor.actor), ConnectionId(connection)
    return await _done(desk, visitor, connection, "flows", lambda: hub.switch_flows(id_, flow or ()))


@router.post("/setup/connections/{connection}/map")
async def map_location(desk: TheDesk, visitor: Admin, connection: str, location: Typed, warehouse: Typed) -> Response:
    """Let a warehouse serve a location."""
    hub, id_ = desk.setting_up(visitor.actor), ConnectionId(connection)
    return await _done(desk, visitor, connection, "locations", lambda: hub.map_location(id_, location, warehouse))


@router.post("/setup/connections/{connection}/unmap")
async def unmap_location(desk: TheDesk, visitor: Admin, connection: str, location: Typed, warehouse: Typed) -> Response:
    """Take a warehouse away from a location."""
    hub, id_ = desk.setting_up(visitor.actor), ConnectionId(connection)
    return await _done(desk, visitor, connection, "locations", lambda: hub.unmap_location(id_, location, warehouse))


@router.post("/setup/connections/{connection}/warehouse")
async def add_warehouse(desk: TheDesk, visitor: Admin, connection: str, code: Typed = "", name: Typed = "") -> Response:
    """Add a warehouse to the hub's own."""
    hub = desk.setting_up(visitor.actor)
    return await _done(desk, visitor, connection, "locations", lambda: hub.add_warehouse(code, name))


@router.post("/setup/connections/{connection}/items")
async def make_items(
    desk: TheDesk, visitor: Admin, connection: str, with_stock: Annotated[bool, Form()] = False
) -> Response:
    """Make an item of each of the store's SKUs in the hub's own warehouse."""
    hub, id_ = desk.setting_up(visitor.actor), ConnectionId(connection)
    return await _done(desk, visitor, connection, "goods", lambda: hub.make_items(id_, with_stock=with_stock))


@router.post("/setup/connections/{connection}/start")
async def start(desk: TheDesk, visitor: Admin, connection: str, orders_from: Typed = "now") -> Response:
    """Let the hub work for a connection."""
    hub = desk.setting_up(visitor.actor)

    async def act() -> object:
        return await hub.start(ConnectionId(connection), beginning(orders_from, datetime.now(UTC)))

    return await _done(desk, visitor, connection, "start", act)


async def _done(
    desk: Desk, visitor: Visitor, connection: str, step: str, act: Callable[[], Awaitable[object]]
) -> Response:
    """Do it and lead back to the step, or show there what went wrong."""
    try:
        await act()
    except HubError as error:
        return await _prospect(desk, visitor, connection, wrong={step: str(error)})
    return back_to(_at(connection, step))


async def _overview(desk: Desk, visitor: Visitor, *, wrong: str | None = None, address: str = "") -> HTMLResponse:
    async with desk.database.begin() as tx:
        known = await stores.listed(tx)
        tied = await connections.listed(tx)
    return await _page(
        desk,
        visitor,
        "setup.html",
        wrong=wrong,
        stores=[(store, [one for one in tied if one.store == store.domain]) for store in known],
        address=address,
        reach=await desk.setting_up(visitor.actor).reach(),
    )


async def _store(
    desk: Desk,
    visitor: Visitor,
    domain: ShopDomain,
    *,
    wrong: str | None = None,
    typed: dict[str, str] | None = None,
) -> HTMLResponse:
    hub = desk.setting_up(visitor.actor)
    async with desk.database.begin() as tx:
        known = await stores.find(tx, domain)
    kept = {"kind": "app", "client_id": "", "endpoint": (known.endpoint or "") if known else ""}
    return await _page(
        desk, visitor, "setup_store.html", wrong=wrong, domain=domain, known=known, typed={**kept, **(typed or {})},
        stand_ins=hub.stand_ins, scopes=hub.least_scopes(), come_back_to=hub.come_back_to(),
    )  # fmt: skip


async def _connect(
    desk: Desk,
    visitor: Visitor,
    domain: ShopDomain,
    *,
    wrong: str | None = None,
    name: str | None = None,
    settings: str = "{}",
) -> HTMLResponse:
    async with desk.database.begin() as tx:
        await stores.get(tx, domain)
    return await _page(
        desk, visitor, "setup_connect.html", wrong=wrong, domain=domain, kinds=desk.setting_up(visitor.actor).kinds(),
        name=domain.split(".", 1)[0] if name is None else name, settings=settings,
    )  # fmt: skip


async def _prospect(
    desk: Desk, visitor: Visitor, connection: str, *, wrong: dict[str, str] | None = None
) -> HTMLResponse:
    found = await desk.setting_up(visitor.actor).prospect(ConnectionId(connection))
    served = {warehouse.code: warehouse.name for warehouse in found.warehouses}
    return await _page(
        desk, visitor, "setup_connection.html", wrong=None, wrongs=wrong or {}, one=found, served=served,
        guide=FLOW_GUIDE, flows=list(Flow),
    )  # fmt: skip


async def _page(desk: Desk, visitor: Visitor, template: str, *, wrong: str | None, **context: Any) -> HTMLResponse:
    async with desk.database.begin() as tx:
        standings = await health.standings(tx)
    status = 422 if wrong or context.get("wrongs") else 200
    return page(template, visitor, status, **frame(standings, "setup"), wrong=wrong, **context)


def _at(connection: str, step: str = "") -> str:
    return f"/setup/connections/{quote(connection, safe='')}" + (f"#{step}" if step else "")
