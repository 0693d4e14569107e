"""From what an officer chose in the browser to an indicator: filters, a measure, an aggregation. No Django, no SQL text.

A recipe is plain data. It becomes an Ibis expression over the described columns of one dataset, so that it runs on any
engine. What identifies a person can be neither measured, nor filtered, nor cut by.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import ibis
import ibis.expr.types as ir

from parvis.kernel.indicators.indicator import AGGREGATIONS, SURVIVAL, Indicator, Target, Thresholds, faults
from parvis.kernel.lake.dataset import Column, Dataset

COMPARISONS: dict[str, str] = {
    "eq": "est", "ne": "n’est pas", "lt": "est inférieur à", "le": "est au plus", "gt": "est supérieur à",
    "ge": "est au moins", "contains": "contient", "filled": "est rempli", "empty": "est vide",
}  # fmt: skip
ORDERED = ("eq", "ne", "lt", "le", "gt", "ge", "filled", "empty")
BY_TYPE: dict[str, tuple[str, ...]] = {
    "string": ("eq", "ne", "contains", "filled", "empty"), "boolean": ("eq", "ne", "filled", "empty"),
    "integer": ORDERED, "cents": ORDERED, "number": ORDERED, "date": ORDERED, "instant": ORDERED,
}  # fmt: skip
WITHOUT_VALUE = ("filled", "empty")
NUMBERS, DAYS = ("integer", "cents", "number"), ("date", "instant")
MEASURED: dict[str, tuple[str, ...]] = {  # the types that an aggregation can sum up; days make a duration
    "sum": NUMBERS, "mean": (*NUMBERS, *DAYS), "ratio": NUMBERS, "median": (*NUMBERS, *DAYS), "p90": (*NUMBERS, *DAYS),
    "km_median": DAYS, "km_p90": DAYS,
}  # fmt: skip
YES, NO = ("oui", "vrai", "true", "1"), ("non", "faux", "false", "0")


@dataclass(frozen=True)
class Condition:
    """A column, a comparison, and the value as it was typed."""

    column: str
    comparison: str
    value: str = ""


@dataclass(frozen=True)
class Recipe:
    """An indicator as data. `measure` of a day is the duration from `at`; `base` divides; `share_of` is what is counted."""

    code: str
    title: str
    question: str
    unit: str
    better: str
    objective: str
    owner: str
    dataset: str
    aggregation: str
    at: str
    rhythm: str = "month"
    delay_days: int = 5
    place: str = ""
    measure: str = ""
    base: str = ""
    share_of: Condition | None = None
    filters: tuple[Condition, ...] = ()
    dimensions: tuple[str, ...] = ()
    baseline: float | None = None
    baseline_on: date | None = None
    targets: tuple[tuple[date, float], ...] = ()
    watch: float | None = None
    alert: float | None = None
    counts_people: bool = False

    def stored(self) -> dict[str, Any]:
        """As JSON keeps it."""
        told = asdict(self)
        told["targets"] = [[day.isoformat(), value] for day, value in self.targets]
        told["baseline_on"] = self.baseline_on.isoformat() if self.baseline_on else None
        return told

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "Recipe":
        known = {field.name for field in fields(cls)}
        held = {name: value for name, value in told.items() if name in known}
        held["filters"] = tuple(Condition(**one) for one in told.get("filters") or ())
        held["share_of"] = Condition(**told["share_of"]) if told.get("share_of") else None
        held["dimensions"] = tuple(told.get("dimensions") or ())
        held["targets"] = tuple((date.fromisoformat(day), value) for day, value in told.get("targets") or ())
        held["baseline_on"] = date.fromisoformat(told["baseline_on"]) if told.get("baseline_on") else None
        return cls(**held)


def compiled(recipe: Recipe, dataset: Dataset | None) -> Indicator:
    """The indicator of a recipe. Without its dataset it stays declared, and says when measured that it is gone."""
    by_name = dataset.by_name if dataset else {}
    labels = {name: by_name[name].sentence.lower() if name in by_name else name for name in recipe.dimensions}
    return Indicator(
        code=recipe.code, title=recipe.title, question=recipe.question, unit=recipe.unit, better=recipe.better,
        objective=recipe.objective, owner=recipe.owner, datasets=(recipe.dataset,), facts=_facts(recipe, dataset),
        aggregation=recipe.aggregation, rhythm=recipe.rhythm, delay_days=recipe.delay_days,
        dimensions=tuple(f"cut_{name}" for name in recipe.dimensions),
        dimension_labels={f"cut_{name}": label for name, label in labels.items()},
        scale=_scale(recipe, by_name), baseline=recipe.baseline, baseline_on=recipe.baseline_on,
        targets=tuple(Target(day, value) for day, value in recipe.targets),
        thresholds=Thresholds(recipe.watch, recipe.alert),
        counts_people=recipe.counts_people or bool(dataset and dataset.is_personal),
        note="Défini dans le navigateur.",
    )  # fmt: skip


def _scale(recipe: Recipe, by_name: Mapping[str, Column]) -> int:
    """Cents to euros; a number is counted in hundredths, so that every engine sums the same."""
    if recipe.aggregation in ("count", "share"):
        return 1
    divided_by = _hundredths(by_name.get(recipe.base)) if recipe.aggregation == "ratio" else 1
    return max(1, _hundredths(by_name.get(recipe.measure)) // divided_by)


def _hundredths(column: Column | None) -> int:
    return 100 if column and column.type in ("cents", "number") else 1


def _facts(recipe: Recipe, dataset: Dataset | None) -> Callable[[Mapping[str, ir.Table]], ir.Table]:
    def facts(tables: Mapping[str, ir.Table]) -> ir.Table:
        if dataset is None:
            raise ValueError(f"{recipe.code}: the dataset {recipe.dataset} is gone")
        rows = tables[recipe.dataset]
        for condition in recipe.filters:
            rows = rows.filter(compared(rows[condition.column], dataset.by_name[condition.column], condition))
        rows = rows.mutate(counted_on=rows[recipe.at].cast("date"))
        rows = _observed(recipe, rows.filter(rows.counted_on.notnull()))
        told = _value(recipe, dataset, rows)
        return rows.select(
            subject=rows[dataset.key].cast("string"), at=rows.counted_on,
            place=rows[recipe.place] if recipe.place else ibis.null("string"),
            **told, **{f"cut_{name}": rows[name].cast("string") for name in recipe.dimensions},
        )  # fmt: skip

    return facts


def _observed(recipe: Recipe, rows: ir.Table) -> ir.Table:
    """For the cases still open: the last day that the dataset tells of."""
    if recipe.aggregation not in SURVIVAL:
        return rows
    ended = rows[recipe.measure].cast("date")
    last = rows.aggregate(last_on=ibis.greatest(rows.counted_on.max(), ended.max().fill_null(rows.counted_on.max())))
    return rows.cross_join(last)


def _value(recipe: Recipe, dataset: Dataset, rows: ir.Table) -> dict[str, ir.Value]:
    """value, left_out, and base or event where the aggregation reads them."""
    counted = ibis.null("string")
    if recipe.aggregation == "count":
        return {"value": ibis.literal(1, "int64"), "left_out": counted}
    if recipe.aggregation == "share" and recipe.share_of:
        column = recipe.share_of.column
        holds = compared(rows[column], dataset.by_name[column], recipe.share_of)
        return {"value": holds.fill_null(False), "left_out": counted}
    if recipe.aggregation in SURVIVAL:
        ended = rows[recipe.measure].cast("date")
        lasted = ended.fill_null(rows.last_on).delta(rows.counted_on, unit="day").cast("int64")
        return {
            "value": lasted,
            "event": ended.notnull(),
            "left_out": _unless(lasted >= 0, "finie avant d’avoir commencé"),
        }
    value = _number(rows, dataset.by_name[recipe.measure])
    told = {"value": value, "left_out": _unless(value.notnull(), "valeur absente")}
    if recipe.aggregation == "ratio":
        per = dataset.by_name[recipe.base]
        base, factor = _number(rows, per), max(1, _hundredths(per) // _hundredths(dataset.by_name[recipe.measure]))
        told |= {
            "value": value * factor,
            "base": base,
            "left_out": _unless(value.notnull() & base.notnull(), "valeur absente"),
        }
    return told


def _unless(holds: ir.BooleanValue, reason: str) -> ir.Value:
    return ibis.cases((~holds, reason), else_=ibis.null("string"))


def _number(rows: ir.Table, column: Column) -> ir.Value:
    if column.type in DAYS:
        return rows[column.name].cast("date").delta(rows.counted_on, unit="day").cast("int64")
    if column.type == "number":
        return (rows[column.name] * 100).round().cast("int64")
    return rows[column.name].cast("int64")


def compared(value: ir.Value, column: Column, condition: Condition) -> ir.BooleanValue:
    """A condition on a column; « n’est pas » holds of what is empty too. Raises ValueError for a value of no such type."""
    if condition.comparison == "filled":
        return value.notnull()
    if condition.comparison == "empty":
        return value.isnull()
    wanted = typed(column, condition.value)
    value = value.cast("date") if column.type == "instant" else value
    if condition.comparison == "contains":
        return value.lower().contains(str(wanted).lower())
    tests = {
        "eq": value == wanted, "ne": (value != wanted) | value.isnull(), "lt": value < wanted, "le": value <= wanted,
        "gt": value > wanted, "ge": value >= wanted,
    }  # fmt: skip
    return tests[condition.comparison]


def typed(column: Column, text: str) -> Any:
    """What was typed, as the column holds it: money in euros becomes cents. Raises ValueError in French."""
    text = text.strip()
    try:
        return _READ[column.type](text)
    except (ValueError, InvalidOperation, KeyError) as wrong:
        raise ValueError(
            f"« {text} » n’est pas une valeur de « {column.sentence} » ({_ASKED[column.type]})."
        ) from wrong


def _decimal(text: str) -> Decimal:
    found = Decimal("".join(text.replace(",", ".").split()).rstrip("€%"))
    if not found.is_finite():
        raise ValueError(text)
    return found


def _yes(text: str) -> bool:
    return {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}[text.lower()]


def _day(text: str) -> date:
    if "/" in text:
        day, month, year = text.split("/")
        return date(int(year), int(month), int(day))
    return date.fromisoformat(text)


def _whole(text: str) -> int:
    return _held(int("".join(text.split())))


def _cents(text: str) -> int:
    return _held(int(_decimal(text) * 100))


def _held(number: int) -> int:
    """What sixty-four bits hold."""
    if abs(number) >= 2**63:
        raise ValueError(number)
    return number


_READ: dict[str, Callable[[str], Any]] = {
    "string": str, "integer": _whole, "cents": _cents, "boolean": _yes,
    "number": lambda text: float(_decimal(text)), "date": _day, "instant": _day,
}  # fmt: skip
_ASKED = {
    "string": "un texte", "integer": "un nombre entier", "cents": "un montant en euros", "number": "un nombre",
    "boolean": "oui ou non", "date": "une date, comme 31/12/2026", "instant": "une date, comme 31/12/2026",
}  # fmt: skip


def wrongs(recipe: Recipe, dataset: Dataset) -> list[str]:
    """What is wrong with a recipe, in French: first its columns, then what any indicator must hold."""
    found = [sentence for is_wrong, sentence in _checks(recipe, dataset) if is_wrong]
    found += [sentence for c in _conditions(recipe) for sentence in _wrong_condition(dataset, c)]
    return found or faults(compiled(recipe, dataset))


def _conditions(recipe: Recipe) -> Iterable[Condition]:
    yield from recipe.filters
    if recipe.share_of:
        yield recipe.share_of


def _checks(recipe: Recipe, dataset: Dataset) -> Iterable[tuple[Any, str]]:
    used = {recipe.at, recipe.place, recipe.measure, recipe.base, *recipe.dimensions} - {""}
    used |= {condition.column for condition in _conditions(recipe)}
    yield from (
        (name not in dataset.by_name, f"La colonne « {name} » n’existe pas dans « {dataset.title} ».")
        for name in sorted(used)
    )
    known = {name: dataset.by_name[name] for name in used if name in dataset.by_name}
    for _, column in sorted(known.items()):
        yield (
            column.is_personal,
            f"« {column.sentence} » identifie des personnes : un indicateur ne peut pas s’en servir.",
        )
    yield from _typed_checks(recipe, {name: column.type for name, column in known.items()})
    place = known.get(recipe.place)
    yield place and place.place != "sector", "Le lieu doit être une colonne de secteurs."


def _typed_checks(recipe: Recipe, types: Mapping[str, str]) -> Iterable[tuple[Any, str]]:
    yield recipe.aggregation not in AGGREGATIONS, "Choisissez comment les lignes se résument."
    yield types.get(recipe.at) not in DAYS, "Choisissez la date qui dit quand une ligne compte."
    wanted = MEASURED.get(recipe.aggregation)
    said = AGGREGATIONS.get(recipe.aggregation, "")
    yield (
        wanted and types.get(recipe.measure) not in wanted,
        f"« {said} » demande une mesure : {_wanted(wanted or ())}.",
    )
    is_ratio = recipe.aggregation == "ratio"
    yield is_ratio and types.get(recipe.base) not in NUMBERS, "Un rapport demande une colonne de nombres qui divise."
    yield (
        recipe.aggregation == "share" and not recipe.share_of,
        "Une part demande la condition que les lignes remplissent.",
    )


def _wanted(types: tuple[str, ...]) -> str:
    return (
        "une date de fin"
        if types == DAYS
        else "une colonne de nombres" + (" ou une date de fin" if "date" in types else "")
    )


def _wrong_condition(dataset: Dataset, condition: Condition) -> Iterable[str]:
    column = dataset.by_name.get(condition.column)
    if column is None:
        return
    if condition.comparison not in BY_TYPE[column.type]:
        yield f"« {column.sentence} » ne se compare pas ainsi : « {COMPARISONS.get(condition.comparison, '?')} »."
    elif condition.comparison not in WITHOUT_VALUE:
        try:
            typed(column, condition.value)
        except ValueError as wrong:
            yield str(wrong)
