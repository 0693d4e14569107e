"""The winning projects as published: how late they open, how much they cost, where. Objective P4; by pilot directorate."""

from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir

from parvis.domains.roadmaps.indicators.facts import Tables
from parvis.kernel.indicators.indicator import Indicator
from parvis.kernel.territories.in_columns import sector_of_postcode

WINNERS = "roadmaps.winners"
BY = {"directorate": "direction pilote", "theme": "thématique"}


def _rows(rows: ir.Table, at: ir.DateValue, value: ir.Value, left_out: ir.StringValue) -> ir.Table:
    return rows.select(
        subject=rows.id, at=at, place=sector_of_postcode(rows.arrondissement), value=value, left_out=left_out,
        directorate=rows.lead, theme=rows.theme,
    )  # fmt: skip


def _slippage(tables: Tables) -> ir.Table:
    """Months between the forecast and the opening, at the opening; below zero when it came early."""
    rows = tables[WINNERS].filter(ibis._.opening.notnull())
    months = (rows.opening.year() - rows.delivery.year()) * 12 + rows.opening.month() - rows.delivery.month()
    return _rows(
        rows, rows.opening, months.cast("int64"), ibis.cases((rows.delivery.isnull(), "sans date de livraison prévue"))
    )


def _budget(tables: Tables) -> ir.Table:
    rows = tables[WINNERS]
    return _rows(rows, rows.edition, rows.budget, ibis.null("string"))


def _priority(tables: Tables) -> ir.Table:
    rows = tables[WINNERS]
    return _rows(rows, rows.edition, rows.priority, ibis.cases((rows.priority.isnull(), "quartier non dit")))


def _opened(tables: Tables) -> ir.Table:
    rows = tables[WINNERS]
    return _rows(
        rows, rows.edition, rows.progress == "FIN", ibis.cases((rows.progress == "ABANDONNÉ", "projet abandonné"))
    )


def _of(code: str, title: str, question: str, facts: Any, **fields: Any) -> Indicator:
    given: dict[str, Any] = {
        "better": "none", "objective": "P4", "owner": "DDCT", "rhythm": "year", "delay_days": 365, "datasets": (WINNERS,),
        "dimensions": ("directorate", "theme"), "dimension_labels": BY, "covers_from": date(2014, 1, 1),
    }  # fmt: skip
    return Indicator(code=f"roadmaps.{code}", title=title, question=question, facts=facts, **given | fields)


INDICATORS = (
    _of("winners-slippage", "Retard d’ouverture des lauréats", "De combien de mois un projet lauréat ouvre-t-il après la date prévue ?",
        _slippage, unit="mois", aggregation="mean", better="down"),
    _of("winners-slippage-median", "Retard d’ouverture d’un lauréat ordinaire", "Un lauréat ordinaire ouvre-t-il à la date prévue ?",
        _slippage, unit="mois", aggregation="median", better="down"),
    _of("winners-budget", "Budget des lauréats", "Combien la Ville consacre-t-elle aux projets lauréats, et où ?", _budget,
        unit="€", scale=100, aggregation="sum", per_inhabitant=True),
    _of("winners-priority", "Lauréats en quartier populaire", "Quelle part des lauréats sert un quartier populaire ?", _priority,
        unit="%", aggregation="share", better="up"),
    _of("winners-opened", "Lauréats ouverts au public", "Quelle part des lauréats de chaque édition est ouverte ?", _opened,
        unit="%", aggregation="share", better="up"),
)  # fmt: skip
