"""
`customerMerge`: two customers become one, by a job after the answer.

The second is kept unless only the first has an e-mail address; a field that one of them lacks is taken from the
other, tags and notes are joined, and orders, addresses, metafields and credit move (Shopify docs, 2026-07;
blockers recorded 2025-01: too many tags, too long notes).
"""

from functools import partial
from typing import Any

from shopify_standin.domain.customers.details import MAX_TAGS
from shopify_standin.domain.customers.search import orders_of
from shopify_standin.domain.customers.telling import customer_changed
from shopify_standin.domain.metafields.reading import metafield_of
from shopify_standin.domain.products.making import sorted_tags
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.customers import Customer
from shopify_standin.model.notices import Job
from shopify_standin.registry import Args, mutation, query
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads.customers import merge_payload
from shopify_standin.world import World

Given = dict[str, Any]
MAX_NOTE = 5000
_CHOICES = {
    "customerIdOfEmailToKeep": "email",
    "customerIdOfFirstNameToKeep": "first_name",
    "customerIdOfLastNameToKeep": "last_name",
    "customerIdOfPhoneNumberToKeep": "phone",
    "customerIdOfDefaultAddressToKeep": "default_address_id",
}


@mutation("customerMerge")
def customer_merge(world: World, args: Args) -> JsonObject:
    """Begin to merge."""
    one = _customer(world, args["customerOneId"], "customerOneId")
    two = _customer(world, args["customerTwoId"], "customerTwoId")
    if one is two:
        message = "Customers must be different"
        raise Refused(user_error(["customerOneId"], message, "INVALID_CUSTOMER_ID"))
    given = args.get("overrideFields") or {}
    kept, gone = (one, two) if one.email and not two.email else (two, one)
    _check(kept, gone, given)
    job = Job(world.uuid("Job"))
    world.jobs[job.id] = job
    chosen = {attribute: number_of(given[name], "Customer") for name, attribute in _CHOICES.items() if given.get(name)}
    due = world.now() + world.settings.job_delay
    world.agenda.add(due, run_merge, job.id, kept.id, gone.id, chosen, given.get("note"), given.get("tags"))
    return {"job": {"id": job.gid, "done": False, "query": None}, "resultingCustomerId": kept.gid, "userErrors": []}


def _customer(world: World, value: str, name: str) -> Customer:
    found = world.customers.get(number_of(value, "Customer"))
    if found is None:
        raise Refused(user_error([name], "Customer does not exist", "INVALID_CUSTOMER_ID"))
    return found


def _check(kept: Customer, gone: Customer, given: Given) -> None:
    """Raise Refused where joined tags or notes would be too long, unless others are given."""
    if given.get("tags") is None and len(_joined_tags(kept, gone)) > MAX_TAGS:
        message = f"Customers must have {MAX_TAGS} tags or less."
        raise Refused(user_error(["overrideFields", "tags"], message, "INVALID_CUSTOMER"))
    if given.get("note") is None and len(_joined_note(kept, gone) or "") > MAX_NOTE:
        message = f"Customers' notes must have {MAX_NOTE} characters or less."
        raise Refused(user_error(["overrideFields", "note"], message, "INVALID_CUSTOMER"))


def _joined_tags(kept: Customer, gone: Customer) -> list[str]:
    return sorted_tags([*kept.tags, *gone.tags])


def _joined_note(kept: Customer, gone: Customer) -> str | None:
    return " ".join(note for note in (kept.note, gone.note) if note) or None


def run_merge(
    world: World, job_id: str, kept_id: int, gone_id: int, chosen: dict[str, int], note: str | None, tags: Any
) -> None:
    """The job: everything of one customer becomes the other's."""
    world.jobs[job_id].done = True
    kept, gone = world.customers.get(kept_id), world.customers.get(gone_id)
    if kept is None or gone is None:
        return
    kept.note = note if note is not None else _joined_note(kept, gone)
    kept.tags = sorted_tags(tags) if tags is not None else _joined_tags(kept, gone)
    _take_fields(kept, gone, chosen)
    kept.addresses = [*kept.addresses, *gone.addresses]
    for order in orders_of(gone, world):
        order.customer_id = kept.id
        world.orders.reindex(order)
    _move_belongings(world, kept, gone)
    world.customers.remove(gone.id)
    emit(world, "CUSTOMERS_MERGE", partial(merge_payload, kept, gone, world.jobs[job_id].gid))
    customer_changed(world, kept)


def _take_fields(kept: Customer, gone: Customer, chosen: dict[str, int]) -> None:
    for attribute in _CHOICES.values():
        if chosen.get(attribute) == gone.id or getattr(kept, attribute) is None:
            setattr(kept, attribute, getattr(gone, attribute))


def _move_belongings(world: World, kept: Customer, gone: Customer) -> None:
    """Metafields where the kept customer has none at that place, and store credit."""
    for row in world.metafields.where("owner", gone.gid):
        if metafield_of(world, kept.gid, row.namespace, row.key) is None:
            row.owner = kept.gid
            world.metafields.reindex(row)
        else:
            world.metafields.remove(row.id)
    for account in world.credit_accounts.where("owner", gone.gid):
        account.owner = kept.gid
        world.credit_accounts.reindex(account)


@query("customerMergeJobStatus")
def customer_merge_job_status(world: World, args: Args) -> JsonObject | None:
    """How far a merge has come; null for a job that is none."""
    job = world.jobs.get(args["jobId"].rsplit("/", 1)[-1])
    if job is None:
        return None
    return {"jobId": job.gid, "status": "COMPLETED" if job.done else "IN_PROGRESS", "customerMergeErrors": []}
