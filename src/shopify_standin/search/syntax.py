r"""
Read a search query into a tree: terms, AND, OR, NOT, parentheses (Shopify docs, search syntax).

Terms stand side by side for AND. `field:value`, `field:>value`, `field:value*`, `field:*`, quotes of both kinds,
`-term` and `NOT term` for negation, `\` before a character that is meant as it stands.
"""

import re
from dataclasses import dataclass

from shopify_standin.errors import JsonObject

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<paren>[()])
      | (?P<minus>-)(?=[\w"'(])
      | (?P<field>[A-Za-z_][\w.\-]*):\s*(?P<op>>=|<=|>|<|=)?\s*
          (?:"(?P<fdq>(?:\\.|[^"\\])*)"|'(?P<fsq>(?:\\.|[^'\\])*)'|(?P<fword>(?:\\.|[^\s()])*))
      | "(?P<dq>(?:\\.|[^"\\])*)"
      | '(?P<sq>(?:\\.|[^'\\])*)'
      | (?P<word>(?:\\.|[^\s()])+)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Term:
    """One condition; `field` None means the default fields, `op` is one of `:` `<` `<=` `>` `>=`."""

    field: str | None
    op: str
    value: str
    quoted: bool = False

    def parsed(self) -> JsonObject:
        """As `extensions.search[].parsed` shows it (recorded 2025-01)."""
        keys = {"<": "range_lt", "<=": "range_lte", ">": "range_gt", ">=": "range_gte"}
        key = keys.get(self.op) or ("match_phrase" if self.quoted else "match_all")
        return {"field": self.field or "default", key: self.value}


@dataclass(frozen=True, slots=True)
class All:
    """Every part must hold."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part must hold."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part must not hold."""

    part: "Tree"


Tree = Term | All | Some | Not


def parse_search(text: str) -> Tree | None:
    """The tree of a query, or None for an empty one; unbalanced parentheses are forgiven."""
    tokens = list(_TOKEN.finditer(text))
    tree, _ = _some(tokens, 0)
    return tree


def parsed_form(tree: Tree) -> JsonObject:
    """A tree as `extensions.search[].parsed` shows it."""
    match tree:
        case Term():
            return tree.parsed()
        case All(parts):
            return {"and": [parsed_form(part) for part in parts]}
        case Some(parts):
            return {"or": [parsed_form(part) for part in parts]}
        case Not(part):
            return {"not": parsed_form(part)}


def fields_of(tree: Tree | None) -> set[str]:
    """The names of the fields that a query speaks of."""
    match tree:
        case None:
            return set()
        case Term():
            return {tree.field} if tree.field else set()
        case Not(part):
            return fields_of(part)
        case All(parts) | Some(parts):
            return {name for part in parts for name in fields_of(part)}


_Tokens = list[re.Match[str]]


def _word(token: re.Match[str]) -> str:
    return token["word"] or ""


def _some(tokens: _Tokens, at: int) -> tuple[Tree | None, int]:
    parts: list[Tree] = []
    part, at = _all(tokens, at)
    if part is not None:
        parts.append(part)
    while at < len(tokens) and _word(tokens[at]) == "OR":
        part, at = _all(tokens, at + 1)
        if part is not None:
            parts.append(part)
    if not parts:
        return None, at
    return (parts[0] if len(parts) == 1 else Some(tuple(parts))), at


def _all(tokens: _Tokens, at: int) -> tuple[Tree | None, int]:
    parts: list[Tree] = []
    while at < len(tokens) and _word(tokens[at]) != "OR" and tokens[at]["paren"] != ")":
        if _word(tokens[at]) == "AND":
            at += 1
            continue
        part, at = _one(tokens, at)
        if part is not None:
            parts.append(part)
    if not parts:
        return None, at
    return (parts[0] if len(parts) == 1 else All(tuple(parts))), at


def _one(tokens: _Tokens, at: int) -> tuple[Tree | None, int]:
    token = tokens[at]
    if token["minus"] or _word(token) == "NOT":
        if at + 1 >= len(tokens):
            return None, at + 1
        part, at = _one(tokens, at + 1)
        return (None if part is None else Not(part)), at
    if token["paren"] == "(":
        tree, at = _some(tokens, at + 1)
        return tree, at + 1
    if token["paren"]:
        return None, at + 1
    return _term(token), at + 1


def _term(token: re.Match[str]) -> Term:
    if token["field"]:
        quoted = token["fdq"] if token["fdq"] is not None else token["fsq"]
        value = quoted if quoted is not None else token["fword"]
        op = token["op"] if token["op"] and token["op"] != "=" else ":"
        return Term(token["field"], op, _unescape(value or ""), quoted is not None)
    phrase = token["dq"] if token["dq"] is not None else token["sq"]
    return Term(None, ":", _unescape(phrase if phrase is not None else _word(token)), phrase is not None)


def _unescape(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value)
