"""Are the roadmaps complete, ready to be carried out, on the map, on time? Objective P2 above all."""

from datetime import date
from functools import partial
from typing import Any

import ibis
import ibis.expr.types as ir

from parvis.domains.roadmaps.indicators.facts import (
    BY_DIRECTORATE,
    COVERAGE,
    MONTHS,
    PLACEMENTS,
    VALUES,
    Tables,
    none,
    of_roadmaps,
    of_the_year,
    state_facts,
)
from parvis.kernel.indicators.indicator import Indicator, Target, Thresholds

WORKING = "cible de travail de la direction, à confirmer par elle"
YEAR_END = date(2026, 12, 31)
PARTICIPATION = "democratie"  # the code of this policy in the reference list


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


def _of_year(rows: ir.Table, value: ir.Value, left_out: ir.Value) -> ir.Table:
    """Facts on the actions of each year's roadmaps."""
    return rows.select(
        subject=rows.row, at=ibis.date(rows.year, 1, 1), place=rows.sector, value=value, directorate=rows.directorate,
        left_out=left_out,
    )  # fmt: skip


def _dropped(rows: ir.Table) -> ir.Value:
    return ibis.cases((rows.state == "dropped", "abandonnée"))


def _flagged(flag: str, tables: Tables):
    rows = of_roadmaps(tables)
    return _of_year(rows, rows[flag], _dropped(rows))


def _missing(criterion: str, tables: Tables):
    rows = of_roadmaps(tables)
    ungraded = ibis.cases((rows.grade.isnull(), "pas encore notée"))
    return _of_year(rows, rows.missing.contains(f'"{criterion}"'), ibis.coalesce(_dropped(rows), ungraded))


def _out_of_step(tables: Tables):
    """A judgment at ease on an action that is computed late, or the reverse."""
    rows = of_roadmaps(tables)
    at_ease = rows.judged.isin(("sunny", "fair")) & (rows.computed == "late")
    uneasy = rows.judged.isin(("cloudy", "stormy")) & rows.computed.isin(("on_time", "complete"))
    reasons = ibis.cases(
        (rows.plan_state.isin(("evaluated", "archived")), "année déjà évaluée"),
        (rows.judged.isnull(), "météo non renseignée"),
    )  # fmt: skip
    return _of_year(rows, at_ease | uneasy, reasons)


def _new(tables: Tables):
    rows = of_roadmaps(tables)
    return _of_year(rows, ibis.literal(1, "int64"), ibis.cases((rows.is_carried, "reconduite de l’année précédente")))


def _carried(tables: Tables):
    rows = of_roadmaps(tables)
    return _of_year(rows, rows.is_carried, none())


def _holes(tables: Tables):
    """Of the roadmaps that are no longer drafts: a policy without an action."""
    return _covered(tables).mutate(value=~ibis._.value)


def _participation(tables: Tables):
    return _covered(tables).filter(ibis._.policy == PARTICIPATION)


def _measured(tables: Tables):
    rows = tables[VALUES]
    return rows.select(
        subject=rows.number, at=rows.measured_on, place=rows.sector, value=ibis.literal(1, "int64"),
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
    return _state(code, title, question, facts, **{"datasets": (PLACEMENTS,), "rhythm": "year"} | fields)


def _coverage(code: str, title: str, question: str, facts, **fields: Any) -> Indicator:
    """An indicator on the pairs of a roadmap and a public policy."""
    given: dict[str, Any] = {
        "datasets": (COVERAGE,), "rhythm": "year", "dimensions": ("policy",),
        "dimension_labels": {"policy": "politique publique"},
    }  # fmt: skip
    return _state(code, title, question, facts, **given | fields)


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
    _coverage(
        "coverage", "Couverture des politiques publiques",
        "Chaque politique publique a-t-elle une action dans chaque feuille de route ?", _covered,
        thresholds=Thresholds(watch=95, alert=85), targets=(Target(YEAR_END, 100.0),), note=WORKING, is_public=True,
    ),
    _coverage(
        "coverage-holes", "Politiques sans action", "Combien de politiques manquent, toutes feuilles de route comptées ?",
        _holes, unit="politiques", aggregation="sum", better="down", thresholds=Thresholds(watch=1, alert=17),
        targets=(Target(YEAR_END, 0.0),), note=WORKING, is_public=True,
    ),
    _coverage(
        "participation-everywhere", "Participation dans chaque feuille de route",
        "Chaque feuille de route a-t-elle une action de participation ?", _participation, objective="P4", dimensions=(),
        thresholds=Thresholds(watch=100, alert=80), targets=(Target(YEAR_END, 100.0),), is_public=True,
        note="objectif P4 : l’ensemble des arrondissements",
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
    _flag(
        "new-actions", "Actions nouvelles", "Combien d’actions sont nouvelles dans les feuilles de route de l’année ?",
        _new, unit="actions", aggregation="count", better="none",
    ),
    _flag(
        "carried-share", "Actions reconduites", "Quelle part des actions vient de l’année précédente ?", _carried,
        better="down", thresholds=Thresholds(watch=25, alert=40),
    ),
    _state(
        "measures-said", "Mesures d’indicateurs reçues", "Les directions disent-elles les mesures de leurs actions ?",
        _measured, datasets=(VALUES,), unit="mesures", aggregation="count", is_stock=False, delay_days=5,
    ),
    *(
        _flag(
            f"without-{code}", f"Actions sans {word}", f"Quelle part des actions n’a pas {article}{word} ?",
            partial(_missing, code), better="down", thresholds=Thresholds(watch=20, alert=40),
        )
        for code, article, word in CRITERIA
    ),
)  # fmt: skip
