"""`crossdock orders retry`, `replay`, `set`, …: what people do about one order."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated

import typer
from rich.console import Console

from crossdock.edge.asking import look_at_order
from crossdock.edge.cli.answer import AsJson, answer, ask, table
from crossdock.edge.cli.hub import Hub
from crossdock.edge.cli.order_word import Saying, say_word
from crossdock.edge.cli.which_order import OrderName, WhoseOrder, the_story
from crossdock.edge.order_answers import answer_hold
from crossdock.edge.overriding import override, undo_override
from crossdock.edge.replaying import Compared, Planned, compared
from crossdock.edge.resending import resend
from crossdock.kit.errors import UsageError
from crossdock.model.answer import Word
from crossdock.store.reads.order import Header

order_changes = typer.Typer()

Why = Annotated[str, typer.Option(help="Why, for whoever comes next.")]


@order_changes.command("replay")
def replay_order(
    ctx: typer.Context,
    name: OrderName,
    connection: WhoseOrder = None,
    do: Annotated[bool, typer.Option("--do", help="Then have it done.")] = False,
    as_json: AsJson = False,
) -> None:
    """Decide an order anew by today's rules, beside what was asked for it. Does nothing without --do."""

    async def work(hub: Hub) -> tuple[Header, Sequence[Planned], Sequence[Compared]]:
        async with hub.database.begin() as tx:
            order = (await the_story(tx, name, connection)).order
        found = await hub.replay(order.connection, order.order_id)
        specs = await hub.fields_of(order.connection)
        if do:
            async with hub.database.begin() as tx:
                await look_at_order(tx, hub.actor, order.connection, order.order_id)
        return order, found.plans, compared(found, specs)

    order, plans, requests = ask(ctx, work)
    document = {"order": order.name, "plans": plans, "requests": requests, "done": do}
    answer(document, as_json, lambda console: _show(console, order, plans, requests, do=do))


@order_changes.command("resend")
def resend_request(
    ctx: typer.Context,
    name: OrderName,
    connection: WhoseOrder = None,
    request: Annotated[str | None, typer.Option(help="Which request of it, by name (#1001-2), of several.")] = None,
    as_json: AsJson = False,
) -> None:
    """Have the backend asked again for a request that it may have lost; it is sent only where it is not there."""

    async def work(hub: Hub) -> dict[str, str | None]:
        async with hub.database.begin() as tx:
            told = await the_story(tx, name, connection)
            asked = await resend(tx, hub.actor, told, request)
        return {
            "connection": told.order.connection,
            "order": told.order.name,
            "request": asked.name,
            "reference": asked.reference,
        }

    done = ask(ctx, work)
    line = (
        f"The backend is asked whether it has {done['request']} ({done['reference']}), and for it where it has not. "
        f"No worker runs? crossdock sync {done['connection']}"
    )
    answer(done, as_json, lambda console: console.print(line, markup=False))


@order_changes.command("set")
def set_fields(
    ctx: typer.Context,
    name: OrderName,
    wanted: Annotated[list[str], typer.Argument(metavar="FIELD=VALUE…", help="Like ship_to.zip=10115 or phone=.")],
    why: Why,
    connection: WhoseOrder = None,
    as_json: AsJson = False,
) -> None:
    """Say in fields of an order's requests something in the place of Shopify or of a mapping, and retry it."""
    given = dict(_pair(one) for one in wanted)

    async def work(hub: Hub) -> tuple[Header, dict[str, str]]:
        async with hub.database.begin() as tx:
            told = await the_story(tx, name, connection)
        specs = await hub.fields_of(told.order.connection)
        async with hub.database.begin() as tx:
            return told.order, dict(await override(tx, hub.actor, told, given, why, specs))

    order, kept = ask(ctx, work)
    document = {"connection": order.connection, "order": order.name, "fields": kept}
    line = f"Set: {', '.join(kept)}. No worker runs? crossdock sync {order.connection}"
    answer(document, as_json, lambda console: console.print(line, markup=False))


@order_changes.command("unset")
def unset_fields(
    ctx: typer.Context,
    name: OrderName,
    fields: Annotated[list[str], typer.Argument(metavar="FIELD…", help="Like ship_to.zip.")],
    connection: WhoseOrder = None,
    as_json: AsJson = False,
) -> None:
    """Let Shopify and the mapping say again what stands in fields that a person set, and retry the order."""

    async def work(hub: Hub) -> tuple[Header, Sequence[str]]:
        async with hub.database.begin() as tx:
            told = await the_story(tx, name, connection)
        specs = await hub.fields_of(told.order.connection)
        async with hub.database.begin() as tx:
            return told.order, await undo_override(tx, hub.actor, told, fields, specs)

    order, undone = ask(ctx, work)
    document = {"connection": order.connection, "order": order.name, "fields": undone}
    line = f"Undone: {', '.join(undone)}. No worker runs? crossdock sync {order.connection}"
    answer(document, as_json, lambda console: console.print(line, markup=False))


@order_changes.command("leave")
def leave_order(
    ctx: typer.Context,
    name: OrderName,
    connection: WhoseOrder = None,
    as_json: AsJson = False,
) -> None:
    """Leave a changed order as the warehouse has it: answers a hold that names changes which came too late."""
    say_word(ctx, name, connection, _says(Word.LEAVE), "left", "Left as the warehouse has it", as_json)


@order_changes.command("follow-up")
def follow_up_order(
    ctx: typer.Context,
    name: OrderName,
    connection: WhoseOrder = None,
    as_json: AsJson = False,
) -> None:
    """Do what is left to do about a change that came after the goods had left: expect them back, or send more."""
    say_word(ctx, name, connection, _says(Word.FOLLOW_UP), "followed_up", "To be followed up", as_json)


@order_changes.command("as-assigned")
def tell_as_assigned(
    ctx: typer.Context,
    name: OrderName,
    connection: WhoseOrder = None,
    as_json: AsJson = False,
) -> None:
    """Tell Shopify of packages that left from elsewhere as if they had left from where it has their goods."""
    say_word(
        ctx, name, connection, _says(Word.AS_ASSIGNED), "as_assigned", "Ships from where Shopify has the goods", as_json
    )


@order_changes.command("cancel")
def cancel_order(
    ctx: typer.Context,
    name: OrderName,
    connection: WhoseOrder = None,
    as_json: AsJson = False,
) -> None:
    """Cancel on Shopify what the warehouse does not ship: the order, or the units that are missing of it."""
    say_word(ctx, name, connection, _says(Word.CANCEL), "cancelled", "To be cancelled on Shopify", as_json)


@order_changes.command("release")
def release_order(
    ctx: typer.Context,
    name: OrderName,
    connection: WhoseOrder = None,
    as_json: AsJson = False,
) -> None:
    """Let an order go as it is, though a rule of the connection finds that it lacks something."""
    say_word(ctx, name, connection, _says(Word.RELEASE), "released", "Let go as it is", as_json)


@order_changes.command("retry")
def retry_order(ctx: typer.Context, name: OrderName, connection: WhoseOrder = None, as_json: AsJson = False) -> None:
    """Have all flows of an order look at it again. A worker does so within seconds."""

    async def work(hub: Hub) -> Header:
        async with hub.database.begin() as tx:
            order = (await the_story(tx, name, connection)).order
            await look_at_order(tx, hub.actor, order.connection, order.order_id)
            return order

    order = ask(ctx, work)
    document = {"connection": order.connection, "order": order.name, "marked": True}
    line = f"{order.name} is looked at again. No worker runs? crossdock sync {order.connection}"
    answer(document, as_json, lambda console: console.print(line, markup=False))


def _says(word: Word) -> Saying:
    """Say a word to the hold of an order."""
    return partial(answer_hold, word=word)


def _pair(text: str) -> tuple[str, str]:
    field, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"{text} says nothing. Write FIELD=VALUE, like ship_to.zip=10115; FIELD= for nothing.")
    return field.strip(), value


def _show(console: Console, order: Header, plans: Sequence[Planned], requests: Sequence[Compared], *, do: bool) -> None:
    for plan in plans:
        console.print(f"{order.name} ({plan.flow})", style="bold", markup=False)
        for sentence in plan.would:
            console.print(f"  would: {sentence}", markup=False)
        if plan.hold is not None:
            console.print(f"  held: {plan.hold.detail} {plan.hold.remedy}", markup=False)
        if plan.wait is not None:
            console.print(f"  then wait: {plan.wait.why}", markup=False)
        if not plan.would and plan.hold is None and plan.wait is None:
            console.print("  would do nothing")
        for note in plan.notes:
            console.print(f"  note: {note}", style="dim", markup=False)
    for one in requests:
        console.print(f"\n{one.name}", style="bold", markup=False)
        rows = [(row.title, row.before, row.after, row.who.value) for row in one.differs]
        console.print(table(("Field", "As asked", "As it would be", "By"), rows, empty="As it was asked."))
    if do:
        console.print(f"It is looked at again. No worker runs? crossdock sync {order.connection}", markup=False)
