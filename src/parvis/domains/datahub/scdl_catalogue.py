"""The open datasets as the SCDL « catalogue » asks for them (schema 0.1.3, OpenDataFrance): one line a dataset. No Django."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from parvis.domains.datahub.dcat import FORMATS, THEMES, Description
from parvis.kernel.contracts.text import plain

LONGEST = 140
FREQUENCIES = {
    "CONT": "Temps réel", "DAILY": "Quotidienne ou plusieurs fois par jour",
    "WEEKLY": "Hebdomadaire ou plusieurs fois par semaine", "MONTHLY": "Mensuelle ou plusieurs fois par mois",
    "QUARTERLY": "Trimestrielle", "ANNUAL": "Annuelle", "IRREG": "Sans régularité",
}  # fmt: skip
LICENCE_NAMES = {"etalab-2.0": "LO - Licence Ouverte", "odbl-1.0": "ODbL - Open Database License"}
COLUMNS = (
    "COLL_NOM", "COLL_SIRET", "ID", "TITRE", "DESCRIPTION", "THEME", "PRODUCTEUR_NOM", "PRODUCTEUR_SIRET",
    "COUV_SPAT_MAILLE", "COUV_SPAT_NOM", "COUV_TEMP_DEBUT", "COUV_TEMP_FIN", "DATE_PUBL", "FREQ_MAJ", "DATE_MAJ",
    "MOTS_CLES", "LICENCE", "NOMBRE_RESSOURCES", "FORMAT_RESSOURCES", "URL",
)  # fmt: skip


@dataclass(frozen=True)
class Body:
    """The city that publishes and the directorate that produces; a SIRET has fourteen figures."""

    name: str
    siret: str
    producer: str
    producer_siret: str


def lines(body: Body, datasets: Iterable[Description]) -> list[list[str]]:
    """The lines of the catalogue, COLUMNS first."""
    return [list(COLUMNS), *(_line(body, held) for held in datasets)]


def _line(body: Body, held: Description) -> list[str]:
    issued = held.issued_on or held.modified_on
    said: dict[str, str] = {
        "COLL_NOM": body.name, "COLL_SIRET": body.siret, "ID": held.identifier, "TITRE": held.title[:LONGEST],
        "DESCRIPTION": " ".join(held.description.split()), "THEME": THEMES.get(held.theme, ""),
        "PRODUCTEUR_NOM": body.producer[:LONGEST], "PRODUCTEUR_SIRET": body.producer_siret,
        "COUV_SPAT_MAILLE": "Infracommunale", "COUV_SPAT_NOM": body.name,
        "COUV_TEMP_DEBUT": _day(held.covers_from or issued), "COUV_TEMP_FIN": _day(held.covers_to or held.modified_on),
        "DATE_PUBL": _day(issued), "FREQ_MAJ": FREQUENCIES.get(held.rhythm, "Inconnue"),
        "DATE_MAJ": _day(held.modified_on), "MOTS_CLES": ";".join(map(plain, held.keywords))[:LONGEST],
        "LICENCE": LICENCE_NAMES.get(held.licence, "Spécifique ou autre"),
        "NOMBRE_RESSOURCES": str(len(held.distributions)),
        "FORMAT_RESSOURCES": ";".join(one.form for one in held.distributions if one.form in FORMATS), "URL": held.address,
    }  # fmt: skip
    return [said[name] for name in COLUMNS]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
