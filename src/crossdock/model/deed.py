"""What people and programs do to the hub that is worth an entry in the audit trail."""

from enum import StrEnum


class Deed(StrEnum):
    """One kind of change, as the audit trail names it."""

    LOGGED_IN = "logged in"
    USER_ADDED = "user added"
    USER_DISABLED = "user disabled"
    USER_ENABLED = "user enabled"
    ROLE_CHANGED = "role changed"
    PASSWORD_CHANGED = "password changed"  # noqa: S105 - the deed's name
    LINK_MADE = "link for a password made"
    TOKEN_ADDED = "token added"  # noqa: S105 - the deed's name
    TOKEN_REVOKED = "token revoked"  # noqa: S105 - the deed's name
    SECRETS_ROTATED = "secrets sealed anew"
    STORE_ADDED = "store added"
    CREDENTIALS_CHANGED = "credentials changed"
    STORE_PAUSED = "store paused"
    STORE_RESUMED = "store resumed"
    CONNECTION_ADDED = "connection added"
    CONNECTION_STARTED = "connection started"
    FLOWS_CHANGED = "flows changed"
    RULES_CHANGED = "rules changed"
    LOCATION_MAPPED = "location mapped"
    LOCATION_UNMAPPED = "location unmapped"
    ORDER_LEFT = "order left as it is"
    ORDER_CANCELLED = "what is missing of an order cancelled"
    ASKED_FOR_A_LOOK = "asked for a look"
    REPAIR_ASKED = "asked for a repair"
    PUSHES_APPROVED = "pushes approved"
    EDIT_ACCEPTED = "edit accepted"
    EDIT_REVERTED = "edit reverted"
    PERSONAL_DATA_EXPORTED = "personal data exported"
    ERASURE_ASKED = "asked to forget a customer"
    PRIVACY_REQUEST_FINISHED = "privacy request finished by hand"
    RETENTION_CHANGED = "retention changed"
    DATABASE_BACKED_UP = "database backed up"
    DATABASE_RESTORED = "database restored"
    CHANNEL_SET = "channel set"
    CHANNEL_REMOVED = "channel removed"
    ALERT_ADDED = "alert added"
    ALERT_REMOVED = "alert removed"
    ALERT_TESTED = "alert tested"
