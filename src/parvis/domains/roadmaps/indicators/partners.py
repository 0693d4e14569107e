"""Are projects of several directorates well led, and do partners answer? Objective P2."""

from datetime import date
from functools import partial
from typing import Any

import ibis

from parvis.domains.roadmaps.indicators.facts import (
    BY_DIRECTORATE,
    COMMITMENTS,
    MONTHS,
    REVIEWS,
    Tables,
    none,
    of_the_year,
    state_facts,
)
from parvis.kernel.indicators.indicator import Indicator, Target, Thresholds

LONGEST_SILENCE = 90  # days without a review
PARTNER = {"partner": "direction sollicitée"}


def _multi(tables: Tables):
    rows = of_the_year(tables)
    return state_facts(rows, rows.is_multi)


def _of_multi(value_of, tables: Tables):
    rows = of_the_year(tables)
    alone = ibis.cases((~rows.is_multi, "menée par une seule direction"), (rows.status == "complete", "terminée"))
    return state_facts(rows, value_of(rows), alone)


def _unseen(tables: Tables):
    """Without a review for ninety days, counted from the last one, else from the start."""
    rows = of_the_year(tables)
    since = ibis.coalesce(rows.days_since_review, rows.on_day.delta(rows.starts_on, unit="day"))
    reasons = ibis.cases(
        (~rows.is_multi, "menée par une seule direction"), (rows.status == "complete", "terminée"),
        (rows.starts_on > rows.on_day, "pas encore commencée"), (since.isnull(), "sans date de début"),
    )  # fmt: skip
    return state_facts(rows, since > LONGEST_SILENCE, reasons)


def _waiting(tables: Tables):
    rows = of_the_year(tables)
    return state_facts(rows, rows.waiting_count)


def _asked(tables: Tables):
    """Days from the question to the answer; a part that waits still counts, up to the day of the snapshot."""
    rows = tables[COMMITMENTS]
    end = ibis.coalesce(rows.answered_on, rows.known_on)
    return rows.select(
        subject=rows.number, at=rows.asked_on, place=rows.sector, value=end.delta(rows.asked_on, unit="day"),
        event=rows.answered_on.notnull(), partner=rows.partner, left_out=none(),
    )  # fmt: skip


def _declined(tables: Tables):
    rows = tables[COMMITMENTS]
    return rows.select(
        subject=rows.number, at=rows.answered_on, place=rows.sector, value=rows.state == "declined",
        partner=rows.partner, left_out=none(),
    ).filter(ibis._["at"].notnull())  # fmt: skip


def _in_time(tables: Tables):
    rows = tables[COMMITMENTS]
    return rows.select(
        subject=rows.number, at=rows.answer_due_on, place=rows.sector, partner=rows.partner, left_out=none(),
        value=rows.answered_on.notnull() & (rows.answered_on <= rows.answer_due_on),
    )  # fmt: skip


def _held(tables: Tables):
    rows = tables[REVIEWS]
    return rows.select(
        subject=rows.number, at=rows.held_on, place=rows.sector, value=ibis.literal(1, "int64"), directorate=rows["lead"],
        left_out=none(),
    )  # fmt: skip


def _of(code: str, title: str, question: str, facts, **fields: Any) -> Indicator:
    given: dict[str, Any] = {
        "unit": "%", "aggregation": "share", "better": "up", "objective": "P2", "owner": "DDCT", "rhythm": "month",
        "delay_days": 0, "dimensions": ("directorate",), "dimension_labels": BY_DIRECTORATE, "is_stock": True,
        "datasets": (MONTHS,),
    }  # fmt: skip
    return Indicator(code=f"roadmaps.{code}", title=title, question=question, facts=facts, **given | fields)


def _part(code: str, title: str, question: str, facts, **fields: Any) -> Indicator:
    """An indicator on the parts asked of partners, by quarter."""
    given = {
        "datasets": (COMMITMENTS,), "dimensions": ("partner",), "dimension_labels": PARTNER, "rhythm": "quarter",
        "is_stock": False,
    }  # fmt: skip
    return _of(code, title, question, facts, **given | fields)


INDICATORS = (
    _of(
        "multi-share", "Actions menées à plusieurs directions",
        "Quelle part des actions demande plusieurs directions ?", _multi, better="none",
    ),
    _of(
        "multi-well-led", "Projets multi-directions bien conduits",
        "Les projets à plusieurs directions ont-ils chef de projet, revues et réponses ?",
        partial(_of_multi, lambda rows: rows.alert_count == 0), thresholds=Thresholds(watch=70, alert=50),
    ),
    _of(
        "multi-without-lead", "Projets sans chef de projet",
        "Quelle part des projets à plusieurs directions n’a pas de chef de projet ?",
        partial(_of_multi, lambda rows: ~rows.has_project_lead), better="down",
        thresholds=Thresholds(watch=10, alert=25),
    ),
    _of(
        "multi-without-review", "Projets sans revue depuis 90 jours",
        "Quelle part des projets à plusieurs directions n’a pas eu de revue depuis 90 jours ?", _unseen, better="down",
        thresholds=Thresholds(watch=15, alert=30), targets=(Target(date(2026, 12, 31), 10.0),),
        note="cible de travail de la direction, à confirmer par elle",
    ),
    _of(
        "parts-waiting", "Parts sans réponse à l’échéance", "Combien de parts demandées attendent au-delà de leur date ?",
        _waiting, unit="parts", aggregation="sum", better="down",
    ),
    _of(
        "reviews-held", "Revues de projet tenues", "Combien de revues de projet se tiennent chaque mois ?", _held,
        datasets=(REVIEWS,), unit="revues", aggregation="count", is_stock=False, delay_days=5,
    ),
    _part(
        "answer-days", "Délai de réponse des partenaires",
        "En combien de jours une direction répond-elle, demandes en attente comprises ?", _asked, unit="jours",
        aggregation="km_median", better="down", thresholds=Thresholds(watch=15, alert=30),
    ),
    _part(
        "answer-days-p90", "Délai dépassé par une réponse sur dix",
        "Combien de jours attendent les réponses les plus lentes ?", _asked, unit="jours", aggregation="km_p90",
        better="down",
    ),
    _part(
        "answered-in-time", "Réponses dans le délai", "Les directions répondent-elles dans le délai demandé ?", _in_time,
        thresholds=Thresholds(watch=80, alert=60),
    ),
    _part(
        "declined-share", "Parts déclinées", "Quelle part des demandes est déclinée ?", _declined, better="down",
        thresholds=Thresholds(watch=10, alert=25),
    ),
)  # fmt: skip
