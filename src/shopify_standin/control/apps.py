"""Commands about apps: let them in, give them tokens and secrets, throw them out."""

from datetime import timedelta

from shopify_standin.auth.apps import App
from shopify_standin.control import orders
from shopify_standin.errors import JsonObject
from shopify_standin.standin import Standin


def _scopes(named: list[str] | None) -> frozenset[str] | None:
    return None if named is None else frozenset(named)


def _app(standin: Standin, client_id: str | None) -> App:
    """The app named, else the first; raises LookupError where there is none."""
    wanted = client_id or standin.client_id
    if wanted not in standin.registrar.apps:
        raise LookupError(f"there is no app {wanted!r}; let it in with POST /_standin/apps")
    return standin.registrar.apps[wanted]


def add_app(standin: Standin, order: orders.AppOrder) -> JsonObject:
    """Let another app in."""
    handle = order.handle or order.client_id
    made = standin.registrar.add_app(order.client_id, order.secret, handle, _scopes(order.scopes))
    return {"ok": True, "client_id": made.client_id, "handle": made.handle}


def add_token(standin: Standin, order: orders.TokenOrder) -> JsonObject:
    """Give an app a token of the test's choosing."""
    app = _app(standin, order.client_id)
    ends = None if order.expires_in is None else standin.world.now() + timedelta(seconds=order.expires_in)
    app.is_installed = True
    standin.registrar.grant(order.token, app, _scopes(order.scopes), ends)
    return {"ok": True, "client_id": app.client_id}


def change_secrets(standin: Standin, order: orders.SecretOrder) -> JsonObject:
    """Rotate: add a secret, later revoke the oldest, by which webhooks are signed until then."""
    app = _app(standin, order.client_id)
    if order.add is not None:
        app.secrets.append(order.add)
    if order.revoke_oldest:
        if len(app.secrets) == 1:
            raise LookupError("an app keeps at least one secret; add one first")
        app.secrets.pop(0)
    return {"ok": True, "secrets": len(app.secrets)}


def uninstall(standin: Standin, order: orders.WhichApp) -> JsonObject:
    """Take an app out, as a merchant would."""
    app = _app(standin, order.client_id)
    standin.uninstall(app)
    return {"ok": True, "client_id": app.client_id}
