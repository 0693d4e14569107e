"""What is delivered, and how far from the forecast. Objective P2; by pilot directorate."""

from functools import partial
from typing import Any

import ibis

from parvis.domains.roadmaps.indicators.facts import BY_DIRECTORATE, MILESTONES, MONTHS, Tables, became, none
from parvis.kernel.indicators.indicator import Indicator, Thresholds


def _kept(tables: Tables):
    """Milestones done, on the day they were done."""
    rows = tables[MILESTONES].filter(ibis._.actual_on.notnull())
    return rows.select(
        subject=rows.number, at=rows.actual_on, place=rows.sector, value=ibis.literal(1, "int64"),
        directorate=rows.directorate, left_out=none(),
    )  # fmt: skip


def _slip(tables: Tables):
    """Days between the plan and the delivery: positive is late. Month precision counts as the file counts it."""
    rows = tables[MILESTONES].filter(ibis._.actual_on.notnull())
    return rows.select(
        subject=rows.number, at=rows.actual_on, place=rows.sector, directorate=rows.directorate,
        value=rows.actual_on.delta(rows.planned_on, unit="day"),
        left_out=ibis.cases((rows.planned_on.isnull(), "sans date programmée")),
    )  # fmt: skip


def _on_time(tables: Tables):
    rows = tables[MILESTONES].filter(ibis._.planned_on.notnull())
    return rows.select(
        subject=rows.number, at=rows.planned_on, place=rows.sector, directorate=rows.directorate,
        value=rows.actual_on.notnull() & (rows.actual_on <= rows.planned_on),
        left_out=ibis.cases((rows.is_done & rows.actual_on.isnull(), "tenu, sans date")),
    )  # fmt: skip


def _dropped(tables: Tables):
    rows = tables[MONTHS]
    rows = rows.filter(rows.kind == "roadmap", rows.year == rows.on_day.year())
    return rows.select(
        subject=rows.row, at=rows.on_day, place=rows.sector, directorate=rows.directorate,
        value=rows.status == "dropped", left_out=none(),
    )  # fmt: skip


def _became(status: str, tables: Tables):
    """One fact per action, at the end of the month in which it was found in this status for the first time."""
    rows = became(status, tables)
    return rows.select(
        subject=rows.row, at=rows.on_day, place=rows.sector, value=ibis.literal(1, "int64"),
        directorate=rows.directorate, left_out=none(),
    )  # fmt: skip


def _of(code: str, title: str, question: str, facts, **fields: Any) -> Indicator:
    given: dict[str, Any] = {
        "unit": "jours", "better": "down", "objective": "P2", "owner": "DDCT", "rhythm": "month", "delay_days": 5,
        "datasets": (MILESTONES,), "dimensions": ("directorate",), "dimension_labels": BY_DIRECTORATE,
    }  # fmt: skip
    return Indicator(code=f"roadmaps.{code}", title=title, question=question, facts=facts, **given | fields)


INDICATORS = (
    _of(
        "milestones-kept", "Jalons tenus", "Combien de jalons sont tenus chaque mois ?", _kept, unit="jalons",
        aggregation="count", better="up",
    ),
    _of(
        "milestones-on-time", "Jalons tenus à la date programmée", "Les jalons sont-ils tenus à leur date ?", _on_time,
        unit="%", aggregation="share", better="up", thresholds=Thresholds(watch=60, alert=40),
    ),
    _of(
        "slippage", "Glissement des jalons", "De combien de jours les jalons tenus ont-ils glissé ?", _slip,
        aggregation="mean", thresholds=Thresholds(watch=20, alert=45),
    ),
    _of(
        "slippage-median", "Glissement médian des jalons", "Quel est le glissement d’un jalon ordinaire ?", _slip,
        aggregation="median",
    ),
    _of(
        "slippage-p90", "Glissement des jalons les plus tardifs", "De combien glisse un jalon sur dix, ou plus ?", _slip,
        aggregation="p90",
    ),
    _of(
        "delivered", "Actions terminées dans le mois", "Combien d’actions se terminent chaque mois ?",
        partial(_became, "complete"), unit="actions", aggregation="count", better="up", datasets=(MONTHS,), delay_days=0,
        is_public=True,
    ),
    _of(
        "dropped", "Abandons dans le mois", "Combien d’actions sont abandonnées chaque mois ?",
        partial(_became, "dropped"), unit="actions", aggregation="count", datasets=(MONTHS,), delay_days=0, is_rare=True,
    ),
    _of(
        "dropped-share", "Actions abandonnées", "Quelle part des actions de l’année est abandonnée ?", partial(_dropped),
        unit="%", aggregation="share", datasets=(MONTHS,), is_stock=True, delay_days=0,
        thresholds=Thresholds(watch=5, alert=10),
    ),
)  # fmt: skip
