"""What the commands take: one model each, strict, so that a slip in a test is found at once."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class ControlOrder(BaseModel):
    """The JSON of one command; a key that it does not know is refused."""

    model_config = ConfigDict(extra="forbid")


class CallFaultOrder(ControlOrder):
    """A fault of calls; see `CallFault`."""

    kind: Literal["429", "500", "502", "503", "504", "throttled", "timeout", "slow", "close"]
    operation: str = "*"
    when: Literal["before", "after"] = "before"
    times: Annotated[int, Field(ge=1)] = 1
    seconds: Annotated[float, Field(ge=0)] = 30.0


class WebhookFaultOrder(ControlOrder):
    """A fault of webhooks; see `WebhookFault`."""

    topic: str = "*"
    drop: Annotated[float, Field(ge=0, le=1)] = 0.0
    repeat: Annotated[int, Field(ge=0)] = 0
    delay: Annotated[float, Field(ge=0)] = 0.0
    shuffle: Annotated[int, Field(ge=0)] = 0
    times: Annotated[int, Field(ge=1)] | None = None


class FaultsOrder(ControlOrder):
    """Faults to add; `clear` removes those in force first, `seed` starts chance anew."""

    clear: bool = False
    seed: int | None = None
    calls: list[CallFaultOrder] = []
    webhooks: list[WebhookFaultOrder] = []


class ClockOrder(ControlOrder):
    """How far to move the clock on, and whether it stands still from then on; null leaves it as it runs."""

    advance_seconds: Annotated[float, Field(ge=0)] = 0.0
    frozen: bool | None = None


class SettingsOrder(ControlOrder):
    """Delays of background work, in seconds; null for `fulfillment_order_delay` means the default."""

    fulfillment_order_delay: Annotated[float, Field(ge=0)] | None = None
    job_delay: Annotated[float, Field(ge=0)] | None = None
    bulk_delay: Annotated[float, Field(ge=0)] | None = None
    search_delay: Annotated[float, Field(ge=0)] | None = None
    foreign_uploads: bool | None = None


class BuyOrder(ControlOrder):
    """Customers' orders; see `Purchase`. `variant_ids` are global ids."""

    orders: Annotated[int, Field(ge=1, le=100_000)]
    seed: int = 0
    variant_ids: list[str] = []
    items: Annotated[int, Field(ge=1)] | None = None
    paid: bool = True
    extras: bool = False
    method: Literal["SHIPPING", "LOCAL", "PICK_UP"] = "SHIPPING"


class SeedOrder(ControlOrder):
    """Goods and history to fill the shop with, without a webhook; see `Seed`."""

    products: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    orders: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    stock: Annotated[int, Field(ge=0)] = 100
    seed: int = 0


class AppOrder(ControlOrder):
    """An app to let in; `scopes` null means all."""

    client_id: Annotated[str, Field(min_length=1)]
    secret: Annotated[str, Field(min_length=1)]
    handle: str | None = None
    scopes: list[str] | None = None


class TokenOrder(ControlOrder):
    """A lasting token for an app, or one that ends after some seconds; `scopes` null means all."""

    token: Annotated[str, Field(min_length=1)]
    client_id: str | None = None
    scopes: list[str] | None = None
    expires_in: Annotated[float, Field(gt=0)] | None = None


class SecretOrder(ControlOrder):
    """A new client secret for an app, or the end of its oldest one."""

    client_id: str | None = None
    add: Annotated[str, Field(min_length=1)] | None = None
    revoke_oldest: bool = False


class WhichApp(ControlOrder):
    """One app; the first where none is named."""

    client_id: str | None = None


class NameOrder(ControlOrder):
    """Which snapshot."""

    name: str = "default"
