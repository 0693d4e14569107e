"""Are the roadmaps complete, ready to be carried out, on the map, on time? Objective P2 above all."""

from datetime import date
from functools import partial
from typing import Any

import ibis

from parvis.domains.roadmaps.indicators.facts import (
    ACTIONS,
    BY_DIRECTORATE,
    COVERAGE,
    MONTHS,
    Tables,
    none,
    of_the_year,
    state_facts,
)
from parvis.kernel.indicators.indicator import Indicator, Target, Thresholds

WORKING = "cible de travail de la direction, à confirmer par elle"
YEAR_END = date(2026, 12, 31)


def _grade(tables: Tables):
    rows = of_the_year(tables)
    return state_facts(rows, rows.grade)


def _ready(tables: Tables):
    rows = of_the_year(tables)
    return state_facts(rows, rows.grade >= 7)


def _in(statuses: tuple[str, ...], tables: Tables):
    rows = of_the_year(tables)
    return state_facts(rows, rows.status.isin(statuses), _not_begun(rows))


def _not_begun(rows):
    return ibis.cases((rows.starts_on > rows.on_day, "pas encore commencée"))


def _progress(tables: Tables):
    rows = of_the_year(tables)
    missing = ibis.cases((rows.progress_hundredths.isnull(), "aucune mesure ni jalon"))
    return state_facts(rows, rows.progress_hundredths, missing)


def _located(tables: Tables):
    rows = of_the_year(tables)
    return state_facts(rows, rows.is_located)


def _covered(tables: Tables):
    rows = tables[COVERAGE]
    return rows.select(
        subject=rows.pair, at=rows.known_on, place=rows.sector, value=rows.action_count > 0, policy=rows.policy_code,
        left_out=ibis.cases((rows.state == "draft", "feuille de route encore en brouillon")),
    )  # fmt: skip


def _flagged(flag: str, tables: Tables):
    rows = tables[ACTIONS].filter(ibis._.kind == "roadmap", ibis._.year.notnull())
    return rows.select(
        subject=rows.code, at=ibis.date(rows.year, 1, 1), place=rows.sector, value=rows[flag],
        directorate=rows.directorate, left_out=ibis.cases((rows.state == "dropped", "abandonnée")),
    )  # fmt: skip


def _missing(criterion: str, tables: Tables):
    rows = tables[ACTIONS].filter(ibis._.kind == "roadmap", ibis._.year.notnull())
    return rows.select(
        subject=rows.code, at=ibis.date(rows.year, 1, 1), place=rows.sector,
        value=rows.missing.contains(f'"{criterion}"'), directorate=rows.directorate,
        left_out=ibis.coalesce(
            ibis.cases((rows.state == "dropped", "abandonnée")), ibis.cases((rows.grade.isnull(), "pas encore notée"))
        ),
    )  # fmt: skip


def _out_of_step(tables: Tables):
    """A judgment at ease on an action that is computed late, or the reverse."""
    rows = tables[ACTIONS].filter(ibis._.kind == "roadmap", ibis._.year.notnull())
    at_ease = rows.judged.isin(("sunny", "fair")) & (rows.computed == "late")
    uneasy = rows.judged.isin(("cloudy", "stormy")) & rows.computed.isin(("on_time", "complete"))
    return rows.select(
        subject=rows.code, at=ibis.date(rows.year, 1, 1), place=rows.sector, value=at_ease | uneasy,
        directorate=rows.directorate, left_out=ibis.cases((rows.judged.isnull(), "météo non renseignée")),
    )  # fmt: skip


def _entered(tables: Tables):
    rows = tables[ACTIONS].filter(ibis._.kind == "roadmap")
    return rows.select(
        subject=rows.code, at=rows.created_at.date(), place=rows.sector, value=ibis.literal(1, "int64"),
        directorate=rows.directorate, left_out=none(),
    )  # fmt: skip


def _state(code: str, title: str, question: str, facts, **fields: Any) -> Indicator:
    """An indicator on the month ends of the year's roadmaps."""
    given: dict[str, Any] = {
        "unit": "%", "aggregation": "share", "better": "up", "objective": "P2", "owner": "DDCT", "rhythm": "month",
        "delay_days": 0, "dimensions": ("directorate",), "dimension_labels": BY_DIRECTORATE, "is_stock": True,
        "datasets": (MONTHS,),
    }  # fmt: skip
    return Indicator(code=f"roadmaps.{code}", title=title, question=question, facts=facts, **given | fields)


def _flag(code: str, title: str, question: str, facts, **fields: Any) -> Indicator:
    """An indicator on the actions of each year's roadmaps, as they are today."""
    return _state(code, title, question, facts, **{"datasets": (ACTIONS,), "rhythm": "year"} | fields)


CRITERIA = (
    ("owner", "de ", "responsable"), ("deliverable", "de ", "livrable"),
    ("milestone", "de ", "jalon avant la prochaine revue"), ("indicator", "d’", "indicateur complet"),
    ("means", "de ", "moyens inscrits"), ("partners", "l’", "accord des partenaires"),
)  # fmt: skip

INDICATORS = (
    _state(
        "operationality", "Critères d’opérationnalité tenus", "Les actions sont-elles prêtes à être menées ?", _grade,
        unit="sur 8", aggregation="mean", thresholds=Thresholds(watch=6.5, alert=5.5), baseline=5.0,
        baseline_on=date(2025, 1, 1), targets=(Target(YEAR_END, 7.0),), note=WORKING, is_public=True,
    ),
    _state(
        "operational-share", "Actions opérationnelles", "Combien d’actions tiennent au moins sept critères sur huit ?",
        _ready, thresholds=Thresholds(watch=70, alert=50), targets=(Target(YEAR_END, 85.0),), note=WORKING,
    ),
    _state(
        "late-share", "Actions en retard", "Quelle part des actions commencées est en retard ?",
        partial(_in, ("late",)), better="down", thresholds=Thresholds(watch=12, alert=20),
        targets=(Target(YEAR_END, 8.0),), note=WORKING, is_public=True,
    ),
    _state(
        "watch-share", "Actions à surveiller", "Quelle part des actions commencées demande de l’attention ?",
        partial(_in, ("watch",)), better="down", thresholds=Thresholds(watch=30, alert=45),
    ),
    _state(
        "complete-share", "Actions terminées", "Quelle part des actions commencées est terminée ?",
        partial(_in, ("complete",)), targets=(Target(YEAR_END, 80.0),), note=WORKING, is_public=True,
    ),
    _state(
        "progress", "Avancement des actions", "De combien les actions ont-elles avancé vers leur fin ?", _progress,
        aggregation="mean", scale=100,
    ),
    _state(
        "map-reflex", "Réflexe cartographique", "Les actions sont-elles placées sur la carte, à l’adresse ou à la rue ?", _located,
        thresholds=Thresholds(watch=90, alert=75), targets=(Target(YEAR_END, 95.0),), note=WORKING, is_public=True,
    ),
    _state(
        "coverage", "Couverture des politiques publiques",
        "Chaque politique publique a-t-elle une action dans chaque feuille de route ?", _covered,
        datasets=(COVERAGE,), rhythm="year", dimensions=("policy",), dimension_labels={"policy": "politique publique"},
        thresholds=Thresholds(watch=90, alert=75), targets=(Target(YEAR_END, 100.0),), note=WORKING, is_public=True,
    ),
    _flag(
        "priority-neighbourhood", "Actions en quartier populaire",
        "Quelle part des actions se mène en quartier populaire ?", partial(_flagged, "in_priority_neighbourhood"),
        objective="E2", better="none", is_public=True,
    ),
    _flag(
        "climate", "Actions du plan Climat", "Quelle part des actions contribue au plan Climat ?",
        partial(_flagged, "is_climate"), objective="D2", thresholds=Thresholds(watch=15),
    ),
    _flag(
        "gender-equality", "Actions du plan Égalité", "Quelle part des actions contribue au plan Égalité ?",
        partial(_flagged, "is_gender_equality"), objective="E2",
    ),
    _flag(
        "confidence-gap", "Météo et statut en désaccord", "Le jugement humain et le calcul disent-ils la même chose ?",
        _out_of_step, better="down", thresholds=Thresholds(watch=10, alert=25),
    ),
    _state(
        "new-actions", "Actions entrées", "Combien d’actions entrent chaque mois dans les feuilles de route ?", _entered,
        datasets=(ACTIONS,), unit="actions", aggregation="count", better="none", is_stock=False,
    ),
    *(
        _flag(
            f"without-{code}", f"Actions sans {word}", f"Quelle part des actions n’a pas {article}{word} ?",
            partial(_missing, code), better="down", thresholds=Thresholds(watch=20, alert=40),
        )
        for code, article, word in CRITERIA
    ),
)  # fmt: skip
