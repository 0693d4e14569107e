"""Is the proximity pact kept, and on time? Objective P1; the deployment of its measures, P3."""

from datetime import date
from functools import partial
from typing import Any

import ibis

from parvis.domains.roadmaps.indicators.facts import DEPLOYMENTS, PLANS, STAGES, Tables, none
from parvis.kernel.indicators.indicator import Indicator, Target, Thresholds

BY_STAGE = {"stage": "étape"}
SOURCE = "calendrier du pacte de la proximité : finalisation au 1er trimestre"


def _roadmaps(tables: Tables):
    plans = tables[PLANS]
    return plans.filter(plans.kind == "roadmap")


def _finalised_in_time(tables: Tables):
    rows = _roadmaps(tables)
    due = ibis.date(rows.year, 3, 31)
    return rows.select(
        subject=rows.code, at=due, place=rows.sector_code, value=rows.finalised_on.notnull() & (rows.finalised_on <= due),
        left_out=none(),
    )  # fmt: skip


def _days(done: str, due: str, tables: Tables):
    rows = _roadmaps(tables)
    return rows.select(
        subject=rows.code, at=rows[due], place=rows.sector_code, value=rows[done].delta(rows[due], unit="day"),
        left_out=ibis.cases((rows[done].isnull(), "étape pas encore franchie")),
    ).filter(ibis._["at"].notnull())  # fmt: skip


def _due_stages(tables: Tables):
    return tables[STAGES].filter(ibis._.due_on <= ibis._.known_on)


def _stage_in_time(tables: Tables):
    rows = _due_stages(tables)
    return rows.select(
        subject=rows.step, at=rows.due_on, place=rows.sector, stage=rows.stage, left_out=none(),
        value=rows.reached_on.notnull() & (rows.reached_on <= rows.due_on),
    )  # fmt: skip


def _stage_late(tables: Tables):
    """Days after the due day; a stage still to pass counts up to the day of the snapshot, one passed early counts 0."""
    rows = _due_stages(tables)
    late = ibis.coalesce(rows.reached_on, rows.known_on).delta(rows.due_on, unit="day")
    return rows.select(
        subject=rows.step, at=rows.due_on, place=rows.sector, value=ibis.greatest(late, 0),
        event=rows.reached_on.notnull(), stage=rows.stage, left_out=none(),
    )  # fmt: skip


def _opinion(tables: Tables):
    rows = _roadmaps(tables)
    return rows.select(
        subject=rows.code, at=rows.signed_on, place=rows.sector_code, value=rows.has_opinion, left_out=none()
    ).filter(ibis._["at"].notnull())


def _deployed(tables: Tables):
    rows = tables[DEPLOYMENTS]
    return rows.select(
        subject=rows.number, at=ibis.date(rows.year, 1, 1), place=rows.sector_code, value=rows.state == "deployed",
        directorate=rows.directorate,
        left_out=ibis.cases((rows.state == "not_planned", "mesure non prévue dans ce secteur")),
    )  # fmt: skip


def _pact(code: str, title: str, question: str, facts, **fields: Any) -> Indicator:
    given: dict[str, Any] = {
        "unit": "%", "aggregation": "share", "better": "up", "objective": "P1", "owner": "DDCT", "rhythm": "quarter",
        "delay_days": 5, "datasets": (PLANS,), "is_public": True,
    }  # fmt: skip
    return Indicator(code=f"roadmaps.{code}", title=title, question=question, facts=facts, **given | fields)


INDICATORS = (
    _pact(
        "finalised-in-time", "Feuilles de route finalisées au 31 mars",
        "Les 17 feuilles de route sont-elles finalisées au premier trimestre ?", _finalised_in_time,
        thresholds=Thresholds(watch=100, alert=80),
        targets=(Target(date(2026, 3, 31), 100.0), Target(date(2027, 3, 31), 100.0)), note=SOURCE,
    ),
    _pact(
        "finalisation-delay", "Retard de finalisation", "De combien de jours la finalisation dépasse-t-elle l’échéance ?",
        partial(_days, "finalised_on", "finalise_by"), unit="jours", aggregation="mean", better="down",
        thresholds=Thresholds(watch=0, alert=15),
    ),
    _pact(
        "signature-delay", "Retard de signature", "De combien de jours la signature dépasse-t-elle l’échéance ?",
        partial(_days, "signed_on", "sign_by"), unit="jours", aggregation="median", better="down",
        thresholds=Thresholds(watch=0, alert=15),
    ),
    _pact(
        "stages-in-time", "Étapes franchies à l’heure", "Les étapes des campagnes sont-elles franchies à leur date ?",
        _stage_in_time, datasets=(STAGES,), dimensions=("stage",), dimension_labels=BY_STAGE, rhythm="year",
        is_stock=True, thresholds=Thresholds(watch=90, alert=70), targets=(Target(date(2026, 12, 31), 100.0),),
        note="calendrier du pacte de la proximité",
    ),
    _pact(
        "stage-days-late-p90", "Retard de l’étape la plus lente sur dix",
        "De combien de jours une étape sur dix dépasse-t-elle sa date, étapes en attente comprises ?", _stage_late,
        datasets=(STAGES,), dimensions=("stage",), dimension_labels=BY_STAGE, rhythm="year", is_stock=True,
        unit="jours", aggregation="km_p90", better="down", thresholds=Thresholds(watch=5, alert=20),
    ),
    _pact(
        "council-opinion", "Avis du conseil d’arrondissement",
        "Les feuilles de route signées ont-elles reçu l’avis du conseil d’arrondissement ?", _opinion,
        thresholds=Thresholds(watch=100, alert=90), note="CGCT, L2511-13",
    ),
    _pact(
        "measures-deployed", "Mesures déployées", "Où en est le déploiement des mesures dans chaque secteur ?", _deployed,
        datasets=(DEPLOYMENTS,), objective="P3", rhythm="year", delay_days=0, is_stock=True,
        dimensions=("directorate",), dimension_labels={"directorate": "direction pilote"},
    ),
)  # fmt: skip
