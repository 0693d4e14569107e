"""What is done for many actions at once: derive every status, freeze a campaign, count by status."""

from pathlib import Path
from tempfile import gettempdir

import duckdb
from django.db.models import Count

from bench.house import AT, TODAY, House
from bench.measuring import Operation
from parvis.domains.roadmaps.actions.recompute import recompute
from parvis.domains.roadmaps.actions.versions import freeze_all
from parvis.domains.roadmaps.models import Action
from parvis.domains.roadmaps.queries import coverage
from parvis.domains.roadmaps.queries.facts import status_on


def operations(house: House) -> list[Operation]:
    large, small = (
        Action.objects.filter(placements__plan=house.large),
        Action.objects.filter(placements__plan=house.small),
    )
    return [
        Operation("recompute-60", "recalculer tous les statuts", "60", lambda: recompute(small, on=TODAY, at=AT),
                  2000, repeats=10),
        Operation("recompute-1000", "recalculer tous les statuts", "1 000", lambda: recompute(large, on=TODAY, at=AT),
                  2000, same_queries_as="recompute-60", repeats=10, peer="30 à 87 s"),
        Operation("replay-1000", "rejouer tous les statuts d’un jour passé", "1 000",
                  lambda: status_on(large, TODAY.replace(month=6)), 2000, repeats=10),
        Operation("freeze", "figer une campagne", "17 × 60",
                  lambda: freeze_all(house.roadmaps, by=house.pilot, at=AT), 5000, repeats=5,
                  peer="1 512 à plus de 9 000 requêtes ; 85 s"),
        Operation("coverage", "matrice de couverture secteur × politique", "17 × 60",
                  lambda: coverage.matrix(house.pilot, 2026, today=TODAY).holes, 300),
        Operation("count", "compter les actions par statut", "2 020", _count, 100, bare=_counted_by_duckdb()),
    ]  # fmt: skip


def _count() -> dict[str, int]:
    return dict(Action.objects.order_by().values_list("status").annotate(Count("pk")))


def _counted_by_duckdb():
    """The same count in bare DuckDB over a Parquet file of the same rows."""
    file = Path(gettempdir()) / "parvis-bench-actions.parquet"
    engine = duckdb.connect()
    engine.execute("CREATE TABLE actions (code VARCHAR, status VARCHAR)")
    engine.executemany("INSERT INTO actions VALUES (?, ?)", list(Action.objects.values_list("code", "status")))
    engine.execute(f"COPY actions TO '{file}' (FORMAT parquet)")
    return lambda: engine.execute("SELECT status, count(*) FROM read_parquet(?) GROUP BY 1", [str(file)]).fetchall()
