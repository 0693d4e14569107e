"""What the territory's public files say of each sector: incomes and poverty of its statistical blocks. Objective E2."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir

from parvis.kernel.indicators.indicator import Indicator
from parvis.kernel.territories.in_columns import sector_of

Tables = Mapping[str, ir.Table]
INCOME, BLOCKS = "atlas.iris-income", "atlas.iris"
KNOWN_ON = date(2021, 12, 31)  # the year of the statistic


def _of_income(column: str, tables: Tables) -> ir.Table:
    rows = tables[INCOME]
    return rows.select(
        subject=rows.iris, at=ibis.date(KNOWN_ON.isoformat()), place=sector_of(rows.iris.substr(3, 2)), value=rows[column],
        left_out=ibis.null("string"),
    )  # fmt: skip


def _median_income(tables: Tables) -> ir.Table:
    return _of_income("median_income_eur", tables)


def _poverty(tables: Tables) -> ir.Table:
    return _of_income("poverty_rate_pct", tables)


def _told(tables: Tables) -> ir.Table:
    """Each block: does the statistic say its income? Elsewhere too few people live there."""
    told = tables[INCOME].select(told="iris")
    rows = tables[BLOCKS].left_join(told, tables[BLOCKS].code == told.told)
    return rows.select(
        subject=rows.code, at=ibis.date(KNOWN_ON.isoformat()), place=sector_of(rows.code.substr(3, 2)),
        value=rows.told.notnull(), left_out=ibis.null("string"),
    )  # fmt: skip


def _of(code: str, title: str, question: str, facts: Any, **fields: Any) -> Indicator:
    given: dict[str, Any] = {
        "better": "none", "objective": "E2", "owner": "DDCT", "rhythm": "year", "delay_days": 1100, "datasets": (INCOME,),
        "covers_from": date(2021, 1, 1), "aggregation": "median",
        "note": "Chaque bloc compte pour un, quel que soit le nombre de ses habitants.",
    }  # fmt: skip
    return Indicator(code=f"atlas.{code}", title=title, question=question, facts=facts, **given | fields)


INDICATORS = (
    _of("block-income", "Revenu médian d’un bloc ordinaire", "De quoi vit-on dans un quartier ordinaire ?", _median_income,
        unit="€ par an"),
    _of("block-poverty", "Taux de pauvreté d’un bloc ordinaire", "Où la pauvreté est-elle la plus forte ?", _poverty,
        unit="%"),
    _of("blocks-told", "Blocs dont le revenu est connu", "Sur quelle part du territoire le revenu est-il connu ?", _told,
        unit="%", aggregation="share", datasets=(BLOCKS, INCOME), better="up"),
)  # fmt: skip
