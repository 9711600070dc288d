"""Load Shopify's SDL once per version and keep the built schema on disk, so that a start takes well under a second."""

import gc
import hashlib
import os
import pickle
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import graphql
from graphql import GraphQLEnumType, GraphQLScalarType, GraphQLSchema, build_ast_schema, parse

VERSIONS = ("2026-04", "2026-07", "2026-10")
"""Stable versions served, oldest first (Shopify release notes, 2026-10)."""
FORMAT = 2
"""Of what is kept on disk; another number than the kept file's makes it be built anew."""


@cache
def load_schema(version: str) -> GraphQLSchema:
    """The executable schema of one API version; raises FileNotFoundError for a version without an SDL."""
    text = _sdl_path(version).read_bytes()
    stamp = f"{graphql.version}-py{sys.version_info[0]}.{sys.version_info[1]}-{FORMAT}"
    kept = _cache_folder() / f"{version}-{hashlib.sha256(text).hexdigest()[:16]}-{stamp}.pickle"
    schema = _read_pickle(kept)
    if schema is None:
        # The SDL's implementing fields are deprecated where their interfaces are not, which newer
        # validators refuse; it is Shopify's own text, so it is taken as valid.
        schema = build_ast_schema(parse(text.decode(), no_location=True), assume_valid=True)
        _forget_source(schema)
        _write_pickle(kept, schema)
    _write_large_numbers_as_text(schema)
    return schema


def _forget_source(schema: GraphQLSchema) -> None:
    """Let go of the parsed text, which nothing asks for again: reading what is kept takes a fifth of the time so."""
    described: list[Any] = [schema, *schema.directives, *schema.type_map.values()]
    for kind in schema.type_map.values():
        described += (getattr(kind, "fields", None) or {}).values()
        described += kind.values.values() if isinstance(kind, GraphQLEnumType) else ()
    for thing in list(described):
        described += getattr(thing, "args", {}).values()
    for thing in described:
        thing.ast_node, thing.extension_ast_nodes = None, ()


def _write_large_numbers_as_text(schema: GraphQLSchema) -> None:
    """`UnsignedInt64` goes out as a string, since not every reader of JSON keeps 64 bits (recorded 2025-01)."""
    kind = schema.type_map["UnsignedInt64"]
    if isinstance(kind, GraphQLScalarType):
        kind.serialize = _as_text  # type: ignore[method-assign]  # graphql-core lets a scalar be given one


def _as_text(value: Any) -> Any:
    return str(value)


def _sdl_path(version: str) -> Path:
    packaged = Path(__file__).parent / "schemas" / f"{version}.graphql"
    if packaged.exists():
        return packaged
    return Path(__file__).parents[2] / "schemas" / "shopify" / f"{version}.graphql"


def _cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "shopify-standin"


def _read_pickle(path: Path) -> GraphQLSchema | None:
    collecting = gc.isenabled()
    gc.disable()  # nothing of what is read can be garbage yet, and looking for it takes longer than reading
    try:
        # The file lies in the user's own cache folder and is written only below.
        loaded = pickle.loads(path.read_bytes())  # noqa: S301 - see above
    except Exception:  # noqa: BLE001 - any damage means the same: build it anew
        return None
    finally:
        if collecting:
            gc.enable()
    return loaded if isinstance(loaded, GraphQLSchema) else None


def _write_pickle(path: Path, schema: GraphQLSchema) -> None:
    """Write atomically, so that two servers starting together cannot read half a file; failing is no harm."""
    limit = sys.getrecursionlimit()
    try:
        sys.setrecursionlimit(100_000)  # the type graph is deeper than the default allows
        data = pickle.dumps(schema, protocol=5)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except (OSError, RecursionError, pickle.PicklingError):
        return
    finally:
        sys.setrecursionlimit(limit)
