"""
Setting and deleting metafields.

`metafieldsSet` writes all or nothing (Shopify docs, 2026-07; refusals recorded 2025-01 and 2026-04, texts of the
checks on names assumed).
"""

from dataclasses import dataclass
from typing import Any

from shopify_standin.domain.metafields.namespaces import is_foreign, resolved
from shopify_standin.domain.metafields.owners import OWNER_TYPES, find_owner
from shopify_standin.domain.metafields.reading import definition_at, metafield_of
from shopify_standin.domain.metafields.validations import TAKEN, violation
from shopify_standin.domain.metafields.values import LEGACY, TYPES, BadMetafieldValue, normalised
from shopify_standin.errors import ApiError, JsonObject, user_error
from shopify_standin.model.metafields import Metafield, MetafieldDefinition
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World

MAX_AT_ONCE = 25
_CLOSED = "Access to this namespace and key on Metafields for this resource type is not allowed."
_STALE = "The resource has been updated since it was loaded. Try again with an updated `compareDigest` value."


@dataclass(frozen=True, slots=True)
class Wanted:
    """One metafield as it is to be, checked."""

    owner: Any
    namespace: str
    key: str
    type: str
    value: str


@mutation("metafieldsSet")
def metafields_set(world: World, args: Args) -> JsonObject:
    """Set up to 25 metafields of any owners."""
    given = args["metafields"]
    if len(given) > MAX_AT_ONCE:
        message = f"Exceeded the maximum metafields input limit of {MAX_AT_ONCE}."
        return _nothing_set([user_error(["metafields"], message, "LESS_THAN_OR_EQUAL_TO")])
    wanted: list[Wanted] = []
    errors: list[JsonObject] = []
    for index, entry in enumerate(given):
        path = ["metafields", str(index)]
        owner = find_owner(world, entry["ownerId"])
        if owner is None:
            errors.append(user_error([*path, "ownerId"], "Owner does not exist.", "INVALID"))
            continue
        checked = check(world, owner, entry, path)
        if isinstance(checked, Wanted):
            wanted.append(checked)
        else:
            errors += checked
    if errors:
        return _nothing_set(errors)
    return {"metafields": [keep(world, entry) for entry in wanted], "userErrors": []}


def _nothing_set(errors: list[JsonObject]) -> JsonObject:
    return {"metafields": [], "userErrors": [{**error, "elementIndex": None} for error in errors]}


def set_inline(world: World, owner: Any, given: list[JsonObject] | None, path: list[str]) -> list[JsonObject]:
    """
    Set the `metafields` of another mutation's input on `owner`; answers user errors, and sets nothing if there are any.

    `path` is where the list stands in that mutation's arguments. A blank value is passed over, and a blank key
    is a top-level error (recorded 2026-04). Raises ApiError.
    """
    wanted: list[Wanted] = []
    errors: list[JsonObject] = []
    for index, entry in enumerate(given or ()):
        complete = _completed(world, entry)
        if not complete.get("key"):
            raise ApiError("key can't be blank", "INVALID_FIELD_ARGUMENTS")
        if not complete.get("value"):
            continue
        checked = check(world, owner, complete, [*path, str(index)])
        if isinstance(checked, Wanted):
            wanted.append(checked)
        else:
            errors += checked
    if not errors:
        for row in wanted:
            keep(world, row)
    return errors


def _completed(world: World, entry: JsonObject) -> JsonObject:
    """An inline entry may name a metafield by its id and give the new value alone."""
    if not entry.get("id"):
        return entry
    number = entry["id"].rsplit("/", 1)[-1]
    known = world.metafields.get(int(number)) if number.isdigit() else None
    if known is None:
        return entry
    return {"namespace": known.namespace, "key": known.key, "type": known.type, **entry}


def check(world: World, owner: Any, entry: JsonObject, path: list[str]) -> Wanted | list[JsonObject]:
    """An entry ready to be kept, or what is wrong with it."""
    namespace, key = resolved(entry.get("namespace")), entry.get("key") or ""
    if is_foreign(namespace):
        return [user_error(path, _CLOSED, "APP_NOT_AUTHORIZED")]
    errors = _name_errors(namespace, key, path)
    if errors:
        return errors
    definition = definition_at(world, OWNER_TYPES[owner.TYPE], namespace, key)
    known = metafield_of(world, owner.gid, namespace, key)
    kind = entry.get("type") or (definition.type if definition else None) or (known.type if known else None)
    kind = LEGACY.get(kind or "", kind)
    errors = _type_errors(kind, definition, path)
    if errors or kind is None:
        return errors
    if not entry.get("value"):
        return [user_error([*path, "value"], "Value can't be blank", "BLANK")]
    try:
        value = normalised(kind, entry["value"])
    except BadMetafieldValue as error:
        return [user_error([*path, "value"], str(error), "INVALID_VALUE")]
    broken = None if definition is None else violation(world, definition, owner.gid, value)
    if broken is not None:
        return [user_error([*path, "value"], broken, "TAKEN" if broken == TAKEN else "INVALID_VALUE")]
    if "compareDigest" in entry and entry["compareDigest"] != (known.compare_digest if known else None):
        return [user_error(path, _STALE, "STALE_OBJECT")]
    return Wanted(owner, namespace, key, kind, value)


def _type_errors(kind: str | None, definition: MetafieldDefinition | None, path: list[str]) -> list[JsonObject]:
    if kind is None:
        return [user_error([*path, "type"], "Type can't be blank", "BLANK")]
    if kind not in TYPES:
        message = f"Type must be one of the following: {', '.join(TYPES)}."
        return [user_error([*path, "type"], message, "INVALID_TYPE")]
    if definition is not None and definition.type != kind:
        message = f"Type '{kind}' must be consistent with the definition's type: '{definition.type}'."
        return [user_error([*path, "type"], message, "INVALID_TYPE")]
    return []


def _name_errors(namespace: str, key: str, path: list[str]) -> list[JsonObject]:
    errors: list[JsonObject] = []
    for name, text, low, high in (("namespace", namespace, 3, 255), ("key", key, 2, 64)):
        said = name.capitalize()
        if not text:
            errors.append(user_error([*path, name], f"{said} can't be blank", "BLANK"))
        elif len(text) < low:
            message = f"{said} is too short (minimum is {low} characters)"
            errors.append(user_error([*path, name], message, "TOO_SHORT"))
        elif len(text) > high:
            message = f"{said} is too long (maximum is {high} characters)"
            errors.append(user_error([*path, name], message, "TOO_LONG"))
    return errors


def keep(world: World, wanted: Wanted) -> Metafield:
    """Write one checked metafield."""
    now = world.now()
    known = metafield_of(world, wanted.owner.gid, wanted.namespace, wanted.key)
    if known is None:
        return world.metafields.add(
            Metafield(
                world.ids.next("Metafield"), wanted.owner.gid, OWNER_TYPES[wanted.owner.TYPE],
                wanted.namespace, wanted.key, wanted.type, wanted.value, now, now,
            )
        )  # fmt: skip
    if (known.type, known.value) != (wanted.type, wanted.value):
        known.type, known.value, known.updated_at = wanted.type, wanted.value, now
        world.metafields.reindex(known)
    return known


@mutation("metafieldsDelete")
def metafields_delete(world: World, args: Args) -> JsonObject:
    """Delete metafields; an entry that finds none is answered with null."""
    places = [(entry["ownerId"], resolved(entry["namespace"]), entry["key"]) for entry in args["metafields"]]
    if any(is_foreign(namespace) for _, namespace, _ in places):
        return {"deletedMetafields": [], "userErrors": [user_error(["metafields"], _CLOSED)]}
    deleted: list[JsonObject | None] = []
    for owner_id, namespace, key in places:
        owner = find_owner(world, owner_id)
        known = None if owner is None else metafield_of(world, owner.gid, namespace, key)
        if known is None:
            deleted.append(None)
            continue
        world.metafields.remove(known.id)
        deleted.append({"ownerId": owner_id, "namespace": namespace, "key": key})
    return {"deletedMetafields": deleted, "userErrors": []}


def forget_owner(world: World, owner: str) -> None:
    """An owner is gone, and its metafields with it."""
    for row in world.metafields.where("owner", owner):
        world.metafields.remove(row.id)


def by_custom_id(world: World, owner_type: str, given: JsonObject) -> str | None:
    """
    The global id of the owner that a `UniqueMetafieldValueInput` names, if there is one.

    Raises ApiError where no definition of type `id` makes that place a custom id (recorded 2026-04).
    """
    namespace = resolved(given.get("namespace"))
    definition = definition_at(world, owner_type, namespace, given["key"])
    if definition is None or definition.type != "id":
        raise ApiError("Metafield definition of type 'id' is required when using custom ids.", "NOT_FOUND")
    found = world.metafields.where("meaning", (owner_type, namespace, given["key"], given["value"]))
    return found[0].owner if found else None
