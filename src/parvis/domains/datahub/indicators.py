"""Is the house's data sound, and is it mended when it is not? Objective D3."""

from typing import Any

import ibis
import ibis.expr.types as ir

from parvis.kernel.indicators.indicator import Indicator, Thresholds

IMPORTS, QUARANTINE, FRESHNESS = "datahub.imports", "datahub.quarantine", "datahub.freshness"
REMEMBERED = 90  # days after which a settled row is forgotten
BY_CONTRACT = {"contract": "contrat"}


def _accepted(tables):
    rows = tables[IMPORTS]
    return rows.select(
        subject=rows.number, at=rows.read_on, place=_nowhere(), value=rows.accepted_count, base=rows.row_count,
        contract=rows.contract, left_out=_none(),
    )  # fmt: skip


def _errors(tables):
    rows = tables[IMPORTS]
    return rows.select(
        subject=rows.number, at=rows.read_on, place=_nowhere(), value=rows.error_count * 1000, base=rows.row_count,
        contract=rows.contract, left_out=_none(),
    )  # fmt: skip


def _read(tables):
    rows = tables[IMPORTS]
    return rows.select(
        subject=rows.number, at=rows.read_on, place=_nowhere(), value=rows.row_count, contract=rows.contract,
        left_out=_none(),
    )  # fmt: skip


def _settling(tables):
    """Days in quarantine; a row that still waits counts up to the day of the snapshot.

    Of the rows that entered long ago, those settled are forgotten: the ones left would all seem slow.
    """
    rows = tables[QUARANTINE]
    end = ibis.coalesce(rows.settled_on, rows.known_on)
    return rows.select(
        subject=rows.number, at=rows.entered_on, place=_nowhere(), value=end.delta(rows.entered_on, unit="day"),
        event=rows.settled_on.notnull(), contract=rows.contract,
        left_out=_forgotten(rows),
    )  # fmt: skip


def _forgotten(rows: ir.Table) -> ir.Value:
    age = rows.known_on.delta(rows.entered_on, unit="day")
    return ibis.cases((age > REMEMBERED, "entrée il y a plus de 90 jours : les lignes réglées alors sont effacées"))


def _waiting(tables):
    rows = tables[QUARANTINE]
    return rows.select(
        subject=rows.number, at=rows.entered_on, place=_nowhere(), value=rows.settled_on.isnull(),
        contract=rows.contract, left_out=_forgotten(rows),
    )  # fmt: skip


def _fresh(tables):
    rows = tables[FRESHNESS]
    return rows.select(
        subject=rows.number, at=rows.as_of, place=_nowhere(), value=rows.is_fresh, dataset=rows.dataset,
        left_out=_none(),
    )  # fmt: skip


def _nowhere() -> ibis.Value:
    return ibis.literal(None, "string")


def _none() -> ibis.Value:
    return ibis.literal(None, "string")


def _of(code: str, title: str, question: str, facts, **fields: Any) -> Indicator:
    given: dict[str, Any] = {
        "unit": "%", "better": "up", "objective": "D3", "owner": "DDCT", "rhythm": "quarter", "delay_days": 0,
        "datasets": (IMPORTS,), "dimensions": ("contract",), "dimension_labels": BY_CONTRACT, "is_stock": True,
    }  # fmt: skip
    return Indicator(code=f"datahub.{code}", title=title, question=question, facts=facts, **given | fields)


INDICATORS = (
    _of(
        "accepted-share", "Lignes acceptées aux imports", "Les fichiers reçus sont-ils utilisables ?", _accepted,
        aggregation="ratio", unit="ligne acceptée par ligne lue", thresholds=Thresholds(watch=0.99, alert=0.95),
    ),
    _of(
        "errors-per-thousand", "Erreurs pour mille lignes", "Combien d’erreurs les fichiers reçus portent-ils ?", _errors,
        aggregation="ratio", unit="erreurs pour mille lignes", better="down", thresholds=Thresholds(watch=5, alert=20),
    ),
    _of(
        "rows-read", "Lignes lues", "Combien de lignes la maison lit-elle ?", _read, aggregation="sum", unit="lignes",
        better="none",
    ),
    _of(
        "quarantine-days", "Durée en quarantaine",
        "En combien de jours une ligne refusée est-elle réglée, lignes en attente comprises ?", _settling,
        datasets=(QUARANTINE,), aggregation="km_median", unit="jours", better="down",
        thresholds=Thresholds(watch=15, alert=45),
    ),
    _of(
        "quarantine-waiting", "Lignes qui attendent", "Quelle part des lignes refusées attend encore ?", _waiting,
        datasets=(QUARANTINE,), aggregation="share", better="down",
    ),
    _of(
        "fresh-share", "Jeux de données dans leur rythme", "Les jeux de données sont-ils à jour ?", _fresh,
        datasets=(FRESHNESS,), aggregation="share", rhythm="month", dimensions=("dataset",),
        dimension_labels={"dataset": "jeu de données"}, thresholds=Thresholds(watch=90, alert=70),
    ),
)  # fmt: skip
