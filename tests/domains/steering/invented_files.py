"""An invented dataset, its indicators, and a house that holds nothing else to measure."""

from dataclasses import replace
from datetime import date

import ibis
import pyarrow as pa

from parvis.kernel import faces
from parvis.kernel.access import HOUSE, Permission, Role
from parvis.kernel.faces import Face, House
from parvis.kernel.indicators.indicator import Indicator
from parvis.kernel.lake.dataset import Column, Dataset

FILES = Dataset(
    code="test.files",
    title="Dossiers d’essai",
    sentence="Une ligne par dossier.",
    key="code",
    permission="test.view_files",
    owner="DDCT",
    business_date="opened_on",
    columns=(
        Column("code", "string", "Numéro du dossier"),
        Column("sector", "string", "Secteur", place="sector"),
        Column("opened_on", "date", "Ouvert le"),
        Column("closed_on", "date", "Fermé le"),
        Column("cents", "cents", "Montant", unit="€"),
        Column("team", "string", "Service"),
        Column("is_urgent", "boolean", "Urgent"),
        Column("weight", "number", "Poids"),
        Column("at", "instant", "Dernier passage"),
        Column("name", "string", "Nom de la personne", is_personal=True),
    ),
)

NOBODY = replace(FILES, columns=tuple(column for column in FILES.columns if not column.is_personal))


def a_file(code, sector="19", opened_on=date(2026, 9, 10), **fields) -> dict:
    empty = {
        "closed_on": None,
        "cents": 100_00,
        "team": "DVD",
        "is_urgent": False,
        "weight": 1.5,
        "at": None,
        "name": "Nom",
    }
    return {"code": code, "sector": sector, "opened_on": opened_on} | empty | fields


def holding(rows, described: Dataset = FILES) -> Dataset:
    """The dataset with these rows."""
    batch = pa.RecordBatch.from_pylist(list(rows), schema=described.arrow)
    return replace(described, rows=lambda as_of: [batch], is_replayable=True)


def _amounts(tables):
    files = tables["test.files"]
    return files.select(
        subject=files.code, at=files.opened_on, place=files.sector, value=files.cents, team=files.team, left_out=ibis.null("string"),
    )  # fmt: skip


def amounts(**more) -> Indicator:
    said = {
        "code": "test.amounts", "title": "Montants", "question": "Combien ?", "unit": "€", "better": "up",
        "objective": "P1", "owner": "DDCT", "datasets": ("test.files",), "facts": _amounts, "aggregation": "sum",
        "dimensions": ("team",), "scale": 100,
    }  # fmt: skip
    return Indicator(**(said | more))


def settle_in(monkeypatch, rows, *indicators, described: Dataset = FILES) -> Dataset:
    """Let the house hold this dataset and these indicators alone, and every rule and workflow as it was."""
    dataset = holding(rows, described)
    may_view = Permission(
        "test.view_files", "Voir les dossiers", {Role.DIRECTORATE_HEAD: HOUSE, Role.DATA_OFFICER: HOUSE}
    )
    kept = [
        replace(face, datasets=() if face.code != "steering" else face.datasets, indicators=(), declared_datasets=None,
                declared_indicators=face.declared_indicators if face.code == "steering" else None)
        for face in faces.house().faces
    ]  # fmt: skip
    mine = Face("test", "Essai", permissions=(may_view,), datasets=(dataset,), indicators=tuple(indicators))
    monkeypatch.setattr(faces, "house", lambda: House((*kept, mine)))
    return dataset


def measure_only(monkeypatch, code: str) -> tuple[Dataset, ...]:
    """A house whose only indicator is this one, with the datasets it rests on, which are given."""
    house = faces.house()
    wanted = house.indicators[code].datasets
    kept = [
        replace(
            face, indicators=tuple(i for i in face.indicators if i.code == code), declared_indicators=None,
            datasets=tuple(d for d in face.datasets if d.code in wanted), declared_datasets=None,
        )
        for face in house.faces
    ]  # fmt: skip
    monkeypatch.setattr(faces, "house", lambda: House(tuple(kept)))
    return tuple(house.datasets[one] for one in wanted)
