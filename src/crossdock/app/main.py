"""
The command `crossdock`: all commands composed, and what a person sees when one of them fails.

Only the modules that the command line names are imported: loading all of them takes seconds, and `--help` should not.
"""

import importlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import Abort, TyperException

from crossdock.app.installation import LazyInstallation
from crossdock.kit.errors import HubError

DEBUG_VARIABLE = "CROSSDOCK_DEBUG"


@dataclass(frozen=True, slots=True)
class Part:
    """A module with an `app` of commands, what `crossdock --help` says of each, and under which heading."""

    module: str
    heading: str
    commands: Mapping[str, str]


RUN, SET_UP, LOOK, WORK = "Run", "Set up", "Look", "Work"

PARTS = (
    Part(
        "crossdock.app.processes",
        RUN,
        {
            "demo": "Play a day between a stand-in shop and the built-in warehouse, and compare both sides at the end.",
            "serve": "Run everything in this process: database, webhooks, pages and worker.",
            "web": "Run the web process only.",
            "worker": "Run a worker only.",
        },
    ),
    Part(
        "crossdock.app.backup",
        RUN,
        {
            "backup": "Write the whole database into a file, as of this moment, beside the running hub.",
            "restore": "Read a backup into an empty database.",
        },
    ),
    Part("crossdock.edge.cli.stores", SET_UP, {"store": "Add, list, pause and resume stores."}),
    Part(
        "crossdock.edge.cli.connections",
        SET_UP,
        {
            "connect": "Tie a store to a backend, all flows on.",
            "connections": "List the connections.",
            "map-location": "Let a warehouse serve a location.",
            "unmap-location": "Take a warehouse away from a location.",
        },
    ),
    Part("crossdock.edge.cli.rules", SET_UP, {"rules": "Show the rules of a connection, or change them."}),
    Part(
        "crossdock.edge.cli.shadow",
        SET_UP,
        {"shadow": "Let a connection only say what it would write, and report it."},
    ),
    Part(
        "crossdock.edge.cli.mappings",
        SET_UP,
        {"mappings": "Say what goes into a backend's own fields, by expressions."},
    ),
    Part("crossdock.edge.cli.config", SET_UP, {"config": "Keep, compare and apply what is set, as a file."}),
    Part("crossdock.edge.cli.users", SET_UP, {"users": "Say who may log in at the portal, in which role."}),
    Part("crossdock.edge.cli.tokens", SET_UP, {"tokens": "Say what programs may do, by tokens."}),
    Part("crossdock.edge.cli.channels", SET_UP, {"channels": "Say by which ways alerts go out."}),
    Part(
        "crossdock.edge.cli.alerts",
        SET_UP,
        {"alerts": "Say what people are told of, and see what became of it."},
    ),
    Part("crossdock.edge.cli.secrets", SET_UP, {"secrets": "Seal all credentials anew, under another key."}),
    Part("crossdock.edge.cli.retention", SET_UP, {"retention": "Say how long things are kept."}),
    Part("crossdock.edge.cli.doctor", SET_UP, {"doctor": "Check the installation and both sides of every connection."}),
    Part(
        "crossdock.edge.cli.overview",
        LOOK,
        {"overview": "Say what needs a person, how complete each flow is, what waits, and how long each stage takes."},
    ),
    Part("crossdock.edge.cli.orders", LOOK, {"orders": "List orders, tell one order's story, and act on it."}),
    Part(
        "crossdock.edge.cli.holds",
        LOOK,
        {
            "holds": "List what is held, by cause, with what to do about each.",
            "retry": "Have what is held looked at again.",
        },
    ),
    Part(
        "crossdock.edge.cli.hold_care",
        WORK,
        {
            "assign": "Make what is held somebody's task.",
            "snooze": "Let what is held rest for a while.",
            "resolve": "Say that what is held is done with.",
            "reopen": "Let what was snoozed or resolved wait for a person again.",
        },
    ),
    Part(
        "crossdock.edge.cli.proof",
        LOOK,
        {
            "proof": "Say up to when nothing was lost, by connection and flow; which webhooks fell silent; and what "
            "differs.",
            "reconcile": "Compare both sides: orders, packages and stock, each difference named.",
        },
    ),
    Part("crossdock.edge.cli.routing", LOOK, {"routing": "Say why orders ship from where they do."}),
    Part("crossdock.edge.cli.audit", LOOK, {"audit": "Say who changed what, newest first."}),
    Part(
        "crossdock.edge.cli.catalog", LOOK, {"catalog": "See which variants are linked to which items, and link them."}
    ),
    Part("crossdock.edge.cli.stock", LOOK, {"stock": "Say why stock is what it is, and decide where Shopify differs."}),
    Part(
        "crossdock.edge.cli.sync",
        WORK,
        {
            "sync": "Ask both sides what changed and look at all that is due, in this process.",
            "plan": "Say what would be done now, and do nothing.",
            "prepare": "Say what would be linked, sent, published and held now; with --do, do it.",
        },
    ),
    Part("crossdock.edge.cli.privacy", WORK, {"privacy": "Tell and forget what is held of customers."}),
    Part("crossdock.app.warehouse", WORK, {"warehouse": "Work in the built-in warehouse."}),
)


def main() -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """
    Run one command line and return its exit code: 0, 1 where it failed, 2 where it was misspelt, 130 on Ctrl-C.

    What went wrong is one sentence on stderr, or `{"error": …}` on stdout with `--json`; never a traceback, unless
    CROSSDOCK_DEBUG=1 asks for one.
    """
    as_json = "--json" in arguments
    try:
        command = typer.main.get_command(command_line(arguments))
        code = command.main(args=list(arguments), prog_name="crossdock", standalone_mode=False)
        sys.stdout.flush()
    except HubError as error:
        return _complain(str(error), as_json, error)
    except TyperException as error:
        return _misspelt(error, as_json)
    except (Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        # Whoever read our output has seen enough; the interpreter's own flush at exit must not complain about it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001 - a mistake of ours is no reason to show a person a traceback
        kind = type(error).__name__
        return _complain(
            f"This is a mistake in Crossdock ({kind}). Run it again with {DEBUG_VARIABLE}=1 and report what it prints.",
            as_json,
            error,
        )
    return code if isinstance(code, int) else 0


def command_line(named: Sequence[str]) -> typer.Typer:
    """Return the commands: those that `named` holds for real, the others as lines of the help."""
    app = typer.Typer(
        help="Keeps Shopify stores and the systems that hold the goods in agreement.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
    )
    app.callback()(_global_options)
    for part in PARTS:
        if part.commands.keys() & set(named):
            app.add_typer(importlib.import_module(part.module).app)
        else:
            for name, line in part.commands.items():
                app.command(name, help=line, rich_help_panel=part.heading)(_stands_for_itself)
    return app


def _stands_for_itself() -> None:
    """Never run: a command that is named is there for real."""


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"crossdock {version('crossdock')}")
        raise typer.Exit


def _global_options(
    ctx: typer.Context,
    data: Annotated[
        Path | None,
        typer.Option(
            envvar="CROSSDOCK_DATA",
            help="Where the embedded database, its key and its log live; else crossdock-data.",
        ),
    ] = None,
    database_url: Annotated[
        str | None,
        typer.Option(
            envvar="DATABASE_URL", show_envvar=True, help="A PostgreSQL 15 or newer in place of the embedded one."
        ),
    ] = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """Keep Shopify stores and the systems that hold the goods in agreement."""
    ctx.obj = LazyInstallation(data, database_url)


def _complain(sentence: str, as_json: bool, error: Exception) -> int:
    if os.environ.get(DEBUG_VARIABLE) == "1":
        sys.excepthook(type(error), error, error.__traceback__)
    if as_json:
        _print_error(sentence)
    else:
        typer.secho(sentence, fg="red", err=True)
    return 1


def _misspelt(error: TyperException, as_json: bool) -> int:
    if as_json:
        _print_error(error.format_message())
    else:
        show = getattr(error, "show", None)
        if show is not None:
            show()
    return error.exit_code


def _print_error(sentence: str) -> None:
    sys.stdout.write(json.dumps({"error": sentence}, ensure_ascii=False) + "\n")
