"""What an installation may set, from the environment or the command line."""

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from crossdock.edge.doors import Doors, Metrics
from crossdock.kit.errors import UsageError


class Settings(BaseSettings):
    """
    The settings of one installation.

    Each may be given as an environment variable: CROSSDOCK_DATA, CROSSDOCK_PORT, …; DATABASE_URL keeps its usual name.
    """

    model_config = SettingsConfigDict(env_prefix="CROSSDOCK_", frozen=True, validate_by_name=True)

    data: Path = Path("crossdock-data")
    """Where the embedded database, its key and its log live."""

    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    """A PostgreSQL 15 or newer to use in place of the embedded one."""

    host: str = "127.0.0.1"
    """Where the web process listens. It speaks http: keep it on loopback, behind a proxy that speaks https."""

    port: int = Field(default=8700, ge=0, le=65535)

    public_url: str | None = None
    """How Shopify reaches this hub (`https://hub.example`), for its webhooks. None: no subscriptions."""

    allowed_hosts: str = ""
    """By which names browsers may call this hub, separated by commas, beside localhost, network addresses and the
    public URL's: another name may be a stranger's that was made to point here."""

    metrics: Metrics = Metrics.LOOPBACK
    """Who reads `/metrics` without a token: programs on this machine (loopback), nobody (token), everybody (open)."""

    proxies: str = "127.0.0.1,::1"
    """The addresses of proxies that are believed about whom they ask for and by which scheme, separated by commas."""

    sweep_seconds: float = Field(default=30, ge=1)
    """How often Shopify is asked what changed, beside the webhooks. One cheap call per stream and connection."""

    backend_seconds: float = Field(default=2, ge=1)
    """How often a backend is asked what changed: the delay of stock and shipments where nothing else calls sooner."""

    stand_ins: bool = False
    """Whether the portal may add stores that are called by another address than Shopify's, as `shopify-standin` is:
    whoever adds stores could then have the hub call anything that it reaches."""

    private_webhooks: bool = False
    """Whether alerts may call webhooks in private networks: whoever sets up channels could then reach what stands
    behind the hub's firewall."""

    @property
    def portal_url(self) -> str:
        """The address that messages lead to."""
        return (self.public_url or http_url(self.host, self.port)).rstrip("/")

    @property
    def doors(self) -> Doors:
        """How the web process may be reached."""
        public = urlsplit(self.public_url or "")
        named = {public.hostname} if public.hostname else set()
        listed = {name.strip().lower() for name in self.allowed_hosts.split(",") if name.strip()}
        return Doors(
            hosts=frozenset(named | listed),
            https_hosts=frozenset(named if public.scheme == "https" else ()),
            metrics=self.metrics,
        )

    def webhook_uri(self, store: str) -> str | None:
        """Return where a store's webhooks are to be sent, None where Shopify cannot reach this hub."""
        if self.public_url is None:
            return None
        return f"{self.public_url.rstrip('/')}/webhooks/shopify/{store}"


def http_url(host: str, port: int) -> str:
    """Return the URL by which this machine's browsers reach what listens there."""
    # What listens everywhere has an address that no browser can call.
    called = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound to
    return f"http://[{called}]:{port}" if ":" in called else f"http://{called}:{port}"


def settings_from(**given: object) -> Settings:
    """
    Return the settings: `given` ones (None counts as not given), then the environment's, then the defaults.

    Raises UsageError, naming the variable, where one cannot be.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        variable = name if name.isupper() else f"CROSSDOCK_{name.upper()}"
        raise UsageError(f"{variable} cannot be {first['input']!r}: {first['msg']}.") from error
