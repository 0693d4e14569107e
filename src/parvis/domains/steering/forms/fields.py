"""Fields that take numbers, days and choices the French way."""

from collections.abc import Iterable
from typing import Any

from django import forms

from parvis.domains.steering.models import Objective
from parvis.kernel.indicators.indicator import RHYTHM_LABELS
from parvis.kernel.organisation.models import Directorate

REQUIRED = {"required": "Ce champ est nécessaire."}
BETTER = [("up", "plus haut, c’est mieux"), ("down", "plus bas, c’est mieux"), ("none", "ni l’un ni l’autre")]
TARGETS = 3


class FrenchDecimal(forms.DecimalField):
    """A number typed the French way: 1 234,5."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(
            label=label, required=options.pop("required", False), widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            error_messages={"invalid": "Écrivez un nombre, par exemple 12 ou 12,5."} | REQUIRED, **options,
        )  # fmt: skip

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = "".join(value.replace(",", ".").split())
        return super().to_python(value)


def text_field(label: str, longest: int, *, required: bool = True, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, required=required,
        error_messages=REQUIRED | {"max_length": f"{longest} caractères au plus."}, **options,
    )  # fmt: skip


def day_field(label: str, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=options.pop("required", False),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"invalid": "Écrivez une date : jour, mois, année (par exemple 31/12/2026)."} | REQUIRED, **options,
    )  # fmt: skip


def choice_field(label: str, choices: Iterable[tuple[str, str]], *, required: bool = False, **options: Any):
    return forms.ChoiceField(
        label=label, choices=list(choices), required=required,
        error_messages=REQUIRED | {"invalid_choice": "Ce choix n’existe pas."}, **options,
    )  # fmt: skip


def delay_field() -> forms.IntegerField:
    return forms.IntegerField(
        label="Délai d’arrivée des faits, en jours", min_value=0, max_value=366, initial=5,
        error_messages=REQUIRED | {"invalid": "Écrivez un nombre de jours.", "max_value": "366 jours au plus."},
        help_text="Temps qu’il faut, après la fin de la période, pour que tout soit connu.",
    )  # fmt: skip


class FigureForm(forms.Form):
    """What every indicator says of itself, whatever it counts."""

    title = text_field("Titre", 120)
    question = text_field("Question à laquelle il répond", 200, help_text="Elle finit par un point d’interrogation.")
    code = text_field("Code", 60, help_text="Minuscules, chiffres, points et tirets : proprete.delai")
    objective = choice_field("Objectif servi", (), required=True)
    owner = choice_field("Qui en répond", (), required=True)
    unit = text_field("Unité", 30, help_text="%, €, jours, actions…")
    better = choice_field("Sens", BETTER, required=True)
    rhythm = choice_field("Rythme", RHYTHM_LABELS.items(), required=True)
    delay_days = delay_field()
    baseline = FrenchDecimal("Valeur de départ")
    watch = FrenchDecimal("À surveiller à partir de")
    alert = FrenchDecimal("En alerte à partir de")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for rank in range(1, TARGETS + 1):
            self.fields[f"target_on_{rank}"] = day_field(f"Date de la cible {rank}")
            self.fields[f"target_{rank}"] = FrenchDecimal(f"Cible {rank}")
        latest = Objective.objects.order_by("-year").values_list("year", flat=True).first()
        known = Objective.objects.filter(year=latest).order_by("order")
        objectives = ((o.code, f"{o.code} · {o.short_title}") for o in known)
        directorates = ((d.code, str(d)) for d in Directorate.objects.order_by("code"))
        self.fields["objective"] = choice_field("Objectif servi", [("", "—"), *objectives], required=True)
        self.fields["owner"] = choice_field("Qui en répond", [("", "—"), *directorates], required=True)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        for rank in range(1, TARGETS + 1):
            day, value = told.get(f"target_on_{rank}"), told.get(f"target_{rank}")
            if (day is None) != (value is None):
                self.add_error(f"target_{rank}", "Une cible est une valeur et une date.")
        return told

    def number(self, name: str) -> float | None:
        found = self.cleaned_data.get(name)
        return None if found is None else float(found)

    def targets(self) -> tuple:
        """(day, value) of each target, in the order of the days."""
        pairs = ((self.cleaned_data.get(f"target_on_{n}"), self.number(f"target_{n}")) for n in range(1, TARGETS + 1))
        return tuple(sorted((day, value) for day, value in pairs if day and value is not None))
