"""Shopify's standard return reasons, and the older enum beside them (recorded 2026-04)."""

from dataclasses import dataclass
from typing import ClassVar

from shopify_standin.call import Call
from shopify_standin.connections import connection
from shopify_standin.errors import JsonObject
from shopify_standin.ids import gid, number_of
from shopify_standin.registry import Args, Fields, node, query
from shopify_standin.search import filters
from shopify_standin.search.search import Search
from shopify_standin.world import World


@dataclass(frozen=True, slots=True)
class Reason:
    """One standard reason; `enum` is the `ReturnReason` that says the same."""

    TYPE: ClassVar = "ReturnReasonDefinition"
    id: int
    name: str
    handle: str
    enum: str = "OTHER"

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("ReturnReasonDefinition", self.id)


_NAMED = (
    ("Unknown", "unknown", "UNKNOWN"),
    ("Changed my mind", "changed-my-mind", "UNWANTED"),
    ("Item not as described", "item-not-as-described", "NOT_AS_DESCRIBED"),
    ("Received the wrong item", "received-the-wrong-item", "WRONG_ITEM"),
    ("Other", "other-reason", "OTHER"),
    ("Damaged or defective", "damaged-or-defective", "DEFECTIVE"),
    ("Too small", "too-small", "SIZE_TOO_SMALL"),
    ("Too big", "too-big", "SIZE_TOO_LARGE"),
    ("Style", "style", "STYLE"),
    ("Color", "color", "COLOR"),
)
_BY_CATEGORY = (
    "Absorbency", "Academic level", "Accuracy", "Adhesion", "Adhesive", "Adhesive strength", "Adjustability",
    "Age range", "Amperage", "Angle",
)  # fmt: skip
REASONS = {
    number: Reason(number, *entry)
    for number, entry in enumerate(
        [*_NAMED, *((name, name.lower().replace(" ", "-"), "OTHER") for name in _BY_CATEGORY)], start=1
    )
}
"""By number; real shops have hundreds more for single categories of goods."""
BY_ENUM = {reason.enum: reason for reason in reversed(REASONS.values())}
OTHER = REASONS[5]
BY_ENUM["OTHER"] = OTHER

REASON = Fields("ReturnReasonDefinition")
REASON.attributes("name", "handle", id="gid")
REASON.constant(deleted=False)
node("ReturnReasonDefinition", lambda _world, number: REASONS.get(number))

_SEARCH = Search(
    {
        "id": filters.number(lambda x, _: x.id),
        "name": filters.text(lambda x, _: x.name),
        "handle": filters.text(lambda x, _: x.handle),
        "deleted": filters.truth(lambda _, __: False),
    },
    filters.words(lambda x, _: x.name),
)


@query("returnReasonDefinitions")
def return_reason_definitions(_world: World, args: Args, call: Call) -> JsonObject:
    """The reasons that the shop knows."""
    rows = list(REASONS.values())
    if args.get("ids") is not None:
        wanted = {number_of(value, "ReturnReasonDefinition") for value in args["ids"]}
        rows = [row for row in rows if row.id in wanted]
    if args.get("handles") is not None:
        rows = [row for row in rows if row.handle in args["handles"]]
    found = _SEARCH.select(rows, args.get("query"), call, ["returnReasonDefinitions"])
    key = {"NAME": lambda x: x.name, "HANDLE": lambda x: x.handle}.get(args["sortKey"])
    return connection(found, args, key)
