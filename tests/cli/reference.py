"""
The reference of the command line, made of the commands themselves; `docs/reference/cli.md` is its output.

    python -m tests.cli.reference > docs/reference/cli.md
"""

import sys
from collections.abc import Iterator, Mapping
from typing import Any

import typer

from crossdock.app.main import PARTS, command_line

EXAMPLES: Mapping[str, str] = {
    "demo": "crossdock demo --orders 50 --seed 7 --keep",
    "serve": "crossdock serve --port 8700 --public-url https://hub.example",
    "web": "crossdock web --host 127.0.0.1 --port 8700",
    "worker": "crossdock worker --concurrency 8",
    "backup": "crossdock backup /backups/crossdock-2026-07-01.dump",
    "restore": "crossdock restore /backups/crossdock-2026-07-01.dump",
    "store add": "crossdock store add acme.myshopify.com",
    "store list": "crossdock store list",
    "store pause": "crossdock store pause acme.myshopify.com --reason 'Stocktaking until noon.'",
    "store resume": "crossdock store resume acme.myshopify.com",
    "connect": "crossdock connect acme.myshopify.com builtin --orders-from 2026-07-01",
    "connections": "crossdock connections --json",
    "map-location": "crossdock map-location acme 'Shop location' MAIN",
    "unmap-location": "crossdock unmap-location acme 'Shop location' MAIN",
    "rules": "crossdock rules acme --set inventory.buffer=2 --set inventory.window=10s",
    "shadow on": "crossdock shadow on acme",
    "shadow off": "crossdock shadow off acme",
    "shadow report": "crossdock shadow report acme",
    "prepare": "crossdock prepare acme --do",
    "mappings show": "crossdock mappings show acme",
    "mappings preview": "crossdock mappings preview acme '#1001' --file mapping.toml",
    "mappings diff": "crossdock mappings diff acme mapping.toml --last 500",
    "mappings save": "crossdock mappings save acme mapping.toml --note 'Terms by tag'",
    "mappings rollback": "crossdock mappings rollback acme 3",
    "config export": "crossdock config export",
    "config diff": "crossdock config diff crossdock.toml",
    "config apply": "crossdock config apply crossdock.toml --yes",
    "config clone": "crossdock config clone acme beta",
    "retention show": "crossdock retention show",
    "retention set": "crossdock retention set inbox 14",
    "retention run": "crossdock retention run",
    "users add": "crossdock users add ada@example.com 'Ada Lovelace' --role admin",
    "users list": "crossdock users list",
    "users role": "crossdock users role grace@example.com operator",
    "users password": "crossdock users password grace@example.com --link",
    "users log-out": "crossdock users log-out grace@example.com",
    "users disable": "crossdock users disable grace@example.com",
    "users enable": "crossdock users enable grace@example.com",
    "tokens add": "crossdock tokens add prometheus --scope metrics --days 365",
    "tokens list": "crossdock tokens list",
    "tokens revoke": "crossdock tokens revoke prometheus",
    "channels email": "crossdock channels email ops --host smtp.example --sender hub@acme.example --to me@acme.example",
    "channels webhook": "crossdock channels webhook pager https://pager.example/crossdock",
    "channels slack": "crossdock channels slack chat --url-stdin",
    "channels list": "crossdock channels list",
    "channels on": "crossdock channels on pager",
    "channels off": "crossdock channels off pager",
    "channels test": "crossdock channels test pager",
    "channels remove": "crossdock channels remove pager",
    "alerts add": "crossdock alerts add 'Orders held' holds --channel ops --from 5 --quiet '22:00-07:00 Europe/Berlin'",
    "alerts list": "crossdock alerts list",
    "alerts test": "crossdock alerts test 'Orders held'",
    "alerts remove": "crossdock alerts remove 'Orders held'",
    "alerts log": "crossdock alerts log --limit 20",
    "secrets status": "crossdock secrets status",
    "secrets rotate": "crossdock secrets rotate",
    "secrets key": "crossdock secrets key",
    "routing explain": "crossdock routing explain acme '#1001'",
    "routing replay": "crossdock routing replay acme --last 100 --rules routing.toml",
    "audit": "crossdock audit --by ada --limit 20",
    "doctor": "crossdock doctor",
    "overview": "crossdock overview",
    "orders list": "crossdock orders list --search 1Z999 --placed week --limit 20",
    "orders show": "crossdock orders show '#1001'",
    "orders leave": "crossdock orders leave '#1001'",
    "orders follow-up": "crossdock orders follow-up '#1001'",
    "orders as-assigned": "crossdock orders as-assigned '#1001'",
    "orders cancel": "crossdock orders cancel '#1001'",
    "orders approve-refund": "crossdock orders approve-refund '#1001'",
    "orders decline-refund": "crossdock orders decline-refund '#1001'",
    "orders booked": "crossdock orders booked '#1001'",
    "orders release": "crossdock orders release '#1001'",
    "orders retry": "crossdock orders retry '#1001'",
    "orders replay": "crossdock orders replay '#1001' --do",
    "orders resend": "crossdock orders resend '#1001' --request '#1001-2'",
    "orders set": "crossdock orders set '#1001' ship_to.zip=10115 phone= --why 'The customer rang.'",
    "orders unset": "crossdock orders unset '#1001' ship_to.zip phone",
    "holds": "crossdock holds --connection acme",
    "retry": "crossdock retry acme --cause field_missing",
    "proof": "crossdock proof --connection acme",
    "reconcile": "crossdock reconcile acme --repair",
    "assign": "crossdock assign acme --to ada@example.com --cause item_missing",
    "snooze": "crossdock snooze acme --for 48h --order '#1001'",
    "resolve": "crossdock resolve acme --note 'Sent by hand.' --order '#1001'",
    "reopen": "crossdock reopen acme --order '#1001'",
    "catalog list": "crossdock catalog list acme --show unlinked --search mug",
    "catalog suggest": "crossdock catalog suggest acme",
    "catalog link": "crossdock catalog link acme 44012345678901 MUG-01",
    "catalog unlink": "crossdock catalog unlink acme 44012345678901 44012345678902",
    "catalog match": "crossdock catalog match acme 44012345678901",
    "catalog confirm": "crossdock catalog confirm acme",
    "catalog import": "crossdock catalog import acme links.csv --bad bad-rows.csv",
    "catalog duplicates": "crossdock catalog duplicates",
    "stock list": "crossdock stock list --show below_zero",
    "stock history": "crossdock stock history acme MUG-01",
    "stock show": "crossdock stock show acme MUG-01",
    "stock drift": "crossdock stock drift acme",
    "stock accept": "crossdock stock accept acme MUG-01",
    "stock revert": "crossdock stock revert acme MUG-01",
    "stock approve": "crossdock stock approve acme --for 30min",
    "stock mode": "crossdock stock mode acme delta --repair --yes",
    "sync": "crossdock sync acme --order '#1001'",
    "plan": "crossdock plan acme orders '#1001' --json",
    "privacy requests": "crossdock privacy requests",
    "privacy export": "crossdock privacy export 3 --out customer.json",
    "privacy erase": "crossdock privacy erase acme.myshopify.com --customer 7001 --email ada@example.com",
    "privacy done": "crossdock privacy done 3 --note 'Sent by post.'",
    "warehouse add": "crossdock warehouse add MAIN 'Main warehouse'",
    "warehouse list": "crossdock warehouse list",
    "warehouse items add": "crossdock warehouse items add MUG 'Enamel mug' --sku MUG-01 --barcode 4000000000017",
    "warehouse items list": "crossdock warehouse items list",
    "warehouse kits set": "crossdock warehouse kits set GIFT-SET MUG=2 LAMP=1",
    "warehouse kits list": "crossdock warehouse kits list",
    "warehouse kits drop": "crossdock warehouse kits drop GIFT-SET",
    "warehouse receive": "crossdock warehouse receive MUG MAIN 40 --note 'Delivery 17'",
    "warehouse count": "crossdock warehouse count MUG MAIN 38",
    "warehouse adjust": "crossdock warehouse adjust MUG MAIN -2 --note broken",
    "warehouse transfer": "crossdock warehouse transfer MUG MAIN ANNEX 10",
    "warehouse stock": "crossdock warehouse stock MUG",
    "warehouse ledger": "crossdock warehouse ledger MUG --limit 20",
    "warehouse orders": "crossdock warehouse orders --state not_released",
    "warehouse order": "crossdock warehouse order SO-000001",
    "warehouse release": "crossdock warehouse release SO-000001",
    "warehouse pick": "crossdock warehouse pick SO-000001 --units MUG=2",
    "warehouse pack": "crossdock warehouse pack SO-000001 --box MUG=2,LAMP=1 --box MUG=1",
    "warehouse hold": 'crossdock warehouse hold SO-000001 "The address is a hotel without a room number."',
    "warehouse resume": "crossdock warehouse resume SO-000001",
    "warehouse ship": "crossdock warehouse ship SO-000001 --package SO-000001-1 --carrier UPS --tracking 1Z999",
    "warehouse track": "crossdock warehouse track SO-000001 SO-000001-1 --carrier UPS --tracking 1Z999",
    "warehouse ship-from": "crossdock warehouse ship-from SO-000001 ANNEX --units MUG=1 --carrier UPS --tracking 1Z999",
    "warehouse take-back": "crossdock warehouse take-back SO-000001 SO-000001-1",
    "warehouse returns list": "crossdock warehouse returns list --limit 20",
    "warehouse returns receive": "crossdock warehouse returns receive RMA-000001 MUG=2 --as restock",
    "warehouse returns inspect": "crossdock warehouse returns inspect RMA-000001 scrap MUG=1",
    "warehouse returns track": "crossdock warehouse returns track RMA-000001 00340434161094042557 --carrier DHL",
    "warehouse credits": "crossdock warehouse credits",
    "warehouse ask-refund": "crossdock warehouse ask-refund SO-000001 12.50 --reason 'Dented'",
    "warehouse refunds": "crossdock warehouse refunds",
    "warehouse returns close": "crossdock warehouse returns close RMA-000001",
    "warehouse report": "crossdock warehouse report SO-000001 SO-000001-1 delivered",
    "warehouse short-ship": "crossdock warehouse short-ship SO-000001 --units MUG=1",
    "warehouse cancel": "crossdock warehouse cancel SO-000001",
}

HEAD = """\
# The command line

<!-- Made by `python -m tests.cli.reference > docs/reference/cli.md`; a test proves that it fits the commands. -->

Every command takes `--json`: it then prints one JSON document on stdout and nothing else, and `{"error": "…"}` where
it fails. Times are UTC. What a person should know beside the answer goes to stderr. `crossdock COMMAND --help` says
the same as this page.

| Exit code | Meaning |
| --- | --- |
| 0 | Done. |
| 1 | It could not be done, or a check failed; one sentence says what happened and what to do next. |
| 2 | The command line was misspelt. |
| 130 | Ctrl-C. |

Before the command stand the options of the installation:

| Option | Meaning |
| --- | --- |
"""


def everything() -> Any:
    """Return the whole command line, every command for real."""
    return typer.main.get_command(command_line([name for part in PARTS for name in part.commands]))


def commands(group: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every command that does something, by the words that call it."""
    for name, command in group.commands.items():
        words = f"{path} {name}".strip()
        if hasattr(command, "commands"):
            yield from commands(command, words)
        else:
            yield words, command


def reference() -> str:
    """Return the whole reference as Markdown."""
    root = everything()
    found = dict(commands(root))
    pages = [HEAD + "\n".join(_options(root)) + "\n"]
    for part in PARTS:
        for words, command in found.items():
            if words.split(" ")[0] in part.commands:
                pages.append(_page(words, command))
    return "\n".join(pages)


def _page(words: str, command: Any) -> str:
    arguments = " ".join(
        (parameter.metavar or parameter.name.upper()) if parameter.required else f"[{_name(parameter)}]"
        for parameter in command.params
        if parameter.param_type_name == "argument"
    )
    lines = [f"## crossdock {words}", "", " ".join(command.help.split()), "", "```sh", EXAMPLES[words], "```", ""]
    if arguments:
        lines += [f"`crossdock {words} {arguments}`", ""]
    options = _options(command)
    if options:
        lines += ["| Argument or option | Meaning |", "| --- | --- |", *options, ""]
    return "\n".join(lines)


def _options(command: Any) -> list[str]:
    rows = []
    for parameter in command.params:
        if parameter.name in {"help", "as_json"}:
            continue
        default = parameter.default
        shown = "" if default in (None, False, (), []) or callable(default) else f" Default: `{default}`."
        help_ = parameter.help.rstrip(".").replace("|", "\\|")
        rows.append(f"| `{_name(parameter)}` | {help_}.{shown} |")
    return rows


def _name(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name.upper())
    return ", ".join(parameter.opts)


if __name__ == "__main__":
    sys.stdout.write(reference())
