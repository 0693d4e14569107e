"""What the lake may keep of steering: the values entered by hand, once approved, without what people wrote."""

from parvis.domains.steering.queries import manual_values
from parvis.kernel.lake.dataset import Column, Dataset

MANUAL_VALUES = Dataset(
    code=manual_values.DATASET,
    title="Valeurs saisies à la main",
    sentence="Une ligne par valeur proposée, justifiée et approuvée par une autre personne.",
    key="number",
    permission="steering.view_figures",
    owner="DDCT",
    rows=manual_values.approved,
    record_kind="manual-value",
    business_date="period",
    rhythm_days=31,
    columns=(
        Column("number", "integer", "Numéro de la valeur"),
        Column("series_code", "string", "Série"),
        Column("period", "date", "Premier jour de la période"),
        Column("sector", "string", "Secteur", place="sector"),
        Column("hundredths", "integer", "Valeur", unit="centièmes"),
        Column("approved_at", "instant", "Approuvée le"),
    ),
)

DATASETS = (MANUAL_VALUES,)
