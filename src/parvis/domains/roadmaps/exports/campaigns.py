"""What the paper of a campaign says: the 17 roadmaps along their stages as of a day, and what stops each, by name."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from parvis.domains.roadmaps import sentences
from parvis.domains.roadmaps.exports.pdf import TEMPLATES
from parvis.domains.roadmaps.models import Campaign
from parvis.domains.roadmaps.queries import campaigns as queries
from parvis.kernel.documents.printing import INVENTED, render
from parvis.kernel.organisation.models import City


def document(campaign: Campaign, *, as_of: date, today: date, city: City) -> bytes:
    """The campaign as a tagged PDF, in landscape."""
    return render(f"{TEMPLATES}/campaign.typ", facts(campaign, as_of=as_of, today=today, city=city))


def facts(campaign: Campaign, *, as_of: date, today: date, city: City) -> dict[str, Any]:
    """The same reads as the page: what is past is replayed from the journal, what stops is today's."""
    stages = list(campaign.stages.order_by("order"))
    rows = queries.rows(campaign, stages, as_of, today)
    q1 = queries.compliance(campaign, rows, as_of)
    return {
        "title": campaign.title, "kicker": f"{city.name} · pacte de la proximité · campagne {campaign.year}",
        "known_on": as_of.isoformat(), "notice": INVENTED if city.is_invented else "",
        "standfirst": queries.sentence(rows, q1, as_of), "figures": _figures(rows, q1),
        "stages": [{"label": stage.label, "due_on": stage.due_on.isoformat()} for stage in stages],
        "rows": [_row(row) for row in rows], "stops": [_stop(row) for row in rows if row.blockers],
        "is_past": as_of < today, "deadlines": [_deadline(d) for d in queries.next_deadlines(stages, rows, as_of)],
    }  # fmt: skip


def _figures(rows: Sequence[queries.Row], q1: queries.Compliance) -> list[tuple[str, str]]:
    signed = sum(any(cell.stage == "signed" and cell.is_done for cell in row.cells) for row in rows)
    late = sum(row.late is not None for row in rows)
    return [
        (f"{sum(row.finalised_on is not None for row in rows)} sur {len(rows)}", "finalisées"),
        (f"{q1.kept} sur {q1.total}", f"finalisées au {q1.day.day} mars {q1.day.year}"),
        (f"{signed} sur {len(rows)}", "signées"),
        (str(late), "avec une étape en retard"),
    ]


def _row(row: queries.Row) -> dict[str, Any]:
    return {
        "sector": row.plan.sector.name if row.plan.sector else row.plan.title,
        "state": row.plan.get_state_display(),
        "cells": [
            {"tone": c.tone, "words": c.words, "done_on": c.done_on.isoformat() if c.done_on else None}
            for c in row.cells
        ],
    }


def _stop(row: queries.Row) -> dict[str, Any]:
    return {
        "sector": row.plan.sector.name if row.plan.sector else row.plan.title,
        "blockers": [
            {
                "title": blocker.title,
                "sentences": list(blocker.sentences),
                "passed": f"Passé outre par {blocker.passed_by} : {blocker.reason}" if blocker.passed_by else "",
            }
            for blocker in row.blockers
        ],
    }


def _deadline(deadline: queries.Deadline) -> dict[str, str]:
    waiting = [sentences.sector(name) for name in deadline.waiting]
    return {
        "on": deadline.stage.due_on.isoformat(),
        "label": deadline.stage.label,
        "waiting": sentences.shortened(waiting, 6),
    }
