"""`crossdock users …`: who may log in at the portal, in which role."""

import sys
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer
from rich.console import Console

from crossdock.edge import user_changes
from crossdock.edge.cli.answer import AsJson, answer, ask, moment, table
from crossdock.edge.cli.hub import Hub
from crossdock.kit.errors import UsageError
from crossdock.model.people import Actor, Role
from crossdock.store import users as kept
from crossdock.store.database import Tx
from crossdock.store.users import User

app = typer.Typer()
users = typer.Typer(help="Say who may log in at the portal, in which role.", no_args_is_help=True)
app.add_typer(users, name="users")

Email = Annotated[str, typer.Argument(help="The e-mail address by which they log in.")]
ByLink = Annotated[bool, typer.Option("--link", help="Print a link by which they choose it themselves, once.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from stdin, for scripts.")]


@users.command("add")
def add(
    ctx: typer.Context,
    email: Email,
    name: Annotated[str, typer.Argument(help="What people call them.")],
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.VIEWER,
    link: ByLink = False,
    password_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Add a user. You are asked for a password, which is never an argument: those can be read by others."""
    password = None if link else _password(from_stdin=password_stdin)

    async def work(hub: Hub) -> tuple[User, str | None]:
        async with hub.database.begin() as tx:
            added = await user_changes.add_user(tx, hub.actor, name, email, role, password)
            return added, await _link(tx, hub, added) if link else None

    added, address = ask(ctx, work)
    _tell(added, f"{added.email} is added as {added.role}.", address, as_json)


@users.command("list")
def list_users(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List the users."""

    async def work(hub: Hub) -> list[User]:
        async with hub.database.begin() as tx:
            return list(await kept.listed(tx))

    found = ask(ctx, work)
    shown = table(
        ("E-mail", "Name", "Role", "Password", "Added", "State"),
        [
            (
                one.email,
                one.name,
                one.role,
                "chosen" if one.password else "none yet",
                moment(one.added_at),
                f"disabled since {moment(one.disabled_at)}" if one.disabled_at else "works",
            )
            for one in found
        ],
        empty="There is no user yet. Add the first: crossdock users add EMAIL NAME --role admin.",
    )
    answer(found, as_json, lambda console: console.print(shown))


@users.command("role")
def role(
    ctx: typer.Context,
    email: Email,
    role: Annotated[Role, typer.Argument(metavar="ROLE", help="viewer, operator or admin.")],
    as_json: AsJson = False,
) -> None:
    """Give a user another role. It counts from their next click."""

    async def change(tx: Tx, by: Actor, user: User) -> None:
        await user_changes.set_role(tx, by, user, role)

    changed, _ = _change(ctx, email, change)
    _tell(changed, f"{changed.email} is {changed.role} now.", None, as_json)


@users.command("password")
def password(
    ctx: typer.Context,
    email: Email,
    link: ByLink = False,
    password_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Give a user another password, which logs them out everywhere."""
    typed = None if link else _password(from_stdin=password_stdin)

    async def change(tx: Tx, by: Actor, user: User) -> None:
        if typed is not None:
            await user_changes.set_password(tx, by, user, typed)

    changed, address = _change(ctx, email, change, link=link)
    line = f"{changed.email} can choose another password." if link else f"{changed.email} has another password."
    _tell(changed, line, address, as_json)


@users.command("disable")
def disable(ctx: typer.Context, email: Email, as_json: AsJson = False) -> None:
    """Let a user in no longer; what they did stays in the audit trail."""
    changed, _ = _change(ctx, email, user_changes.disable)
    _tell(changed, f"{changed.email} is let in no longer.", None, as_json)


@users.command("log-out")
def log_out(ctx: typer.Context, email: Email, as_json: AsJson = False) -> None:
    """End all sessions of a user, who may log in again: for a lost laptop, say."""

    async def change(tx: Tx, by: Actor, user: User) -> None:
        await user_changes.log_out(tx, by, user)

    changed, _ = _change(ctx, email, change)
    _tell(changed, f"{changed.email} is logged out everywhere.", None, as_json)


@users.command("enable")
def enable(ctx: typer.Context, email: Email, as_json: AsJson = False) -> None:
    """Let a disabled user in again."""
    changed, _ = _change(ctx, email, user_changes.enable)
    _tell(changed, f"{changed.email} is let in again.", None, as_json)


def _change(
    ctx: typer.Context,
    email: str,
    change: Callable[[Tx, Actor, User], Awaitable[None]],
    *,
    link: bool = False,
) -> tuple[User, str | None]:
    async def work(hub: Hub) -> tuple[User, str | None]:
        async with hub.database.begin() as tx:
            user = await kept.named(tx, email)
            await change(tx, hub.actor, user)
            return await kept.get(tx, user.id), await _link(tx, hub, user) if link else None

    return ask(ctx, work)


async def _link(tx: Tx, hub: Hub, user: User) -> str:
    return user_changes.welcome_link(hub.portal_url, await user_changes.make_link(tx, hub.actor, user))


def _tell(user: User, line: str, link: str | None, as_json: bool) -> None:
    def show(console: Console) -> None:
        console.print(line, markup=False)
        if link is not None:
            console.print("Give them this link. It works once, within two days:", markup=False)
            console.print(f"  {link}", markup=False, soft_wrap=True)

    answer({"user": user, "link": link}, as_json, show)


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise UsageError("A password is missing. Give it with --password-stdin, or say --link to let them choose one.")
    typed: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return typed
