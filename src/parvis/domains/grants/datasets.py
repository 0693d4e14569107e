"""The public files of grants that the lake keeps: deposited under their contract, a line of the file as the key."""

from typing import Any

from parvis.domains.grants import contracts
from parvis.kernel.lake.dataset import Column, Dataset, columns_of

LINE = Column("ligne", "string", "Empreinte du fichier et numéro de la ligne : la ligne même dont il s’agit")
OPEN_LICENCE = "Licence Ouverte 2.0"


def _deposited(schema: dict[str, Any], sentence: str, **fields: Any) -> Dataset:
    return Dataset(
        code=schema["name"], title=schema["title"], sentence=sentence, schema=schema, key=LINE.name, owner="DDCT",
        columns=(LINE, *columns_of(schema)), permission="grants.view_files", deposit_permission="grants.deposit_files",
        rhythm_days=400, licence=OPEN_LICENCE, **fields,
    )  # fmt: skip


BENEFICIARIES = _deposited(
    contracts.BENEFICIARIES, "Une ligne par bénéficiaire et par an : ce que la Ville lui a versé, sur quel thème.",
    business_date="annee", replaces_by="annee",
)  # fmt: skip
REQUESTS = _deposited(
    contracts.REQUESTS, "Une ligne par demande de subvention de 2013 : ce qui a été demandé, ce qui a été voté.",
    business_date="annee",
)  # fmt: skip
SCDL_P1 = _deposited(
    contracts.SCDL_P1, "Les subventions attribuées, au format commun des collectivités (16 colonnes).",
    business_date="dateConvention",
)  # fmt: skip
SCDL_P2 = _deposited(
    contracts.SCDL_P2, "Les subventions attribuées, au format commun étendu (40 colonnes).", business_date="dateConvention"
)  # fmt: skip

DATASETS = (BENEFICIARIES, REQUESTS, SCDL_P1, SCDL_P2)
