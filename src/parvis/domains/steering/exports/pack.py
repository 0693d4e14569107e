"""The pack of a review on paper: figures with their lines and maps, decisions, minutes; set as tagged PDF.

Reads what was frozen, and nothing of today: printed twice, it says the same.
"""

from datetime import date
from typing import Any

from parvis.domains.steering import wording
from parvis.domains.steering.actions.reviews import RHYTHMS
from parvis.domains.steering.exports import lines
from parvis.domains.steering.models import Review, ReviewFreeze
from parvis.domains.steering.queries import reviews as queries
from parvis.domains.steering.templatetags.steering_words import line_gap, line_target
from parvis.kernel.documents import printing
from parvis.kernel.organisation.models import City
from parvis.kernel.territories import printed

TEMPLATE = "domains/steering/exports/typst/review.typ"
MOST_MAPS = 6


def document(review: Review, freeze: ReviewFreeze, *, city: City, sentence: str) -> bytes:
    return printing.render(TEMPLATE, facts(review, freeze, city=city, sentence=sentence))


def facts(review: Review, freeze: ReviewFreeze, *, city: City, sentence: str) -> dict[str, Any]:
    """What the paper says, as plain facts."""
    rows = freeze.content["lines"]
    return {
        "title": f"{review} · {wording.period(review.period, RHYTHMS[review.kind])}",
        "kicker": f"{city.name} · {review.get_kind_display()}", "standfirst": sentence,
        "known_on": str(freeze.as_of), "notice": printing.INVENTED if city.is_invented else "",
        "state": review.get_state_display(), "frozen": f"{freeze.frozen_at:%d/%m/%Y}", "sha256": freeze.sha256,
        "scope": review.scope_name, "agenda": [item.title for item in review.agenda.all()],
        "groups": [
            {"objective": group.objective, "lines": [_line(line) for line in group.lines]}
            for group in queries.grouped(rows)
        ],
        "maps": [_map(review, line) for line in _to_map(rows)], "origin": printed.origin(),
        "followed": [[d["title"], d["owner"], d["due_on"], d["state"]] for d in freeze.content["decisions"]],
        "decisions": [_decision(d) for d in review.decisions.select_related("owner")], "minutes": review.minutes,
        "lineage": _lineage(rows),
    }  # fmt: skip


def _line(line: dict[str, Any]) -> dict[str, Any]:
    known = line["value"] is not None
    return {
        "title": line["title"], "value": wording.figure(line["value"], line["unit"]),
        "gap": line_gap(line), "whole": wording.figure(line.get("whole"), line["unit"]), "target": line_target(line),
        "tone": line["tone"], "words": line.get("words", "") if known else "sans valeur", "note": line["note"],
        "period": wording.period(date.fromisoformat(line["period"]), line["rhythm"]) if known else "",
        "chart": lines.drawn([v for _, v in line["history"]], _last_target(line)) if known else "",
        "chart_alt": f"Évolution de « {line['title']} » sur {len(line['history'])} périodes.",
    }  # fmt: skip


def _last_target(line: dict[str, Any]) -> float | None:
    return line["targets"][-1][1] if line["targets"] else None


def _to_map(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The maps of what stands worst, a few: a pack is read."""
    spread = [line for line in rows if len({v for _, v in line["places"] if v is not None}) > 1]
    return sorted(spread, key=lambda line: ("bad", "watch", "good", "none").index(line["tone"]))[:MOST_MAPS]


def _map(review: Review, line: dict[str, Any]) -> dict[str, Any]:
    values = dict(line["places"])
    known = sorted(v for v in values.values() if v is not None)
    low, high = (wording.figure(v, line["unit"]) for v in (known[0], known[-1]))
    return {
        "title": line["title"], "svg": printed.shaded(values, review.sector.code if review.sector else ""),
        "words": f"de {low} (clair) à {high} (foncé)",
    }  # fmt: skip


def _decision(decision) -> list[str]:
    owner = decision.owner.get_full_name() if decision.owner else "à désigner"
    return [decision.title, owner, str(decision.due_on), decision.get_state_display()]


def _lineage(rows: list[dict[str, Any]]) -> list[list[str]]:
    """Each snapshot once, with its fingerprint."""
    found = {(code, pair[1]) for line in rows for code, pair in line["snapshots"].items()}
    return [[code, sha256[:16]] for code, sha256 in sorted(found)]
