"""What means are tied to the actions: the first link of means to objectives (Q3)."""

from functools import partial
from typing import Any

import ibis

from parvis.domains.roadmaps.indicators.facts import BY_DIRECTORATE, MEANS, PLACEMENTS, Tables, none, of_roadmaps
from parvis.kernel.indicators.indicator import Indicator, Thresholds


def _lines(column: str, tables: Tables):
    rows = tables[MEANS]
    return rows.select(
        subject=rows.number, at=ibis.date(rows.spent_year, 1, 1), place=rows.sector, value=rows[column],
        directorate=rows.directorate, left_out=none(),
    )  # fmt: skip


def _flagged(flag: str, tables: Tables):
    """The lines of the actions that carry a flag; those of the others are left out and counted."""
    rows = tables[MEANS]
    return rows.select(
        subject=rows.number, at=ibis.date(rows.spent_year, 1, 1), place=rows.sector, value=rows.cents,
        directorate=rows.directorate, left_out=ibis.cases((~rows[flag], "action sans ce marqueur")),
    )  # fmt: skip


def _per_action(tables: Tables):
    rows = tables[MEANS]
    return rows.select(
        subject=rows.number, at=ibis.date(rows.spent_year, 1, 1), place=rows.sector, value=rows.cents,
        directorate=rows.directorate, left_out=ibis.cases((rows.cents == 0, "aucun montant inscrit")),
    )  # fmt: skip


def _cents_per_fte(tables: Tables):
    rows = tables[MEANS]
    return rows.select(
        subject=rows.number, at=ibis.date(rows.spent_year, 1, 1), place=rows.sector, value=rows.cents,
        base=rows.fte_hundredths, directorate=rows.directorate,
        left_out=ibis.cases((rows.fte_hundredths == 0, "aucun effectif inscrit")),
    )  # fmt: skip


def _said(tables: Tables):
    rows, lines = of_roadmaps(tables).filter(ibis._.state == "live"), tables[MEANS]
    given = lines.filter((lines.cents > 0) | (lines.fte_hundredths > 0)).select(action_code="code").distinct()
    joined = rows.left_join(given, rows.code == given.action_code)
    return joined.select(
        subject=joined.row, at=ibis.date(joined.year, 1, 1), place=joined.sector, value=joined.action_code.notnull(),
        directorate=joined.directorate, left_out=none(),
    )  # fmt: skip


def _of(code: str, title: str, question: str, facts, **fields: Any) -> Indicator:
    given: dict[str, Any] = {
        "unit": "€", "better": "none", "objective": "Q3", "owner": "DDCT", "rhythm": "year", "delay_days": 0,
        "datasets": (MEANS,), "aggregation": "sum", "scale": 100, "is_stock": True, "dimensions": ("directorate",),
        "dimension_labels": BY_DIRECTORATE,
    }  # fmt: skip
    return Indicator(code=f"roadmaps.{code}", title=title, question=question, facts=facts, **given | fields)


INDICATORS = (
    _of(
        "euros", "Euros inscrits aux actions", "Combien d’euros sont inscrits aux actions de l’année ?",
        lambda tables: _lines("cents", tables), per_inhabitant=True,
    ),
    _of(
        "climate-euros", "Euros des actions du plan Climat", "Combien d’euros portent les actions du plan Climat ?",
        partial(_flagged, "is_climate"), objective="D2",
    ),
    _of(
        "priority-euros", "Euros en quartier populaire",
        "Combien d’euros sont inscrits aux actions en quartier populaire ?", partial(_flagged, "in_priority_neighbourhood"),
        objective="E2", is_public=True,
    ),
    _of(
        "fte", "Effectifs inscrits aux actions", "Combien d’équivalents temps plein portent les actions ?",
        lambda tables: _lines("fte_hundredths", tables), unit="ETP",
    ),
    _of(
        "euros-median", "Budget d’une action ordinaire", "Combien coûte une action ordinaire ?", _per_action,
        aggregation="median",
    ),
    _of(
        "euros-per-fte", "Euros par équivalent temps plein", "Combien d’euros chaque emploi met-il en œuvre ?",
        _cents_per_fte, aggregation="ratio", scale=1, unit="€ par ETP",
    ),
    _of(
        "means-known", "Actions aux moyens connus", "Sait-on avec quels moyens les actions sont menées ?", _said,
        datasets=(PLACEMENTS, MEANS), unit="%", aggregation="share", scale=1, better="up",
        thresholds=Thresholds(watch=85, alert=70),
    ),
)  # fmt: skip
