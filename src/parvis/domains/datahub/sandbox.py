"""Answers one SQL question over a few tables, alone in its own process, with no way out. Knows no Django.

Run as a file (`python -I sandbox.py`) with an empty environment; one JSON line in, one out. Around the question:

- the statement is parsed by DuckDB itself: one SELECT (WITH, VALUES, DESCRIBE, SUMMARIZE), over the given tables and its
  own CTEs, with no function that reads outside or speaks of the engine;
- the tables are Arrow scans of the named columns alone: the engine knows no path, and a removed column does not exist;
- then the engine's access to anything outside is closed and its configuration locked: no file, no network, no extension;
- the process itself may not write a file, nor grow past its memory; its parent kills it when time is up.

A question never changes anything, so its worst end is to be stopped.
"""

import json
import resource
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds

LOCKED = (
    "SET autoinstall_known_extensions = false", "SET autoload_known_extensions = false",
    "SET allow_community_extensions = false", "SET python_enable_replacements = false", "SET temp_directory = ''",
    "SET enable_external_access = false", "SET lock_configuration = true",
)  # fmt: skip
TABLE_FUNCTIONS = {"range", "generate_series", "unnest"}
# Scalar functions that speak of the engine or of where it runs, or write somewhere.
CLOSED_FUNCTIONS = {
    "current_setting", "getenv", "getvariable", "write_log", "nextval", "currval", "pg_get_viewdef", "read_text",
    "read_blob", "set_config", "current_database", "current_schemas", "in_search_path",
}  # fmt: skip
TOLD = ("Parser", "Binder", "Catalog", "Conversion", "Invalid Input", "Out of Range", "Constraint", "Type", "Invalid")
LONGEST_CELL = 2_000
LONGEST_ANSWER = 4 * 2**20
WIDEST = 200
ROOM = 3 * 2**30  # address space around the engine's own memory: libraries and Arrow


class Refused(Exception):
    """The question asks for what the console does not do; the message is in French."""


def answer(asked: Mapping[str, Any]) -> dict[str, Any]:
    """{outcome, message, columns, rows, is_cut, tables}; outcome is answered, refused, failed or memory."""
    with duckdb.connect(":memory:", config={"threads": "1", "memory_limit": asked["memory"]}) as connection:
        try:
            tables = gate(connection, asked["sql"], set(asked["tables"]))
            for name in tables:
                connection.register(name, _scan(**asked["tables"][name]))
            for line in LOCKED:
                connection.execute(line)
            return {"outcome": "answered", "tables": sorted(tables), **_rows(connection, asked["sql"], asked["rows"])}
        except Refused as refusal:
            return {"outcome": "refused", "message": str(refusal)}
        except (duckdb.OutOfMemoryException, MemoryError):
            return {"outcome": "memory", "message": ""}
        except (duckdb.Error, pa.ArrowException) as fault:
            return {"outcome": "failed", "message": _plain(fault)}


def gate(connection: duckdb.DuckDBPyConnection, sql: str, tables: set[str]) -> set[str]:
    """The tables that the question reads. Raises Refused for anything but one SELECT over them."""
    told = connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchone()
    parsed = json.loads(told[0] if told else "{}")
    if parsed.get("error"):
        raise Refused(_why(parsed))
    statements = parsed.get("statements", [])
    if len(statements) != 1:
        raise Refused("Posez une seule question à la fois : une instruction, sans point-virgule au milieu.")
    own = {entry["key"].lower() for node in _nodes(statements) for entry in _ctes(node)} - _of_the_engine(connection)
    return {name for node in _nodes(statements) for name in _read(node, tables, own)}


def _why(parsed: Mapping[str, Any]) -> str:
    if parsed.get("error_type") == "not implemented":
        return "Seules les lectures sont permises : une instruction SELECT, WITH ou DESCRIBE."
    return f"La question ne se lit pas : {str(parsed.get('error_message', ''))[:300]}"


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every mapping of the parsed statement."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def _ctes(node: Mapping[str, Any]) -> list[dict[str, Any]]:
    held = node.get("cte_map")
    return held.get("map", []) if isinstance(held, dict) else []


def _of_the_engine(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The engine's own views: a name given in one part of a question must not open the view of that name in another."""
    found = connection.execute(
        "SELECT view_name FROM duckdb_views() WHERE schema_name != 'information_schema'"
    ).fetchall()
    return {name.lower() for (name,) in found}


def _read(node: Mapping[str, Any], tables: set[str], own: set[str]) -> Iterator[str]:
    """The given table that a node reads, if any; what it must not read or call is refused."""
    kind = node.get("type")
    if node.get("class") == "FUNCTION" and str(node.get("function_name", "")).lower() in CLOSED_FUNCTIONS:
        raise Refused(f"La fonction « {node['function_name']} » n’est pas ouverte ici.")
    if kind == "TABLE_FUNCTION":
        name = str(node.get("function", {}).get("function_name", "")).lower()
        if name not in TABLE_FUNCTIONS:
            raise Refused(f"La fonction « {name} » n’est pas ouverte ici : lisez les tables de la liste.")
    if kind == "SHOW_REF" and node.get("table_name"):
        raise Refused("Les tables ouvertes sont dans la liste : DESCRIBE demande le nom de l’une d’elles.")
    if kind == "BASE_TABLE":
        yield from _table(node, tables, own)


def _table(node: Mapping[str, Any], tables: set[str], own: set[str]) -> Iterator[str]:
    name = str(node.get("table_name", ""))
    known = {table.lower(): table for table in tables}
    if node.get("schema_name") or node.get("catalog_name") or (name.lower() not in known and name.lower() not in own):
        shown = ".".join(str(node[part]) for part in ("catalog_name", "schema_name", "table_name") if node.get(part))
        raise Refused(f"« {shown} » n’est pas une table ouverte ici. Prenez un nom de la liste.")
    if name.lower() in known:
        yield known[name.lower()]


def _scan(path: str, columns: list[str]) -> ds.Dataset:
    """The file as those columns alone; the others are not even known by name."""
    whole = ds.dataset(path, format="parquet")
    return ds.dataset(path, format="parquet", schema=pa.schema([whole.schema.field(name) for name in columns]))


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, longest: int) -> dict[str, Any]:
    """The first rows; `is_cut` when there were more, or when the answer grew too heavy."""
    cursor = connection.execute(sql)
    columns = [[name, str(kind)] for name, kind, *_ in cursor.description or []]
    if len(columns) > WIDEST:
        raise Refused(f"La réponse a {len(columns)} colonnes ; la limite est de {WIDEST}.")
    rows: list[list[Any]] = []
    weight = 0
    while (row := cursor.fetchone()) is not None:
        if len(rows) == longest or weight > LONGEST_ANSWER:
            return {"columns": columns, "rows": rows, "is_cut": True}
        rows.append([_cell(value) for value in row])
        weight += sum(len(cell) if isinstance(cell, str) else 8 for cell in rows[-1])
    return {"columns": columns, "rows": rows, "is_cut": False}


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) or (isinstance(value, float) and abs(value) < float("inf")):
        return value if abs(value) < 2**53 else str(value)
    text = str(value)
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}…"


def _plain(fault: Exception) -> str:
    """What the engine says of the question; what it says of its machine stays here."""
    text = str(fault)
    return text[:500] if text.startswith(TOLD) else "Le moteur n’a pas pu répondre à cette question."


def confine(seconds: int) -> None:
    """The limits of the process itself: no file written, no more memory than this, no more computing than that."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (ROOM, ROOM))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds + 1, seconds + 2))


def main() -> None:
    asked = json.load(sys.stdin)
    confine(asked["seconds"])
    json.dump(answer(asked), sys.stdout)


if __name__ == "__main__":
    main()
