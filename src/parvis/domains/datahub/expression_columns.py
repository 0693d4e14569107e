"""Which columns of which table an expression needs, followed from its result back to the tables. No Django.

A column that is merely carried along (a whole table filtered, then four columns taken) does not count: only what ends in
the result, or decides which rows do.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import ibis.expr.operations as ops
import ibis.expr.types as ir


def columns_used(expression: ir.Table) -> dict[str, set[str]]:
    """{table name: columns}."""
    used: dict[str, set[str]] = defaultdict(set)
    seen: dict[Any, set[str]] = defaultdict(set)
    waiting = [(expression.op(), set(expression.columns))]
    while waiting:
        relation, names = waiting.pop()
        fresh = names - seen[relation]
        is_first = relation not in seen or not seen[relation]
        if not fresh and not is_first:
            continue
        seen[relation] |= fresh
        if isinstance(relation, ops.PhysicalTable):
            used[relation.name] |= fresh
            continue
        waiting.extend(_needed(relation, fresh, is_first))
    return dict(used)


def _needed(relation: Any, names: set[str], is_first: bool) -> Iterator[tuple[Any, set[str]]]:
    """What these columns of a relation are made of; at its first visit, what decides its rows too."""
    if isinstance(relation, ops.Set):
        for side in (relation.left, relation.right):
            yield side, {name for name in names if name in side.schema}
        return
    if isinstance(relation, ops.Reference):
        yield relation.parent, names
        return
    if is_first and isinstance(relation, ops.Distinct):
        yield relation.parent, set(relation.parent.schema.names)
    values = relation.values
    for name in names:
        yield from _fields(values[name])
    if is_first:
        for value in _deciding(relation):
            yield from _fields(value)


def _deciding(relation: Any) -> Iterable[Any]:
    """Predicates, keys of a grouping, of an order, of a join: they read columns whether or not these are shown."""
    if isinstance(relation, ops.JoinChain):
        return [predicate for link in relation.rest for predicate in link.predicates]
    if isinstance(relation, ops.Aggregate):
        return list(relation.groups.values())
    return [*getattr(relation, "predicates", ()), *getattr(relation, "keys", ())]


def _fields(value: Any) -> Iterator[tuple[Any, set[str]]]:
    """The columns that a value reads, each with its relation; a sub-query is read whole."""
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ops.Field):
            yield node.rel, {node.name}
        elif isinstance(node, ops.Relation):
            yield node, set(node.schema.names)
        else:
            waiting.extend(node.__children__)
