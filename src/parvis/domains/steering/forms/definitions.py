"""The form of an indicator over a dataset: its choices are the columns of that dataset, personal ones left out."""

from typing import Any

from django import forms

from parvis.domains.steering.compiling import COMPARISONS, DAYS, NUMBERS, Condition, Recipe
from parvis.domains.steering.forms.fields import TARGETS, FigureForm, choice_field, day_field, text_field
from parvis.kernel.indicators.indicator import AGGREGATIONS
from parvis.kernel.lake.dataset import Dataset

FILTERS = 4
NONE = ("", "—")
PLAIN = (
    "code", "title", "question", "unit", "better", "objective", "owner", "aggregation", "at", "rhythm", "delay_days",
    "place", "measure", "base", "baseline_on", "counts_people",
)  # fmt: skip
NUMBERED = ("baseline", "watch", "alert")


class DefinitionForm(FigureForm):
    """An indicator as an officer defines it; `recipe()` gives it as data."""

    baseline_on = day_field("Date de la valeur de départ")
    aggregation = choice_field("Comment les lignes se résument", AGGREGATIONS.items(), required=True)
    counts_people = forms.BooleanField(
        label="Compte des personnes : cacher les nombres inférieurs à cinq", required=False
    )

    def __init__(self, dataset: Dataset, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dataset = dataset
        open_columns = [column for column in dataset.columns if not column.is_personal]

        def those(*types: str) -> list[tuple[str, str]]:
            return [NONE, *((c.name, c.sentence) for c in open_columns if not types or c.type in types)]

        places = [NONE, *((c.name, c.sentence) for c in open_columns if c.place == "sector")]
        self.fields["at"] = choice_field("Date qui compte", those(*DAYS), required=True)
        self.fields["place"] = choice_field("Lieu", places)
        self.fields["measure"] = choice_field(
            "Ce qui est mesuré", those(*NUMBERS, *DAYS), help_text="Une date de fin donne une durée, en jours."
        )
        self.fields["base"] = choice_field("Ce qui divise", those(*NUMBERS), help_text="Pour un rapport.")
        self.fields["dimensions"] = forms.MultipleChoiceField(
            label="Découpages", required=False, choices=[one for one in those("string", "boolean")[1:] if one[0] != dataset.key],
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip
        for name in ("share", *(f"filter_{rank}" for rank in range(1, FILTERS + 1))):
            self._add_condition(name, those())

    def _add_condition(self, name: str, columns: list[tuple[str, str]]) -> None:
        self.fields[f"{name}_column"] = choice_field("Colonne", columns)
        self.fields[f"{name}_comparison"] = choice_field("Comparaison", COMPARISONS.items())
        self.fields[f"{name}_value"] = text_field("Valeur", 120, required=False)

    def conditions(self):
        """The three fields of each filter, for the page."""
        return [self.condition(f"filter_{rank}") for rank in range(1, FILTERS + 1)]

    def share(self):
        return self.condition("share")

    def condition(self, name: str):
        return [self[f"{name}_{part}"] for part in ("column", "comparison", "value")]

    def recipe(self) -> Recipe:
        """What was chosen, as data; asked of a valid form."""
        told = self.cleaned_data
        filters = (self._condition(f"filter_{rank}") for rank in range(1, FILTERS + 1))
        plain: dict[str, Any] = {name: told[name] for name in PLAIN} | {name: self.number(name) for name in NUMBERED}
        return Recipe(
            **plain, dataset=self.dataset.code, targets=self.targets(), dimensions=tuple(told["dimensions"]),
            filters=tuple(one for one in filters if one),
            share_of=self._condition("share") if told["aggregation"] == "share" else None,
        )  # fmt: skip

    def _condition(self, name: str) -> Condition | None:
        told = self.cleaned_data
        column = told[f"{name}_column"]
        return Condition(column, told[f"{name}_comparison"] or "eq", told[f"{name}_value"]) if column else None


def initial(recipe: Recipe) -> dict[str, Any]:
    """A recipe as the form's first values, to propose a new version of it."""
    told: dict[str, Any] = {name: getattr(recipe, name) for name in (*PLAIN, *NUMBERED)}
    told["dimensions"] = list(recipe.dimensions)
    for rank, (day, value) in enumerate(recipe.targets[:TARGETS], start=1):
        told |= {f"target_on_{rank}": day, f"target_{rank}": value}
    named = {f"filter_{rank}": one for rank, one in enumerate(recipe.filters[:FILTERS], start=1)}
    for name, one in (named | ({"share": recipe.share_of} if recipe.share_of else {})).items():
        told |= {f"{name}_column": one.column, f"{name}_comparison": one.comparison, f"{name}_value": one.value}
    return told
