"""`/api/rules`: by which rules a connection works, what each means, and setting them, for a program."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from crossdock.edge.api.answering import json_of
from crossdock.edge.api.named import Connection, refuse_nul
from crossdock.edge.desk import TheDesk
from crossdock.edge.rule_changes import change_rules
from crossdock.edge.rule_guide import RULE_GUIDE
from crossdock.edge.rule_texts import choices, document_of, rule_texts
from crossdock.edge.visitors import Admin
from crossdock.edge.written_rules import refuse_other_mode, with_document, with_settings
from crossdock.model.connection import Rules
from crossdock.model.names import ConnectionId
from crossdock.store import connections

router = APIRouter(prefix="/api/rules/{connection}", tags=["set-up"])


@dataclass(frozen=True, slots=True)
class RuleGuide:
    """
    What is to be known of one rule.

    Its `text` as it is, and as it usually is; what it means; the texts that it may be, where they are few.
    """

    text: str
    usual: str
    meaning: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RulesShown:
    """The rules of a connection: as a document, and each by its name (`inventory.buffer`) with its guide."""

    connection: ConnectionId
    rules: Rules
    guide: Mapping[str, RuleGuide]


@dataclass(frozen=True, slots=True)
class RulesSet:
    """The rules from now on, and how many items and held orders are looked at again for it."""

    connection: ConnectionId
    rules: Rules
    items: int
    orders: int


class Change(BaseModel):
    """What is to be set; the rest stays as it is."""

    model_config = ConfigDict(extra="forbid")

    rules: Mapping[str, object] = Field(default={}, description="A document, as GET answers it; parts of it will do.")
    set: Mapping[str, str] = Field(default={}, description="Texts by the rule's name, as `crossdock rules --set`.")


@router.get("", response_model=RulesShown)
async def show(desk: TheDesk, visitor: Admin, connection: Connection) -> JSONResponse:  # noqa: ARG001 - who may is asked
    """Return the rules in force, each with what it means."""
    async with desk.database.begin() as tx:
        found = await connections.get(tx, ConnectionId(connection))
    usual, chosen = rule_texts(Rules()), choices(found.rules)
    guide = {
        name: RuleGuide(text, usual[name], RULE_GUIDE[name], chosen.get(name, ()))
        for name, text in rule_texts(found.rules).items()
    }
    return json_of({"connection": found.id, "rules": document_of(found.rules), "guide": guide})


@router.post("", response_model=RulesSet)
async def keep(desk: TheDesk, visitor: Admin, connection: Connection, wanted: Change) -> JSONResponse:
    """Set rules, all that are named or none. `inventory.mode` is changed by `crossdock stock mode` alone."""
    refuse_nul(wanted.model_dump())
    id_ = ConnectionId(connection)

    def change(before: Rules) -> Rules:
        after = with_document(before, wanted.rules)
        after = with_settings(after, [f"{name}={text}" for name, text in wanted.set.items()])
        refuse_other_mode(id_, before, after)
        return after

    async with desk.database.begin() as tx:
        done = await change_rules(tx, visitor.actor, id_, change)
    return json_of({"connection": id_, "rules": document_of(done.after), "items": done.items, "orders": done.orders})
