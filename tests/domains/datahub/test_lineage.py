"""Where a dataset comes from, what is made of it, and which columns a figure really needs."""

import ibis
import pytest

from parvis.domains.datahub.expression_columns import columns_used
from parvis.domains.datahub.queries import lineage
from parvis.kernel import faces
from parvis.kernel.lake import snapshots
from parvis.kernel.lake.dataset import unbound
from parvis.kernel.references import Reference

T = ibis.table({"a": "int64", "b": "string", "c": "date", "d": "boolean"}, name="t")
U = ibis.table({"b": "string", "e": "int64"}, name="u")


@pytest.mark.parametrize(("expression", "expected"), [
    (T.select("a"), {"t": {"a"}}),
    (T.filter(T.b == "x").select("a"), {"t": {"a", "b"}}),
    (T.mutate(x=T.a + 1).select("x"), {"t": {"a"}}),
    (T.mutate(x=T.a + 1).filter(T.d).select("x", "c"), {"t": {"a", "c", "d"}}),
    (T.rename(z="a").select("z"), {"t": {"a"}}),
    (T.join(U, "b").select("a", "e"), {"t": {"a", "b"}, "u": {"b", "e"}}),
    (T.left_join(U, "b").select("a"), {"t": {"a", "b"}, "u": {"b"}}),
    (T.group_by("b").aggregate(n=T.a.sum()).select("n"), {"t": {"a", "b"}}),
    (T.select("a").union(T.select(a=T.a + 1)), {"t": {"a"}}),
    (T.filter(T.b.isin(U.b)).select("a"), {"t": {"a", "b"}, "u": {"b"}}),
    (T.filter(T.a == T.a.max()).select("b"), {"t": {"a", "b"}}),
    (T.order_by("c").limit(3).select("a"), {"t": {"a", "c"}}),
    (T.select("a", "b").distinct().select("a"), {"t": {"a", "b"}}),
    (T.drop("d").select("a"), {"t": {"a"}}),
    (T.select("a", n=ibis.row_number().over(order_by=T.c)), {"t": {"a", "c"}}),
])  # fmt: skip
def test_only_what_ends_in_the_result_or_decides_its_rows_counts(expression, expected):
    assert columns_used(expression) == expected


@pytest.mark.django_db
def test_every_indicator_of_the_house_needs_columns_that_its_datasets_have():
    datasets = faces.house().datasets
    for indicator in faces.house().indicators.values():
        used = columns_used(indicator.expression(unbound(datasets[code] for code in indicator.datasets)))
        known = {datasets[code].table_name: set(datasets[code].by_name) for code in indicator.datasets}
        assert used and all(columns <= known[table] for table, columns in used.items()), indicator.code


@pytest.mark.django_db
def test_a_column_taken_away_breaks_the_indicators_that_need_it_and_no_other():
    """Proved by building each on the columns that stay."""
    code = "datahub.imports"
    dataset = faces.house().datasets[code]
    for column in dataset.columns:
        broken = {one.code for one, _ in lineage.broken_by(code, [column.name])}
        staying = dataset.unbound.drop(column.name)
        failing = {one.code for one in lineage.indicators_on(code) if not builds(one, code, staying)}
        assert failing <= broken, column.name
    assert {c for c, _ in ((one.code, 0) for one, _ in lineage.broken_by(code, ["error_count"]))} == {
        "datahub.errors-per-thousand"
    }
    assert lineage.broken_by(code, []) == lineage.broken_by("no.where", ["x"]) == []


def builds(indicator, code, table) -> bool:
    try:
        indicator.expression({code: table})
    except (AttributeError, ibis.common.exceptions.IbisError):
        return False
    return True


def test_what_feeds_and_what_uses_are_told_with_what_cites(officer, lake, now):
    dataset = faces.house().datasets["datahub.imports"]
    snapshots.cite([snapshots.take(dataset, by=None, at=now)], Reference("evaluation", "7"), at=now)
    assert [node.title for node in lineage.upstream(dataset, officer)] == ["Enregistrements : Données"]
    uses = {(node.kind, node.title) for node in lineage.downstream(dataset, officer)}
    assert ("indicateur", "Lignes lues") in uses
    assert ("évaluation", "Évaluation 7") in uses


def test_a_contract_that_feeds_is_a_link_for_who_may_use_it_only(officer, person, lake):
    dataset = faces.house().datasets["roadmaps.actions"]
    mine = [node.url for node in lineage.upstream(dataset, officer) if node.kind == "fichier sous contrat"]
    assert any(mine)
    assert not any(node.url for node in lineage.upstream(dataset, person("elected-reader")))


def test_deposits_feed_a_dataset_that_lives_from_files(officer, kept_markets):
    assert "dépôts de fichiers" in [node.kind for node in lineage.upstream(kept_markets, officer)]
