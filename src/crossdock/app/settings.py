"""What an installation may set, from the environment or the command line."""

from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

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
    """Where the web process listens. Pages ask for no login yet: keep it on loopback, let a proxy pass webhooks on."""

    port: int = Field(default=8700, ge=0, le=65535)

    public_url: str | None = None
    """How Shopify reaches this hub (`https://hub.example`), for its webhooks. None: no subscriptions."""

    sweep_seconds: float = Field(default=30, ge=1)
    """How often Shopify is asked what changed, beside the webhooks. One cheap call per stream and connection."""

    backend_seconds: float = Field(default=2, ge=1)
    """How often a backend is asked what changed: the delay of stock and shipments where nothing else calls sooner."""

    def webhook_uri(self, store: str) -> str | None:
        """Return where a store's webhooks are to be sent, None where Shopify cannot reach this hub."""
        if self.public_url is None:
            return None
        return f"{self.public_url.rstrip('/')}/webhooks/shopify/{store}"


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
