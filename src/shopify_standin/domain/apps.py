"""Apps as the Admin API shows them: the one that asks, and others by handle or key."""

from shopify_standin.auth.apps import App, Installation
from shopify_standin.auth.leaving import uninstall
from shopify_standin.call import Call
from shopify_standin.connections import connection
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.house.access import all_scopes
from shopify_standin.ids import number_of
from shopify_standin.model.places import Shop
from shopify_standin.registry import Args, Fields, mutation, query
from shopify_standin.schema import VERSIONS
from shopify_standin.world import World

APP = Fields("App")
APP.attributes("handle", "title", id="gid", apiKey="client_id")
APP.constant(
    embedded=False, isPostPurchaseAppInUse=False, published=False, shopifyDeveloped=False, previouslyInstalled=False,
    failedRequirements=[], features=[], navigationItems=[], optionalAccessScopes=[], screenshots=[],
    description=None, developerName=None, appStoreAppUrl=None, appStoreDeveloperUrl=None, feedback=None,
    pricingDetails=None, privacyPolicyUrl=None, uninstallMessage="", pricingDetailsSummary="",
    developerType="PARTNER", publicCategory="OTHER", webhookApiVersion=VERSIONS[-1],
)  # fmt: skip
INSTALLATION = Fields("AppInstallation")
INSTALLATION.attributes("app", id="gid")
SHOP = Fields("Shop")
INSTALLATION.constant(activeSubscriptions=[], subscriptions=[], channel=None, publication=None, uninstallUrl=None)


def _scopes(scopes: frozenset[str] | None) -> list[JsonObject]:
    return [{"handle": scope} for scope in sorted(all_scopes() if scopes is None else scopes)]


@query("currentAppInstallation")
def current_app_installation(_world: World, call: Call) -> Installation:
    """The app that asks, with what the token it asks by may do."""
    return Installation(call.grant.app, call.grant.scopes)


@query("appInstallation")
def app_installation(world: World, args: Args, call: Call) -> Installation | None:
    """The app that asks, or one by its installation's id."""
    if args.get("id") is None:
        return current_app_installation(world, call)
    number = number_of(args["id"], "AppInstallation")
    found = next((row for row in call.caller.registrar.apps.values() if row.number == number), None)
    return None if found is None else call.caller.registrar.installation(found)


@query("app")
def app(_world: World, args: Args, call: Call) -> App | None:
    """The app that asks, or one by id."""
    if args.get("id") is None:
        return call.grant.app
    number = number_of(args["id"], "App")
    return next((row for row in call.caller.registrar.apps.values() if row.number == number), None)


@query("appByHandle")
def app_by_handle(_world: World, args: Args, call: Call) -> App | None:
    """An app by its handle."""
    return next((row for row in call.caller.registrar.apps.values() if row.handle == args["handle"]), None)


@query("appByKey")
def app_by_key(_world: World, args: Args, call: Call) -> App | None:
    """An app by its client id."""
    return call.caller.registrar.apps.get(args["apiKey"])


@APP.field("installation")
def installation(app: App, call: Call) -> Installation | None:
    """What the shop lets it do; null where it is not installed."""
    return call.caller.registrar.installation(app) if app.is_installed else None


@APP.field("availableAccessScopes")
def available_access_scopes(_app: App) -> list[JsonObject]:
    """Every scope there is."""
    return _scopes(None)


@APP.field("requestedAccessScopes")
def requested_access_scopes(app: App) -> list[JsonObject]:
    """What it asks for at installation."""
    return _scopes(app.scopes)


@INSTALLATION.field("accessScopes")
def access_scopes(installation: Installation) -> list[JsonObject]:
    """What it may do."""
    return _scopes(installation.scopes)


@INSTALLATION.field("launchUrl")
def launch_url(installation: Installation, call: Call) -> str:
    """Where the merchant opens it."""
    return f"https://{call.world.shop.domain}/admin/apps/{installation.app.handle}"


@SHOP.field("storefrontAccessTokens")
def storefront_access_tokens(_shop: Shop, args: Args) -> JsonObject:
    """Tokens of storefronts, which no mutation modelled here can make."""
    return connection([], args)


@mutation("appUninstall")
def app_uninstall(world: World, call: Call) -> JsonObject:
    """The app that asks takes itself out."""
    leaving = call.grant.app
    uninstall(world, call.caller.registrar, leaving)
    return {"app": leaving, "userErrors": []}


@mutation("appRevokeAccessScopes")
def app_revoke_access_scopes(_world: World, args: Args, call: Call) -> JsonObject:
    """Give up scopes that the app holds and does not require (messages assumed)."""
    grant, wanted = call.grant, args["scopes"]
    held = all_scopes() if grant.scopes is None else grant.scopes
    unknown = [scope for scope in wanted if scope not in all_scopes()]
    if unknown:
        message = f"The requested list of scopes to revoke includes invalid handles: {', '.join(unknown)}"
        raise Refused(user_error(["scopes"], message, "UNKNOWN_SCOPES"))
    required = [scope for scope in wanted if grant.app.scopes is not None and scope in grant.app.scopes]
    if required:
        message = f"Scopes that are declared as required cannot be revoked: {', '.join(required)}"
        raise Refused(user_error(["scopes"], message, "CANNOT_REVOKE_REQUIRED_SCOPES"))
    for known in call.caller.registrar.grants.values():
        if known.app is grant.app:
            known.scopes = frozenset(held) - set(wanted)
    return {"revoked": [{"handle": scope} for scope in wanted if scope in held], "userErrors": []}
