"""What the public files of grants say: who receives what, and how well it is known. Objective Q2.

A year's file is one fact per beneficiary; the file of 2013, one per request. Amounts are cents, shares of money are
ratios of cents in hundredths, so that any two engines agree.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import reduce
from typing import Any

import ibis
import ibis.expr.types as ir

from parvis.kernel.indicators.indicator import Indicator
from parvis.kernel.territories.in_columns import sector_of_postcode

Tables = Mapping[str, ir.Table]
PAID, ASKED, PEOPLE = "grants.beneficiaries", "grants.requests-2013", "atlas.population"
PARIS = "75056"
BY_THEME = {"theme": "thème", "directorate": "direction", "nature": "nature juridique"}
LA_POSTE = "356000000"
THOUSAND_EUROS = 100_000  # cents: squares of amounts in thousands of euros hold in an integer


def has_valid_siret(siret: ir.StringValue) -> ir.BooleanValue:
    """Fourteen figures whose key is right (Luhn; for La Poste, a sum of figures that five divides). False when unsaid."""
    is_number = siret.fill_null("").re_search(r"\A[0-9]{14}\z")
    text = ibis.ifelse(is_number, siret, "00000000000001")  # a wrong key
    digits = [text.substr(place, 1).cast("int64") for place in range(14)]
    luhn = reduce(lambda a, b: a + b, [_doubled(d) if place % 2 == 0 else d for place, d in enumerate(digits)])
    plain = reduce(lambda a, b: a + b, digits)
    return is_number & ((luhn % 10 == 0) | ((text.substr(0, 9) == LA_POSTE) & (plain % 5 == 0)))


def _doubled(digit: ir.IntegerValue) -> ir.IntegerValue:
    return ibis.ifelse(digit > 4, digit * 2 - 9, digit * 2)


def _nothing() -> ir.Scalar:
    return ibis.null("string")


def _paid_rows(tables: Tables, value: Callable[[ir.Table], Any], **more: Callable[[ir.Table], Any]) -> ir.Table:
    """One fact per beneficiary and year."""
    rows = tables[PAID]
    return rows.select(
        subject=rows.ligne, at=rows.annee, place=_nothing(), value=value(rows), left_out=_nothing(), theme=rows.thematique,
        directorate=rows.direction, nature=rows.nature_juridique, **{name: said(rows) for name, said in more.items()},
    )  # fmt: skip


def _paid(tables: Tables) -> ir.Table:
    return _paid_rows(tables, lambda rows: rows.montant_total)


def _known(tables: Tables) -> ir.Table:
    return _paid_rows(tables, lambda rows: has_valid_siret(rows.siret))


def _money_of_known(tables: Tables) -> ir.Table:
    return _paid_rows(
        tables, lambda rows: ibis.ifelse(has_valid_siret(rows.siret), rows.montant_total, 0) * 100,
        base=lambda rows: rows.montant_total,
    )  # fmt: skip


def _per_inhabitant(tables: Tables) -> ir.Table:
    """The amounts over the people of Paris, who count once a year, as known today."""
    paid = tables[PAID].select(
        subject="ligne", at="annee", value="montant_total", base=ibis.literal(0, "int64"), left_out=_nothing()
    )
    years = tables[PAID].select(at="annee").distinct()
    city = tables[PEOPLE].filter(tables[PEOPLE].insee == PARIS)
    people = years.cross_join(city).select(
        subject=ibis.literal(f"habitants de {PARIS}"), at="at", value=ibis.literal(0, "int64"), base="population",
        left_out=_nothing(),
    )  # fmt: skip
    return ibis.union(paid, people).mutate(place=_nothing())


def _top_tenth(tables: Tables) -> ir.Table:
    """The money of the tenth of beneficiaries who receive most, over all the money of the year."""
    rows = tables[PAID]
    ranked = rows.mutate(
        rank=ibis.row_number().over(
            group_by=rows.annee, order_by=[ibis.desc(rows.montant_total), ibis.asc(rows.ligne)]
        ).cast("int64"),
        many=rows.count().over(group_by=rows.annee).cast("int64"),
    )  # fmt: skip
    is_top = ranked["rank"] * 10 < ranked.many
    return ranked.select(
        subject="ligne", at="annee", place=_nothing(), value=ibis.ifelse(is_top, ranked.montant_total, 0) * 100,
        base="montant_total", left_out=_nothing(),
    )  # fmt: skip


def _concentration(tables: Tables) -> ir.Table:
    """Herfindahl and Hirschman: the sum of squared shares, in ten-thousandths, on thousands of euros."""
    rows = tables[PAID]
    euros = rows.mutate(thousands=(rows.montant_total // THOUSAND_EUROS).cast("int64"))
    summed = euros.mutate(whole=euros.thousands.sum().over(group_by=euros.annee).cast("int64"))
    return summed.select(
        subject="ligne", at="annee", place=_nothing(), value=summed.thousands * summed.thousands * 10_000,
        base=summed.thousands * summed.whole, left_out=_nothing(),
    )  # fmt: skip


def _asked_rows(tables: Tables, value: Callable[[ir.Table], Any], **more: Callable[[ir.Table], Any]) -> ir.Table:
    """One fact per request of 2013, at the seat of whoever asks."""
    rows = tables[ASKED]
    return rows.select(
        subject=rows.ligne, at=rows.annee, place=sector_of_postcode(rows.code_postal), value=value(rows),
        call=ibis.ifelse(rows.appel_a_projets, "appel à projets", "hors appel"), left_out=_nothing(),
        **{name: said(rows) for name, said in more.items()},
    )  # fmt: skip


def _voted(tables: Tables) -> ir.Table:
    return _asked_rows(tables, lambda rows: rows.montant_vote.fill_null(0))


def _voted_over_asked(tables: Tables) -> ir.Table:
    return _asked_rows(
        tables, lambda rows: rows.montant_vote.fill_null(0) * 100, base=lambda rows: rows.montant_demande
    )


def _above_request(tables: Tables) -> ir.Table:
    return _asked_rows(tables, lambda rows: rows.montant_vote.fill_null(0) > rows.montant_demande)


def _financed(tables: Tables) -> ir.Table:
    return _asked_rows(tables, lambda rows: rows.issue == "Financee")


def _siret_2013(tables: Tables) -> ir.Table:
    return _asked_rows(tables, lambda rows: has_valid_siret(rows.siret))


def _of(code: str, title: str, question: str, facts: Any, **fields: Any) -> Indicator:
    given: dict[str, Any] = {
        "unit": "%", "better": "none", "objective": "Q2", "owner": "DDCT", "rhythm": "year", "delay_days": 365,
        "datasets": (PAID,), "covers_from": date(2020, 1, 1), "dimension_labels": BY_THEME,
    }  # fmt: skip
    return Indicator(code=f"grants.{code}", title=title, question=question, facts=facts, **given | fields)


def _of_2013(code: str, title: str, question: str, facts: Any, **fields: Any) -> Indicator:
    given: dict[str, Any] = {
        "datasets": (ASKED,), "covers_from": date(2013, 1, 1), "dimensions": ("call",), "dimension_labels": {"call": "appel"},
        "note": "Le fichier de 2013 est le seul qui dise à la fois ce qui a été demandé et ce qui a été voté.",
    }  # fmt: skip
    return _of(code, title, question, facts, **given | fields)


THEMES = ("theme", "directorate", "nature")
INDICATORS = (
    _of("paid", "Subventions versées", "Combien la Ville verse-t-elle, et sur quels thèmes ?", _paid, unit="€", scale=100,
        aggregation="sum", dimensions=THEMES),
    _of("paid-per-inhabitant", "Subventions versées par habitant", "Combien la Ville verse-t-elle par habitant ?",
        _per_inhabitant, unit="€ par habitant", scale=100, aggregation="ratio", datasets=(PAID, PEOPLE),
        note="Population municipale connue aujourd’hui, la même pour toutes les années."),
    _of("beneficiaries", "Bénéficiaires de subventions", "Combien de bénéficiaires la Ville soutient-elle ?", _paid,
        unit="bénéficiaires", aggregation="count", dimensions=THEMES),
    _of("average-paid", "Subvention moyenne", "Combien reçoit en moyenne un bénéficiaire dans l’année ?", _paid, unit="€",
        scale=100, aggregation="mean", dimensions=THEMES),
    _of("median-paid", "Subvention médiane", "Combien reçoit un bénéficiaire ordinaire ?", _paid, unit="€", scale=100,
        aggregation="median", dimensions=("theme",)),
    _of("known-siret", "Bénéficiaires au SIRET connu et valide", "Sait-on au juste à qui la Ville verse ?", _known,
        better="up", aggregation="share", dimensions=THEMES),
    _of("known-siret-money", "Part de l’argent au SIRET connu et valide", "Quelle part de l’argent va à un SIRET vérifiable ?",
        _money_of_known, better="up", aggregation="ratio", dimensions=THEMES),
    _of("top-tenth", "Part du dixième le mieux doté", "Quelle part de l’argent va au dixième le mieux doté ?", _top_tenth,
        aggregation="ratio"),
    _of("concentration", "Concentration des subventions", "L’argent se concentre-t-il sur quelques bénéficiaires ?",
        _concentration, unit="sur 10 000", aggregation="ratio",
        note="Indice de Herfindahl-Hirschman : 10 000 quand un seul reçoit tout."),
    _of_2013("voted-2013", "Subventions votées en 2013", "Combien a été voté, et où siège qui le reçoit ?", _voted, unit="€",
             scale=100, aggregation="sum", per_inhabitant=True),
    _of_2013("voted-over-asked-2013", "Part votée de ce qui est demandé", "Quelle part de la somme demandée est votée ?",
             _voted_over_asked, aggregation="ratio"),
    _of_2013("financed-2013", "Demandes financées", "Quelle part des demandes est financée ?", _financed, aggregation="share"),
    _of_2013("above-request-2013", "Votes au-dessus de la demande", "Vote-t-on parfois plus qu’il n’est demandé ?",
             _above_request, better="down", aggregation="share"),
    _of_2013("valid-siret-2013", "SIRET valides dans les demandes", "Les demandes portent-elles un SIRET juste ?",
             _siret_2013, better="up", aggregation="share"),
)  # fmt: skip
