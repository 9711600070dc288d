"""An app leaves the shop."""

from shopify_standin.auth.apps import App, Registrar
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads.shop import shop_payload
from shopify_standin.world import World


def uninstall(world: World, registrar: Registrar, app: App) -> None:
    """Take an app out: its tokens are dead before it hears of it, and its subscriptions go (Shopify docs, 2026)."""
    registrar.uninstall(app)
    emit(world, "APP_UNINSTALLED", lambda: shop_payload(world), only_app=app.client_id)
    for subscription in [row for row in world.subscriptions if row.app == app.client_id]:
        world.subscriptions.remove(subscription.id)
