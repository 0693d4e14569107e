"""Ask the lake in SQL: journaled first, then answered in a process of its own that is killed when time is up.

The journal keeps the question's fingerprint; its text stays 90 days in its record. See `sandbox` for what a question may do.
"""

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from parvis.domains.datahub import sandbox
from parvis.domains.datahub.models import LakeQuery
from parvis.domains.datahub.queries.console import tables
from parvis.kernel import Refusal, access
from parvis.kernel.journal import entries

SECONDS = 10
MEMORY = "256MB"
ROWS, ROWS_OF_A_FILE = 500, 20_000
PER_MINUTE = 12
LONGEST = 10_000
KEPT = timedelta(days=90)
Outcome = LakeQuery.Outcome
SAID = {
    Outcome.STOPPED: f"La question a été arrêtée au bout de {SECONDS} secondes. Réduisez-la : moins de lignes, moins de croisements.",
    Outcome.MEMORY: "La question demande plus de mémoire qu’il n’en est donné. Filtrez ou regroupez d’abord.",
    Outcome.FAILED: "Le moteur n’a pas pu répondre à cette question.",
}


@dataclass(frozen=True)
class Answer:
    """What came back; `message` says in French why nothing did."""

    query: LakeQuery
    columns: list[tuple[str, str]] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    is_cut: bool = False
    message: str = ""

    @property
    def is_answered(self) -> bool:
        return self.query.outcome == Outcome.ANSWERED


def ask(sql: str, *, by, at: datetime, longest: int = ROWS, seconds: int = SECONDS) -> Answer:
    """Answer one SELECT over the whole datasets of this person. Raises Refusal when empty, too long or too frequent.

    A question that is refused, fails, or is stopped gives an Answer that says so: it stays on the page.
    """
    access.require(by, "datahub.query_lake")
    text = _written(sql)
    _not_too_often(by, at)
    offered = {table.name: table.given() for table in tables(by)}
    query = LakeQuery.objects.create(
        text=text, sha256=hashlib.sha256(text.encode()).hexdigest(), asked_at=at, asked_by=by
    )
    entries.record("lake.query", query.reference(), by=by, at=at, codes={"sha256": query.sha256})
    began = monotonic()
    told = alone({"sql": text, "tables": offered, "memory": MEMORY, "rows": longest, "seconds": seconds}, seconds)
    return _kept(query, told, round((monotonic() - began) * 1000))


def _written(sql: str) -> str:
    text = sql.strip()
    if not text:
        raise Refusal("La question est vide.", remedy="Écrivez une instruction SELECT, ou prenez un exemple.")
    if len(text) > LONGEST:
        raise Refusal(f"La question dépasse {LONGEST} signes.", remedy="Raccourcissez-la.")
    return text


def _not_too_often(person, at: datetime) -> None:
    asked = LakeQuery.objects.filter(asked_by=person, asked_at__gt=at - timedelta(minutes=1), asked_at__lte=at).count()
    if asked >= PER_MINUTE:
        raise Refusal(f"Vous avez posé {PER_MINUTE} questions en une minute.", remedy="Attendez une minute.")


def alone(asked: Mapping[str, Any], seconds: int) -> dict[str, Any]:
    """Run the sandbox in its own process, with nothing of this one's environment; kill it when time is up."""
    with subprocess.Popen(  # noqa: S603  the command is ours; what the person wrote goes through stdin
        [sys.executable, "-I", str(Path(sandbox.__file__))], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, env={"LC_ALL": "C.UTF-8"}, cwd="/", start_new_session=True, text=True, encoding="utf-8",
    ) as child:  # fmt: skip
        try:
            out, _ = child.communicate(json.dumps(asked), timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            return {"outcome": Outcome.STOPPED}
    if child.returncode == 0:
        return json.loads(out)
    is_timed = child.returncode in (-signal.SIGXCPU, -signal.SIGKILL)
    return {"outcome": Outcome.STOPPED if is_timed else Outcome.MEMORY}


def _kept(query: LakeQuery, told: Mapping[str, Any], milliseconds: int) -> Answer:
    rows = told.get("rows", [])
    query.outcome, query.milliseconds = told["outcome"], milliseconds
    query.row_count, query.is_cut, query.tables = len(rows), told.get("is_cut", False), told.get("tables", [])
    query.save(update_fields=["outcome", "milliseconds", "row_count", "is_cut", "tables"])
    message = told.get("message") or SAID.get(Outcome(query.outcome), "")
    return Answer(query, [tuple(c) for c in told.get("columns", [])], rows, query.is_cut, message)


def forget_old(*, at: datetime) -> int:
    """Delete the questions asked more than 90 days ago; gives how many. The journal keeps their fingerprints."""
    return LakeQuery.objects.filter(asked_at__lt=at - KEPT).delete()[0]
