"""What the lake may keep of the house's own data work: files read, rows put aside, photographs taken."""

from collections.abc import Iterator
from datetime import date

import pyarrow as pa
from django.db.models import Count, DateField, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, NullIf, TruncDate

from parvis.domains.datahub.freshness import freshness
from parvis.domains.datahub.rules import visible_runs
from parvis.kernel import faces
from parvis.kernel.contracts.models import ImportRun, QuarantinedRow
from parvis.kernel.lake.dataset import Column, Dataset
from parvis.kernel.lake.models import Snapshot


def _imports(as_of) -> QuerySet:
    return ImportRun.objects.annotate(
        number=Cast("pk", output_field=TextField()), read_on=TruncDate("started_at"),
        error_count=Count("issues", filter=Q(issues__severity="error")),
        warning_count=Count("issues", filter=Q(issues__severity="warning")),
    )  # fmt: skip


def _quarantine(as_of) -> QuerySet:
    return QuarantinedRow.objects.annotate(
        number=Cast("pk", output_field=TextField()), contract=F("run__contract"), entered_on=TruncDate("run__started_at"),
        settled_on=TruncDate("settled_at"), settled_as=NullIf(F("outcome"), Value("")),
        known_on=Value(as_of, output_field=DateField()),
    )  # fmt: skip


def _visible_imports(person) -> QuerySet:
    rows = ImportRun.objects.filter(visible_runs(person)).annotate(number=Cast("pk", output_field=TextField()))
    return rows.values("number")


def _visible_quarantine(person) -> QuerySet:
    rows = QuarantinedRow.objects.filter(run__in=ImportRun.objects.filter(visible_runs(person)))
    return rows.annotate(number=Cast("pk", output_field=TextField())).values("number")


def _freshness(as_of: date) -> Iterator[pa.RecordBatch]:
    """Each dataset on each day that it was photographed: how old its business date was, against its rhythm."""
    known = faces.house().datasets
    rows = []
    for snapshot in Snapshot.objects.filter(as_of__lte=as_of).order_by("pk"):
        dataset = known.get(snapshot.dataset)
        if dataset is not None and dataset.business_date:
            rows.append(_fresh(snapshot, dataset))
    yield from pa.Table.from_pylist(rows, schema=FRESHNESS.arrow).to_batches()


def _fresh(snapshot: Snapshot, dataset: Dataset) -> dict:
    age = (snapshot.as_of - snapshot.business_on).days if snapshot.business_on else None
    told = freshness(snapshot.business_on, dataset.rhythm_days, snapshot.as_of, row_count=snapshot.row_count)
    return {
        "number": str(snapshot.pk), "dataset": dataset.code, "owner": dataset.owner, "as_of": snapshot.as_of,
        "business_on": snapshot.business_on, "age_days": age, "rhythm_days": dataset.rhythm_days,
        "is_fresh": told.state == "fresh", "row_count": snapshot.row_count,
    }  # fmt: skip


IMPORTS = Dataset(
    code="datahub.imports",
    title="Fichiers lus",
    sentence="Une ligne par lecture d’un fichier sous un contrat : lignes acceptées, mises en quarantaine, remarques.",
    key="number", permission="datahub.import_files", owner="DDCT", rows=_imports, visible_keys=_visible_imports,
    business_date="read_on", rhythm_days=31,
    columns=(
        Column("number", "string", "Numéro de la lecture"),
        Column("contract", "string", "Contrat"),
        Column("read_on", "date", "Lu le"),
        Column("row_count", "integer", "Lignes lues", unit="lignes"),
        Column("accepted_count", "integer", "Lignes acceptées, inchangées comprises", unit="lignes"),
        Column("unchanged_count", "integer", "Lignes inchangées", unit="lignes"),
        Column("quarantined_count", "integer", "Lignes mises en quarantaine", unit="lignes"),
        Column("error_count", "integer", "Erreurs trouvées", unit="erreurs"),
        Column("warning_count", "integer", "Avertissements", unit="avertissements"),
    ),
)  # fmt: skip

QUARANTINE = Dataset(
    code="datahub.quarantine",
    title="Lignes en quarantaine",
    sentence="Une ligne par ligne de fichier refusée : entrée quand, réglée quand, comment.",
    key="number", permission="datahub.import_files", owner="DDCT", rows=_quarantine, visible_keys=_visible_quarantine,
    business_date="entered_on", rhythm_days=31,
    columns=(
        Column("number", "string", "Numéro de la ligne"),
        Column("contract", "string", "Contrat"),
        Column("entered_on", "date", "Entrée en quarantaine le"),
        Column("settled_on", "date", "Réglée le"),
        Column("settled_as", "string", "Corrigée ou écartée"),
        Column("known_on", "date", "Jour de la photographie"),
    ),
)  # fmt: skip

FRESHNESS = Dataset(
    code="datahub.freshness",
    title="Fraîcheur des jeux de données",
    sentence="Une ligne par photographie d’un jeu de données : l’âge de sa date métier, au regard de son rythme attendu.",
    key="number", permission="datahub.read_added", owner="DDCT", rows=_freshness, business_date="as_of", rhythm_days=1,
    columns=(
        Column("number", "string", "Numéro de la photographie"),
        Column("dataset", "string", "Jeu de données"),
        Column("owner", "string", "Direction qui en répond"),
        Column("as_of", "date", "Jour de la photographie"),
        Column("business_on", "date", "Date métier la plus récente"),
        Column("age_days", "integer", "Âge de cette date", unit="jours"),
        Column("rhythm_days", "integer", "Rythme attendu", unit="jours"),
        Column("is_fresh", "boolean", "Dans son rythme"),
        Column("row_count", "integer", "Lignes", unit="lignes"),
    ),
)  # fmt: skip

DATASETS = (IMPORTS, QUARANTINE, FRESHNESS)
