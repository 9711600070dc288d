"""Every page of the portal, by its route, with an address of each kind that it shows. A test finds what is missing."""

from collections.abc import Mapping, Sequence

WALK: Mapping[str, Sequence[str]] = {
    "/": ("/",),
    "/orders": ("/orders", "/orders?q=nothing", "/orders?state=late"),
    "/orders/{connection}/{name:path}": ("/orders/acme/1020", "/orders/acme/1022", "/orders/acme/none"),
    "/holds": ("/holds", "/holds?show=snoozed"),
    "/inventory": ("/inventory", "/inventory?q=nothing", "/inventory?show=waiting"),
    "/inventory/{connection}/{item:path}": ("/inventory/acme/MUG", "/inventory/acme/BOWL", "/inventory/acme/GHOST"),
    "/inventory-mode/{connection}": ("/inventory-mode/acme",),
    "/catalog": ("/catalog?show=linked", "/catalog?show=unlinked", "/catalog?show=ambiguous&q=nothing"),
    "/catalog/duplicates": ("/catalog/duplicates",),
    "/catalog/import": ("/catalog/import",),
    "/proof": ("/proof",),
    "/alerts": ("/alerts",),
    "/privacy": ("/privacy",),
    "/users": ("/users",),
    "/tokens": ("/tokens",),
    "/audit": ("/audit",),
    "/account": ("/account",),
}
"""Of whoever is logged in; what they show is `portal_seed.a_morning`, and goods where `stock_seed.a_shelf` is, too."""

PAGES = tuple(address for addresses in WALK.values() for address in addresses)

SET_UP: Mapping[str, str] = {
    "/setup": "/setup",
    "/setup/store": "/setup/store?address=mugs",
    "/setup/connect": "/setup/connect?store=mugs.myshopify.com",
    "/setup/connections/{connection}": "/setup/connections/mugs",
    "/settings/{connection}": "/settings/mugs",
    "/doctor": "/doctor",
    "/connections/{connection}/mappings": "/connections/mugs/mappings",
    "/connections/{connection}/routing": "/connections/mugs/routing",
    "/connections/{connection}/shadow": "/connections/mugs/shadow",
}
"""Needs a whole hub with a shop, so `test_ten_minutes` walks over these."""

STRANGERS: Mapping[str, Sequence[str]] = {
    "/login": ("/login",),
    "/welcome/{token}": ("/welcome/worn-out",),
}
"""Of who is not logged in."""

NO_PAGES = {"/setup/installed", "/overview/events", "/privacy/{number}/export"}
"""Answered with something else than a page."""
