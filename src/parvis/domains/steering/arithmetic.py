"""How a cell's value comes from its rows, as a sentence that a reader can check by hand. No Django."""

from collections.abc import Mapping
from typing import Any

from parvis.domains.steering import wording
from parvis.kernel.indicators.indicator import Indicator

HIDDEN = "Moins de cinq personnes : le chiffre n’est pas montré."
# {top}, {bottom} and {n} are the numerator, the denominator and the number of rows; {value} has its unit.
SENTENCES: dict[str, str] = {
    "sum": "Somme de {n} lignes : {value}.",
    "count": "{n} lignes comptées : {value}.",
    "mean": "{top} ÷ {bottom} lignes = {value}.",
    "ratio": "{top} ÷ {bottom} = {value}.",
    "share": "{top} sur {bottom} lignes = {value}.",
    "median": "La valeur du milieu de {n} lignes : {value}.",
    "p90": "Neuf lignes sur dix, parmi {n}, sont à {value} ou en dessous.",
    "km_median": "Après {value}, la moitié des {n} dossiers sont terminés, ceux encore ouverts compris.",
    "km_p90": "Après {value}, neuf des dix dossiers sont terminés, parmi {n}, ceux encore ouverts compris.",
}
UNREACHED = "Trop de dossiers, parmi {n}, sont encore ouverts pour donner une durée."


def told(indicator: Indicator, cell: Mapping[str, Any]) -> str:
    """« 1 065 ÷ 152 lignes = 7 sur 8. »"""
    if cell.get("hidden"):
        return HIDDEN
    if cell["value"] is None:
        is_duration = indicator.aggregation.startswith("km_")
        said = UNREACHED if is_duration else "Rien à mesurer : {n} lignes comptées."
        return said.format(n=wording.number(cell["counted"], 0))
    scale = 1 if indicator.aggregation == "share" else indicator.scale
    return SENTENCES[indicator.aggregation].format(
        top=wording.number(_scaled(cell["numerator"], scale)), bottom=wording.number(cell["denominator"]),
        n=wording.number(cell["counted"], 0), value=wording.figure(cell["value"], indicator.unit),
    )  # fmt: skip


def _scaled(number: float | None, scale: int) -> float | None:
    return None if number is None else number / scale
