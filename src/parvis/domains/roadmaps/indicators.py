"""What the roadmaps are measured by: facts + aggregation, one declaration each."""

import ibis

from parvis.kernel.indicators.indicator import Indicator, Thresholds


def _operational(tables):
    actions = tables["roadmaps.actions"].filter(ibis._.plan.notnull())
    return actions.select(
        subject=actions.code, at=actions.changed_at.date(), place=actions.sector, value=actions.grade,
        directorate=actions.lead_code,
        left_out=ibis.cases((actions.state == "dropped", "abandonnée"), (actions.grade.isnull(), "pas encore notée")),
    )  # fmt: skip


OPERATIONALITY = Indicator(
    code="roadmaps.operationality",
    title="Opérationnalité des actions",
    question="Les actions des feuilles de route sont-elles prêtes à être menées ?",
    unit="sur 8",
    better="up",
    objective="P2",
    owner="DDCT",
    datasets=("roadmaps.actions",),
    facts=_operational,
    aggregation="mean",
    rhythm="year",
    dimensions=("directorate",),
    dimension_labels={"directorate": "direction pilote"},
    thresholds=Thresholds(watch=6, alert=4),
    delay_days=0,
)

INDICATORS = (OPERATIONALITY,)
