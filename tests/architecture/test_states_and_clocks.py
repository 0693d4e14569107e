"""A state is written by `move()` alone; the clock is passed in, never looked up; nobody silences an error."""

import ast

import pytest
from django.db import connection

from .tree import SOURCE, modules, parsed, relative

MOVERS = {"kernel/workflow/moves.py"}
CLOCKS = {("timezone", "now"), ("timezone", "localdate"), ("timezone", "localtime"), ("date", "today"), ("datetime", "now"),
          ("datetime", "today"), ("datetime", "utcnow"), ("time", "time")}  # fmt: skip
# Where the clock of the house is read: the edge of a request, of a command, of a task.
CLOCK_ROOMS = {"web/middleware.py", "web/tasks.py", "web/accounts.py"}
CLOCK_EXCEPTIONS = {
    "kernel/organisation/models.py": "who holds a role today is asked once per person, whatever the page",
}


def calls(path):
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            yield (owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")), node.func.attr, node


def states_written(path):
    """Lines that write a state: an assignment that is not the mere reflection of a moved row, or a bulk update."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (node.lineno for target in targets for pair in paired(target, node.value) if is_written(*pair))
    for _, name, node in calls(path):
        if name == "update" and any(keyword.arg == "state" for keyword in node.keywords):
            yield node.lineno


def paired(target, value):
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        return list(zip(target.elts, value.elts, strict=True))
    return [(part, value) for part in (target.elts if isinstance(target, ast.Tuple) else [target])]


def is_written(target, value):
    reflects = isinstance(value, ast.Attribute) and value.attr == "state"
    return isinstance(target, ast.Attribute) and target.attr == "state" and not reflects


def test_no_state_is_written_outside_the_workflow():
    """Records of the invented city are born in their state: they are created, never moved."""
    watched = [p for p in modules() if relative(p) not in MOVERS and "demonstration" not in p.parts]
    found = {relative(p): list(states_written(p)) for p in watched}
    assert {where: lines for where, lines in found.items() if lines} == {}


def reads_the_clock(path):
    return any((owner, name) in CLOCKS for owner, name, _ in calls(path))


def test_no_domain_and_no_room_of_the_kernel_looks_at_the_clock():
    readers = {
        relative(p)
        for p in modules()
        if relative(p).split("/")[0] in ("domains", "kernel", "web")
        and not relative(p).endswith("/tasks.py")
        and reads_the_clock(p)
    }
    assert readers - CLOCK_ROOMS == set(CLOCK_EXCEPTIONS)


def is_broad(handler):
    return handler.type is None or getattr(handler.type, "id", "") in ("Exception", "BaseException")


def test_no_unknown_error_is_silenced():
    silent = [
        f"{relative(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ExceptHandler) and is_broad(node) and isinstance(node.body[0], ast.Pass)
    ]
    assert silent == []


def test_no_signal_is_a_control_flow():
    used = [
        relative(p)
        for p in modules()
        if any(n == "receiver" for _, n, _ in calls(p)) or "django.dispatch" in p.read_text()
    ]
    assert used == []


def test_no_work_is_left_for_later_in_the_sources():
    unfinished = [
        relative(p)
        for p in [*modules(), *SOURCE.rglob("*.html")]
        if any(w in p.read_text() for w in ("TODO", "FIXME", "XXX", "à construire"))
    ]
    assert unfinished == []


@pytest.mark.django_db
def test_the_database_itself_refuses_another_writer_of_a_state():
    """Every table whose model has a WORKFLOW carries the trigger."""
    from django.apps import apps

    tables = {m._meta.db_table for m in apps.get_models() if hasattr(m, "WORKFLOW")}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'guard_state'")
        guarded = {row[0] for row in cursor.fetchall()}
    assert tables and tables == guarded
