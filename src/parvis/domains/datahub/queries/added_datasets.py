"""The datasets that people added, as the house knows them, and what uses one of them."""

from parvis.domains.datahub import table_schema
from parvis.domains.datahub.models import AddedDataset, ContractVersion, Edition, Publication
from parvis.domains.datahub.queries import lineage
from parvis.kernel.lake.dataset import Dataset
from parvis.kernel.lake.models import Citation

PREFIX = "ajouts."
# Who reads the rows: its name on screen, and the permission that opens them.
AUDIENCES = {
    "staff": ("Les agents de la direction", "datahub.read_added"),
    "officers": ("La direction et le responsable des données", "datahub.read_kept"),
    "public": ("Tout le monde", "datahub.view_open_data"),
}


def declared() -> list[Dataset]:
    """Every added dataset under its newest contract: one query."""
    versions = ContractVersion.objects.filter(dataset__withdrawn_at=None).order_by("dataset_id", "-number")
    return [as_dataset(version) for version in versions.distinct("dataset_id").select_related("dataset")]


def as_dataset(version: ContractVersion) -> Dataset:
    """A contract version as the lake's description."""
    return Dataset(
        code=version.dataset.code, title=version.title, sentence=version.sentence, key=version.key,
        columns=table_schema.described_columns(version.schema), permission=AUDIENCES[version.audience][1],
        owner=version.owner, schema=version.schema, business_date=version.business_date,
        rhythm_days=version.rhythm_days, deposit_permission="datahub.add_dataset",
    )  # fmt: skip


def newest(code: str) -> ContractVersion | None:
    """The contract in force of an added dataset; None when there is none, or it was withdrawn."""
    versions = ContractVersion.objects.filter(dataset__code=code, dataset__withdrawn_at=None)
    return versions.select_related("dataset").order_by("-number").first()


def uses(dataset: AddedDataset) -> list[str]:
    """What would be lost if the dataset went: publications, cited snapshots, indicators; each in a sentence."""
    said = [
        f"Publication « {one.title} » ({one.get_state_display()})."
        for one in Publication.objects.filter(dataset=dataset.code).exclude(state="withdrawn")
    ]
    own = Edition.objects.filter(publication__dataset=dataset.code).values("source_id")
    cited = Citation.objects.filter(snapshot__dataset=dataset.code).exclude(snapshot__in=own)
    said += [f"Cité par {kind} « {subject} »." for kind, subject in sorted(set(cited.values_list("kind", "subject")))]
    return said + [f"Indicateur « {one.title} » ({one.code})." for one in lineage.indicators_on(dataset.code)]
